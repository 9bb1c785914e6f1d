"""Labelled sets: what is read, and what is told of a line that is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kb.errors import MeasureError
from kb.evaluate.pagesets import read_page_sets
from kb.evaluate.testsets import read_corpus, read_queries

CLAIM = '{"id": "c1", "title": "T", "subtitle": "S", "claim": "C", "author": "A", "date": "26 May 2015"}'


def written(folder: Path, text: str, name: str = "set.jsonl") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_claim_becomes_an_entry(tmp_path: Path) -> None:
    entry = read_corpus(written(tmp_path, CLAIM + "\n\n"))["c1"]
    assert (entry.title, entry.summary, entry.claims[0].text) == ("T", "S", "C")
    assert (entry.original.author, entry.original.published) == ("A", date(2015, 5, 26))


@pytest.mark.parametrize(
    "row",
    [
        '{"id": "any id: ünïcode / 1", "title": "T", "subtitle": "", "claim": "C", "author": "", "date": ""}',
        '{"id": 7, "claim": "only a claim\\u200b\\nin two lines"}',
        '{"id": "x", "title": "only a title", "subtitle": null, "claim": null, "date": "of a kind"}',
        '{"id": "x", "title": "' + "long " * 200 + '", "claim": "' + "long " * 900 + '"}',
    ],
)
def test_a_claim_may_lack_what_it_does_not_need(row: str, tmp_path: Path) -> None:
    (entry,) = read_corpus(written(tmp_path, row)).values()
    assert entry.title
    assert entry.original.published is None


@pytest.mark.parametrize("relevant", ["", ', "relevant": []', ', "relevant": null'])
def test_a_query_without_relevant_claims_has_none(relevant: str, tmp_path: Path) -> None:
    (query,) = read_queries(written(tmp_path, f'{{"id": "q", "text": "words"{relevant}}}'))
    assert query.relevant == frozenset()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("{", "set.jsonl:1: expected one JSON object"),
        (f"{CLAIM}\n[1]", "set.jsonl:2: expected a JSON object"),
        (f"{CLAIM}\n{CLAIM}", "set.jsonl:2: the id 'c1' occurs twice"),
        ('{"title": "T"}', 'set.jsonl:1: "id" is missing or empty'),
        ('{"id": "a", "title": " "}', "set.jsonl:1: expected"),
        ('{"id": "a", "title": 3}', 'set.jsonl:1: "title" must be text'),
        ("", "no claims"),
    ],
)
def test_a_wrong_line_of_a_corpus_is_named(lines: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(MeasureError, match=told):
        read_corpus(written(tmp_path, lines))


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('{"id": "q"}', 'set.jsonl:1: "text" is missing'),
        ('{"id": "q", "text": "w", "relevant": "c1"}', 'set.jsonl:1: "relevant" must be a list'),
        ('{"id": "q", "text": "w", "relevant": [1]}', 'set.jsonl:1: "relevant" must be a list'),
        ("\n", "no queries"),
    ],
)
def test_a_wrong_line_of_queries_is_named(lines: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(MeasureError, match=told):
        read_queries(written(tmp_path, lines))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MeasureError, match="cannot be read"):
        read_queries(tmp_path / "missing.jsonl")


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("{id: p, kind: report, title: T, text: W}", "must say which entry"),
        ("{id: p, kind: rumour, title: T, text: W}", "kind must be one of"),
        ("{id: p, kind: report, about: nobody, title: T, text: W}", "is no entry of the set"),
        ("{id: p, kind: opinion, title: T}", "expected id, kind"),
        ("{id: p, kind: opinion, title: T, text: W, published: soon}", "must be a date"),
    ],
)
def test_a_wrong_page_of_a_set_is_named(page: str, told: str, tmp_path: Path) -> None:
    written(
        tmp_path, f"subject: S\nstarter: [facial-recognition-goes-to-war]\npages:\n  - {page}\n", "s.yaml"
    )
    with pytest.raises(MeasureError, match=told):
        read_page_sets(tmp_path)


def test_a_folder_without_page_sets_is_told(tmp_path: Path) -> None:
    with pytest.raises(MeasureError, match="no page sets"):
        read_page_sets(tmp_path)
