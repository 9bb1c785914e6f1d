"""What a page is weighed by besides: what it is about, what it recalls, what it does itself, and its day."""

from __future__ import annotations

import numpy as np

from kb.match import evidence
from kb.match.columns import SLACK, days_to_original, each_profile, nearest, same, score, share_of_asked
from kb.match.lineup import Lineup
from kb.search.bm25 import Floats

_TITLE_VECTOR = 1  # of the vectors of a page (kb/match/reading.py)
LEAD, TITLE = range(2)
"""The parts of a page that candidates are asked about (kb/match/retrieve.py)."""


def names(lineup: Lineup) -> Floats:
    """Which share of the entry's names the text has, rare names first."""
    return each_profile(
        lineup, lambda profile: score(evidence.shared_names(profile, lineup.reading.whole, lineup.rarity))
    )


def quotes(lineup: Lineup) -> Floats:
    """How much of a quotation on record the text repeats in one place."""
    return each_profile(lineup, lambda profile: score(evidence.quotes(profile, lineup.reading.whole)))


def lead_words(lineup: Lineup) -> Floats:
    """Which share of the telling words that the page begins with the entry has."""
    return share_of_asked(lineup.found.parts[LEAD])


def lead_figures(lineup: Lineup) -> Floats:
    """How much the numbers tell that the page begins with and the entry has."""
    return each_profile(lineup, lambda profile: score(evidence.figures(profile, lineup.reading.lead.numbers)))


def figures_kept(lineup: Lineup) -> Floats:
    """Which share of the telling numbers on record the page has."""
    return each_profile(
        lineup, lambda profile: evidence.share_of_figures(profile, lineup.reading.whole.numbers)
    )


def new_figures(lineup: Lineup) -> Floats:
    """How many telling numbers of the page are not on record."""
    return each_profile(lineup, lambda profile: evidence.count_of_new_figures(profile, lineup.reading.whole))


def title_meaning(lineup: Lineup) -> Floats:
    """How close the page's title is in meaning to what the entry says, to its title or its nearest claim."""
    return nearest(lineup.found.cosines[:, _TITLE_VECTOR])


def later_meaning(lineup: Lineup) -> Floats:
    """How much closer in meaning a passage behind the first is than title and first passage."""
    cosines = lineup.found.cosines
    first = nearest(cosines[:, 0])
    later: Floats = cosines.max(axis=(1, 2)).astype(np.float64) - np.maximum(first, nearest(cosines[:, 1]))
    return np.maximum(later, 0.0)


def title_shared(lineup: Lineup) -> Floats:
    """Which share of the telling words of the page's title the entry has."""
    return share_of_asked(lineup.found.parts[TITLE])


def credit_early(lineup: Lineup) -> Floats:
    """Whether the page names the publisher of the original where it begins."""
    own = lineup.reading.lead.words
    return each_profile(
        lineup, lambda profile: float(bool(profile.publisher_words) and profile.publisher_words <= own)
    )


def aftermath_title(lineup: Lineup) -> Floats:
    """How many words for what follows from a report the page's title has, and the entry has not."""
    own = lineup.reading.stance.title.aftermath
    return each_profile(lineup, lambda profile: len(own - profile.cues.aftermath))


def denials_title(lineup: Lineup) -> Floats:
    """How often the page's title denies what the entry does not."""
    own = lineup.reading.stance.title
    return each_profile(lineup, lambda profile: own.denials_beside(profile.cues))


def denials_lead(lineup: Lineup) -> Floats:
    """How often the page denies, where it begins, what the entry does not."""
    own = lineup.reading.stance.lead
    return each_profile(lineup, lambda profile: own.denials_beside(profile.cues))


def denials(lineup: Lineup) -> Floats:
    """How many of a hundred words of the page deny or negate something."""
    return same(lineup, lineup.reading.stance.denials)


def recalls(lineup: Lineup) -> Floats:
    """How often in a hundred words the page refers to what became known before."""
    return same(lineup, lineup.reading.stance.recalls)


def past_perfect(lineup: Lineup) -> Floats:
    """How often in a hundred words the page tells what had happened before."""
    return same(lineup, lineup.reading.stance.past_perfect)


def explaining(lineup: Lineup) -> Floats:
    """Whether the page's title is that of background, or asks a question."""
    return same(lineup, lineup.reading.stance.explains)


def soon_after(lineup: Lineup) -> Floats:
    """How soon after the original the page was published, in weeks."""
    return _page_days(-days_to_original(lineup))[0]


def late(lineup: Lineup) -> Floats:
    """How long after the original the page was published."""
    return _page_days(-days_to_original(lineup))[1]


def before(lineup: Lineup) -> Floats:
    """Whether the page was published before the original."""
    return _page_days(-days_to_original(lineup))[2]


def days_signals(days: int) -> tuple[float, ...]:
    """What a page is weighed by (PAGE_DATED) that was published so many days after an original."""
    return tuple(float(signal[0]) for signal in _page_days(np.array([float(days)])))


def _page_days(days: Floats) -> tuple[Floats, Floats, Floats]:
    """Of pages that were published so many days after the original: soon after it, late, before it."""
    known = np.nan_to_num(days)
    soon = np.where(np.isfinite(days) & (days >= -1), np.exp(-np.abs(known) / 10.0), 0.0)
    return soon, np.log1p(np.clip(known - SLACK, 0.0, 3_650.0)), (known < -1).astype(np.float64)
