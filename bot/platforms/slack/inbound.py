"""Slack's payloads → our values; pure, and defensive: every field of a payload is untrusted JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from bot.commands.grammar import is_command
from bot.model import Deletion, Feedback, Incoming, Message, Unfurl
from bot.platforms.slack import text
from bot.platforms.slack.views import blocks
from kb.urls.parts import host_of

Json = Mapping[str, Any]

PLATFORM = "slack"
COMPOSER = "COMPOSER"
"""Stands for the channel of a message that is still being written."""

UNFURLED = "unfurl:"
"""Begins the id of an answer that is a preview below a link, not a message."""

_SPOKEN = (None, "thread_broadcast", "file_share")
_VOTES = {blocks.HELPFUL: True, blocks.OTHER_STORY: False}
_LAST_MOMENT = 253_402_300_799.0
"""The end of the year 9999: what a date can hold."""


@dataclass(frozen=True, kw_only=True)
class Me:
    """Who the bot is in one workspace, and which domains' links come to it by `link_shared` too."""

    team: str
    user: str
    unfurl_domains: frozenset[str] = frozenset()


def channel_name(team: str, channel: str) -> str:
    """Name a channel in all workspaces: `T0001/C0002`."""
    return f"{team}/{channel}"


def read_body(body: Json, me: Me) -> tuple[Incoming, ...]:
    """Read whatever Slack delivers; empty for what is none of our business."""
    if body.get("type") == "block_actions":
        return _feedback(body, me)
    event = _mapping(body.get("event"))
    match event.get("type"):
        case "message" | "app_mention":
            found = _spoken_or_changed(event, me)
            return (found,) if found else ()
        case "link_shared":
            return _links_shared(event, me)
    return ()


def read_message(message: Json, channel: str, me: Me, *, direct: bool | None = None) -> Message | None:
    """Read one message, as an event or the channel's history has it; other apps' are read too, not our own.

    None for what is no text of somebody's.
    """
    if not _is_text(message, me):
        return None
    ts, edited = str(message["ts"]), _text(_mapping(message.get("edited")).get("ts"))
    said = text.read(_text(message.get("text")) or "", me.user)
    direct = channel.startswith("D") if direct is None else direct
    asked = said.mentioned or direct
    root = _text(message.get("thread_ts"))
    thread = root if root != ts else None
    return Message(
        platform=PLATFORM,
        channel=channel_name(me.team, channel),
        id=ts,
        event=":".join(filter(None, ("message", ts, edited))),
        sender=channel_name(me.team, str(_text(message.get("user")) or message.get("bot_id"))),
        text=said.words,
        links=said.links if asked else _left_to_us(said.links, me),
        asked=asked,
        sent_at=moment(ts),
        thread_id=thread,
        direct=direct,
        command=is_command(said.words, asked=asked, within=thread is not None),
    )


def moment(ts: object) -> datetime:
    """When something happened, from its timestamp: seconds with a fraction."""
    try:
        seconds = float(ts) if isinstance(ts, str | int | float) else 0.0
    except (ValueError, OverflowError):
        seconds = 0.0
    if not isfinite(seconds):
        seconds = 0.0
    return datetime.fromtimestamp(min(max(seconds, 0.0), _LAST_MOMENT), UTC)


def _spoken_or_changed(event: Json, me: Me) -> Incoming | None:
    channel = _text(event.get("channel"))
    if not channel:
        return None
    direct = event.get("channel_type") == "im" if event.get("channel_type") else None
    match event.get("subtype"):
        case "message_deleted":
            return _deletion(channel, event.get("deleted_ts"), me)
        case "message_changed" if _mapping(event.get("message")).get("subtype") == "tombstone":
            return _deletion(channel, _mapping(event.get("message")).get("ts"), me)
        case "message_changed":
            return _edit(event, channel, me, direct)
    message = read_message(event, channel, me, direct=direct) if _is_spoken(event) else None
    return message if message and (message.asked or message.links or message.command) else None


def _edit(event: Json, channel: str, me: Me, direct: bool | None) -> Message | None:
    """An edit, if it adds a link or asks what was not asked before; previews change messages too."""
    now, before = _mapping(event.get("message")), _mapping(event.get("previous_message"))
    if now.get("text") == before.get("text") or not _is_spoken(now):
        return None
    at = _mapping(now.get("edited")).get("ts") or event.get("event_ts") or event.get("ts")
    message = read_message({**now, "edited": {"ts": at}}, channel, me, direct=direct)
    if message is None:
        return None
    earlier = read_message({**now, **before}, channel, me, direct=direct)
    if message.command or (message.asked and not (earlier and earlier.asked)):
        return message
    known = set(earlier.links) if earlier else set()
    added = tuple(link for link in message.links if link not in known)
    return replace(message, links=added) if added else None


def _deletion(channel: str, ts: object, me: Me) -> Deletion | None:
    if not isinstance(ts, str) or not ts:
        return None
    return Deletion(
        platform=PLATFORM, channel=channel_name(me.team, channel), id=ts, event=f"message_deleted:{ts}"
    )


def _links_shared(event: Json, me: Me) -> tuple[Message, ...]:
    """One message for each link: each gets a preview of its own."""
    channel, ts = _text(event.get("channel")), _text(event.get("message_ts"))
    unfurl_id, source = _text(event.get("unfurl_id")), _text(event.get("source"))
    if not (channel and ts and unfurl_id and source) or event.get("user") == me.user:
        return ()
    composing = source == "composer" or channel == COMPOSER
    root = _text(event.get("thread_ts"))
    message = Message(
        platform=PLATFORM,
        channel=channel_name(me.team, COMPOSER if composing else channel),
        id=ts,
        event=f"link_shared:{ts}:{unfurl_id}",
        sender=channel_name(me.team, str(event.get("user"))),
        text="",
        links=(),
        asked=False,
        sent_at=moment(event.get("event_ts") if composing else ts),
        thread_id=root if root != ts else None,
    )
    urls = dict.fromkeys(_text(_mapping(link).get("url")) for link in _sequence(event.get("links")))
    return tuple(
        replace(
            message,
            links=(text.unescape(url),),
            unfurl=Unfurl(url=url, unfurl_id=unfurl_id, source=source),
            event=f"{message.event}:{place}" if place else message.event,
        )
        for place, url in enumerate(filter(None, urls))
    )


def _feedback(body: Json, me: Me) -> tuple[Feedback, ...]:
    container = _mapping(body.get("container"))
    channel = _text(container.get("channel_id")) or _text(_mapping(body.get("channel")).get("id"))
    user = _text(_mapping(body.get("user")).get("id"))
    if not channel or not user:
        return ()
    return tuple(
        Feedback(
            platform=PLATFORM,
            channel=channel_name(me.team, channel),
            answer_id=str(_text(action.get("value")) or container.get("message_ts")),
            sender=channel_name(me.team, user),
            helpful=_VOTES[str(action["action_id"])],
        )
        for action in map(_mapping, _sequence(body.get("actions")))
        if str(action.get("action_id")) in _VOTES
    )


def _is_spoken(message: Json) -> bool:
    """Whether a person says it: apps that answer each other never stop."""
    is_person = bool(message.get("user")) and not message.get("bot_id")
    return is_person and message.get("subtype") in _SPOKEN and not message.get("hidden")


def _is_text(message: Json, me: Me) -> bool:
    return (
        message.get("type", "message") in ("message", "app_mention")
        and message.get("subtype") in (*_SPOKEN, "bot_message", "me_message")
        and isinstance(message.get("ts"), str)
        and message.get("user") not in (me.user, "USLACKBOT")
        and bool(_text(message.get("user")) or _text(message.get("bot_id")))
    )


def _left_to_us(links: tuple[str, ...], me: Me) -> tuple[str, ...]:
    """Leave out what comes by `link_shared` as well: it is answered below the link."""
    return tuple(link for link in links if not _registered(link, me.unfurl_domains))


def _registered(link: str, domains: frozenset[str]) -> bool:
    host = host_of(link)
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _mapping(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _sequence(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
