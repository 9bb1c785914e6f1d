"""Words that turn a statement round, words that say the opposite, and names of peoples, by their stems."""

from __future__ import annotations

import re
from collections import defaultdict

from kb.compare.tables.vocabulary import CANONICAL
from kb.text.word_lists import alternatives, any_of, word_list, word_lists, word_table
from kb.text.words import stem_words

_DEEDS = word_lists("kb/compare/tables/verbs.txt", "same", "apart")
_APART = frozenset(stem_words(_DEEDS["apart"]))


COUNTRIES = word_table("kb/compare/tables/nationalities.txt")
"""A word for a people → its country; a country's own name stands only on the right."""

NAMES_OF_COUNTRIES = frozenset(COUNTRIES.values())

VERBS = {
    stem: stems[0]
    for stems in (stem_words(row.split()) for row in reversed(_DEEDS["same"]))
    for stem in stems
}
"""The stem of a verb's form → the one that stands for all its forms, and for those that say the same."""

DOING = frozenset(VERBS.values())


def same_thing(stem: str) -> str:
    """The stem that stands for all that do or name the same thing, but never for another deed."""
    return VERBS.get(stem) or (stem if stem in _APART else CANONICAL.get(stem, stem))


_NEGATIONS = word_lists("kb/compare/tables/negations.txt", "plain", "none", "verbs", "idle", "hedges", "wide")
NOT, NONE = frozenset(_NEGATIONS["plain"]), frozenset(_NEGATIONS["none"])
REFUSING = frozenset(stem_words(_NEGATIONS["verbs"]))
HEDGES, WIDE = frozenset(stem_words(_NEGATIONS["hedges"])), frozenset(_NEGATIONS["wide"])
IDLE_NEGATIONS = re.compile(r"\b" + alternatives(_NEGATIONS["idle"]) + r"\b")

_UNTRUE = word_lists("kb/compare/tables/false_says.txt", "before", "after")
UNTRUE_BEFORE = re.compile(r"(?<!\w)" + any_of(_UNTRUE["before"]) + r"(?!\w)")
UNTRUE_AFTER = re.compile(r"(?<!\w)" + any_of(_UNTRUE["after"]) + r"\W{0,5}$")

_CHAT = word_lists("kb/compare/tables/chat_words.txt", "opening", "idle")
OPENING = re.compile(r"\W{0,5}" + any_of(_CHAT["opening"]))
IDLE = frozenset(_CHAT["idle"])


def _opposites() -> dict[str, tuple[tuple[int, int], ...]]:
    found = defaultdict[str, list[tuple[int, int]]](list)
    for pair, row in enumerate(word_list("kb/compare/tables/opposites.txt")):
        one, other = ({*stem_words(side.split())} for side in row.split("|"))
        for stem in one ^ other:
            found[stem].append((pair, 1 if stem in one else -1))
    return {stem: tuple(sides) for stem, sides in found.items()}


OPPOSITES = _opposites()
"""The plain stem of a word → (pair, side) of each pair of opposites that it stands in; a side is 1 or -1."""
