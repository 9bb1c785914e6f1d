"""How long after the original pages of each kind are published: days as real pages have them.

The texts of most labelled pages come without a day. To learn what a day tells, such a page is given one: that
of some real page of its kind, always the same. A file has one JSON object a line with `story`, `address`,
`kind` and `days` after the original, or null where the page tells none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from kb.errors import MeasureError
from kb.evaluate.rows import UNDATED_NAMES, Row
from kb.evaluate.testsets import read_rows
from kb.match.page_signals import days_signals

OTHER = "other_story"
Days = Mapping[str, tuple[int, ...]]
"""By kind of page, the known days after the original."""


def read_days(path: Path) -> Days:
    """Read a file of days. Raises MeasureError that names file and line."""
    by_kind: dict[str, list[int]] = {}
    for place, row in read_rows(path):
        if not isinstance(row.get("kind"), str) or not isinstance(row.get("days"), int | None):
            raise MeasureError(f"{place}: expected kind, and days as a number or null")
        if row["days"] is not None:
            by_kind.setdefault(row["kind"], []).append(row["days"])
    if not by_kind.get(OTHER):
        raise MeasureError(f"{path}: expected pages of the kind {OTHER} with days")
    return {kind: tuple(days) for kind, days in by_kind.items()}


def with_days(row: Row, days: Days) -> Row:
    """The row with a day of its kind for the entry that it is about, and any other page's for the others."""
    values = row.values.copy()
    about = row.right if row.right.any() else values[:, 0] == values[:, 0].max()
    for place, own in enumerate(about):
        pool = days.get(row.kind if own else OTHER) or days[OTHER]
        values[place, len(UNDATED_NAMES) :] = days_signals(pool[_draw(f"{row.page} {place}", len(pool))])
    return replace(row, values=values, dated=np.ones_like(row.dated))


def _draw(name: str, size: int) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) % size
