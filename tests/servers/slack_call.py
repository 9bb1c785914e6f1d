"""What a method of the Web API is given, and how it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.servers.slack_events import Events
from tests.servers.slack_socket import Sockets
from tests.servers.slack_state import Channel, Grant, Json, Message, Team
from tests.servers.slack_world import World

_HISTORY = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


class ApiError(Exception):
    """Slack's refusal: `{"ok": false, "error": …}`, with details beside it."""

    def __init__(self, error: str, **details: Any) -> None:
        super().__init__(error)
        self.error = error
        self.details = details


@dataclass(frozen=True, kw_only=True)
class Call:
    """The arguments of one call, and everything that it may touch."""

    world: World
    events: Events
    sockets: Sockets
    arguments: Mapping[str, Any]
    team: Team | None = None
    grant: Grant | None = None

    @property
    def here(self) -> tuple[Team, Grant]:
        """The workspace and the token that a bot calls with."""
        assert self.team, "the method takes a bot token"
        assert self.grant, "the method takes a bot token"
        return self.team, self.grant

    def text(self, name: str) -> str:
        """An argument as text, "" when it is missing."""
        value = self.arguments.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """A yes or no, in any of the ways in which clients write it."""
        return str(self.arguments.get(name, "")).lower() in ("1", "true")

    def structure(self, name: str, kind: type, error: str) -> Any:
        """An argument that is JSON, sent as such or as a text; None when it is missing or empty."""
        value = self.arguments.get(name)
        if isinstance(value, str):
            try:
                value = json.loads(value) if value else None
            except ValueError as broken:
                raise ApiError(error) from broken
        if value is not None and not isinstance(value, kind):
            raise ApiError(error)
        return value

    def require(self, *scopes: str) -> None:
        """Refuse unless the token has one of the scopes."""
        _, grant = self.here
        if scopes and not grant.scopes.intersection(scopes):
            provided = ",".join(sorted(grant.scopes))
            raise ApiError("missing_scope", needed=",".join(scopes), provided=provided)

    def channel(self, name: str = "channel", *, right: str | None = None) -> Channel:
        """The conversation that is meant; hidden ones are not found. `right`: its kind's scope is needed."""
        team, _ = self.here
        channel = team.channels.get(self.text(name))
        if channel is None or (channel.kind != "channel" and team.bot.id not in channel.members):
            raise ApiError("channel_not_found")
        if right:
            self.require(f"{_HISTORY[channel.kind]}:{right}")
        return channel

    def message(self, channel: Channel, name: str = "ts") -> Message:
        """The message that is meant."""
        message = channel.messages.get(self.text(name))
        if message is None or message.subtype == "tombstone":
            raise ApiError("message_not_found")
        return message

    def page(self, items: list[Any], *, default: int = 100) -> tuple[list[Any], str]:
        """Cut out the page that `cursor` and `limit` name; gives it with the cursor of the next one."""
        cursor = self.text("cursor")
        if cursor and not cursor.isdigit():
            raise ApiError("invalid_cursor")
        start = int(cursor or 0)
        end = start + max(1, min(int(self.text("limit") or default), 1000))
        return items[start:end], str(end) if end < len(items) else ""


@dataclass(frozen=True, kw_only=True)
class Method:
    """A method: what it does, which token it takes (`bot`, `app` or `none`), and one of which scopes."""

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    token: str = "bot"
