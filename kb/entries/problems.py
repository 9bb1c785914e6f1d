"""What is wrong with an entry and where, in an editor's words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kb.errors import Problem


@dataclass(frozen=True, kw_only=True)
class Item:
    """One entry's plain data; `position` says where in the file it is, `lines` where its fields are."""

    data: object
    file: str
    position: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)

    def place(self, path: str = "") -> str:
        """Say where to find a field such as `figures[2].value`, or what it is missing from."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        position = f"line {self.lines[path]}" if path in self.lines else self.position
        return f"{self.file}, {position}" if position else self.file


def problems_of(error: ValidationError, fields: Collection[str], *, place: str = "") -> tuple[Problem, ...]:
    """Put pydantic's errors into an editor's words; `fields` are the names that may have been meant."""
    return tuple(
        Problem(field=path_of(details["loc"]), message=_message(details, fields), place=place)
        for details in error.errors(include_url=False)
    )


def path_of(steps: Collection[int | str]) -> str:
    """Write the way to a field as editors read it: `figures[2].value`."""
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path


_NUMBER = "must be a plain number, such as 8600"
_WHOLE = "must be a whole number, such as 2"
_DATE = "must be a date, such as 2022-04-15"
_SWITCH = "must be true or false"
_LIST = "must be a list, one item to a line after `- `"

_WORDS = {
    "missing": "is missing",
    "string_too_short": "is empty",
    "string_too_long": "is longer than {max_length} characters",
    "string_unicode": "holds half of a character (a lone surrogate); write it again",
    "too_short": "needs at least {min_length}",
    "too_long": "has more than {max_length}",
    "tuple_type": _LIST,
    "model_type": "must be a group of fields, each on a line of its own such as `title: …`",
    "bool_parsing": _SWITCH,
    "bool_type": _SWITCH,
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "enum": "must be one of {expected}",
    "date_type": _DATE,
    "invalid_key": "is no name of a field; names are text",
    "value_error": "{error}",
}
_PATTERN_WORDS = {
    "id": "must start with a letter or a digit and hold only letters, digits, dots, hyphens and underscores, "
    "at most 200 in all",
    "language": "must be a language code, such as en or pt-BR",
}
_PATTERN_WORDS["superseded_by"] = _PATTERN_WORDS["id"]


def _message(details: ErrorDetails, fields: Collection[str]) -> str:
    kind, given = details["type"], details["input"]
    if kind == "extra_forbidden":
        return _unknown(str(details["loc"][-1]), fields)
    if given is None and kind != "missing":
        return "is empty; fill it in or leave the field out"
    if kind == "string_type":
        return _not_text(given)
    if kind == "string_pattern_mismatch":
        return _PATTERN_WORDS[str(details["loc"][-1])]
    if kind not in _WORDS:
        return details["msg"]
    return _WORDS[kind].format(**details.get("ctx", {}))


def _unknown(name: str, fields: Collection[str]) -> str:
    meant = get_close_matches(name, sorted(fields), n=1)
    return (
        f"is no field here; {f'is {meant[0]} meant?' if meant else 'check its spelling and its indentation'}"
    )


def _not_text(given: object) -> str:
    if isinstance(given, list | tuple | dict):
        return "must be one text, not a list or a group of fields"
    if isinstance(given, bool):
        return f"must be text, but is read as {str(given).lower()}; put it in quotes"
    if isinstance(given, date | int | float):
        kind = "a date" if isinstance(given, date) else "a number"
        return f"must be text, but {given} is read as {kind}; put it in quotes"
    return "must be text; put it in quotes"
