"""An entry as a text to be filled in and sent back: YAML, with problems told by the line they stand on.

What a form does not show is what only the steps of curating set: the status, who verified it and when.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kb.entries.entry import Entry, Source, parse_entry
from kb.entries.fields import BY_HAND, BY_STEPS, FIELDS
from kb.errors import EntryError, Problem
from kb.formats.yaml_text import read_yaml, write_yaml

_FENCED = re.compile(r"^```[A-Za-z]*[ \t]*\n(?P<inside>.*?)(?:^```|\Z)", re.DOTALL | re.MULTILINE)
_BASE = re.compile(r"^#.*\brevision (?P<number>[0-9]{1,9})\b", re.MULTILINE)
# Some chat clients turn the blanks before a line into ones that YAML takes for text.
_INDENT = re.compile(r"^[\s\u00a0]+", re.MULTILINE)
_NAME = "form"


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form that was read: the entry, and the revision it is based on (None: it is a new entry)."""

    entry: Entry
    base: int | None


def draft_form(
    fields: Entry | Mapping[str, Any], *, base: int | None = None, candidates: Mapping[str, Any] | None = None
) -> str:
    """Write an entry, or what is known of a new one, as a form that `read_form` reads.

    `base` is the revision that is edited. `candidates` (figures, quotes) are added as comments.
    """
    data = fields.model_dump(exclude_defaults=True) if isinstance(fields, Entry) else dict(fields)
    data["original"] = {name: dict(data.get("original") or {}).get(name) for name in Source.model_fields}
    shown = {
        name: data.get(name)
        for name in BY_HAND
        if FIELDS[name].asked or data.get(name) not in (None, (), [], "")
    }
    head = f"# Edits revision {base} of this entry." if base is not None else "# A new entry."
    lines = [head, *_empty_not_null(_yaml(shown))]
    offered = {name: value for name, value in (candidates or {}).items() if value}
    if offered:
        lines += ["# Found on the page. Take what fits: put it above, without the #.", *_commented(offered)]
    return "\n".join(lines) + "\n"


def read_form(text: str) -> Form:
    """Read a form that was sent back, with or without the code fence around it.

    Raises EntryError with every problem; each `place` is a line of the form, such as "line 7".
    """
    fenced = _FENCED.search(text.replace("\r\n", "\n"))
    inside = fenced["inside"] if fenced else text.replace("\r\n", "\n")
    try:
        return _read(inside)
    except EntryError:
        if "\u00a0" not in inside:
            raise
        return _read(_INDENT.sub(lambda blank: blank[0].replace("\u00a0", " "), inside))


def _read(inside: str) -> Form:
    items, problems = read_yaml(inside, _NAME)
    if not items and not problems:
        problems.append(Problem(field="", message="is empty; fill in the form and send it back"))
    if len(items) > 1:
        problems.append(Problem(field="", message="holds more than one entry; send one at a time"))
    entry = None
    for item in items[:1]:
        try:
            entry = parse_entry(item.data)
        except EntryError as error:
            known = {problem.field for problem in problems}
            problems += [
                replace(problem, place=item.place(problem.field))
                for problem in error.problems
                if problem.field not in known
            ]
        given = item.data if isinstance(item.data, Mapping) else {}
        problems += [
            Problem(field=name, message=f"{why}; delete this line", place=item.place(name))
            for name, why in BY_STEPS.items()
            if name in given
        ]
    if problems or entry is None:
        raise EntryError(tuple(replace(problem, place=_line(problem.place)) for problem in problems))
    match = _BASE.search(inside)
    return Form(entry=entry, base=int(match["number"]) if match else None)


def _line(place: str) -> str:
    return place.removeprefix(_NAME).removeprefix(", ")


def _yaml(data: Mapping[str, Any]) -> str:
    stream = io.StringIO()
    write_yaml([data], stream)
    return stream.getvalue().removeprefix("---\n")


def _empty_not_null(text: str) -> list[str]:
    """What is not known yet is left empty, to be filled in."""
    return [re.sub(r"^(\s*\w+:) null$", r"\1", line) for line in text.splitlines()]


def _commented(data: Mapping[str, Any]) -> list[str]:
    return [f"# {line}" for line in _yaml(data).splitlines()]
