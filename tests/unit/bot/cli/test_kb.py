from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.cli import main
from kb.formats.files import read_entries, starter_entries, write_entries
from tests.unit.kb.make_entries import make_entry


class Outcome(NamedTuple):
    """What a run of the command left."""

    status: int
    out: str
    err: str


Caveat = Callable[..., Outcome]


@pytest.fixture
def caveat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Caveat:
    """Runs `caveat kb …` on a store of its own."""
    monkeypatch.setenv("CAVEAT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["caveat", "kb", *map(str, arguments)])
        with pytest.raises(SystemExit) as done:
            main.main()
        return Outcome(int(done.value.code or 0), *capsys.readouterr())

    return run


def test_what_is_imported_is_exported_again(caveat: Caveat, tmp_path: Path) -> None:
    given = (make_entry("a", title="Ünïcode “quoted”"), make_entry("b", status="draft"))
    write_entries(given, tmp_path / "in")
    assert caveat("import", tmp_path / "in") == (0, "2 read: 2 new, 0 changed, 0 unchanged.\n", "")
    assert caveat("import", tmp_path / "in").out == "2 read: 0 new, 0 changed, 2 unchanged.\n"
    for target in ("out", "out.yaml"):
        assert caveat("export", tmp_path / target).status == 0
        assert read_entries([tmp_path / target]) == given
    (tmp_path / "printed.yaml").write_text(caveat("export").out, encoding="utf-8")
    assert read_entries([tmp_path / "printed.yaml"]) == given


def test_the_starter_entries_can_be_imported(caveat: Caveat) -> None:
    assert caveat("import", "--starter").status == 0
    listed = caveat("list", "--json").out
    assert [entry["id"] for entry in json.loads(listed)] == sorted(entry.id for entry in starter_entries())


def test_a_file_with_problems_imports_nothing_and_lists_them_all(caveat: Caveat, tmp_path: Path) -> None:
    write_entries([make_entry("good")], tmp_path / "good.yaml")
    (tmp_path / "bad.yaml").write_text("id: bad\ntitle: 7\n")
    outcome = caveat("import", "good.yaml", "bad.yaml", "none.yaml")
    assert outcome.status == 2
    assert outcome.err.splitlines() == [
        "caveat: bad.yaml, line 2: title: must be text, but 7 is read as a number; put it in quotes",
        "caveat: bad.yaml, line 1: summary: is missing",
        "caveat: bad.yaml, line 1: original: is missing",
        "caveat: bad.yaml, line 1: caveats: is missing",
        "caveat: none.yaml: cannot be read: No such file or directory",
    ]
    assert caveat("list", "--json").out == "[]\n"


def test_importing_nothing_is_a_mistake(caveat: Caveat) -> None:
    outcome = caveat("import")
    assert outcome.status == 2
    assert "--starter" in outcome.err


def test_the_list_is_plain_when_it_is_not_for_a_terminal(caveat: Caveat, tmp_path: Path) -> None:
    write_entries(
        [make_entry("b", title="Two"), make_entry("a", title="[bold]One", status="draft")], tmp_path / "e"
    )
    caveat("import", tmp_path / "e")
    assert caveat("list") == (0, "a\tdraft\t[bold]One\nb\tpublished\tTwo\n", "")
    assert caveat("list", "--status", "draft").out == "a\tdraft\t[bold]One\n"
    assert caveat("list", "--status", "live").status == 2


def test_an_empty_store_says_how_to_fill_it(caveat: Caveat) -> None:
    assert caveat("list") == (
        0,
        "",
        "No entries. Import some: `caveat kb import PATH`, or `--starter` for examples.\n",
    )


FULL: dict[str, Any] = {
    "original": {
        "publisher": "Paper",
        "title": "Report",
        "url": "https://paper.example/a",
        "author": "Staff",
        "published": "2022-04-15",
    },
    "rating": {"label": "half true"},
    "figures": [{"value": 86, "what": "searches", "as_stated": "more than 86", "attributed_to": "officials"}],
    "quotes": [{"speaker": "A spokesperson", "text": "It counts searches."}],
    "appearances": [{"url": "https://copy.example/a", "kind": "copy"}],
    "example": True,
}


def test_an_entry_is_shown_with_its_parts_and_history(caveat: Caveat, tmp_path: Path) -> None:
    write_entries([make_entry("a")], tmp_path / "a.yaml")
    caveat("import", "a.yaml", "--by", "desk", "--note", "first version")
    write_entries([make_entry("a", **FULL)], tmp_path / "a.yaml")
    caveat("import", "a.yaml", "--by", "night desk")
    outcome = caveat("show", "a")
    assert outcome.status == 0
    *lines, second, first = outcome.out.splitlines()
    assert lines == [
        "“Title of a” (a), published",
        "An example, not verified by a person.",
        "Original: “Report”, Paper, Staff, 2022-04-15",
        "Link: https://paper.example/a",
        "Rating: half true",
        "Summary: A summary.",
        "Caveat: A caveat.",
        "Figure: “more than 86” searches, according to officials",
        "Quote: “It counts searches.”, A spokesperson",
        "Known page (copy): https://copy.example/a",
        "History:",
    ]
    assert first.startswith("1, ")
    assert first.endswith(" UTC, import by desk: first version")
    assert second.endswith(" UTC, import by night desk")
    assert json.loads(caveat("show", "a", "--json").out) == make_entry("a", **FULL).model_dump(mode="json")


def test_an_unknown_id_is_one_line_and_exit_status_2(caveat: Caveat) -> None:
    assert caveat("show", "x") == (2, "", "caveat: there is no entry 'x'; `caveat kb list` shows them all\n")


def test_a_wrong_database_is_one_line_and_exit_status_2(
    caveat: Caveat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAVEAT_DATABASE_URL", "mysql://caveat@db.example/caveat")
    outcome = caveat("list")
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (2, "", 1)
    assert "only SQLite is supported so far" in outcome.err
