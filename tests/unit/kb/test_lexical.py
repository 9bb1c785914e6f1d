"""BM25 with rows that come and go."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kb.lexical import Lexical

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


def test_overlap_is_one_when_the_shorter_side_is_contained_and_zero_without_common_words() -> None:
    lexical = indexed(["war", "bread", "boat"], ["tide"])
    assert lexical.overlap(0, frozenset({"war", "boat"})) == 1.0
    assert lexical.overlap(0, frozenset({"war", "bread", "boat", "more", "words"})) == 1.0
    assert lexical.overlap(1, frozenset({"war"})) == 0.0


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
