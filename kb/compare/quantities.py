"""Quantities: numbers that count or measure something, with their bound ("nearly"), unit sign and range.

Dates, times, ages, ordinals, phone and model numbers are no quantities. Vague ones ("dozens") have a range.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from kb.compare.measures import (
    AFTER,
    BEFORE,
    CURRENCY_SIGNS,
    LONGEST_BEFORE,
    NEGATED,
    NO_QUANTITY,
    ONE_IN,
    PART_WORDS,
    PARTS,
    PHRASES,
    SIGN_AFTER,
    SIGN_BEFORE,
    VAGUE,
    VAGUE_WORDS,
    YEAR,
    YEAR_CONTEXT,
    Bound,
    plain,
)
from kb.text.numbers import SPELT, Number, numbers, significant_digits
from kb.text.word_lists import any_of

NUMBER = re.compile(r"\d[\d.,]*|\b" + any_of(SPELT) + r"s?\b", re.IGNORECASE)
"""A number or a part of one, in digits or in words."""


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A quantity with its place in the text, its bound included; `core` is the place of the number alone.

    `sign` is "%", "points", a currency such as "EUR", or "" for a plain count. `low` and `high` are equal
    unless it is a range or, with `vague`, a word such as "dozens".
    """

    low: float
    high: float
    bound: Bound
    sign: str
    text: str
    start: int
    end: int
    core: tuple[int, int]
    vague: bool = False

    @property
    def value(self) -> float:
        """The number, or the middle of the range."""
        return self.low if self.low == self.high else (self.low + self.high) / 2

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    @cached_property
    def digits(self) -> str:
        """The digits of its value: 4.5 billion → 4500000000."""
        return f"{self.value:.12g}".replace(".", "")

    @cached_property
    def sorted_digits(self) -> str:
        """The same digits in their own order, to tell swapped ones."""
        return "".join(sorted(self.digits))

    @cached_property
    def significant(self) -> int:
        """How many digits it is stated with: 8,600 → 2."""
        return significant_digits(self.value)


_JOINT = re.compile(r"\s*+(?:[-–—]|to|and|or|bis|à|a)\s*+(?:(?:[$€£]|US\$)\s*+)?", re.IGNORECASE)
_METRES = re.compile(
    r"(?!\s+[a-z])|\s+(?:long|tall|high|wide|deep|thick|race|hurdles|sprint|relay|from|away|above|below|of|freestyle|and"
    r"|butterfly|dash|final|at|in|on|to|down|up|off|or|but|by|before|after|across|apart|record|swim|walk|climb)\b"
)
_ENOUGH_MORE = 20.0


def quantities(text: str, *, decimal_comma: bool = False) -> tuple[Quantity, ...]:
    """The quantities of a text in order."""
    masked = _masked(text)
    single = [_quantity(text, number) for number in numbers(masked, decimal_comma=decimal_comma)]
    candidates = _ranges(text, [quantity for quantity in single if not _is_year(text, quantity)])
    candidates += [*_vague(masked), *_parts(masked)]
    candidates.sort(key=lambda quantity: (quantity.core[0], -quantity.core[1]))
    kept: list[Quantity] = []
    for quantity in candidates:
        if not kept or quantity.core[0] >= kept[-1].core[1]:
            kept.append(quantity)
    return tuple(kept)


def bound_of(words: str) -> Bound:
    """The bound that words such as "more than" state."""
    return _bound(f"{words} 5", len(words) + 1, len(words) + 2)[0] if words else Bound.NONE


def _masked(text: str) -> str:
    """The text with everything that only looks like a quantity blanked out, places unchanged."""
    return NO_QUANTITY.sub(lambda match: "_" * len(match[0]), text)


def _quantity(text: str, number: Number) -> Quantity:
    start, end, sign = number.start, number.end, ""
    value = number.value
    if before := SIGN_BEFORE.search(text, max(0, start - 5), start):
        start, sign = before.start(), CURRENCY_SIGNS[plain(before[1])]
    for pattern, name in () if sign else SIGN_AFTER:
        if after := pattern.match(text, end):
            end, sign = after.end(), name
            break
    if not sign and _METRES.match(text, end) and number.text.endswith("m") and number.text[-2].isdigit():
        value, sign = value / 1e6, "metres"
    bound, start, end = _bound(text, start, end)
    return Quantity(
        low=value, high=value, bound=bound, sign=sign, text=text[start:end], start=start, end=end,
        core=(number.start, number.end),
    )  # fmt: skip


def _bound(text: str, start: int, end: int) -> tuple[Bound, int, int]:
    """The bound that stands before or after a number, and the number's place with it."""
    if before := BEFORE.search(text, max(0, start - LONGEST_BEFORE), start):
        if NEGATED.search(text, max(0, before.start() - 12), before.start()):
            return Bound.ABOUT, start, end
        return PHRASES[plain(before["bound"])], before.start("bound"), end
    for pattern, bound in AFTER:
        if after := pattern.match(text, end):
            return bound, start, after.end()
    return Bound.NONE, start, end


def _is_year(text: str, quantity: Quantity) -> bool:
    """Whether a bare number of four digits names a year: it does, unless a lower-case noun follows it."""
    start, end = quantity.core
    if quantity.sign or quantity.bound is not Bound.NONE or not YEAR.fullmatch(text, start, end):
        return False
    if YEAR_CONTEXT.search(text, max(0, start - 20), start):
        return True
    return re.match(r"\s+[a-z]", text[end : end + 3]) is None


def _ranges(text: str, candidates: list[Quantity]) -> list[Quantity]:
    """Join "10 to 15" and "between $3m and $5m"; "from 10 to 15" may be a change and stays two numbers."""
    joined, skip = list[Quantity](), False
    for left, right in pairwise([*candidates, None]):
        if skip or left is None:
            skip = False
            continue
        whole = _joined(text, left, right) if right else None
        joined.append(whole or left)
        skip = whole is not None
    return joined


def _joined(text: str, left: Quantity, right: Quantity) -> Quantity | None:
    gap = text[left.end : right.core[0]]
    before = text[max(0, left.start - 9) : left.start].lower().rstrip()
    if not _JOINT.fullmatch(gap) or (right.bound is not Bound.NONE and right.start < right.core[0] - 4):
        return None
    if left.sign in {"%", "points"} and right.sign != left.sign:
        return None  # "rose by 20 percent to 6.3 million"
    word = gap.strip(" $€£US").lower()
    if before.endswith("from") or (
        word in {"and", "or"} and not before.endswith("between") and word == "and"
    ):
        return None
    low, high = left.low, right.high
    scale = _scale(text[right.core[0] : right.core[1]])
    if low < high / _ENOUGH_MORE and low * scale < high:  # "10 to 15 million"
        low *= scale
    if not low < high or (left.sign and right.sign and left.sign != right.sign):
        return None
    start = left.start - (8 if before.endswith("between") else 0)
    return replace(
        left, low=low, high=high, sign=right.sign or left.sign, text=text[start : right.end], start=start,
        end=right.end, core=(left.core[0], right.core[1]),
    )  # fmt: skip


def _scale(text: str) -> float:
    """The value of the word that ends a number: a million in "15 million", 1 in "15"."""
    word = re.search(r"(?<![^\W\d])[^\W\d]+$", text)
    read = numbers(f"1 {word[0]}") if word else ()
    return read[0].value if read else 1.0


def _vague(text: str) -> Iterator[Quantity]:
    for match in VAGUE_WORDS.finditer(text):
        low, high = VAGUE[plain(match[0])]
        yield _worded(text, match.start(), match.end(), (low, high), "", vague=True)


def _parts(text: str) -> Iterator[Quantity]:
    """Fractions of a whole, as percentages: "a third", "one in five"."""
    for match in PART_WORDS.finditer(text):
        share = PARTS[plain(match[0])]
        yield _worded(text, match.start(), match.end(), (share, share), "%", vague=False)
    for match in ONE_IN.finditer(text):
        read = numbers(plain(f"{match['few']}, {match['all']}"))
        few, every = read[0].value if read else 0.0, read[-1].value if read else 0.0
        if few < every:
            share = 100 * few / every
            yield _worded(text, match.start(), match.end(), (share, share), "%", vague=False)


def _worded(
    text: str, start: int, end: int, span: tuple[float, float], sign: str, *, vague: bool
) -> Quantity:
    bound, begin, finish = _bound(text, start, end)
    return Quantity(
        low=span[0], high=span[1], bound=bound, sign=sign, text=text[begin:finish], start=begin, end=finish,
        core=(start, end), vague=vague,
    )  # fmt: skip
