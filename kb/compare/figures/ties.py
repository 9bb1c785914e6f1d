"""Does a number of the article count the same thing as a figure on record? With the words that tie them.

A tie rests on the counted noun next to the number and on the figure's other words around it. What shows that
another thing is counted (a part, a rate, another day, another place, the injured and not the killed) unties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kb.compare.figures.around import BETWEEN_NOUNS, Surroundings
from kb.compare.figures.signs import month_of
from kb.compare.figures.wanted import Wanted
from kb.compare.quantities import Quantity
from kb.compare.tables.vocabulary import OPPOSED

# Set by hand; the labelled pairs of `tests/quality/differences` hold them in their place.
_NEAR, _SENTENCE, _BESIDE, _ANYWHERE = 1.0, 0.8, 0.4, 0.2  # of a word, by how far it stands from the number
_NEXT_WORDS = 3  # after the number, in which the noun is next to it
_UNIT_NEXT, _UNIT_SOON, _UNIT_BEYOND, _UNIT_BEFORE = 1.0, 0.8, 0.4, 0.6
_SHARED_OUT = frozenset("each every per average median alone additional first last".split())
_GIVEN = 0.3  # the number is given to the same party as on record
_CLOSE = 0.25  # of the number on record: it may be that one gone wrong
_FEW = 12  # numbers up to this are near each other by chance
_TENFOLD = 9.0  # ten times apart, less rounding
_MANY_DIGITS = 3  # that do not meet by chance


@dataclass(frozen=True, kw_only=True)
class Tie:
    """How surely a number counts what a figure counts: `unit` and `context` in 0..1, and the words of it.

    `described` is the context without the party that the figure is given to, `terms` its number of words,
    `near` whether one of them stands nearer to this number than to any other.
    """

    unit: float
    context: float
    described: float
    terms: int
    near: bool
    telling: bool
    shared: tuple[str, ...]

    @property
    def strength(self) -> float:
        """One number to rank ties by."""
        return self.unit + self.context + 0.3 * self.telling


def tie(wanted: Wanted, terms: Mapping[str, int], around: Surroundings) -> Tie:
    """Weigh what ties a number of the article to a figure on record.

    `terms` are the words that describe the figure, as the passage compares them, with how often each is
    meant.
    """
    passage, near = around.passage, around.words
    sentence = passage.meaning(*around.sentence)
    here = terms.keys() & near
    in_sentence = here | (terms.keys() & sentence)
    rest = terms.keys() - in_sentence
    beside = set[str]().union(*(rest & passage.meaning(*place) for place in around.beside))
    weights = (
        (_NEAR, here),
        (_SENTENCE, in_sentence - here),
        (_BESIDE, beside),
        (_ANYWHERE, (rest - beside) & passage.stems),
    )
    total = sum(weight * sum(map(terms.__getitem__, words)) for weight, words in weights)
    described = total / sum(terms.values()) if terms else 0.5
    shared = sorted(term for term in in_sentence for _ in range(terms[term]))
    is_given = bool(wanted.given_to) and wanted.given_to <= sentence
    given = sorted(wanted.given_to) if is_given else []
    return Tie(
        unit=_unit(wanted, around),
        context=described + (_GIVEN if is_given else 0.0),
        described=described,
        terms=len(shared),
        near=bool(here) or not near.isdisjoint(given),
        telling=_telling(wanted.quantity, around.quantity),
        shared=tuple(sorted([*shared, *given])),
    )


def _unit(wanted: Wanted, around: Surroundings) -> float:
    if wanted.quantity.sign or around.quantity.sign:
        return _UNIT_NEXT if wanted.quantity.sign == around.quantity.sign else 0.0
    beyond = False
    for place, token in enumerate(around.following, 1):
        if token.stem == wanted.unit:
            return _UNIT_BEYOND if beyond else _UNIT_NEXT if place <= _NEXT_WORDS else _UNIT_SOON
        beyond = beyond or (token.word in BETWEEN_NOUNS and not (place == 1 and token.word == "of"))
    return _UNIT_BEFORE if wanted.unit in around.stems_before and not around.has_noun else 0.0


def _telling(record: Quantity, here: Quantity) -> bool:
    """Whether a number looks like the one on record gone wrong: a magnitude off, digits swapped, or near
    it."""
    if a_magnitude_off(record, here):
        return True
    if not record.exact or not here.exact or not record.value or not here.value:
        return False
    if record.sorted_digits == here.sorted_digits and record.significant > 1:
        return True
    return abs(here.value - record.value) <= _CLOSE * record.value and record.value > _FEW


def a_magnitude_off(record: Quantity, here: Quantity) -> bool:
    """Whether two numbers have the same digits and are ten times apart or more: 2 million, 2 billion."""
    if not record.exact or not here.exact or min(record.value, here.value) <= 0:
        return False
    ratio = max(record.value, here.value) / min(record.value, here.value)
    return ratio >= _TENFOLD and record.digits.strip("0") == here.digits.strip("0")


def is_misspelt(record: Quantity, here: Quantity) -> bool:
    """Whether a number is surely the one on record gone wrong: digits swapped, or a magnitude off."""
    if a_magnitude_off(record, here):
        return record.significant > 1
    swapped = record.exact and here.exact and record.sorted_digits == here.sorted_digits
    return swapped and record.value != here.value and record.significant > 1


def untied(around: Surroundings, wanted: Wanted) -> bool:
    """Whether something shows that a number counts another thing, or part of it, or at another time."""
    quantity = around.quantity
    same_digits = a_magnitude_off(wanted.quantity, quantity)  # a part seldom has the digits of the whole
    misspelt = is_misspelt(wanted.quantity, quantity)
    rates = around.passage.language == "en" and around.is_rate != wanted.is_rate
    part = any(_is_part(words, wanted.words) for words in around.part_words)
    no_fact = around.is_no_fact and not wanted.is_no_fact
    if ((part or around.is_some_of) and not same_digits) or rates or no_fact:
        return True
    if any(_opposed(group, wanted, around.stems) for group in OPPOSED):
        return True
    if misspelt and wanted.quantity.significant >= _MANY_DIGITS:
        return False  # so many digits do not meet by chance
    own_times = wanted.other_times(with_story=misspelt)
    if around.other_times - own_times and not wanted.other_times(with_story=False):
        return True
    return _other_date(around, wanted, wanted.record.source.published, with_story=misspelt)


def _is_part(marker: frozenset[str], what: frozenset[str]) -> bool:
    """Whether words such as "of each" make a number a part of something: not where the figure has them."""
    return not _SHARED_OUT & marker & what


def _opposed(group: tuple[frozenset[str], ...], wanted: Wanted, near: frozenset[str]) -> bool:
    own = [part for part in group if part & wanted.terms or wanted.unit in part]
    if not own:
        return False
    other = [part for part in group if part & near and part not in own]
    return bool(other) and not any(part & near for part in own)


def _other_date(around: Surroundings, wanted: Wanted, published: date | None, *, with_story: bool) -> bool:
    """Whether the words around a number date it otherwise than the figure."""
    if published is None:
        return False
    years = around.years - wanted.years(with_story=with_story)
    if years - {published.year}:
        return True
    return bool(around.months - wanted.months(with_story=with_story) - {month_of(published)})


def foreign_names(around: Surroundings, known: frozenset[str]) -> bool:
    """Whether a name that the entry does not have stands near a number: it may count there."""
    return any(token.stem not in known for token in around.names)
