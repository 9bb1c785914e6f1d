"""Entries as a table for spreadsheets: one row each. Out only: it does not hold everything."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from operator import attrgetter
from typing import TextIO

from kb.entries.brief import in_brief
from kb.entries.entry import Entry
from kb.entries.fields import FIELDS

_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
"""How a cell begins that a spreadsheet may run (OWASP, "CSV Injection"); full-width forms count, too."""

_OF_THE_ORIGINAL = {
    "original.publisher": "publisher",
    "original.title": "original title",
    "original.url": "original link",
    "original.author": "author",
    "original.published": "published",
}
_COLUMNS = (
    *("id", "status", "title", "summary", *_OF_THE_ORIGINAL, "caveats", "rating", "claims", "figures"),
    *("quotes", "appearances", "tags", "language", "sensitive", "verified_by", "verified_on", "review_by"),
)


def write_csv(entries: Iterable[Entry], stream: TextIO) -> None:
    """Write a heading and a row for each entry (RFC 4180); no cell of it is taken for a formula."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(_OF_THE_ORIGINAL.get(path) or FIELDS[path].label for path in _COLUMNS)
    writer.writerows([_cell(attrgetter(path)(entry)) for path in _COLUMNS] for entry in entries)


def _cell(value: object) -> str:
    text = in_brief(value)
    starts = text.lstrip(" \u00a0")[:1]
    return f"'{text}" if starts in _FORMULA and starts else text
