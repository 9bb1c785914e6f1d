"""Reply → the content of Matrix events; pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.model import Place, Reply
from bot.platforms.matrix import html
from bot.platforms.matrix.pills import without_calls
from bot.replies import plain
from bot.replies.shorter import fitted

KEY_FIELD = "org.caveat.answer"
"""The field of a posted message that carries the answer's key; `find` looks for it."""

FEEDBACK = ("👍", "👎")
"""*Helpful* and *not the same story*, as reactions to press."""

_MOST_BYTES = 44_000
"""An event may have 65,536 (Matrix specification, "Size limits"). What is encrypted is JSON in ASCII, as nio
writes it, in base64, which is a third longer, with ids and keys around it."""

Content = dict[str, Any]


def fitting(reply: Reply, build: Callable[[Reply], Content]) -> Content:
    """Build the content of as much of a reply as a server takes."""
    told = fitted(reply, lambda each: len(json.dumps(build(each))) <= _MOST_BYTES, most=_MOST_BYTES // 2)
    return build(told)


def answer(reply: Reply, place: Place, key: str) -> Content:
    """Build a notice, in the thread if there is one: it mentions nobody, and carries its key."""
    thread = {
        "rel_type": "m.thread",
        "event_id": place.root,
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": place.message_id},
    }
    return _notice(reply, key) | ({"m.relates_to": thread} if place.root else {})


def edit(reply: Reply, event_id: str, key: str) -> Content:
    """Build an edit of an answer (m.replace): clients show the new content in the old one's place."""
    new = _notice(reply, key)
    return {
        "msgtype": "m.notice",
        "body": f"* {new['body']}",
        "m.mentions": {},
        "m.new_content": new,
        "m.relates_to": {"rel_type": "m.replace", "event_id": event_id},
    }


def _notice(reply: Reply, key: str) -> Content:
    return {
        "msgtype": "m.notice",
        "body": plain.render(reply, prefix=html.PREFIX, said=_said),
        "format": "org.matrix.custom.html",
        "formatted_body": html.render(reply),
        "m.mentions": {},
        KEY_FIELD: key,
    }


def _said(text: str) -> str:
    return without_calls(plain.clean(text))


def reaction(event_id: str, emoji: str) -> Content:
    """Build a reaction to one of our own answers."""
    return {"m.relates_to": {"rel_type": "m.annotation", "event_id": event_id, "key": emoji}}


def transaction_id(*parts: str) -> str:
    """Derive a transaction id: the same parts give the same id, so a repeated send posts nothing twice."""
    return "caveat-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def carries(event: Mapping[str, Any], key: str) -> bool:
    """Tell whether an event is the answer that was posted under `key`."""
    content = event.get("content")
    return isinstance(content, dict) and content.get(KEY_FIELD) == key
