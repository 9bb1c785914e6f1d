"""The App Home as a value: what the bot does, and its recent answers where the reader is. No I/O here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.model import Policy, Reply
from bot.platforms.slack.text import escape, shorten
from bot.platforms.slack.views import wording
from bot.platforms.slack.views.blocks import mrkdwn, render
from bot.platforms.slack.views.modals import section, unmarked, unnamed
from bot.ports import Recent
from kb.text.dates import written_day

Json = dict[str, Any]

_SHOWN = 10
_TITLE = 300
_QUEUE_BLOCKS = 20


def home(
    policy: Policy,
    recent: Iterable[Recent],
    *,
    version: str,
    paused_by: str | None = None,
    waiting: Iterable[Reply] = (),
) -> Json:
    """Build the view: `policy` is the workspace's default one, `recent` what this reader may see.

    `waiting` is the queue of curators, for those who are.
    """
    ruled = wording.PAUSED.format(who=paused_by) if paused_by else None
    shown = [_recent(each) for each in list(recent)[:_SHOWN]]
    blocks = [
        _header(wording.HOME_TITLE),
        section(wording.HOME_PURPOSE),
        section(ruled or wording.HOME_POLICY.format(policy=wording.POLICIES[policy])),
        section(wording.HOME_ASKING),
        section(wording.HOME_KEEPING),
        *_waiting(waiting),
        {"type": "divider"},
        _header(wording.HOME_RECENT),
        *(shown or [section(wording.HOME_NO_RECENT)]),
        {"type": "context", "elements": [unmarked(wording.VERSION.format(version=version))]},
    ]
    return {"type": "home", "blocks": blocks}


def _waiting(replies: Iterable[Reply]) -> list[Json]:
    shown = [replace(reply, lines=reply.lines[:_SHOWN]) for reply in replies]
    if not shown:
        return []
    blocks = [block for reply in shown for block in unnamed(render(reply))][:_QUEUE_BLOCKS]
    return [{"type": "divider"}, _header(wording.HOME_QUEUE), *blocks, section(wording.HOME_QUEUE_HOW)]


def channel_of(recent: Recent) -> str:
    """Give the channel's own id, without its workspace."""
    return recent.answer.intent.place.channel.rpartition("/")[2]


def _recent(recent: Recent) -> Json:
    title = recent.title or wording.UNTITLED.get(recent.answer.intent.action, "")
    when = recent.answer.created_at
    date = f"<!date^{int(when.timestamp())}^{{date_short_pretty}}|{written_day(when.date())}>"
    text = f"{shorten(title, _TITLE)}\n<#{escape(channel_of(recent))}>, {date}"
    return {"type": "section", "text": mrkdwn(text)}


def _header(text: str) -> Json:
    return {"type": "header", "text": unmarked(text)}
