"""What a page's candidates are like, in numbers: a table that training is repeated from without the pages.

Of other people's pages no text is kept; a row holds an address or a number, the page's kind, and the signals
of a few entries that it may be about. A file has one JSON object a line, the first with the signals' names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import MeasureError
from kb.evaluate.pagesets import SPOKEN
from kb.evaluate.testsets import read_rows
from kb.evaluate.training import Case
from kb.match.signals import PAGE, PAGE_DATED
from kb.search.bm25 import Floats

UNDATED_NAMES = tuple(signal.__name__ for signal in PAGE)
NAMES = UNDATED_NAMES + tuple(signal.__name__ for signal in PAGE_DATED)
DATED, UNDATED, GONE = "dated", "undated", "entry missing"
_DIGITS = 3  # significant ones, of signals in a file


@dataclass(frozen=True, kw_only=True)
class Row:
    """One page: `values` has shape (candidates, NAMES); `right`, `dated` and `silent` one value each.

    `silent`: rules forbid an answer with it. `length` counts the page's words.
    """

    story: str
    page: str
    kind: str
    length: int
    silent: NDArray[np.bool_]
    values: Floats
    right: NDArray[np.bool_]
    dated: NDArray[np.bool_]

    def cases(self, *, dated: bool, weight: float = 1.0) -> Iterator[Case]:
        """The page where its entry is, and where it is missing; with its day, if it has one, or without."""
        chosen = self.dated if dated else np.ones_like(self.dated)
        if not chosen.any():
            return
        values = self.values[chosen] if dated else self.values[:, : len(UNDATED_NAMES)]
        right = self.right[chosen]
        for left, missing in ((np.ones_like(right), False), (~right, True)):
            if missing and not right.any():
                continue
            if left.any():
                yield Case(
                    group=self.story,
                    kind=f"{self.kind}, {GONE}" if missing else self.kind,
                    signals=values[left],
                    right=right[left],
                    answerable=self.kind in SPOKEN and bool(right[left].any()),
                    silent=self.silent[chosen][left],
                    weight=weight,
                )


def write_table(path: Path, rows: Iterable[Row]) -> None:
    """Write rows. Raises OSError."""
    lines = [json.dumps({"signals": NAMES}), *(json.dumps(_json(row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_table(path: Path) -> tuple[Row, ...]:
    """Read what `write_table` wrote; a signal that is weighed no more is passed over.

    Raises MeasureError that names file and line.
    """
    (place, head), *rest = read_rows(path)
    signals = head.get("signals")
    if not isinstance(signals, list) or (missing := set(NAMES).difference(signals)):
        lacks = ", ".join(sorted(missing)) if isinstance(signals, list) else "its signals' names"
        raise MeasureError(f"{place}: the table lacks {lacks}; make it anew with `caveat eval table`")
    columns = [signals.index(name) for name in NAMES]
    rows = []
    for place, record in rest:
        try:
            rows.append(_row(record, len(signals), columns))
        except (KeyError, ValueError, TypeError) as error:
            raise MeasureError(f"{place}: no row of a page ({error!r})") from error
    return tuple(rows)


def _json(row: Row) -> dict[str, Any]:
    return {
        "story": row.story,
        "page": row.page,
        "kind": row.kind,
        "length": row.length,
        "silent": np.flatnonzero(row.silent).tolist(),
        "right": np.flatnonzero(row.right).tolist(),
        "dated": np.flatnonzero(row.dated).tolist(),
        "values": [[float(f"{value:.{_DIGITS}g}") for value in values] for values in row.values],
    }


def _row(record: Any, width: int, columns: Sequence[int]) -> Row:
    values = np.array(record["values"], dtype=np.float64).reshape(-1, width)[:, columns]
    return Row(
        story=record["story"],
        page=record["page"],
        kind=record["kind"],
        length=record["length"],
        silent=_marked(record["silent"], len(values)),
        values=values,
        right=_marked(record["right"], len(values)),
        dated=_marked(record["dated"], len(values)),
    )


def _marked(places: Sequence[int], length: int) -> NDArray[np.bool_]:
    marks = np.zeros(length, dtype=np.bool_)
    marks[places] = True
    return marks
