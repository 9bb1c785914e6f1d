"""The numbers that the combiner weighs: one small function a signal, one value for each candidate.

Those that compare a candidate with its rivals (leads) make sense only among the candidates of one query. What
only pages are weighed by is in page_signals.py.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kb.match.columns import SLACK, days_to_original, mean_cosine, same, share_of_asked, share_of_own
from kb.match.lineup import Lineup
from kb.match.page_signals import (
    aftermath_title,
    before,
    credit_early,
    denials,
    denials_lead,
    denials_title,
    explaining,
    figures_kept,
    late,
    later_meaning,
    lead_figures,
    lead_words,
    names,
    new_figures,
    past_perfect,
    quotes,
    recalls,
    soon_after,
    title_meaning,
    title_shared,
)
from kb.search.bm25 import Floats
from kb.search.candidates import Candidates

Signal = Callable[[Lineup], Floats]


def meaning(lineup: Lineup) -> Floats:
    """How close the nearest passage of the text is in meaning to the entry, its title and its claim."""
    return mean_cosine(lineup.found)


def shared_words(lineup: Lineup) -> Floats:
    """How much of what the text's words tell is matched in the entry (BM25)."""
    return _words(lineup.found)


def title_words(lineup: Lineup) -> Floats:
    """Which share of the telling words of the entry's title the text has."""
    return share_of_own(lineup.found.shares.shared[:, 1], lineup.found.shares.own[:, 1])


def claim_words(lineup: Lineup) -> Floats:
    """Which share of the telling words of the entry's claims the text has."""
    return share_of_own(lineup.found.shares.shared[:, 2], lineup.found.shares.own[:, 2])


def entry_words(lineup: Lineup) -> Floats:
    """Which share of the entry's telling words the text has."""
    return share_of_own(lineup.found.shares.shared[:, 0], lineup.found.shares.own[:, 0])


def text_words(lineup: Lineup) -> Floats:
    """Which share of the text's telling words the entry has."""
    return share_of_asked(lineup.found.shares)


def length(lineup: Lineup) -> Floats:
    """How many telling words the text has."""
    return same(lineup, np.log1p(len(lineup.reading.whole.terms)))


def words_lead(lineup: Lineup) -> Floats:
    """How far the candidate leads by shared words, or trails the first."""
    return _lead(_words(lineup.found), _ORDINARY_WORDS)


def meaning_lead(lineup: Lineup) -> Floats:
    """How far the candidate leads by meaning, or trails the first."""
    return _lead(mean_cosine(lineup.found), _ORDINARY_MEANING)


def joint_lead(lineup: Lineup) -> Floats:
    """How far the candidate leads by words and meaning together, or trails the first."""
    joint = mean_cosine(lineup.found) + _words(lineup.found)
    return _lead(joint, _ORDINARY_MEANING + _ORDINARY_WORDS)


def same_week(lineup: Lineup) -> Floats:
    """How close the original follows on the text's day, in weeks."""
    return _closeness(lineup, days=7.0)


def same_season(lineup: Lineup) -> Floats:
    """How close the original follows on the text's day, in months."""
    return _closeness(lineup, days=60.0)


def same_years(lineup: Lineup) -> Floats:
    """How close the original follows on the text's day, in years."""
    return _closeness(lineup, days=700.0)


def older_original(lineup: Lineup) -> Floats:
    """How long before the text's day the original was published."""
    days = days_to_original(lineup)
    late = np.where(np.isfinite(days), np.maximum(-days, 0.0), 0.0)
    return np.where(late > SLACK, np.minimum(1.0, np.log1p(late) / 8.0), 0.0)


_ORDINARY_MEANING, _ORDINARY_WORDS = 0.4, 0.12
"""What the second of 14,231 entries reaches for 95 posts in 100 (CheckThat! lab 2022)."""


def _closeness(lineup: Lineup, *, days: float) -> Floats:
    apart = days_to_original(lineup)
    near = np.exp(-np.abs(np.nan_to_num(apart)) / days)
    return np.where(np.isfinite(apart) & (apart >= -SLACK), near, 0.0)


def _words(found: Candidates) -> Floats:
    values: Floats = found.bm25 / max(found.shares.asked, 1e-9)
    return values


def _lead(values: Floats, ordinary: float) -> Floats:
    """Of the first, how far the second is behind; of all others, how far they are behind the first.

    At least an ordinary rival is assumed: in a small base, being nearer than three others tells nothing.
    """
    second, first = np.partition(np.concatenate([[ordinary, ordinary], values]), -2)[-2:]
    leads: Floats = np.where(values == first, first - second, values - first)
    return leads


WORDS = (
    meaning, shared_words, title_words, claim_words, text_words, length, words_lead, meaning_lead, joint_lead,
)  # fmt: skip
"""What somebody's words are weighed by."""

PAGE = (
    meaning, title_meaning, later_meaning, entry_words, lead_words, title_shared, names, lead_figures,
    figures_kept, new_figures, quotes, credit_early, length, aftermath_title, denials_title, denials_lead,
    denials, recalls, past_perfect, explaining,
)  # fmt: skip
"""What a page is weighed by."""

WORDS_DATED = (same_week, same_season, same_years, older_original)
"""What words are weighed by besides, where both days are known."""

PAGE_DATED = (soon_after, late, before)
"""What a page is weighed by besides, where both days are known."""

BY_MEANING = frozenset(signal.__name__ for signal in (meaning, later_meaning, meaning_lead, joint_lead))
"""What changes when more of a page is compared by meaning."""

SIGNALS: dict[str, Signal] = {signal.__name__: signal for signal in WORDS + WORDS_DATED + PAGE + PAGE_DATED}
