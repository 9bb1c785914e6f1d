"""What speaks for a candidate: one small function a feature, each with the sentence that readers are shown.

A feature gives Evidence with a score in 0..1, or None when the article holds nothing of the kind.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kb.match.query import Evidence
from kb.match.reading import Reading
from kb.search.profile import Profile, ProfiledFigure
from kb.text.numbers import significant_digits
from kb.text.sorted_numbers import Stated, is_telling

_TELLING = {1: 0.25, 2: 0.45}  # significant digits → how much an equal number tells; three and more: .65
_QUOTE_WINDOW = 1.8  # a spun quotation is cut up by "…, she said"; in multiples of the quotation's length
_QUOTE_FLOOR = 0.6  # share of its words; set by hand
_CLOSENESS = ((0.8, "means much the same"), (0.6, "is close in meaning"), (0.0, "is on a similar subject"))
_QUOTE_TERMS = 4  # shorter quotations are everybody's words


def figures(profile: Profile, numbers: Stated) -> Evidence | None:
    """The article has numbers that are on record."""
    doubt, parts = 1.0, []
    for figure in profile.figures:
        places = numbers.same(figure.value, figure.unit)
        if len(places):
            weight, written = _same_number(figure, numbers, places)
            doubt *= 1.0 - weight
            parts.append(f"{written} ({figure.what})")
    if not parts:
        return None
    return Evidence(feature="figures", text=f"has the figures: {'; '.join(parts)}", score=1.0 - doubt)


def share_of_figures(profile: Profile, numbers: Stated) -> float:
    """Which share of the numbers on record the article has, by how much each of them tells."""
    have, most = 0.0, 0.0
    for figure in profile.figures:
        telling, places = _telling(figure), numbers.same(figure.value, figure.unit)
        have += _same_number(figure, numbers, places)[0] if len(places) else 0.0
        most += telling
    return have / max(most, 1e-9)


def count_of_new_figures(profile: Profile, reading: Reading) -> float:
    """How many telling numbers are not on record, per hundred of the article's words (at most five)."""
    new = reading.numbers.telling_besides(
        reading.numbers.same(figure.value, figure.unit) for figure in profile.figures
    )
    return min(5.0, 100.0 * new / max(reading.length, 1))


def _telling(figure: ProfiledFigure) -> float:
    if not is_telling(figure.value, figure.as_stated):
        return 0.05
    return _TELLING.get(significant_digits(figure.value), 0.65)


def _same_number(figure: ProfiledFigure, numbers: Stated, places: NDArray[np.intp]) -> tuple[float, str]:
    """How much it tells that a number of the article is this figure: exactly, or rounded by the article."""
    exact = numbers.exact(figure.value, places)
    if len(exact):
        return _telling(figure), numbers.written(exact)
    return _telling(figure) / 2, f"{numbers.written(places)}, rounded from {figure.as_stated}"


def quotes(profile: Profile, reading: Reading) -> Evidence | None:
    """The article quotes the same words, or a rewording of them."""
    best, speaker = 0.0, ""
    for quote in profile.quotes:
        present = quote.terms & reading.terms
        if len(quote.terms) >= _QUOTE_TERMS and len(present) >= _QUOTE_FLOOR * len(quote.terms):
            best, speaker = max((best, speaker), (_coverage(quote.terms, reading), quote.speaker))
    if best < _QUOTE_FLOOR:
        return None
    return Evidence(feature="quotes", text=f"repeats a quotation of {speaker}", score=best)


def _coverage(wanted: frozenset[str], reading: Reading) -> float:
    """The largest share of `wanted` inside one window of the text.

    A stem counts from where it stands to the end of a window that begins there, or to where it stands again.
    """
    width, end = int(_QUOTE_WINDOW * len(wanted)) + 13, len(reading.stems)
    places = [reading.places[stem] for stem in wanted if stem in reading.places]
    if not places:
        return 0.0
    until = [np.minimum(at + width, np.append(at[1:], end)) for at in places]
    begins, ends = (np.bincount(np.concatenate(bounds), minlength=end + 1) for bounds in (places, until))
    return int(np.cumsum(begins - ends).max()) / len(wanted)


def credit(profile: Profile, reading: Reading) -> Evidence | None:
    """The article names the publisher of the original."""
    if not profile.publisher_words or not profile.publisher_words <= reading.names:
        return None
    return Evidence(feature="credit", text=f"names {profile.publisher}", score=1.0)


def shared_names(profile: Profile, reading: Reading, rarity: Callable[[str], float]) -> Evidence | None:
    """The article has names of the entry; `rarity` (0..1) says how few entries have a name.

    One rare name tells as much as many common ones: the share of the entry's names, each by its rarity, times
    the chance that not all of the shared ones are there for another reason.
    """
    shared = profile.names & reading.names
    if not shared:
        return None
    share = math.fsum(map(rarity, shared)) / math.fsum(map(rarity, profile.names))
    certainty = 1.0 - math.prod(1.0 - rarity(name) for name in sorted(shared))
    rarest = sorted(shared, key=lambda name: (-rarity(name), name))[:6]
    return Evidence(
        feature="names", text=f"has the names {', '.join(map(str.title, rarest))}", score=share * certainty
    )


def meaning(cosine: float) -> Evidence:
    """How close article and summary are in meaning, as the language model reads them."""
    closeness = min(max(cosine, 0.0), 1.0)
    phrase = next(phrase for least, phrase in _CLOSENESS if closeness >= least)
    return Evidence(feature="meaning", text=f"{phrase} (cosine {cosine:.2f})", score=closeness)


def vocabulary(overlap: float) -> Evidence:
    """The article and the summary share words that are rare elsewhere."""
    return Evidence(feature="words", text=f"has {overlap:.0%} of the telling words in common", score=overlap)
