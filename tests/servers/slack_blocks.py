"""The limits of Block Kit: checked by slack_sdk's own models, and by the rules that these leave out."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.servers.slack_call import ApiError
from tests.servers.slack_state import Json

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
_TEXT = 3000
_FIELD = 2000
_WEIGHT = 11_300  # of all of a message's blocks: nowhere written down, seen by others (bolt-js, issue 2867)
_PLAIN = {
    "header": ("text",),
    "button": ("text",),
    "input": ("label", "hint"),
    "modal": ("title", "submit", "close"),
}


def check_blocks(blocks: Sequence[Json], *, most: int = MESSAGE_BLOCKS) -> list[Json]:
    """Give the blocks as Slack keeps them, each with a `block_id`.

    Raises ApiError (invalid_blocks, msg_blocks_too_long).
    """
    problems = list(_problems(blocks, most))
    if problems:
        raise ApiError("invalid_blocks", errors=problems, response_metadata={"messages": problems})
    if len(json.dumps(blocks, ensure_ascii=False)) > _WEIGHT:
        raise ApiError("msg_blocks_too_long")
    return [_named(block) for block in blocks]


def check_view(view: Json, kinds: Sequence[str]) -> Json:
    """Give a view as Slack keeps it; raises ApiError (invalid_arguments)."""
    problems = (
        [] if view.get("type") in kinds else [f"must be one of {', '.join(kinds)} [pointer:/view/type]"]
    )
    blocks = view.get("blocks") or []
    if view.get("type") == "modal":
        problems += [] if view.get("title") else ["missing required field: title [pointer:/view]"]
        inputs = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
        problems += ["`submit` is required with an input block"] if inputs and not view.get("submit") else []
    problems += [*_problems(blocks, VIEW_BLOCKS), *_unfit(view, view.get("type"))]
    try:
        View(**view).to_dict()
    except (SlackObjectFormationError, TypeError, AttributeError, ValueError) as error:
        problems.append(str(error))
    if problems:
        raise ApiError(
            "invalid_arguments", response_metadata={"messages": [f"[ERROR] {each}" for each in problems]}
        )
    return view | {"blocks": [_named(block) for block in blocks]}


def _problems(blocks: Sequence[Json], most: int) -> Iterator[str]:
    if len(blocks) > most:
        yield f"no more than {most} items allowed [json-pointer:/blocks]"
    for number, block in enumerate(blocks):
        place = f"[json-pointer:/blocks/{number}]"
        if not isinstance(block, dict):
            yield f"must be an object {place}"
            continue
        yield from (f"{problem} {place}" for problem in _block_problems(block))
    named = [block["block_id"] for block in blocks if isinstance(block, dict) and block.get("block_id")]
    if len(named) != len(set(named)):
        yield "`block_id` must be unique [json-pointer:/blocks]"


def _block_problems(block: Json) -> Iterator[str]:
    try:
        parsed = Block.parse(dict(block))
        known = parsed.to_dict() if parsed else None
    except (SlackObjectFormationError, TypeError, AttributeError, ValueError, KeyError) as error:
        yield str(error)
        return
    if known is None:
        yield f"unsupported type: {block.get('type')}"
        return
    yield from (f"unknown or empty field: {name}" for name in _lost(block, known))
    yield from _unfit(block, block.get("type"))
    actions = [part.get("action_id") for part in block.get("elements", []) if isinstance(part, dict)]
    given = [action for action in actions if action]
    if len(given) != len(set(given)):
        yield "`action_id` must be unique within a block"


def _lost(given: Any, known: Any, name: str = "") -> Iterator[str]:
    """Name what the model did not understand and left out; Slack refuses it."""
    if isinstance(given, dict):
        for key, value in given.items():
            if not isinstance(known, dict) or key not in known:
                yield key
            else:
                yield from _lost(value, known[key], key)
    elif isinstance(given, list):
        if not isinstance(known, list) or len(known) != len(given):
            yield name
        else:
            for each, counterpart in zip(given, known, strict=True):
                yield from _lost(each, counterpart, name)


def _unfit(part: Any, kind: Any) -> Iterator[str]:
    """Texts that are too long or of the wrong type, anywhere below a block."""
    if isinstance(part, list):
        for each in part:
            yield from _unfit(each, each.get("type") if isinstance(each, dict) else kind)
        return
    if not isinstance(part, dict):
        return
    for name, value in part.items():
        values = value if isinstance(value, list) else [value]
        for each in (each for each in values if isinstance(each, dict)):
            if each.get("type") in ("mrkdwn", "plain_text"):
                most = _FIELD if name == "fields" else _TEXT
                length = len(str(each.get("text", "")))
                if not 1 <= length <= most:
                    yield f"must be between 1 and {most} characters: {name}"
                if name in _PLAIN.get(str(kind), ()) and each["type"] != "plain_text":
                    yield f"must be plain_text: {name}"
            elif name != "blocks":
                yield from _unfit(each, each.get("type"))


def _named(block: Json) -> Json:
    """Name what has no name yet, as Slack does."""
    named: Json = {"block_id": secrets.token_urlsafe(4)} | block
    for place in ("elements", "accessory", "element"):
        if place in named:
            part = named[place]
            named[place] = (
                [_with_action(each) for each in part] if isinstance(part, list) else _with_action(part)
            )
    return named


def _with_action(part: Json) -> Json:
    if part.get("type") in ("image", "mrkdwn", "plain_text") or str(part.get("type")).startswith("rich_text"):
        return part
    return {"action_id": secrets.token_urlsafe(4)} | part
