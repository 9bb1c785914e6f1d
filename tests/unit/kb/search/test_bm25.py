"""BM25 with rows that come and go."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.search.bm25 import Lexical

_DOCUMENTS = st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8), min_size=1, max_size=8)


def indexed(*documents: list[str]) -> Lexical:
    lexical = Lexical()
    for row, document in enumerate(documents):
        lexical.add(row, document)
    return lexical


def test_the_row_with_the_rarer_word_comes_first() -> None:
    lexical = indexed(["war", "bread"], ["war", "boat"], ["war", "tide"])
    assert lexical.search(["war", "boat"], 3)[0] == 1
    assert lexical.search(["unheard"], 3) == []


def test_a_word_tells_less_the_more_rows_have_it() -> None:
    lexical = indexed(["war", "bread"], ["war", "boat"])
    assert lexical.rarity("unheard") > lexical.rarity("boat") > lexical.rarity("war") > 0


def test_shares_are_by_rarity_of_distinct_terms_and_by_parts() -> None:
    lexical = Lexical()
    lexical.add(0, ["war", "bread", "boat", "boat"], parts=[{"war"}, {"boat", "bread"}])
    lexical.add(1, ["tide"], parts=[{"tide"}, set()])
    shares, none = lexical.shares([1, 0], [frozenset({"boat", "unheard"}), frozenset()], parts=2)
    rarity = {term: lexical.rarity(term) for term in ("war", "bread", "boat", "tide", "unheard")}
    assert shares.asked == pytest.approx(rarity["boat"] + rarity["unheard"])
    assert shares.shared == pytest.approx(np.array([[0, 0, 0], [rarity["boat"], 0, rarity["boat"]]]))
    whole = rarity["war"] + rarity["bread"] + rarity["boat"]
    assert shares.own[1] == pytest.approx([whole, rarity["war"], whole - rarity["war"]])
    assert shares.own[0] == pytest.approx([rarity["tide"], rarity["tide"], 0])
    assert none.asked == 0.0


def test_shares_of_nothing_are_nothing() -> None:
    assert indexed(["war"]).shares([], [{"war"}])[0].shared.shape == (0, 1)
    assert indexed(["war"]).shares([0], [frozenset()])[0].asked == 0.0


def test_edits_leave_no_dead_postings_behind() -> None:
    """An entry that is edited again and again does not make the index grow."""
    lexical = indexed(["war", "boat"])
    for row in range(1, 200):
        lexical.add(row, ["war", "boat"])
        lexical.remove(row - 1)
    assert max(len(rows) for rows, _ in lexical._postings) < 20


@given(_DOCUMENTS, st.sets(st.sampled_from("abcdefgh"), min_size=1), st.data())
def test_removed_rows_leave_no_trace(
    documents: list[list[str]], query: set[str], data: st.DataObject
) -> None:
    """An index from which rows were removed ranks as one that never had them."""
    gone = data.draw(st.sets(st.sampled_from(range(len(documents)))))
    with_removals = indexed(*documents)
    for row in gone:
        with_removals.remove(row)
    without = Lexical()
    for row, document in enumerate(documents):
        if row not in gone:
            without.add(row, document)
    assert with_removals.search(sorted(query), 8) == without.search(sorted(query), 8)
    assert all(with_removals.rarity(term) == without.rarity(term) for term in "abcdefgh")
