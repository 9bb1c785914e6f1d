"""Who invites the bot into a room, whether that is welcome, and which server a room is of. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_SERVER = r"(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?"
_INVITER = re.compile(r"(?:@[^:\s]+:)?" + _SERVER)


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """An invitation into `room`. Who is invited is told state by the inviting server, which may add more
    invitations than the true one, so `by` names every sender."""

    room: str
    by: frozenset[str]


def read_invitation(room: str, state: Iterable[Mapping[str, Any]], user_id: str) -> Invitation | None:
    """Read what a room says to somebody who is not in it; None where nothing there invites this user."""
    by = [str(event.get("sender")) for event in state if _invites(event, user_id)]
    return Invitation(room=room, by=frozenset(by)) if by else None


def is_welcome(invitation: Invitation, allowed: Collection[str]) -> bool:
    """Whether each who invites, or their server, is in `allowed`; an empty list lets everybody invite."""
    return not allowed or all(who in allowed or server_of(who) in allowed for who in invitation.by)


def is_inviter(name: str) -> bool:
    """Whether a name has the shape of what may stand in such a list: a server's or a person's."""
    return _INVITER.fullmatch(name) is not None


def server_of(name: str) -> str:
    """The server of a user or a room, "" where the id names none: those of room version 12 do not."""
    return name.partition(":")[2]


def room_server(room: str, state: Iterable[Mapping[str, Any]]) -> str:
    """The server that a room was made on, from its id or its first event; "" where neither tells.

    Servers check both against the maker's signature. What the event's content says of its creator, they do
    not.
    """
    made = (event for event in state if event.get("type") == "m.room.create" and event.get("state_key") == "")
    return server_of(room) or next((server_of(str(event.get("sender"))) for event in made), "")


def _invites(event: Mapping[str, Any], user_id: str) -> bool:
    content = event.get("content")
    return (
        event.get("type") == "m.room.member"
        and event.get("state_key") == user_id
        and isinstance(content, dict)
        and content.get("membership") == "invite"
    )
