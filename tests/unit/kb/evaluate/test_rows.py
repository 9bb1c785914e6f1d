"""Tables of numbers stand for pages whose texts are not kept."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from kb.errors import MeasureError
from kb.evaluate.days import read_days, with_days
from kb.evaluate.rows import NAMES, UNDATED_NAMES, Row, read_table, write_table
from kb.match.page_signals import days_signals

TABLES = Path(__file__).parents[3] / "quality" / "tables"


def row(kind: str = "report", *, right: int | None = 1) -> Row:
    values = np.round(np.random.default_rng(5).normal(size=(3, len(NAMES))), 2)
    marks = np.zeros(3, dtype=np.bool_)
    if right is not None:
        marks[right] = True
    silent = np.array([False, False, True])
    return Row(
        story="s",
        page="p",
        kind=kind,
        length=9,
        silent=silent,
        values=values,
        right=marks,
        dated=np.zeros_like(marks),
    )


def test_a_table_reads_back_as_it_was_written(tmp_path: Path) -> None:
    write_table(tmp_path / "t.jsonl", [row()])
    (again,) = read_table(tmp_path / "t.jsonl")
    assert np.array_equal(again.values, row().values)
    assert np.array_equal(again.right, row().right)
    assert np.array_equal(again.silent, row().silent)
    assert (again.story, again.page, again.kind, again.length) == ("s", "p", "report", 9)


def test_a_page_is_a_case_where_its_entry_is_and_where_it_is_missing() -> None:
    there, gone = row().cases(dated=False)
    assert there.answerable
    assert not gone.answerable
    assert (there.signals.shape, gone.signals.shape) == ((3, len(UNDATED_NAMES)), (2, len(UNDATED_NAMES)))
    assert list(gone.silent) == [False, True]
    assert len(list(row(right=None).cases(dated=False))) == 1
    assert list(row().cases(dated=True)) == []


def test_a_page_without_a_day_is_given_one_of_its_kind() -> None:
    days = {"report": (2,), "other_story": (400,)}
    dated = with_days(row(), days)
    assert dated.dated.all()
    assert tuple(dated.values[1, len(UNDATED_NAMES) :]) == days_signals(2)
    assert tuple(dated.values[0, len(UNDATED_NAMES) :]) == days_signals(400)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([{"signals": ["moon"]}], "lacks aftermath_title, .* make it anew"),
        ([{"story": "s"}], "lacks its signals' names"),
        ([{"signals": NAMES}, {"story": "s"}], "2: no row of a page"),
        ([{"signals": NAMES}, {**dict.fromkeys(["story", "page", "kind"], "x"), "values": [1]}], "2: no row"),
    ],
)
def test_a_table_of_something_else_is_refused(tmp_path: Path, lines: list[object], problem: str) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with pytest.raises(MeasureError, match=problem):
        read_table(path)


def test_days_without_a_kind_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "days.jsonl"
    path.write_text('{"kind": "report", "days": 3}\n', encoding="utf-8")
    with pytest.raises(MeasureError, match="other_story"):
        read_days(path)
    path.write_text('{"kind": "report", "days": "soon"}\n', encoding="utf-8")
    with pytest.raises(MeasureError, match="days as a number"):
        read_days(path)


def test_the_tables_in_the_repository_are_read() -> None:
    """They have the signals that are weighed now, and no text."""
    days = read_days(TABLES / "days.jsonl")
    assert sum(map(len, days.values())) > 150
    for file in TABLES.glob("*.jsonl"):
        assert max(map(len, file.read_text(encoding="utf-8").split("\n"))) < 2_000
        if file.stem != "days":
            assert len(read_table(file)) > 200
