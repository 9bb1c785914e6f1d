"""How a quantity in an article stands to the one on record, once it is known that both count the same thing.

A number is the same where a reader would not be misled: equal, or within ordinary newspaper rounding, or
still
true to its bound ("more than 8,000" for 8,612). Beyond that it is rounded where it is the nearest number of
fewer digits, and otherwise different. Between the two lies a strip in which nothing is said.
"""

from __future__ import annotations

import math
from enum import Enum, auto

from kb.compare.measures import Bound
from kb.compare.quantities import Quantity
from kb.text.numbers import significant_digits

# Shares of the number on record. Those without a case of their own are set by hand; the labelled pairs of
# `tests/quality/differences` hold all of them in their place.
_EQUAL = 1e-6  # what arithmetic on floats may lose
_ORDINARY = 0.035  # 582 → "almost 600" is 3.1 %
_TOO_FAR = 0.044  # 8,612 → 9,000 is 4.5 %; between the two nothing is said
_HEDGED_SMALL = 0.085  # 47 → "nearly 50" is 6.4 %: below 100 this is how people speak
_SMALL = 100.0
_ROUNDED_AT_MOST = 0.15  # beyond it a coarser number is another one
_FLOOR_AT_LEAST = 0.75  # "more than" a coarser number that is lower than this says too little
_VAGUE_OVER, _VAGUE_UNDER = 3.0, 5.0  # so many times off, "dozens" is wrong
_RANGE_OFF = 0.1  # a number so far outside a range is not of it
_RANGE_END_OFF = 0.05  # an end of a range so far from the other's is another range's
_HEDGES = {Bound.NEAR, Bound.ABOUT}


class Verdict(Enum):
    """What became of a number on record."""

    SAME = auto()
    BOUND_DROPPED = auto()
    BOUND_TURNED = auto()
    ROUNDED = auto()
    DIFFERENT = auto()
    UNSURE = auto()


def judge(record: Quantity, here: Quantity) -> Verdict:
    """Compare a quantity of an article with the one on record."""
    if record.vague or here.vague:
        return _judge_vague(record, here)
    if not record.exact or not here.exact:
        return _judge_range(record, here)
    off = _off(here.value, record.value)
    if off <= _EQUAL:
        return _judge_bound(record.bound, here.bound)
    over = here.value > record.value
    if here.bound is Bound.UP and not over:
        return _judge_floor(record, here, off)
    if here.bound is Bound.DOWN and over and record.bound is not Bound.NEAR:
        return Verdict.SAME if off <= _TOO_FAR and record.bound is not Bound.UP else Verdict.UNSURE
    return _judge_distance(record, here, off)


def _judge_bound(record: Bound, here: Bound) -> Verdict:
    if record is Bound.UP and here in {Bound.DOWN, Bound.NEAR}:
        return Verdict.BOUND_TURNED
    if record in {Bound.DOWN, Bound.NEAR} and here is Bound.UP:
        return Verdict.BOUND_TURNED
    dropped = record is not Bound.NONE and here is Bound.NONE
    return Verdict.BOUND_DROPPED if dropped else Verdict.SAME


def _judge_floor(record: Quantity, here: Quantity, off: float) -> Verdict:
    """ "More than 8,000" is true of 8,612; "more than 1,000" is true as well, and nobody would say it."""
    if record.bound in {Bound.DOWN, Bound.NEAR}:
        return Verdict.UNSURE
    coarser = here.significant < record.significant
    if off <= _ORDINARY or (coarser and here.value >= _FLOOR_AT_LEAST * record.value):
        return Verdict.SAME
    if _is_floor(record.value, here.value):
        return Verdict.SAME
    return Verdict.UNSURE if coarser and here.value >= record.value / 2 else Verdict.DIFFERENT


def _judge_distance(record: Quantity, here: Quantity, off: float) -> Verdict:
    coarser = here.significant < record.significant
    if not coarser:
        finer = here.significant > record.significant
        same = off <= _ORDINARY and (finer or record.bound in _HEDGES) and here.value >= 1
        return Verdict.SAME if same and record.bound is not Bound.NONE else _unless_close(record, off)
    if off <= _ORDINARY:
        return Verdict.SAME
    hedged = here.bound in _HEDGES and record.value < _SMALL
    if off <= _TOO_FAR or (hedged and off <= _HEDGED_SMALL):
        return Verdict.UNSURE
    return Verdict.ROUNDED if off <= _ROUNDED_AT_MOST else Verdict.DIFFERENT


def _unless_close(record: Quantity, off: float) -> Verdict:
    """Two numbers as fine as each other: 33.3 and 33 per cent may be one, 340 and 430 are two."""
    decimal = record.value < _SMALL and not float(record.value).is_integer()
    return Verdict.UNSURE if decimal and off <= _ORDINARY / 2 else Verdict.DIFFERENT


def _judge_vague(record: Quantity, here: Quantity) -> Verdict:
    if record.vague and here.vague:
        return Verdict.SAME if here.low == record.low else Verdict.UNSURE
    if record.vague:
        return Verdict.SAME if record.low <= here.value <= record.high else Verdict.UNSURE
    value = record.value
    if 0.9 * here.low <= value <= 1.1 * here.high:
        return Verdict.SAME
    if value * _VAGUE_OVER < here.low or here.high * _VAGUE_UNDER < value:
        return Verdict.DIFFERENT
    return Verdict.UNSURE


def _judge_range(record: Quantity, here: Quantity) -> Verdict:
    if not record.exact and not here.exact:
        ends = ((here.low, record.low), (here.high, record.high))
        off = max(_off(*end) for end in ends)
        return (
            Verdict.SAME if off <= _EQUAL else Verdict.DIFFERENT if off > _RANGE_END_OFF else Verdict.UNSURE
        )
    inner, outer = (record, here) if record.exact else (here, record)
    if outer.low * (1 - _ORDINARY) <= inner.value <= outer.high * (1 + _ORDINARY):
        return Verdict.SAME
    below, above = outer.low * (1 - _RANGE_OFF), outer.high * (1 + _RANGE_OFF)
    if not record.exact and here.bound in {Bound.UP, Bound.DOWN}:
        return Verdict.UNSURE
    return Verdict.UNSURE if below <= inner.value <= above else Verdict.DIFFERENT


def _off(value: float, record: float) -> float:
    if value == record:
        return 0.0
    return abs(value - record) / abs(record) if record else math.inf


def _step(value: float, like: float) -> float:
    """The place value of the last digit that `like` is stated with: 9,000 → 1,000."""
    digits = significant_digits(like)
    return 10.0 ** (math.floor(math.log10(abs(like))) - digits + 1) if like else abs(value) or 1.0


def _is_floor(record: float, here: float) -> bool:
    return 0 <= record - here < _step(record, here) and here >= record / 2
