"""The numbers of a saying against those on record: is one another number of the same thing?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from kb.compare.figures.judging import Verdict, judge
from kb.compare.measures import Bound
from kb.compare.quantities import Quantity
from kb.compare.saying.statement import Statement
from kb.compare.saying.words import AUXILIARIES, Word
from kb.compare.tables.vocabulary import GENERAL_UNITS

_BEHIND = 4  # words behind a number, among which is what it counts
_AROUND = 5  # words that carry meaning on each side of a number
_NOUNS = 3
_STOPS = AUXILIARIES | set(
    "in on at to from by with for who whose which that after before since under during and or as than into"
    " via when while about per".split()
)
_SAME = {Verdict.SAME, Verdict.BOUND_DROPPED}
_MAY_BE = {*_SAME, Verdict.UNSURE, Verdict.ROUNDED, Verdict.BOUND_TURNED}


class Fits(Enum):
    """How the numbers of a saying stand to the record."""

    ALL = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, kw_only=True)
class Count:
    """A number, what it counts as stems (`nouns`, which end before a preposition), and the words around."""

    quantity: Quantity
    nouns: frozenset[str]
    around: frozenset[str]
    text: str
    what: str


@dataclass(frozen=True, kw_only=True)
class OtherNumber:
    """A number here and the one on record of the same thing."""

    here: Count
    record: Count


def counts_of(statement: Statement) -> tuple[Count, ...]:
    """The numbers of a sentence with what they count."""
    return tuple(_count(statement, quantity) for quantity in statement.quantities)


def _count(statement: Statement, quantity: Quantity) -> Count:
    end = quantity.core[1]
    after = [word for word in statement.words if word.start >= end]
    before = [word for word in statement.words if word.start < quantity.start]
    nouns = list(_counted(after, is_share=bool(quantity.sign)))
    if not nouns and before and before[-1].word == "of":
        nouns = [word for word in before[-4:-1] if word.tells]
    return Count(
        quantity=quantity,
        nouns=frozenset(word.means for word in nouns),
        around=frozenset(word.means for word in _near(statement, quantity)),
        text=quantity.text.strip(),
        what=" ".join(word.text for word in nouns),
    )


def _near(statement: Statement, quantity: Quantity) -> list[Word]:
    """The words that carry meaning next to a number, on both sides."""
    before = [word for word in statement.telling if word.start < quantity.core[0]]
    after = [word for word in statement.telling if word.start >= quantity.core[1]]
    return before[-_AROUND:] + after[:_AROUND]


def _counted(words: Sequence[Word], *, is_share: bool) -> Iterator[Word]:
    counted = 0
    for place, word in enumerate(words[: _BEHIND + is_share]):
        if word.clause != words[0].clause or word.word in _STOPS or counted == _NOUNS:
            return
        if word.word == "of" and place:
            return
        if word.tells:
            counted += 1
            yield word


def other_number(
    here: Sequence[Count], record: Sequence[Count], parties: frozenset[str]
) -> OtherNumber | Fits:
    """Another number than the one on record of the same thing, or whether all numbers are on record.

    A number that the record has anywhere is no other one; it fits if it counts the same thing there.
    """
    fits = Fits.ALL
    for count in here:
        if not count.quantity.exact and not count.quantity.vague:
            fits = Fits.UNKNOWN
            continue
        same = [other for other in record if _verdict(other, count) in _MAY_BE]
        if any(_is_stated(other, count) and _tie(other, count, parties) for other in same):
            continue
        fits = Fits.UNKNOWN
        if not same and (other := _of_the_same_thing(count, record, parties)):
            return OtherNumber(here=count, record=other)
    return fits


def _is_stated(record: Count, here: Count) -> bool:
    """Whether a number is the one on record or that one rounded, and not a finer one."""
    finer = here.quantity.significant > record.quantity.significant
    equal = here.quantity.value == record.quantity.value
    alike = record.quantity.exact == here.quantity.exact or here.quantity.vague
    return _verdict(record, here) in _SAME and alike and (equal or not finer)


def _verdict(record: Count, here: Count) -> Verdict:
    signs = {record.quantity.sign, here.quantity.sign}
    if len(signs) > 1 and "" not in signs:
        return Verdict.DIFFERENT
    return judge(record.quantity, here.quantity)


def _of_the_same_thing(count: Count, record: Sequence[Count], parties: frozenset[str]) -> Count | None:
    """The number on record that surely counts the same; None where two may, or a bound leaves room."""
    tied = [(score, other) for other in record if (score := _tie(other, count, parties))]
    if not tied or count.quantity.vague:
        return None
    best = max(score for score, _ in tied)
    first = [other for score, other in tied if score == best]
    alike = len({other.quantity.value for other in first}) == 1
    return first[0] if alike and _leaves_no_room(first[0].quantity, count.quantity) else None


def _leaves_no_room(record: Quantity, here: Quantity) -> bool:
    if here.bound is Bound.UP and here.value < record.value:
        return False
    if here.bound is Bound.DOWN and here.value > record.value:
        return False
    return judge(record, here) is Verdict.DIFFERENT


def _tie(record: Count, here: Count, parties: frozenset[str]) -> int:
    """How surely two numbers count the same thing; 0 where nothing shows it."""
    if record.quantity.sign != here.quantity.sign:
        return 0
    around = len((record.around & here.around) - parties)
    nouns = (record.nouns & here.nouns) - parties
    if here.quantity.sign:
        return 2 * len(nouns) + around if around > 1 else 0
    if not nouns:
        return 0
    telling = nouns - GENERAL_UNITS
    return 2 * len(nouns) + around if telling or around > 1 else 0
