"""A message with buttons, once one of them was used: it says by whom, and offers nothing any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.values import Verb
from bot.errors import BotError
from bot.platforms.slack.calls import call
from bot.platforms.slack.outbound import shown
from bot.platforms.slack.text import cut_escaped, escape, shorten
from bot.platforms.slack.views import wording
from bot.platforms.slack.views.blocks import mrkdwn
from bot.platforms.slack.views.choices import has_choices, without_choices

log = structlog.get_logger(__name__)

_NOTE = 1000
_TEXT = 2500

SETTLING = frozenset({Verb(word) for word in wording.DONE_BY})
"""The commands after which the other buttons of a message are out of date."""


async def settle(
    client: AsyncWebClient, channel: str, stamp: str, *, user: str, verb: Verb, note: str = ""
) -> None:
    """Say below a message who did what, in the place of its buttons; one that has none is left alone."""
    await _put(client, channel, stamp, done_by(user, verb, note, datetime.now(UTC)))


async def outdate(client: AsyncWebClient, channel: str, stamp: str) -> None:
    """Take the buttons of a message away whose entry has changed since."""
    await _put(client, channel, stamp, escape(wording.OUT_OF_DATE))


async def _put(client: AsyncWebClient, channel: str, stamp: str, told: str) -> None:
    try:
        message = await shown(client, channel, stamp)
        blocks = (message or {}).get("blocks") or []
        if message is None or not (has_choices(blocks) or _is_outdated(blocks)):
            return
        kept = blocks[:-1] if _is_outdated(blocks) else without_choices(blocks)
        shown_now = [*kept, {"type": "context", "elements": [mrkdwn(told)]}]
        text = f"{cut_escaped(str(message.get('text') or ''), _TEXT)}\n{told}"
        await call("chat.update", client.chat_update(channel=channel, ts=stamp, text=text, blocks=shown_now))
    except BotError as error:
        log.warning("slack_announcement_not_updated", channel=channel, error=str(error))


def _is_outdated(blocks: Sequence[dict[str, Any]]) -> bool:
    """Whether a press came to nothing while another one, not told of yet, was carried out."""
    elements = blocks[-1].get("elements") or [{}] if blocks else [{}]
    return bool(elements[0].get("text") == escape(wording.OUT_OF_DATE))


def done_by(user: str, verb: Verb, note: str, when: datetime) -> str:
    """Say who did what and when, in Slack's markup."""
    moment = f"{when:%Y-%m-%d %H:%M} UTC"
    date = f"<!date^{int(when.timestamp())}^{{date_short_pretty}} {{time}}|{moment}>"
    said = wording.DONE_BY[verb.value].format(who=f"<@{escape(user)}>", when=date)
    return f"{said}: {shorten(note, _NOTE)}" if note.strip() else f"{said}."
