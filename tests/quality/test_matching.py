"""Quality floors of matching: few wrong answers, most right ones, on parts of the labelled sets.

The whole sets take minutes to encode: `caveat eval retrieval` and `caveat eval articles` measure them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.eval_floors import below, measured
from bot.cli.eval_report import told
from kb.evaluate.cases import build_index, page_outcomes
from kb.evaluate.measures import ask
from kb.evaluate.pagesets import SILENT, SPOKEN, read_page_sets
from kb.evaluate.testsets import read_corpus, read_queries
from kb.evaluate.training import fold
from kb.match.model import packaged
from kb.match.query import Thresholds
from kb.search.encoder import Encoder
from kb.store.entries import Store

HERE = Path(__file__).parent
FLOORS = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))["matching"]


@pytest.fixture(scope="module")
def encoder() -> Iterator[Encoder]:
    encoder = Encoder("all-MiniLM-L6-v2")
    encoder.start()
    yield encoder
    encoder.close()


@pytest.mark.slow
def test_every_sixth_page_is_answered_or_not_as_it_should_be(store: Store, encoder: Encoder) -> None:
    sets = read_page_sets(HERE / "pages")
    some = replace(sets, pages=sets.pages[::6])
    outcomes = page_outcomes(store, encoder, some, Thresholds())
    report = told(outcomes, "page", model=encoder.model, precision=None)
    assert not below(measured(report), FLOORS["pages"])


@pytest.mark.slow
def test_every_tenth_post_finds_its_claim_or_silence(store: Store, encoder: Encoder, test_data: Path) -> None:
    """Of half of the posts the claim is not in the corpus."""
    posts = read_queries(test_data / "checkthat" / "train.jsonl")[::10]
    gone = {own for post in posts if fold(min(post.relevant), 2) for own in post.relevant}
    there = {own for post in posts for own in post.relevant} - gone
    claims = read_corpus(test_data / "checkthat" / "claims.jsonl")
    some = {
        own: entry
        for number, (own, entry) in enumerate(claims.items())
        if own in there or (number % 60 == 0 and own not in gone)
    }
    index = build_index(store, encoder, some.values())
    outcomes = [
        ask(index, encoder, post, frozenset(some[own].id for own in post.relevant if own in some))
        for post in posts
    ]
    report = told(outcomes, "words", model=encoder.model, precision=None)
    assert not below(measured(report), FLOORS["posts"])


@pytest.mark.parametrize(
    ("kind", "view"), [(kind, view) for kind in ("words", "page") for view in FLOORS[f"held_out_{kind}"]]
)
def test_what_was_measured_on_held_out_data_keeps_its_floors(kind: str, view: str) -> None:
    """A model that was trained anew may not be worse on what it did not see."""
    model = packaged("page" if kind == "page" else "words")
    assert not below(model.provenance["held_out"][view], FLOORS[f"held_out_{kind}"][view])


def test_the_page_sets_are_as_large_and_as_mixed_as_they_were() -> None:
    sets = read_page_sets(HERE / "pages")
    recalls = read_page_sets(HERE / "recalls")
    kinds = {
        kind: sum(page.kind == kind for page in (*sets.pages, *recalls.pages)) for kind in SPOKEN + SILENT
    }
    assert len(sets.entries) >= 12
    assert kinds["other_story"] + kinds["debunk"] >= 100
    assert all(kinds.values())
    about = [entry for page in sets.pages for entry in page.relevant]
    assert min(about.count(entry) for entry in sets.entries) >= 4


@pytest.mark.slow
@pytest.mark.parametrize("undated", [False, True], ids=["dated", "undated"])
def test_no_way_of_recalling_a_story_is_taken_for_a_report_of_it(
    store: Store, encoder: Encoder, undated: bool
) -> None:
    """Pages that were not learnt from: whoever was sacked, sued or answers is news of its own."""
    sets = read_page_sets(HERE / "recalls")
    sets = sets.undated() if undated else sets
    outcomes = page_outcomes(store, encoder, sets, Thresholds())
    wrong = [outcome.labelled.id for outcome in outcomes if outcome.spoke != bool(outcome.relevant)]
    assert wrong == []
