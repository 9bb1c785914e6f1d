"""What a match is told to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kb.match.query import Basis

COPIED = 0.5  # share of the page's word triples that the original has; credited reports keep below .2
_TIME_ZONES = 1  # days by which a copy's date may lie before the original's


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known of the first hit, or of one behind it.

    `clear`: it is probable enough. `only_suggest`: too few words, or a page that says it is an opinion or a
    check. `contained`: the share of the page's word triples that the original has, None where its text was
    never read.
    """

    clear: bool
    only_suggest: bool = False
    older_than_original: bool = False
    contained: float | None = None


def basis_of(standing: Standing) -> Basis:
    """Near copy, same story or only related; pages that an entry lists are known before any of this."""
    if standing.only_suggest or standing.older_than_original:
        return Basis.RELATED
    if standing.contained is not None and standing.contained >= COPIED:
        return Basis.NEAR_COPY
    return Basis.SAME_STORY if standing.clear else Basis.RELATED


def is_older(page: date | None, original: date | None) -> bool:
    """Whether a page was published before the original, so that it cannot be a copy of it."""
    return page is not None and original is not None and (original - page).days > _TIME_ZONES
