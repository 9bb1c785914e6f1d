"""What can be done next, as buttons: each carries the command that it stands for. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from bot.model import Choice
from bot.platforms.slack.text import plain

DO = "caveat_do"
"""Begins the `action_id` of every such button; what follows tells those of one block apart."""

BUTTONS = re.compile(DO + r":\d+")
"""What the `action_id` of every such button looks like."""

Json = dict[str, Any]

_VALUE = 2000
_LABEL = 75
_IN_A_BLOCK = 25
_PRIMARY = frozenset({"approve", "publish"})


def buttons(choices: Iterable[Choice]) -> list[Json]:
    """Lay choices out as one block of buttons; none where there is nothing to choose."""
    made = [_button(number, choice) for number, choice in enumerate(choices)]
    kept = [each for each in made if len(each["value"]) <= _VALUE][:_IN_A_BLOCK]
    return [{"type": "actions", "elements": kept}] if kept else []


def read_choice(value: object) -> Choice | None:
    """Read what a button carries; None for what was never one of ours."""
    carried = read_json(value)
    if not isinstance(carried, dict) or not isinstance(carried.get("command"), str):
        return None
    base, note = carried.get("base"), carried.get("note")
    return Choice(
        label=str(carried.get("label") or ""),
        command=carried["command"],
        base=base if isinstance(base, int) else None,
        note=note if isinstance(note, str) else None,
    )


def read_json(stored: object) -> Any:
    """Read what Slack keeps for us in a button or a modal; None for what is no JSON."""
    try:
        return json.loads(stored) if isinstance(stored, str) else None
    except (ValueError, RecursionError):
        return None


def write_choice(choice: Choice) -> str:
    """Write a choice so that `read_choice` reads it; in ASCII, so that its length is beyond doubt."""
    given = {"command": choice.command, "label": choice.label, "base": choice.base, "note": choice.note}
    return json.dumps({name: value for name, value in given.items() if value is not None})


def has_choices(blocks: Iterable[Json]) -> bool:
    """Whether there are such buttons in a message."""
    return any(_is_choice(part) for block in blocks for part in block.get("elements") or ())


def without_choices(blocks: Iterable[Json]) -> list[Json]:
    """The same blocks without such buttons."""
    return without(_is_choice, blocks)


def without(unwanted: Callable[[Json], bool], blocks: Iterable[Json]) -> list[Json]:
    """The same blocks without the elements that are unwanted, nor a block that held nothing else."""
    kept: list[Json] = []
    for block in blocks:
        left = [part for part in block.get("elements") or () if not unwanted(part)]
        if left or not block.get("elements"):
            kept.append({**block, "elements": left} if left else block)
    return kept


def _button(number: int, choice: Choice) -> Json:
    text = {"type": "plain_text", "text": plain(choice.label, _LABEL) or "…", "emoji": False}
    made = {"type": "button", "action_id": f"{DO}:{number}", "text": text, "value": write_choice(choice)}
    return made | ({"style": "primary"} if choice.command.partition(" ")[0] in _PRIMARY else {})


def _is_choice(part: Json) -> bool:
    return bool(BUTTONS.fullmatch(str(part.get("action_id"))))
