"""Names that look like another paper's name with a word swapped, and are real ones."""

from __future__ import annotations

from kb.text.word_lists import word_list, word_lists

REAL_PAPERS = frozenset(word_list("kb/compare/tables/papers.txt"))
"""Names of real papers, without "the", that differ from another real one by a word."""

INSTITUTIONS, EDITIONS = map(
    frozenset, word_lists("kb/compare/tables/bodies.txt", "institutions", "editions").values()
)
"""Heads of names of bodies that are no papers; words for an edition of a paper."""
