"""What people type to name somebody or a message on Matrix: ids, and links of matrix.to. Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote

_MESSAGE = re.compile(r"https://matrix\.to/#/(?P<channel>![^/?]+)/(?P<message>\$[^/?]+)")
_PERSON = re.compile(r"https://matrix\.to/#/(?P<user>@[^/?\s)]+)")


def person(typed: str, _channel: str | None) -> str | None:
    """The id of a person (kb/entries/people.py); such ids say by themselves that they are Matrix's."""
    if found := _PERSON.search(typed):
        return f"matrix:{found['user']}"
    return f"matrix:{typed}" if typed.startswith("@") and ":" in typed else None


def message(url: str, _channel: str | None) -> tuple[str, str] | None:
    """The channel and the message that a link names."""
    found = _MESSAGE.match(unquote(url))
    return (found["channel"], found["message"]) if found else None


def is_channel(name: str) -> bool:
    """Whether a name is a room's id."""
    return name.startswith("!")
