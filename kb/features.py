"""What speaks for a candidate: one small function a feature, each with the sentence that readers are shown.

A feature gives Evidence with a score in 0..1, or None when the article holds nothing of the kind.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from kb.profile import Profile, ProfiledFigure
from kb.query import Evidence
from kb.text import Number, Reading, significant_digits

_SMALL = 12  # "five agencies" stands in many stories
_YEARS = range(1900, 2101)
_ROUNDING = 0.06  # 8,600 → "practically 9,000" is 4.7 %
_TELLING = {1: 0.25, 2: 0.45}  # significant digits → how much an equal number tells; three and more: .65
_QUOTE_WINDOW = 1.8  # a spun quotation is cut up by "…, she said"; in multiples of the quotation's length
_QUOTE_FLOOR = 0.6
_CLOSENESS = ((0.8, "means much the same"), (0.6, "is close in meaning"), (0.0, "is on a similar subject"))
_QUOTE_TERMS = 4  # shorter quotations are everybody's words


def figures(profile: Profile, reading: Reading) -> Evidence | None:
    """The article has numbers that are on record."""
    doubt, told = 1.0, []
    for figure in profile.figures:
        weight, stated = max((_same_number(figure, number) for number in reading.numbers), default=(0.0, ""))
        if weight:
            doubt *= 1.0 - weight
            told.append(f"{stated} ({figure.what})")
    if not told:
        return None
    return Evidence(feature="figures", text=f"has the figures: {'; '.join(told)}", score=1.0 - doubt)


def share_of_figures(profile: Profile, reading: Reading) -> float:
    """Which share of the numbers on record the article has, by how much each of them tells."""
    told = [
        (_telling(figure), max((_same_number(figure, number)[0] for number in reading.numbers), default=0.0))
        for figure in profile.figures
    ]
    return sum(min(have, most) for most, have in told) / max(sum(most for most, _ in told), 1e-9)


def telling_numbers(reading: Reading) -> tuple[Number, ...]:
    """The numbers of an article that tell it from others, each value once: no small ones, no years."""
    return tuple(
        {
            number.value: number
            for number in reading.numbers
            if abs(number.value) > _SMALL and not (number.value in _YEARS and number.text.isdecimal())
        }.values()
    )


def count_of_new_figures(profile: Profile, numbers: Sequence[Number], length: int) -> float:
    """How many of these numbers are not on record, per hundred of the article's words (at most five)."""
    new = sum(not any(_same_number(figure, number)[0] for figure in profile.figures) for number in numbers)
    return min(5.0, 100.0 * new / max(length, 1))


def _telling(figure: ProfiledFigure) -> float:
    if abs(figure.value) <= _SMALL or (figure.value in _YEARS and figure.as_stated.isdecimal()):
        return 0.05
    return _TELLING.get(significant_digits(figure.value), 0.65)


def _same_number(figure: ProfiledFigure, number: Number) -> tuple[float, str]:
    """How much it tells that a number of the article is this figure: exactly, or rounded by the article."""
    telling = _telling(figure)
    if number.value == figure.value:
        return telling, number.text
    coarser = significant_digits(number.value) < significant_digits(figure.value)
    if coarser and abs(number.value - figure.value) <= _ROUNDING * abs(figure.value):
        return telling / 2, f"{number.text}, rounded from {figure.as_stated}"
    return 0.0, ""


def quotes(profile: Profile, reading: Reading) -> Evidence | None:
    """The article quotes the same words, or a rewording of them."""
    best, speaker = 0.0, ""
    for quote in profile.quotes:
        present = len(quote.terms & reading.terms)
        if len(quote.terms) >= _QUOTE_TERMS and present >= _QUOTE_FLOOR * len(quote.terms):
            best, speaker = max((best, speaker), (_coverage(quote.terms, reading.stems), quote.speaker))
    if best < _QUOTE_FLOOR:
        return None
    return Evidence(feature="quotes", text=f"repeats a quotation of {speaker}", score=best)


def _coverage(wanted: frozenset[str], stems: tuple[str, ...]) -> float:
    """The largest share of `wanted` inside one window of the text."""
    places = [(place, stem) for place, stem in enumerate(stems) if stem in wanted]
    width = int(_QUOTE_WINDOW * len(wanted)) + 12
    best, start, seen = 0, 0, dict[str, int]()
    for place, stem in places:
        seen[stem] = seen.get(stem, 0) + 1
        while place - places[start][0] > width:
            left = places[start][1]
            seen[left] -= 1
            if not seen[left]:
                del seen[left]
            start += 1
        best = max(best, len(seen))
    return best / len(wanted)


def credit(profile: Profile, reading: Reading) -> Evidence | None:
    """The article names the publisher of the original."""
    if not profile.publisher_words or not profile.publisher_words <= reading.name_words:
        return None
    return Evidence(feature="credit", text=f"names {profile.publisher}", score=1.0)


def shared_names(profile: Profile, reading: Reading, rarity: Callable[[str], float]) -> Evidence | None:
    """The article has names of the entry; `rarity` (0..1) says how few entries have a name.

    One rare name tells as much as many common ones: the share of the entry's names, each by its rarity, times
    the chance that not all of the shared ones are there for another reason.
    """
    shared = profile.names & reading.name_words
    if not shared:
        return None
    share = sum(map(rarity, shared)) / sum(map(rarity, profile.names))
    certainty = 1.0 - math.prod(1.0 - rarity(name) for name in shared)
    listed = ", ".join(name.title() for name in sorted(shared, key=rarity, reverse=True)[:6])
    return Evidence(feature="names", text=f"has the names {listed}", score=share * certainty)


def meaning(cosine: float) -> Evidence:
    """How close article and summary are in meaning, as the language model reads them."""
    closeness = min(max(cosine, 0.0), 1.0)
    told = next(told for least, told in _CLOSENESS if closeness >= least)
    return Evidence(feature="meaning", text=f"{told} (cosine {cosine:.2f})", score=closeness)


def vocabulary(overlap: float) -> Evidence:
    """The article and the summary share words that are rare elsewhere."""
    return Evidence(feature="words", text=f"has {overlap:.0%} of the telling words in common", score=overlap)
