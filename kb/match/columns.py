"""How signals are made: one value for each candidate of a lineup."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kb.match.lineup import Lineup
from kb.match.query import Evidence
from kb.search.bm25 import Floats, Shares
from kb.search.candidates import Candidates
from kb.search.profile import Profile

SLACK = 3  # days that an original's date may lie before that of words about it


def same(lineup: Lineup, value: float) -> Floats:
    """One value for all candidates."""
    return np.full(len(lineup.found), float(value))


def nearest(cosines: NDArray[np.float32]) -> Floats:
    """The nearest of an entry's views, of cosines of shape (entries, views)."""
    nearest: Floats = cosines.max(axis=1).astype(np.float64)
    return nearest


def days_to_original(lineup: Lineup) -> Floats:
    """Days from the text to each original; not a number where either day is unknown."""
    if lineup.day is None:
        return np.full(len(lineup.found), np.nan)
    day = lineup.day.toordinal()
    return np.array(
        [
            profile.published.toordinal() - day
            if profile.published and not _is_older_rumour(lineup, profile)
            else np.nan
            for profile in lineup.found.profiles
        ],
        dtype=np.float64,
    )


def _is_older_rumour(lineup: Lineup, profile: Profile) -> bool:
    """Whether the page may spread a rumour that the original checks: it may be older or younger by years."""
    return lineup.reading.is_page and profile.is_check


def mean_cosine(candidates: Candidates) -> Floats:
    """For each view of an entry the nearest of the text's vectors, on average over the views."""
    nearest: Floats = candidates.cosines.max(axis=1).mean(axis=1).astype(np.float64)
    return nearest


def share_of_asked(shares: Shares) -> Floats:
    """Which share of what the query tells each candidate has."""
    values: Floats = shares.shared[:, 0] / max(shares.asked, 1e-9)
    return values


def share_of_own(part: Floats, whole: Floats) -> Floats:
    """One of two columns in parts of the other; 0 where that is 0."""
    share: Floats = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0.0)
    return share


def each_profile(lineup: Lineup, value: Callable[[Profile], float]) -> Floats:
    """A value of each candidate's profile."""
    return np.array([value(profile) for profile in lineup.found.profiles], dtype=np.float64)


def score(evidence: Evidence | None) -> float:
    """The score of a piece of evidence; 0 of none."""
    return evidence.score if evidence else 0.0


def are_dated(lineup: Lineup) -> NDArray[np.bool_]:
    """Of which candidates both days are known: that of the text and that of the original."""
    return np.isfinite(days_to_original(lineup))
