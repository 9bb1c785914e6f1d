"""Labelled sets that quality is measured on: claims and posts, in the shape of the CheckThat! lab's.

A corpus has one JSON object a line with `id` and at least one of `title`, `claim`, `subtitle`; `author`
and `date` are optional. A query has `id`, `text` and `relevant`, the ids of its claims; missing or empty:
there is none.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kb.entries.entry import Entry, parse_entry
from kb.errors import MeasureError
from kb.match.query import Query
from kb.text.dates import last_date

_LINE, _TEXT = 500, 2000
_PUBLISHER = "the corpus"


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A query and the ids of the entries that it is about; none of them: there is nothing to say.

    `group` names what must not stand on both sides of a cross-validation; `kind` is for tables.
    """

    id: str
    query: Query
    relevant: frozenset[str]
    group: str = ""
    kind: str = ""


def read_corpus(path: Path) -> dict[str, Entry]:
    """Read claims as entries, by the corpus's own ids. Raises MeasureError that names file and line."""
    entries: dict[str, Entry] = {}
    for place, row in read_rows(path):
        row_id = _text(row, "id", place)
        if row_id in entries:
            raise MeasureError(f"{place}: the id {row_id!r} occurs twice; every claim needs its own")
        entries[row_id] = _entry(row, place, number=len(entries))
    if not entries:
        raise MeasureError(f"{path}: no claims; expected one JSON object a line, with id, title and claim")
    return entries


def read_queries(path: Path) -> tuple[Labelled, ...]:
    """Read posts with the ids of their claims. Raises MeasureError that names file and line."""
    queries = []
    for place, row in read_rows(path):
        relevant = row.get("relevant") or []
        if not isinstance(relevant, list) or not all(isinstance(claim, str) for claim in relevant):
            raise MeasureError(f'{place}: "relevant" must be a list of claim ids, such as ["claim-1"]')
        query = Query(text=_text(row, "text", place))
        queries.append(Labelled(id=_text(row, "id", place), query=query, relevant=frozenset(relevant)))
    if not queries:
        raise MeasureError(f"{path}: no queries; expected one JSON object a line, with id, text and relevant")
    return tuple(queries)


def read_rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every object of a file of JSON lines, and where it stands. Raises MeasureError."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise MeasureError(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise MeasureError(f"{place}: expected one JSON object on the line ({error})") from error
        if not isinstance(row, dict):
            raise MeasureError(f'{place}: expected a JSON object, such as {{"id": …}}, not {line[:40]!r}')
        yield place, row


def _text(row: Mapping[str, Any], name: str, place: str) -> str:
    value = row.get(name)
    if isinstance(value, int) and name == "id":
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise MeasureError(f'{place}: "{name}" is missing or empty; expected text')
    return value


def _entry(row: Mapping[str, Any], place: str, *, number: int) -> Entry:
    parts = {name: _optional(row, name, place) for name in ("title", "subtitle", "claim", "author", "date")}
    said = parts["claim"] or parts["subtitle"] or parts["title"]
    if not said:
        raise MeasureError(f'{place}: expected "title" or "claim" with text')
    original = {
        "publisher": _PUBLISHER,
        "title": (parts["title"] or said)[:_LINE],
        "url": f"https://corpus.example/{number}",
        "author": parts["author"][:_LINE] or None,
        "published": _day(parts["date"]),
    }
    fields = {
        "id": f"row-{number}",
        "title": (parts["title"] or said)[:_LINE],
        "summary": (parts["subtitle"] or said)[:_TEXT],
        "original": original,
        "caveats": ["Read the check itself."],
        "claims": [{"text": parts["claim"][:_TEXT]}] if parts["claim"] else [],
    }
    return parse_entry(fields, place=place)


def _optional(row: Mapping[str, Any], name: str, place: str) -> str:
    """The text on one line, without characters that entries refuse; empty for null or without a letter."""
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise MeasureError(f'{place}: "{name}" must be text, not {value!r}')
    plain = "".join(
        character if unicodedata.category(character) not in {"Cc", "Cf", "Zl", "Zp"} else " "
        for character in value or ""
    )
    return " ".join(plain.split()) if any(character.isalnum() for character in plain) else ""


def _day(text: str) -> date | None:
    return last_date(text)
