"""The distinct numbers of a text in rising order: what a figure on record equals is found by bisection.

Forty per cent are not forty people, nor is a child of seven years "7 years": numbers written as shares, as
money or as somebody's age are equal to their like only.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kb.text.numbers import Number, numbers, significant_digits

ROUNDING = 0.06
"""How far a rounded number may be from the figure: 8,600 → "practically 9,000" is 4.7 %."""

SMALL = 12
"""Up to here a number tells next to nothing: "five agencies" stands in many stories."""

_MOST = 2_000  # distinct numbers of one text: a long article has two hundred, more of them are a table
_WRITTEN = 80  # characters of a number as it is written, which readers are shown
SHARE, MONEY, AGE, COUNT, ANY = "%", "¤", "age", "count", ""
"""What a number is of, as far as that is written right beside it; ANY where it is not."""

_BEHIND = re.compile(
    r"\s?(?:(?P<share>%|per\s?cent\b|percent|percentage)"
    r"|(?P<money>[$€£¥]|(?:US )?(?:dollars?|euros?|pounds?|francs?|kron(?:a|er|or)|lira|pesos?|rand"
    r"|rou?bles?|rupees?|won|yen|yuan)\b)"
    r"|(?P<age>[-\s]?years?[-\s]old\b))",
    re.IGNORECASE,
)
_SIGNS = frozenset("$€£¥₹")
_ROUND = 16  # characters behind a number in which its unit stands
_SLACK = 1.0 + 1e-9  # the window is cut a little wide, and measured exactly afterwards
_YEARS = (1900, 2100)


@dataclass(frozen=True, kw_only=True)
class Stated:
    """Distinct `values` in rising order; how each is written, of what it is, whether it tells texts apart."""

    values: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    telling: tuple[bool, ...] = ()

    def same(self, value: float, unit: str = ANY) -> NDArray[np.intp]:
        """The places of the numbers that may state this one: equal to it, or it rounded to fewer digits."""
        reach = ROUNDING * abs(value)
        start = bisect_left(self.values, value - reach * _SLACK)
        end = bisect_right(self.values, value + reach * _SLACK)
        if start == end:
            return _NOWHERE
        values, digits = self._columns
        near = values[start:end]
        rounded = (digits[start:end] < significant_digits(value)) & (np.abs(near - value) <= reach)
        fitting = np.array([_fits(unit, other) for other in self.units[start:end]])
        return start + np.flatnonzero(fitting & (rounded | (near == value)))

    def exact(self, value: float, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """Those of these places where this very number stands."""
        found: NDArray[np.intp] = places[self._columns[0][places] == value]
        return found

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


def stated(text: str) -> Stated:
    """Read and sort the numbers of a text."""
    return sort_numbers((number, unit_of(number, text)) for number in numbers(text))


def sort_numbers(read: Iterable[tuple[Number, str]]) -> Stated:
    """Sort numbers, each with its unit; of more distinct ones than a text has, the first count."""
    texts: dict[tuple[float, str], str] = {}
    telling: set[tuple[float, str]] = set()
    for number, unit in read:
        key = (number.value, unit)
        if key not in texts and len(texts) == _MOST:
            break
        texts[key] = max(texts.get(key, ""), number.text[:_WRITTEN])
        if is_telling(number.value, number.text):
            telling.add(key)
    keys = sorted(texts)
    return Stated(
        values=tuple(value for value, _ in keys),
        texts=tuple(texts[key] for key in keys),
        units=tuple(unit for _, unit in keys),
        telling=tuple(key in telling for key in keys),
    )


def unit_of(number: Number, text: str) -> str:
    """Of what a number is, by what stands right beside it."""
    if number.start and text[number.start - 1] in _SIGNS:
        return MONEY
    behind = _BEHIND.match(text, number.end, number.end + _ROUND)
    if behind is None:
        return ANY
    return SHARE if behind["share"] else MONEY if behind["money"] else AGE


def _fits(unit: str, other: str) -> bool:
    """Whether a figure of one unit may be told as a number of the other."""
    if unit == other:
        return True
    return ANY in {unit, other} and SHARE not in {unit, other}


def is_telling(value: float, text: str) -> bool:
    """Whether a number tells one text from another: no small one, and no year."""
    is_year = float(value).is_integer() and _YEARS[0] <= value <= _YEARS[1] and text.isdecimal()
    return abs(value) > SMALL and not is_year
