"""`/caveat`: what was typed, and the private messages that answer it. No I/O here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.answering.links import find_links
from bot.model import ChannelRules, Message, Reply
from bot.platforms.slack.inbound import PLATFORM, channel_name
from bot.platforms.slack.text import escape, read, unescape
from bot.platforms.slack.views import wording
from bot.platforms.slack.views.blocks import HELPFUL, OTHER_STORY, fallback, fit_one_message, render
from bot.platforms.slack.views.choices import without
from bot.platforms.slack.views.modals import section, unnamed

Json = dict[str, Any]

_LINK = re.compile(r"<(?P<url>https?://[^<>|]+)(?:\|[^<>]*)?>")
_MESSAGES = 4  # a response_url may be used five times, and the first says that it is being looked up


class Spoken(StrEnum):
    """What the command can be told to do."""

    CHECK = "check"
    STATUS = "status"
    HELP = "help"


@dataclass(frozen=True, kw_only=True)
class Command:
    """A verb and what follows it."""

    verb: Spoken
    rest: str = ""


def read_command(text: str) -> Command:
    """Read what follows `/caveat`: a bare link is checked, unknown words get help."""
    first, rest = [*text.split(maxsplit=1), "", ""][:2]
    verb = first.lower()
    if verb == Spoken.CHECK and rest.strip():
        return Command(verb=Spoken.CHECK, rest=rest.strip())
    if verb == Spoken.STATUS:
        return Command(verb=Spoken.STATUS)
    return Command(verb=Spoken.CHECK, rest=text.strip()) if find_links(first) else Command(verb=Spoken.HELP)


def typed(text: str) -> str:
    """What was typed after the command: Slack marks up links and escapes, where the app asks it to.

    People stay marked up, for that is how they are told apart.
    """
    return unescape(_LINK.sub(r"\g<url>", text))


def status(rules: ChannelRules, *, entries: int | None, version: str, paused_by: str | None = None) -> str:
    """Say what the bot does in a channel, how much it knows where that is known, and its version."""
    lines = [wording.STATUS.format(policy=wording.POLICIES[rules.policy])]
    if rules.threshold is not None:
        lines.append(wording.THRESHOLD.format(threshold=rules.threshold))
    if rules.language is not None:
        lines.append(wording.LANGUAGE.format(language=rules.language))
    if paused_by is not None:
        lines = [wording.PAUSED.format(who=paused_by)]
    lines += [wording.ENTRIES.format(count=entries)] if entries is not None else []
    return "\n".join([*lines, wording.VERSION.format(version=version)])


def message(sentence: str) -> Json:
    """Build a message of plain text, for its reader alone."""
    return _private("\n".join(map(escape, sentence.splitlines())), [section(sentence)])


def messages(replies: Iterable[Reply]) -> list[Json]:
    """Build the messages that hold the replies, for their reader alone: few, for a response_url takes five.

    Nobody is asked whether it was helpful: what was said to one person is not recorded.
    """
    filled: list[tuple[list[str], list[Json]]] = []
    for reply in replies:
        text, blocks = fallback(reply), unnamed(without_votes(render(reply)))
        if filled and fit_one_message([*filled[-1][1], *blocks]):
            filled[-1][0].append(text)
            filled[-1][1].extend(blocks)
        else:
            filled.append(([text], list(blocks)))
    return [_private("\n".join(texts), blocks) for texts, blocks in filled[:_MESSAGES]]


def without_votes(blocks: Iterable[Json]) -> list[Json]:
    """The same blocks with *Why this match?* as the only button."""
    return without(lambda part: part.get("action_id") in (HELPFUL, OTHER_STORY), blocks)


def _private(text: str, blocks: Sequence[Json]) -> Json:
    return {
        "text": text,
        "blocks": list(blocks),
        "response_type": "ephemeral",
        "unfurl_links": False,
        "unfurl_media": False,
    }


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Who asks where; `id` names the message or the command, and `bot` is the bot's user id."""

    team: str
    channel: str
    sender: str
    id: str
    bot: str


def question(origin: Origin, stored: str, *, sent_at: datetime) -> Message | None:
    """Build the message that asks for a look-up of a text as Slack stores it; None if nothing is in it.

    What is typed after a command comes without Slack's markup, so that bare addresses count as links too.
    """
    said = read(stored, origin.bot)
    links = said.links or find_links(said.words)
    if not said.words and not links:
        return None
    return Message(
        platform=PLATFORM,
        channel=channel_name(origin.team, origin.channel),
        id=origin.id,
        event=f"look-up:{origin.id}",
        sender=channel_name(origin.team, origin.sender),
        text=said.words,
        links=links,
        asked=True,
        sent_at=sent_at,
    )
