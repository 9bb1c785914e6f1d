"""The numbers that the combiner weighs: one small function a signal, one value for each candidate.

Those that compare a candidate with its rivals (ranks, leads) make sense only among the candidates of one
query.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from kb.match import evidence
from kb.match.lineup import Lineup
from kb.match.query import Evidence
from kb.search.bm25 import Floats, Shares
from kb.search.candidates import Candidates
from kb.search.profile import Profile

Signal = Callable[[Lineup], Floats]


def meaning(lineup: Lineup) -> Floats:
    """How close the nearest passage of the text is in meaning to the entry, its title and its claim."""
    return _mean_cosine(lineup.found)


def shared_words(lineup: Lineup) -> Floats:
    """How much of what the text's words tell is matched in the entry (BM25)."""
    return _words(lineup.found)


def title_words(lineup: Lineup) -> Floats:
    """Which share of the telling words of the entry's title the text has."""
    return _share(lineup.found.shares.shared[:, 1], lineup.found.shares.own[:, 1])


def claim_words(lineup: Lineup) -> Floats:
    """Which share of the telling words of the entry's claims the text has."""
    return _share(lineup.found.shares.shared[:, 2], lineup.found.shares.own[:, 2])


def entry_words(lineup: Lineup) -> Floats:
    """Which share of the entry's telling words the text has."""
    return _share(lineup.found.shares.shared[:, 0], lineup.found.shares.own[:, 0])


def text_words(lineup: Lineup) -> Floats:
    """Which share of the text's telling words the entry has."""
    return _of_asked(lineup.found.shares)


def names(lineup: Lineup) -> Floats:
    """Which share of the entry's names the text has, rare names first."""
    return _each(
        lineup, lambda profile: _score(evidence.shared_names(profile, lineup.reading.whole, lineup.rarity))
    )


def quotes(lineup: Lineup) -> Floats:
    """How much of a quotation on record the text repeats in one place."""
    return _each(lineup, lambda profile: _score(evidence.quotes(profile, lineup.reading.whole)))


def credit(lineup: Lineup) -> Floats:
    """Whether the text names the publisher of the original."""
    return _each(lineup, lambda profile: _score(evidence.credit(profile, lineup.reading.whole)))


def lead_words(lineup: Lineup) -> Floats:
    """Which share of the telling words that the page begins with the entry has."""
    return _of_asked(lineup.found.lead)


def lead_figures(lineup: Lineup) -> Floats:
    """How much the numbers tell that the page begins with and the entry has."""
    return _each(lineup, lambda profile: _score(evidence.figures(profile, lineup.reading.lead.numbers)))


def figures_kept(lineup: Lineup) -> Floats:
    """Which share of the telling numbers on record the page has."""
    return _each(lineup, lambda profile: evidence.share_of_figures(profile, lineup.reading.whole.numbers))


def new_figures(lineup: Lineup) -> Floats:
    """How many telling numbers of the page are not on record."""
    return _each(lineup, lambda profile: evidence.count_of_new_figures(profile, lineup.reading.whole))


def names_known(lineup: Lineup) -> Floats:
    """Which share of the names that the page begins with the entry has."""
    own = lineup.reading.lead.names
    return _each(
        lineup, lambda profile: len(own & (profile.names | profile.publisher_words)) / max(len(own), 1)
    )


def arguing(lineup: Lineup) -> Floats:
    """Whether the page says by plain cues that it is an opinion piece."""
    return np.full(len(lineup.found), float(lineup.reading.argues))


def denying(lineup: Lineup) -> Floats:
    """Whether the page says by plain cues that it checks or denies a claim."""
    return np.full(len(lineup.found), float(lineup.reading.denies))


def soon_after(lineup: Lineup) -> Floats:
    """How soon after the original the page was published, in weeks."""
    days = -_days(lineup)
    near = np.exp(-np.abs(np.nan_to_num(days)) / 10.0)
    return np.where(np.isfinite(days) & (days >= -1), near, 0.0)


def before(lineup: Lineup) -> Floats:
    """Whether the page was published before the original."""
    return (np.nan_to_num(-_days(lineup)) < -1).astype(np.float64)


def length(lineup: Lineup) -> Floats:
    """How many telling words the text has."""
    return np.full(len(lineup.found), np.log1p(len(lineup.reading.whole.terms)))


def words_lead(lineup: Lineup) -> Floats:
    """How far the candidate leads by shared words, or trails the first."""
    return _lead(_words(lineup.found), _ORDINARY_WORDS)


def meaning_lead(lineup: Lineup) -> Floats:
    """How far the candidate leads by meaning, or trails the first."""
    return _lead(_mean_cosine(lineup.found), _ORDINARY_MEANING)


def joint_lead(lineup: Lineup) -> Floats:
    """How far the candidate leads by words and meaning together, or trails the first."""
    joint = _mean_cosine(lineup.found) + _words(lineup.found)
    return _lead(joint, _ORDINARY_MEANING + _ORDINARY_WORDS)


def dated(lineup: Lineup) -> Floats:
    """Whether both days are known: that of the text and that of the original."""
    return np.isfinite(_days(lineup)).astype(np.float64)


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
    days = _days(lineup)
    late = np.where(np.isfinite(days), np.maximum(-days, 0.0), 0.0)
    return np.where(late > _SLACK, np.minimum(1.0, np.log1p(late) / 8.0), 0.0)


_ORDINARY_MEANING, _ORDINARY_WORDS = 0.4, 0.12
"""What the second of 14,231 entries reaches for 95 posts in 100 (CheckThat! lab 2022)."""

_SLACK = 3  # days that an original's date may lie before that of words about it


def _days(lineup: Lineup) -> Floats:
    """Days from the text to each original; not a number where either day is unknown."""
    if lineup.day is None:
        return np.full(len(lineup.found), np.nan)
    day = lineup.day.toordinal()
    return np.array(
        [
            profile.published.toordinal() - day if profile.published else np.nan
            for profile in lineup.found.profiles
        ],
        dtype=np.float64,
    )


def _closeness(lineup: Lineup, *, days: float) -> Floats:
    apart = _days(lineup)
    near = np.exp(-np.abs(np.nan_to_num(apart)) / days)
    return np.where(np.isfinite(apart) & (apart >= -_SLACK), near, 0.0)


def _mean_cosine(found: Candidates) -> Floats:
    """For each view of an entry the nearest of the text's vectors, on average over the views."""
    nearest: Floats = found.cosines.max(axis=1).mean(axis=1).astype(np.float64)
    return nearest


def _words(found: Candidates) -> Floats:
    values: Floats = found.bm25 / max(found.shares.asked, 1e-9)
    return values


def _of_asked(shares: Shares) -> Floats:
    values: Floats = shares.shared[:, 0] / max(shares.asked, 1e-9)
    return values


def _share(part: Floats, whole: Floats) -> Floats:
    share: Floats = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0.0)
    return share


def _each(lineup: Lineup, value: Callable[[Profile], float]) -> Floats:
    return np.array([value(profile) for profile in lineup.found.profiles], dtype=np.float64)


def _score(evidence: Evidence | None) -> float:
    return evidence.score if evidence else 0.0


def _lead(values: Floats, ordinary: float) -> Floats:
    """Of the first, how far the second is behind; of all others, how far they are behind the first.

    At least an ordinary rival is assumed: in a small base, being nearer than three others tells nothing.
    """
    second, first = np.partition(np.concatenate([[ordinary, ordinary], values]), -2)[-2:]
    leads: Floats = np.where(values == first, first - second, values - first)
    return leads


WORDS = (
    meaning, shared_words, title_words, claim_words, text_words, length, words_lead, meaning_lead, joint_lead,
    dated, same_week, same_season, same_years, older_original,
)  # fmt: skip
"""What somebody's words are weighed by."""

PAGE = (
    meaning, entry_words, text_words, lead_words, names, names_known, lead_figures, figures_kept,
    new_figures, quotes, credit, meaning_lead, joint_lead, arguing, denying, dated, soon_after, before,
)  # fmt: skip
"""What a page is weighed by."""

BY_MEANING = frozenset({meaning.__name__, meaning_lead.__name__, joint_lead.__name__})
"""What changes when more of a page is compared by meaning."""

SIGNALS: dict[str, Signal] = {signal.__name__: signal for signal in WORDS + PAGE}
