"""Matrix events → our values; pure, and defensive: every field of an event is somebody's untrusted JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from bot.answering.links import LONGEST_LINK, MOST_LINKS, find_links
from bot.commands.grammar import is_command
from bot.model import Deletion, Feedback, Message
from bot.platforms.matrix.formatted import Formatted, is_matrix_link, read_formatted
from bot.platforms.matrix.mentions import Me, read_address, without_fallback
from bot.platforms.matrix.pills import put_together

Event = Mapping[str, Any]
"""An event as the server gives it, decrypted."""

PLATFORM = "matrix"
_MARKS = {"👍": True, "👎": False}
_VARIATION_AND_TONE = "\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_SPOKEN = frozenset({"m.text", "m.emote"})
_LAST_MOMENT = 253_402_300_799_000
"""The end of the year 9999, in milliseconds: what a date can hold; a server may claim more."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """What must be known of a room to read its events; a `direct` one has two members and no name."""

    id: str
    me: Me
    direct: bool = False


def is_spoken(event: Event) -> bool:
    """Tell whether somebody says something here: text, not a notice, a picture, a reaction or a state."""
    return is_text(event) and _content(event).get("msgtype") in _SPOKEN


def is_text(event: Event) -> bool:
    """Tell whether the event is a message with text, a bot's notice included."""
    content = _content(event)
    return (
        event.get("type") == "m.room.message"
        and content.get("msgtype") in _SPOKEN | {"m.notice"}
        and isinstance(content.get("body"), str)
    )


def edited_id(event: Event) -> str | None:
    """Name the message that this event replaces, for an edit."""
    relation = _relation(event)
    return _text(relation.get("event_id")) if relation.get("rel_type") == "m.replace" else None


def is_edit_of(event: Event, original: Event) -> bool:
    """Tell whether an edit is valid: servers let others' edits through, clients must drop them."""
    return event.get("sender") == original.get("sender") and is_text(original) and edited_id(original) is None


def is_own_join(event: Event, me: Me) -> bool:
    """Tell whether the bot joins here; a change of its profile, a "join" after a join, does not count."""
    before = mapping(mapping(event.get("unsigned")).get("prev_content")).get("membership")
    return (
        event.get("type") == "m.room.member"
        and event.get("state_key") == me.user_id
        and _content(event).get("membership") == "join"
        and before != "join"
    )


def since_joined(events: Sequence[Event], me: Me) -> Sequence[Event]:
    """Leave out what stands before the bot's own joining, by place: the clocks of servers disagree."""
    joins = [position for position, event in enumerate(events) if is_own_join(event, me)]
    return events[joins[-1] + 1 :] if joins else events


def read_deletion(event: Event, channel: str) -> Deletion | None:
    """Read a redaction; since room version 11 it names its target in the content."""
    target = _text(event.get("redacts")) or _text(_content(event).get("redacts"))
    if event.get("type") != "m.room.redaction" or not target:
        return None
    return Deletion(platform=PLATFORM, channel=channel, id=target, event=str(event.get("event_id")))


def read_feedback(event: Event, channel: str) -> Feedback | None:
    """Read a reaction with one of the two marks that stand below our answers; None for anything else."""
    relation = _relation(event)
    target, mark = _text(relation.get("event_id")), _text(relation.get("key"))
    helpful = _MARKS.get((mark or "").rstrip(_VARIATION_AND_TONE))
    if event.get("type") != "m.reaction" or relation.get("rel_type") != "m.annotation" or not target:
        return None
    if helpful is None:
        return None
    sender, name = str(event.get("sender")), _text(event.get("event_id"))
    return Feedback(
        platform=PLATFORM, channel=channel, answer_id=target, sender=sender, helpful=helpful, event=name
    )


def read_message(event: Event, room: Room, original: Event | None = None) -> Message:
    """Read an event of which `is_text` holds; an edit comes with its `original`, whose thread it stays in."""
    root = original or event
    content = _new_content(event) if original else _content(event)
    relation = _relation(root)
    replied_to = _text(mapping(relation.get("m.in_reply_to")).get("event_id"))
    formatted = _formatted(content)
    body = put_together(str(content["body"]))
    if replied_to:
        body = without_fallback(body)
    mentioned = room.me.user_id in _mentions(content)
    address = read_address(body, formatted, room.me, mentioned=mentioned, is_reply=bool(replied_to))
    asked = address.named or room.direct
    thread = _text(relation.get("event_id")) if relation.get("rel_type") == "m.thread" else None
    return Message(
        platform=PLATFORM,
        channel=room.id,
        id=str(root["event_id"]),
        event=str(event["event_id"]),
        sender=str(event["sender"]),
        text=address.words,
        links=_links(address.words, formatted),
        asked=asked,
        sent_at=_moment(event.get("origin_server_ts")),
        thread_id=thread,
        reply_to=None if relation.get("is_falling_back") is True else replied_to,
        direct=room.direct,
        command=is_command(address.words, asked=asked, within=bool(replied_to or thread)),
    )


def _links(text: str, formatted: Formatted) -> tuple[str, ...]:
    found = dict.fromkeys((*find_links(text), *formatted.links))
    pages = (link for link in found if len(link) <= LONGEST_LINK and not is_matrix_link(link))
    return tuple(islice(pages, MOST_LINKS))


def _formatted(content: Event) -> Formatted:
    html = content.get("formatted_body")
    if content.get("format") != "org.matrix.custom.html" or not isinstance(html, str):
        return Formatted()
    return read_formatted(html)


def _mentions(content: Event) -> frozenset[str]:
    user_ids = mapping(content.get("m.mentions")).get("user_ids")
    listed = user_ids if isinstance(user_ids, list) else ()
    return frozenset(user for user in listed if isinstance(user, str))


def _new_content(event: Event) -> Event:
    """An edit's new text; its `body` is the fallback for clients that know no edits."""
    new = mapping(_content(event).get("m.new_content"))
    return new if isinstance(new.get("body"), str) else _content(event)


def _moment(milliseconds: object) -> datetime:
    known = milliseconds if isinstance(milliseconds, int) else 0
    return datetime.fromtimestamp(min(max(known, 0), _LAST_MOMENT) / 1000, UTC)


def _relation(event: Event) -> Event:
    return mapping(_content(event).get("m.relates_to"))


def _content(event: Event) -> Event:
    return mapping(event.get("content"))


def mapping(value: object) -> Event:
    """Take an object for what it is, and anything else for an empty one."""
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
