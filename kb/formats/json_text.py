"""JSON and JSON Lines as data for entries, with every fault told; no field named twice."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from kb.entries.problems import Item
from kb.errors import Problem


def read_json(text: str, file: str) -> tuple[list[Item], list[Problem]]:
    """Read the entries of a JSON text (one, or a list of them), and tell all that is wrong."""
    if not text.strip():
        return [], []
    data, problems = _parse(text, file)
    if isinstance(data, list):
        return [
            Item(data=entry, file=file, position=f"entry {number}") for number, entry in enumerate(data, 1)
        ], problems
    return [] if data is None else [Item(data=data, file=file)], problems


def read_json_lines(text: str, file: str) -> tuple[list[Item], list[Problem]]:
    """Read the entries of a text with one JSON object on each line, and tell all that is wrong."""
    items: list[Item] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            data, wrong = _parse(line, file, line=number)
            problems += wrong
            if data is not None:
                items.append(Item(data=data, file=file, position=f"line {number}"))
    return items, problems


def _parse(text: str, file: str, *, line: int | None = None) -> tuple[Any, list[Problem]]:
    """Give the data, or None and why there is none; `line` is where a text of one line stands."""
    problems: list[Problem] = []

    def group(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        for name, times in Counter(name for name, _ in pairs).items():
            if times > 1:
                place = f"{file}, line {line}" if line else file
                problems.append(Problem(field=name, message="is given twice; keep one", place=place))
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=group), problems
    except json.JSONDecodeError as error:
        line, message = line or error.lineno, f"is no valid JSON ({error.msg}, column {error.colno})"
    except RecursionError:
        message = "is nested too deeply to be an entry"
    except ValueError as error:  # a number of more than 4,300 digits
        message = f"is no valid JSON ({error})"
    return None, [Problem(field="", message=message, place=f"{file}, line {line}" if line else file)]
