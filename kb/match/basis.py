"""What a match is told to be, from its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kb.match.query import Basis, Evidence

COPIED = 0.5  # share of the page's word triples that the original has; credited reports keep below .2
_VERBATIM = 0.9  # of the score for quotations; set by hand, as the next
_TELLING = 0.25  # of the score for figures: one digit that is equal (kb/match/evidence.py)
_TIME_ZONES = 1  # days by which a copy's date may lie before the original's


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known of the first hit, or of one behind it.

    `clear`: it is first, probable enough, and leads. `only_suggest`: too few words, or a page that argues or
    denies. `contained`: the share of the page's word triples that the original has, None where its text was
    never read.
    """

    clear: bool
    only_suggest: bool = False
    older_than_original: bool = False
    contained: float | None = None
    evidence: tuple[Evidence, ...] = ()


def basis_of(standing: Standing) -> Basis:
    """Near copy, same story or only related; pages that an entry lists are known before any of this."""
    if standing.only_suggest or standing.older_than_original:
        return Basis.RELATED
    if standing.contained is not None and standing.contained >= COPIED:
        return Basis.NEAR_COPY
    if not standing.clear:
        return Basis.RELATED
    return Basis.NEAR_COPY if standing.contained is None and _shares_wording(standing) else Basis.SAME_STORY


def is_older(page: date | None, original: date | None) -> bool:
    """Whether a page was published before the original, so that it cannot be a copy of it."""
    return page is not None and original is not None and (original - page).days > _TIME_ZONES


def _shares_wording(standing: Standing) -> bool:
    """Without the original's text, a near copy is known by a quotation word for word and a telling figure."""
    scores = {piece.feature: piece.score for piece in standing.evidence}
    return scores.get("quotes", 0.0) >= _VERBATIM and scores.get("figures", 0.0) >= _TELLING
