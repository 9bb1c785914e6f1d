"""A comparison made in another process is the same one: nothing is lost on the way there and back."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.compare import Article, Comparison, compare
from kb.compare.json_values import (
    article_from,
    article_json,
    comparison_from,
    comparison_json,
    entry_from,
    entry_json,
)
from kb.entries.entry import Entry
from tests.unit.kb.make_entries import entries, make_entry

COUNTED = make_entry(
    title="Herons count the ferries of Odde",
    original={
        "publisher": "The Odde Courier",
        "title": "Ferries",
        "url": "https://odde.example/ferries",
        "published": "2023-05-02",
    },
    figures=[
        {"value": 7400, "unit": "tickets", "what": "tickets sold for the ferry", "as_stated": "7,400"},
        {"value": 60, "unit": "ferries", "what": "ferries out of service", "as_stated": "up to 60"},
    ],
    quotes=[
        {"speaker": "Ebba Rönn", "text": "We waited for the ferry until the tickets were soaked through."},
    ],
)
SENTENCES = (
    "They sold 74,000 tickets for the ferry.",
    "Nearly 8,000 tickets were sold for the ferry.",
    "More than 60 ferries are out of service.",
    "“We waited for the ferry until the papers were soaked through,” said Ebba Rönn.",
    "“We waited for the ferry until the tickets were soaked through,” said Olav Berg.",
    "The Odde Messenger reported today that nobody was told.",
)
texts = st.one_of(st.text(), st.lists(st.sampled_from(SENTENCES), min_size=1).map(" ".join))
articles = st.builds(
    Article,
    text=texts,
    title=st.text(max_size=80),
    published=st.none() | st.dates(),
    language=st.none() | st.sampled_from(["en", "de-AT", ""]),
)


def _sent(told: object) -> Any:
    return json.loads(json.dumps(told, allow_nan=False))


@settings(max_examples=60, deadline=None)
@given(entry=st.just(COUNTED) | entries, article=articles)
def test_what_comes_back_is_what_was_sent(entry: Entry, article: Article) -> None:
    assert entry_from(_sent(entry_json(entry))) == entry
    assert article_from(_sent(article_json(article))) == article
    comparison = compare(entry, article)
    assert comparison_from(_sent(comparison_json(comparison))) == comparison


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_kind_of_difference_comes_back(sentence: str) -> None:
    """What each of these pages changed is found, so that it has been on the way."""
    day = date(2024, 6, 1) if "today" in sentence else date(2023, 5, 3)
    page = Article(text=sentence, title="Ferries of Odde", published=day, language="en")
    comparison = compare(COUNTED, page)
    assert comparison.differences
    assert comparison_from(_sent(comparison_json(comparison))) == comparison


@pytest.mark.parametrize("told", [{"differences": 1}, {"differences": [{}]}, {"notes": "a"}, [], {}])
def test_what_is_no_comparison_is_refused(told: Any) -> None:
    """A broken process makes an error and not an empty answer."""
    with pytest.raises(ValueError, match=r"validation error|comparison without"):
        comparison_from(told)


def test_a_comparison_of_nothing_comes_back() -> None:
    assert comparison_from(_sent(comparison_json(Comparison()))) == Comparison()
