"""What people type to name somebody or a message in Slack: mentions, ids, and links to messages. Pure."""

from __future__ import annotations

import re

_MESSAGE = re.compile(
    r"https://[\w.-]+/archives/(?P<channel>[A-Z0-9]+)/p(?P<seconds>\d{10})(?P<rest>\d{6})\b"
)
_PERSON = re.compile(r"<?@?(?P<user>[UW][A-Z0-9]+)(?:\|[^>]*)?>?")


def person(typed: str, channel: str | None) -> str | None:
    """The id of a person (kb/entries/people.py) of the workspace that a channel is of."""
    found = _PERSON.fullmatch(typed) if channel else None
    return f"slack:{_team(channel)}/{found['user']}" if channel and found else None


def message(url: str, channel: str | None) -> tuple[str, str] | None:
    """The channel and the message that a link names, in the workspace that a channel is of."""
    found = _MESSAGE.match(url) if channel else None
    if not channel or not found:
        return None
    return f"{_team(channel)}/{found['channel']}", f"{found['seconds']}.{found['rest']}"


def is_channel(name: str) -> bool:
    """Whether a name is a channel's id, with its workspace."""
    return not name.startswith("!") and "/" in name


def _team(channel: str) -> str:
    return channel.partition("/")[0]
