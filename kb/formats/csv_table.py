"""Entries as a table for spreadsheets: one row each. Out only: it does not hold everything."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from typing import TextIO

from kb.entries.entry import Entry

_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
"""How a cell begins that a spreadsheet may run (OWASP, "CSV Injection"); full-width forms count, too."""

_COLUMNS: dict[str, Callable[[Entry], object]] = {
    "id": lambda entry: entry.id,
    "status": lambda entry: entry.status.value,
    "title": lambda entry: entry.title,
    "summary": lambda entry: entry.summary,
    "publisher": lambda entry: entry.original.publisher,
    "original title": lambda entry: entry.original.title,
    "original link": lambda entry: entry.original.url,
    "author": lambda entry: entry.original.author,
    "published": lambda entry: entry.original.published,
    "caveats": lambda entry: _joined(entry.caveats),
    "rating": lambda entry: entry.rating.label if entry.rating else None,
    "claims": lambda entry: _joined(claim.text for claim in entry.claims),
    "figures": lambda entry: _joined(f"{each.as_stated} ({each.what})" for each in entry.figures),
    "quotes": lambda entry: _joined(f"{quote.speaker}: “{quote.text}”" for quote in entry.quotes),
    "known pages": lambda entry: _joined(f"{page.url} ({page.kind.value})" for page in entry.appearances),
    "tags": lambda entry: _joined(entry.tags),
    "language": lambda entry: entry.language,
    "sensitive": lambda entry: {None: None, True: "yes", False: "no"}[entry.sensitive],
    "verified by": lambda entry: entry.verified_by,
    "verified on": lambda entry: entry.verified_on,
    "review by": lambda entry: entry.review_by,
}


def write_csv(entries: Iterable[Entry], stream: TextIO) -> None:
    """Write a heading and a row for each entry (RFC 4180); no cell of it is taken for a formula."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows([_cell(read(entry)) for read in _COLUMNS.values()] for entry in entries)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    starts = text.lstrip(" \u00a0")[:1]
    return f"'{text}" if starts in _FORMULA and starts else text


def _joined(texts: Iterable[str]) -> str:
    return " | ".join(texts)
