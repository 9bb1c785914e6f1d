"""Words that reports use for the same thing, and words that tell things apart, by their stems."""

from __future__ import annotations

from kb.text.word_lists import word_list, word_lists
from kb.text.words import stem_words

CANONICAL = {
    stem: stems[0]
    for stems in (stem_words(row.split()) for row in reversed(word_list("kb/compare/tables/same_thing.txt")))
    for stem in stems
}
"""Stem → the stem that stands for all words of the same thing; of the first row that has it."""


def _stems(words: str) -> frozenset[str]:
    return frozenset(CANONICAL.get(stem, stem) for stem in stem_words(words.split()))


_COUNTED = word_lists("kb/compare/tables/counted.txt", "general units", "no subject", "opposed")
GENERAL_UNITS = _stems(" ".join(_COUNTED["general units"]))
"""Units that stand in every story: alone they tie nothing."""

NO_SUBJECT = _stems(" ".join(_COUNTED["no subject"]))
"""Words in a figure's description that say nothing of what is counted."""

OPPOSED = tuple(tuple(map(_stems, row.split("|"))) for row in _COUNTED["opposed"])
"""Groups of words of which a count has one: the killed are not the injured."""
