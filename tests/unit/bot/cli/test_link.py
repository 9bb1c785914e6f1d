"""`caveat link`: which page an address names, told to people and scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from kb.entries.entry import Appearance
from kb.store.database import connect, upgrade
from kb.store.entries import Store
from tests.unit.kb.make_entries import make_entry

Link = Callable[..., tuple[int, str, str]]

WRAPPED = "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.copies.example%2Fa%3Futm_source%3Dx"


@pytest.fixture
def link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Link:
    """Runs `caveat link …` on a store with one entry."""
    monkeypatch.setenv("CAVEAT_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    engine = connect(f"sqlite:///{tmp_path}/caveat.db")
    upgrade(engine, "kb.store")
    copies = (
        Appearance(url="https://copies.example/a"),
        Appearance(url="https://copies.example/b", prefix=True),
    )
    store = Store(engine)
    store.save([make_entry("known").model_copy(update={"appearances": copies})], by="a test")
    engine.dispose()

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["caveat", "link", *arguments])
        with pytest.raises(SystemExit) as done:
            main.main()
        return int(done.value.code or 0), *capsys.readouterr()

    return run


def test_every_address_is_one_line_of_json(link: Link) -> None:
    status, out, err = link("--json", WRAPPED, "https://elsewhere.example/x", "https://copies.example/b/2")
    assert (status, err) == (0, "")
    found = [json.loads(line) for line in out.splitlines()]
    assert found[0] == {
        "url": WRAPPED,
        "unwrapped": "https://www.copies.example/a?utm_source=x",
        "key": "copies.example/a",
        "wrappers": ["l.facebook.com"],
        "entry": "known",
    }
    assert [each["entry"] for each in found] == ["known", None, "known"]


def test_people_are_told_how_the_page_was_found(link: Link) -> None:
    archived = "https://web.archive.org/web/20240102030405/https://copies.example/b/2"
    status, out, _ = link(archived, "https://elsewhere.example/x")
    assert status == 0
    assert out.splitlines() == [
        archived,
        "  names    copies.example/b/2",
        "  inside   web.archive.org: https://copies.example/b/2",
        "  archived 2024-01-02",
        "  entry    known (copy, as a page below copies.example/b)",
        "https://elsewhere.example/x",
        "  names    elsewhere.example/x",
        "  entry    none lists this page",
    ]


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_what_is_no_web_address_is_told_and_the_others_are_answered(link: Link, flags: list[str]) -> None:
    status, out, err = link(*flags, "mailto:a@b.example", "https://copies.example/a", "copies.example/a")
    assert status == 2
    assert out.count("copies.example/a") >= 1
    assert "known" in out
    assert err.splitlines() == [
        "caveat: 'mailto:a@b.example' is no web address; one starts with https://",
        "caveat: 'copies.example/a' is no web address; one starts with https://",
    ]
