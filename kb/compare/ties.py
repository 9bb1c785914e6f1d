"""Does a number of the article count the same thing as a figure on record? With the words that tie them.

A tie rests on the counted noun next to the number and on the figure's other words around it. What shows that
another thing is counted (a part, a rate, another day, another place, the injured and not the killed) unties.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kb.compare.passage import Passage, Token
from kb.compare.quantities import Quantity
from kb.compare.vocabulary import OPPOSED
from kb.compare.wanted import Wanted
from kb.numerals import significant_digits
from kb.text import STOP_WORDS

_NEAR, _SENTENCE, _BESIDE, _ANYWHERE = 1.0, 0.8, 0.4, 0.2
_NEXT_WORDS, _REACH = 3, 7
_UNIT_NEXT, _UNIT_SOON, _UNIT_BEYOND, _UNIT_BEFORE = 1.0, 0.8, 0.4, 0.6
_BETWEEN_NOUNS = frozenset(
    """of in on from by at to for with were was is are had have has who that which into per over than as about
    and or against during since""".split()
)
_HARD_STOP = re.compile(r"[;:()\[\]—]|\s[–-]\s|…")
_SOFT_STOP = re.compile(r",\s|\s(?:and|but|while|whereas|as|with|plus)\s")
_PART = re.compile(
    r"\b(?:of (?:whom|which|them|those|these)|another|further|additional(?:ly)?|extra"
    r"|other|remaining|the rest|half of|each|every|one of|at one|plus|besides|apart from|on top of"
    r"|excluding|except"
    r"|the first|the last|the next|the top|some of|average(?:s|d)?(?: of)?|median(?: of)?|per|up from"
    r"|down from|compared (?:with|to)"
    r"|against|than the|rather than|instead of|not|never|far from|as opposed to|versus|out of|record of"
    r"|target of|goal of"
    r"|limit of|capacity of|maximum of|minimum of|alone)(?:\s+(?:about|around|some|nearly|the|just|only"
    r"|more than|a|an))*\s*$",
    re.IGNORECASE,
)
_SOME_OF = re.compile(r"\b(?:including|among (?:them|whom|those|which))(?:\s+\w+)?\s*$", re.IGNORECASE)
_PART_AFTER = re.compile(
    r"^\W*(?:\w+\s+){0,2}(?:alone|others?|more|further|fewer|less|additional|extra|apiece|each)\b"
    r"|^\s+of (?:them|those|whom|these|its|his|her|their)\b",
    re.IGNORECASE,
)
_SHARED_OUT = frozenset("each every per average median alone additional first last".split())
_RATE = re.compile(
    r"(?<!in )(?<!within )(?<!half )(?<!of )(?<!quarter )\b(?:per|an?|each|every)\s+(?:day|week|month"
    r"|year|hour|minute|night|person|head|capita|game|match|share|litre|liter|mile"
    r"|kilomet(?:re|er)|household|second|quarter|barrel|tonne|ton)\b|\b(?:daily|weekly|monthly|yearly"
    r"|annual(?:ly)?|hourly|nightly)\b",
)
_OTHER_TIME = re.compile(
    r"\b(?:earlier|previous(?:ly)?|last (?:year|month|season|quarter|decade|century|time)|ago"
    r"|years? before|at (?:first|the time)"
    r"|initial(?:ly)?|origina(?:l|lly) (?:count|estimate|figure|thought|put)|since (?:then|grown|risen"
    r"|fallen|climbed|passed|reached|topped)"
    r"|has now|have now|now (?:stands?|has|have|number|puts?)|later|by the (?:end|time)|as of"
    r"|next (?:year|month|season)"
    r"|following year|year[- ](?:on|over)[- ]year|until (?:now|recently)|used to|back in|formerly"
    r"|once had|up from|down from"
    r"|grew from|rose from|fell from|updated?|revised|latest (?:count|figures?|update)|in the (?:same"
    r"|first|second|third|fourth) (?:period|week|month|day)"
    r"|the (?:day|week|month|year|season) before|the first (?:day|week|month|year|season)|on the (?:first"
    r"|second|third|last) day"
    r"|tomorrow|by (?:tonight|tomorrow|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
    r"|half[- ]year|anniversary|(?:fell|rose|dropped|grew|climbed|went) (?:up |down )?to|remain(?:s|ed|ing)?"
    r"|newly|no longer)\b",
    re.IGNORECASE,
)
_NOT_A_FACT = re.compile(
    r"\b(?:could|would|might|may|expect(?:s|ed)?|forecasts?|predict(?:s|ed)?|project(?:s|ed)|plans? to"
    r"|hopes? to|aims?|target(?:s|ed)?"
    r"|goal|at risk|potential(?:ly)?|limit|capacity|maximum penalty|face up to)\b",
    re.IGNORECASE,
)
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = re.compile(rf"\b(?:{'|'.join(month.title() for month in _MONTHS)})\b")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b(?!,\d)")
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_GIVEN = 0.3  # the number is given to the same party as on record
_CLOSE = 0.25
_FEW = 12
_TENFOLD = 9.0
_MANY_DIGITS = 3


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


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What stands around a number: the words nearer to it than to any other number, and its sentence."""

    near: tuple[int, int]
    sentence: tuple[int, int]
    beside: tuple[tuple[int, int], ...]


def surroundings(passage: Passage, place: int) -> Surroundings:
    """The stretches of text around the quantity number `place`."""
    quantity = passage.quantities[place]
    number = passage.sentence_at(quantity.core[0])
    sentence = passage.sentences[number]
    before = passage.quantities[place - 1].end if place else 0
    after = passage.quantities[place + 1].start if place + 1 < len(passage.quantities) else len(passage.text)
    start = _left(passage.text, max(sentence[0], before), quantity.start, is_neighbour=before > sentence[0])
    end = _right(passage.text, quantity.end, min(sentence[1], after), is_neighbour=after < sentence[1])
    others = [number - 1, number + 1] + ([0] if passage.article.title else [])
    beside = tuple(
        passage.sentences[other]
        for other in others
        if 0 <= other < len(passage.sentences) and other != number
    )
    return Surroundings(near=(start, max(end, quantity.end)), sentence=sentence, beside=beside)


def _left(text: str, start: int, end: int, *, is_neighbour: bool) -> int:
    for stop in _HARD_STOP.finditer(text, start, end):
        if text[stop.end() : end].strip():  # "Searches: 8,600" is one
            start = stop.end()
    soft = _SOFT_STOP.search(text, start, end) if is_neighbour else None
    return soft.end() if soft else start


def _right(text: str, start: int, end: int, *, is_neighbour: bool) -> int:
    if hard := _HARD_STOP.search(text, start, end):
        end = hard.start()
    softs = list(_SOFT_STOP.finditer(text, start, end)) if is_neighbour else []
    return softs[-1].start() if softs else end


def tie(passage: Passage, wanted: Wanted, quantity: Quantity, around: Surroundings) -> Tie:
    """Weigh what ties a number of the article to a figure on record."""
    near = passage.meaning(*around.near)
    sentence = passage.meaning(*around.sentence)
    beside = frozenset[str]().union(*(passage.meaning(*place) for place in around.beside))
    anywhere = passage.stems
    total, shared = 0.0, list[str]()
    for term in map(passage.comparable, wanted.terms):
        if term in near or term in sentence:
            total += _NEAR if term in near else _SENTENCE
            shared.append(term)
        else:
            total += _BESIDE if term in beside else _ANYWHERE if term in anywhere else 0.0
    context = total / len(wanted.terms) if wanted.terms else 0.5
    described, terms = context, len(shared)
    if wanted.given_to and wanted.given_to <= sentence:
        context += _GIVEN
        shared += wanted.given_to
    return Tie(
        unit=_unit(passage, wanted, quantity, around),
        context=context,
        described=described,
        terms=terms,
        near=any(term in near for term in shared),
        telling=_telling(wanted.quantity, quantity),
        shared=tuple(sorted(shared)),
    )


def _unit(passage: Passage, wanted: Wanted, quantity: Quantity, around: Surroundings) -> float:
    if wanted.quantity.sign or quantity.sign:
        return _UNIT_NEXT if wanted.quantity.sign == quantity.sign else 0.0
    beyond = False
    for place, token in enumerate(passage.between(quantity.end, around.near[1])[:_REACH], 1):
        if token.stem == wanted.unit:
            return _UNIT_BEYOND if beyond else _UNIT_NEXT if place <= _NEXT_WORDS else _UNIT_SOON
        beyond = beyond or (token.word in _BETWEEN_NOUNS and not (place == 1 and token.word == "of"))
    before = passage.between(around.near[0], quantity.start)
    return (
        _UNIT_BEFORE
        if any(token.stem == wanted.unit for token in before) and not _counts(passage, quantity)
        else 0.0
    )


def _counts(passage: Passage, quantity: Quantity) -> bool:
    """Whether a noun of its own follows a number, so that a noun before it is not what it counts."""
    match = re.match(r"[\s-]+([a-z]+)", passage.text[quantity.end : quantity.end + 30])
    return match is not None and match[1] not in STOP_WORDS and match[1] not in _BETWEEN_NOUNS


def _telling(record: Quantity, here: Quantity) -> bool:
    """Whether a number looks like the one on record gone wrong: a magnitude off, digits swapped, or near
    it."""
    if a_magnitude_off(record, here):
        return True
    if not record.exact or not here.exact or not record.value or not here.value:
        return False
    if sorted(_digits(record)) == sorted(_digits(here)) and significant_digits(record.value) > 1:
        return True
    return abs(here.value - record.value) <= _CLOSE * record.value and record.value > _FEW


def a_magnitude_off(record: Quantity, here: Quantity) -> bool:
    """Whether two numbers have the same digits and are ten times apart or more: 2 million, 2 billion."""
    if not record.exact or not here.exact or min(record.value, here.value) <= 0:
        return False
    ratio = max(record.value, here.value) / min(record.value, here.value)
    return ratio >= _TENFOLD and _digits(record).strip("0") == _digits(here).strip("0")


def _digits(quantity: Quantity) -> str:
    return f"{quantity.value:.12g}".replace(".", "")


def is_misspelt(record: Quantity, here: Quantity) -> bool:
    """Whether a number is surely the one on record gone wrong: digits swapped, or a magnitude off."""
    if a_magnitude_off(record, here):
        return significant_digits(record.value) > 1
    swapped = record.exact and here.exact and sorted(_digits(record)) == sorted(_digits(here))
    return swapped and record.value != here.value and significant_digits(record.value) > 1


def untied(passage: Passage, quantity: Quantity, around: Surroundings, wanted: Wanted) -> bool:
    """Whether something shows that a number counts another thing, or part of it, or at another time."""
    text, near = passage.text, passage.text[slice(*around.near)]
    sentence = text[slice(*around.sentence)]
    what = f"{wanted.figure.what} {wanted.figure.as_stated} {wanted.figure.unit or ''}"
    before = text[max(around.sentence[0], quantity.start - 40) : quantity.start]
    after = text[quantity.end : min(around.sentence[1], quantity.end + 40)]
    same_digits = a_magnitude_off(wanted.quantity, quantity)  # a part seldom has the digits of the whole
    some_of = _SOME_OF.search(before) and not same_digits
    misspelt = is_misspelt(wanted.quantity, quantity)
    rates = passage.language == "en" and bool(_RATE.search(near)) != bool(_RATE.search(what))
    part = _is_part(_PART.search(before), what) or _is_part(_PART_AFTER.search(after), what)
    own_times = {
        match.casefold() for match in _OTHER_TIME.findall(f"{what} {wanted.told if misspelt else ''}")
    }
    times = {match.casefold() for match in _OTHER_TIME.findall(sentence)}
    other_time = times - own_times and not _OTHER_TIME.search(what)
    no_fact = _NOT_A_FACT.search(near) and not _NOT_A_FACT.search(what)
    opposed = any(_opposed(group, wanted, passage.between(*around.near)) for group in OPPOSED)
    if (part and not same_digits) or some_of or rates or no_fact or opposed:
        return True
    if misspelt and significant_digits(wanted.quantity.value) >= _MANY_DIGITS:
        return False  # so many digits do not meet by chance
    told = f"{what} {wanted.told if misspelt else ''}"
    return bool(other_time) or _other_date(near, told, wanted.record.source.published)


def _is_part(marker: re.Match[str] | None, what: str) -> bool:
    """Whether words such as "of each" make a number a part of something: not where the figure has them."""
    if marker is None:
        return False
    return not _SHARED_OUT & set(marker[0].casefold().split()) & set(what.casefold().split())


def _opposed(group: tuple[frozenset[str], ...], wanted: Wanted, near: tuple[Token, ...]) -> bool:
    named = wanted.terms | {wanted.unit}
    stems = frozenset(token.stem for token in near)
    own = [part for part in group if part & named]
    other = [part for part in group if part & stems and part not in own]
    return bool(own) and bool(other) and not any(part & stems for part in own)


def _other_date(near: str, what: str, published: date | None) -> bool:
    """Whether the words around a number date it otherwise than the figure."""
    years = {int(year) for year in _YEAR.findall(near)} - {int(year) for year in _YEAR.findall(what)}
    if published and years - {published.year}:
        return True
    months = set(_MONTH.findall(near)) - set(_MONTH.findall(what))
    return bool(published and months - {_MONTHS[published.month - 1].title()})


def foreign_names(passage: Passage, around: Surroundings, known: frozenset[str]) -> bool:
    """Whether a name that the entry does not have stands near a number: it may count there."""
    named = [
        token
        for token in passage.between(*around.near)
        if token.capital and token.start != around.sentence[0] and token.word not in _DAYS | STOP_WORDS
    ]
    return any(
        token.stem not in known and token.word not in _MONTHS and not token.word.isdigit() for token in named
    )
