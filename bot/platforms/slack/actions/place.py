"""Where a button stands, and what can be done there once it was pressed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from bot.commands.values import Caller
from bot.platforms.slack.actions.safe_dispatch import caller


@dataclass(frozen=True, kw_only=True)
class PressedAt:
    """A message, which may be for its reader alone, or a view: a modal or the App Home."""

    channel: str = ""
    message: str = ""
    thread: str = ""
    private: bool = False
    view_id: str = ""
    is_modal: bool = False

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Self:
        """Read it out of what Slack tells of a pressed button."""
        container = body.get("container") or {}
        if container.get("type") == "view":
            view = body.get("view") or {}
            return cls(view_id=str(view.get("id") or ""), is_modal=view.get("type") == "modal")
        return cls(
            channel=str(container.get("channel_id") or (body.get("channel") or {}).get("id") or ""),
            message=str(container.get("message_ts") or ""),
            thread=str(container.get("thread_ts") or ""),
            private=bool(container.get("is_ephemeral")),
        )

    @classmethod
    def kept(cls, about: Mapping[str, Any]) -> Self:
        """Read it out of what a modal carries."""
        return cls(channel=str(about.get("channel") or ""), message=str(about.get("message") or ""))

    @property
    def carried(self) -> dict[str, str]:
        """What a modal has to carry so that `kept` reads it."""
        return {"channel": self.channel, "message": self.message} if self.at else {}

    @property
    def at(self) -> tuple[str, str] | None:
        """The message that can be changed once its button was used: channel and timestamp."""
        return (self.channel, self.message) if self.message and not self.private else None

    def caller(self, team: str, user: str, base: int | None) -> Caller:
        """Who pressed it, having revision `base` before them."""
        return replace(
            caller(team, self.channel, user),
            message_id=self.message,
            reply_to=self.message or None,
            thread_id=self.thread or None,
            base=base,
        )
