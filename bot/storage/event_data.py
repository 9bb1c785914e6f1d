"""An event as plain data for the queue: ids and links, never text, never who sent it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.model import Deletion, Event, Message, Unfurl


def event_data(event: Event) -> dict[str, Any]:
    """Turn an event into plain data for the queue, without its text and its sender."""
    if isinstance(event, Deletion):
        names: tuple[str, ...] = ("platform", "channel", "id", "event")
        return {"kind": "deletion", **{name: getattr(event, name) for name in names}}
    names = ("platform", "channel", "id", "event", "asked", "thread_id", "reply_to", "command")
    rest: dict[str, Any] = {"links": list(event.links), "sent_at": event.sent_at.isoformat()}
    if event.unfurl:
        rest["unfurl"] = asdict(event.unfurl)
    return {"kind": "message", **{name: getattr(event, name) for name in names}, **rest}


def event_from(data: dict[str, Any]) -> Event:
    """Make an event from `event_data`; the text and the sender of a message come back empty."""
    fields = {name: value for name, value in data.items() if name != "kind"}
    if data["kind"] == "deletion":
        return Deletion(**fields)
    links, sent_at = tuple(fields.pop("links")), datetime.fromisoformat(fields.pop("sent_at"))
    unfurl = Unfurl(**fields.pop("unfurl")) if "unfurl" in fields else None
    return Message(**fields, unfurl=unfurl, links=links, sent_at=sent_at, sender="", text="")
