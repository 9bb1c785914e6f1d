from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings

from kb.entries.entry import Entry
from kb.formats.csv_table import write_csv
from tests.unit.kb.curate.curating import sound
from tests.unit.kb.make_entries import entries


def table(*given_entries: Entry) -> list[dict[str, str]]:
    stream = io.StringIO(newline="")
    write_csv(given_entries, stream)
    return list(csv.DictReader(io.StringIO(stream.getvalue(), newline="")))


@given(entries)
@settings(max_examples=25, deadline=None)
def test_no_cell_is_taken_for_a_formula(entry: Entry) -> None:
    for cell in table(entry)[0].values():
        assert cell.lstrip(" \u00a0")[:1] not in {*"=+-@\t\r\n＝＋－＠"} or not cell


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "=cmd|' /C calc'!A0"])
def test_what_looks_like_a_formula_is_marked_as_text(title: str) -> None:
    assert table(sound(title=title))[0]["title"] == f"'{title}"


def test_a_row_holds_what_a_reader_looks_for() -> None:
    row = table(sound(caveats=["One, two.", 'A "quoted" one.'], tags=["harbour", "ferry"]))[0]
    assert row["caveats"] == 'One, two. | A "quoted" one.'
    assert row["tags"] == "harbour | ferry"
    assert (row["original link"], row["sensitive"]) == ("https://paper.example/a", "no")
