"""Floors of quality: what was reached once must not be lost unnoticed; lowering one takes a flag."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.errors import BotError

_LEAST = ("map_at_5", "precision_at_1")
_LEAST_SPEAKING = ("precision", "recall")
_MOST = "no_match_reply_rate"


def measured(told: Mapping[str, Any]) -> dict[str, float]:
    """The measures that have floors, from a report (bot/cli/eval_report.py)."""
    return {
        **{name: told[name] for name in _LEAST},
        **{name: told["speaking"][name] for name in _LEAST_SPEAKING},
        _MOST: told["counts"][_MOST],
    }


def below(measures: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """Say which measures are worse than their floor; of replies where there is no entry, fewer are better."""
    return [
        f"{name} is {measures[name]:.3f}, worse than its floor {floor:.3f}"
        for name, floor in floors.items()
        if (measures[name] > floor if name == _MOST else measures[name] < floor)
    ]


def check(told: Mapping[str, Any], kind: str, path: Path, *, lower: bool) -> None:
    """Compare a report with the floors of its kind in a file; `lower` writes those that are not kept.

    Raises BotError for a measure below its floor, or a file that cannot be used.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        floors: dict[str, float] = content["matching"][kind]
        measures = measured(told)
        lost = below(measures, floors)
        if lost and lower:
            worse = {name for name in floors if below(measures, {name: floors[name]})}
            floors |= {name: measures[name] for name in worse}
            path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BotError(f"{path}: expected floors of matching, {kind}, as JSON ({error!r})") from error
    if lost and not lower:
        raise BotError("\n".join([*lost, "mend it, or lower the floors on purpose with --lower-floors"]))
