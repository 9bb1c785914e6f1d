"""The distinct numbers of a text in rising order: what a figure on record equals is found by bisection."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kb.text.numbers import Number, significant_digits

ROUNDING = 0.06
"""How far a rounded number may be from the figure: 8,600 → "practically 9,000" is 4.7 %."""

SMALL = 12
"""Up to here a number tells next to nothing: "five agencies" stands in many stories."""

_MOST = 2_000  # distinct numbers of one text: a long article has two hundred, more of them are a table
_WRITTEN = 80  # characters of a number as it is written, which readers are shown
_SLACK = 1.0 + 1e-9  # the window is cut a little wide, and measured exactly afterwards
_YEARS = (1900, 2100)


@dataclass(frozen=True, kw_only=True)
class Stated:
    """Distinct `values` in rising order; for each how it is written, and whether it tells texts apart."""

    values: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()
    telling: tuple[bool, ...] = ()

    def same(self, value: float) -> NDArray[np.intp]:
        """The places of the numbers that may state this one: equal to it, or it rounded to fewer digits."""
        reach = ROUNDING * abs(value)
        start = bisect_left(self.values, value - reach * _SLACK)
        end = bisect_right(self.values, value + reach * _SLACK)
        if start == end:
            return _NOWHERE
        values, digits = self._columns
        near = values[start:end]
        rounded = (digits[start:end] < significant_digits(value)) & (np.abs(near - value) <= reach)
        return start + np.flatnonzero(rounded | (near == value))

    def place(self, value: float) -> int | None:
        """Where this very number stands; None where it does not."""
        place = bisect_left(self.values, value)
        return place if place < len(self.values) and self.values[place] == value else None

    def written(self, places: NDArray[np.intp]) -> str:
        """How the number at one of these places is written: of several, the last in the alphabet."""
        return self.texts[int(places[np.argmax(self._alphabetical[places])])]

    def telling_besides(self, known: Iterable[NDArray[np.intp]]) -> int:
        """How many telling numbers stand at none of these places."""
        left = np.array(self.telling, dtype=bool)
        for places in known:
            left[places] = False
        return int(left.sum())

    @cached_property
    def _columns(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        return np.array(self.values), np.array([significant_digits(value) for value in self.values])

    @cached_property
    def _alphabetical(self) -> NDArray[np.intp]:
        ranks = np.empty(len(self.texts), dtype=np.intp)
        ranks[sorted(range(len(ranks)), key=self.texts.__getitem__)] = np.arange(len(ranks))
        return ranks


_NOWHERE: NDArray[np.intp] = np.empty(0, dtype=np.intp)


def stated(read: Iterable[Number]) -> Stated:
    """Sort the numbers of a text; of more distinct ones than a text has, the first count."""
    texts: dict[float, str] = {}
    telling: set[float] = set()
    for number in read:
        if number.value not in texts and len(texts) == _MOST:
            break
        texts[number.value] = max(texts.get(number.value, ""), number.text[:_WRITTEN])
        if is_telling(number.value, number.text):
            telling.add(number.value)
    values = sorted(texts)
    return Stated(
        values=tuple(values),
        texts=tuple(texts[value] for value in values),
        telling=tuple(value in telling for value in values),
    )


def is_telling(value: float, text: str) -> bool:
    """Whether a number tells one text from another: no small one, and no year."""
    is_year = float(value).is_integer() and _YEARS[0] <= value <= _YEARS[1] and text.isdecimal()
    return abs(value) > SMALL and not is_year
