"""The texts of an entry that it is found by: what its vectors and its words are made of."""

from __future__ import annotations

from kb.entries.entry import Entry
from kb.text.words import terms

_VIEWED_CLAIMS = 4


def passage(entry: Entry) -> str:
    """What an entry says, in one text: what its vector and its words are made of."""
    return f"{entry.title}. {entry.summary} {claims_of(entry)}".rstrip()


def views(entry: Entry) -> tuple[str, ...]:
    """The parts of an entry that are compared by themselves: its title, and each of its first claims."""
    return (entry.title, *(claim.text for claim in entry.claims[:_VIEWED_CLAIMS]))


def encoded_texts(entry: Entry) -> tuple[str, ...]:
    """Every text of an entry that a vector is made of: its passage, then its views."""
    return (passage(entry), *views(entry))


def parts(entry: Entry) -> tuple[frozenset[str], frozenset[str]]:
    """The terms of the title, and those of the claims, or of the summary where there are none."""
    return terms(entry.title), terms(claims_of(entry) or entry.summary)


def claims_of(entry: Entry) -> str:
    """All claims of an entry, one after the other."""
    return " ".join(claim.text for claim in entry.claims)
