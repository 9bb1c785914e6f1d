"""Words in proper names, and what programs that swap synonyms put in their place."""

from __future__ import annotations

from kb.text.word_lists import word_table

SPINS = word_table("kb/compare/tables/swaps.txt")
"""Word → the words put in its place, each with hyphens for spaces."""
