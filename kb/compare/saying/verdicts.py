"""What a verdict says of a claim: that it is so, that it is not, or something between."""

from __future__ import annotations

import re

from kb.entries.entry import Entry, Rating
from kb.text.word_lists import any_of, word_lists

_LABELS = word_lists("kb/compare/tables/verdicts.txt", "false", "true")
_FALSE, _TRUE = (
    re.compile(r"\W{0,5}" + any_of(labels) + r"\b", re.IGNORECASE) for labels in _LABELS.values()
)


def verdict_on(entry: Entry) -> Rating | None:
    """The verdict on what the entry is about: its own, or that on its only claim."""
    rated = [claim.rating for claim in entry.claims if claim.rating]
    return entry.rating or (rated[0] if len(rated) == 1 == len(entry.claims) else None)


def calls_false(rating: Rating) -> bool:
    """Whether a verdict says that the claim is not so."""
    return bool(_FALSE.match(rating.label))


def calls_true(rating: Rating) -> bool:
    """Whether a verdict says that the claim is so."""
    return bool(_TRUE.match(rating.label))
