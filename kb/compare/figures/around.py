"""What stands around a number of the article: the words nearer to it than to any other, and its sentence.

Everything that depends on the number alone is found once, whatever number of figures it is held against.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from kb.compare.figures import signs
from kb.compare.passage import Passage, Token
from kb.compare.quantities import Quantity
from kb.text.dates import MONTHS
from kb.text.word_lists import any_of, word_lists
from kb.text.words import STOP_WORDS

_REACH = 7  # words
_BESIDE = 40  # characters
_WORDS = word_lists("kb/compare/tables/parts.txt", "before", "hedges", "after", "between nouns", "soft stops")
BETWEEN_NOUNS = frozenset(_WORDS["between nouns"])
_HARD_STOP = re.compile(r"[;:()\[\]—]|\s[–-]\s|…")
_SOFT_STOP = re.compile(r",\s|\s" + any_of(_WORDS["soft stops"]) + r"\s")
_PART = re.compile(
    r"\b" + any_of(_WORDS["before"]) + r"(?:\s+" + any_of(_WORDS["hedges"]) + r")*\s*$", re.IGNORECASE
)
_SOME_OF = re.compile(r"\b(?:including|among (?:them|whom|those|which))(?:\s+\w+)?\s*$", re.IGNORECASE)
_PART_AFTER = re.compile(
    r"^\W*(?:\w+\s+){0,2}"
    + any_of(_WORDS["after"])
    + r"\b|^\s+of (?:them|those|whom|these|its|his|her|their)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Surroundings:
    """Where the words around a number stand, and what they tell of it."""

    passage: Passage
    quantity: Quantity
    near: tuple[int, int]
    sentence: tuple[int, int]
    beside: tuple[tuple[int, int], ...]

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems nearer to it than to any other number, as `Passage.comparable` gives them."""
        return self.passage.meaning(*self.near)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The same words, in order."""
        return self.passage.between(*self.near)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all of them, little words included."""
        return frozenset(token.stem for token in self.tokens)

    @cached_property
    def stems_before(self) -> frozenset[str]:
        """The stems between its neighbour and the number."""
        return frozenset(token.stem for token in self.passage.between(self.near[0], self.quantity.start))

    @cached_property
    def following(self) -> tuple[Token, ...]:
        """The first words after the number."""
        return self.passage.between(self.quantity.end, self.near[1])[:_REACH]

    @cached_property
    def has_noun(self) -> bool:
        """Whether a noun of its own follows a number, so that a noun before it is not what it counts."""
        end = self.quantity.end
        match = re.match(r"[\s-]+([a-z]+)", self.passage.text[end : end + 30])
        return match is not None and match[1] not in STOP_WORDS and match[1] not in BETWEEN_NOUNS

    @cached_property
    def is_rate(self) -> bool:
        """Whether the words around it make it a rate."""
        return signs.is_rate(self._near_text)

    @cached_property
    def is_no_fact(self) -> bool:
        """Whether the words around it make it a forecast, a hope or a limit."""
        return signs.is_no_fact(self._near_text)

    @cached_property
    def other_times(self) -> frozenset[str]:
        """What in its sentence speaks of another time."""
        return signs.other_times(self.passage.text[slice(*self.sentence)])

    @cached_property
    def years(self) -> frozenset[int]:
        """The years named around it."""
        return signs.years(self._near_text)

    @cached_property
    def months(self) -> frozenset[str]:
        """The months named around it."""
        return signs.months(self._near_text)

    @cached_property
    def is_some_of(self) -> bool:
        """Whether it stands after "including" or the like."""
        return _SOME_OF.search(self._before) is not None

    @cached_property
    def part_words(self) -> tuple[frozenset[str], ...]:
        """The words before and after it that make a number a part of something, such as "of each"."""
        after = self.passage.text[self.quantity.end : min(self.sentence[1], self.quantity.end + _BESIDE)]
        matches = (_PART.search(self._before), _PART_AFTER.search(after))
        return tuple(frozenset(match[0].casefold().split()) for match in matches if match)

    @cached_property
    def names(self) -> tuple[Token, ...]:
        """The capitalised words around it that are no days, months or starts of sentences."""
        return tuple(
            token
            for token in self.tokens
            if token.capital
            and token.start != self.sentence[0]
            and token.word not in signs.DAYS | STOP_WORDS
            and token.word.title() not in MONTHS
            and not token.word.isdigit()
        )

    @cached_property
    def _near_text(self) -> str:
        return self.passage.text[slice(*self.near)]

    @cached_property
    def _before(self) -> str:
        start = max(self.sentence[0], self.quantity.start - _BESIDE)
        return self.passage.text[start : self.quantity.start]


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
    near = (start, max(end, quantity.end))
    return Surroundings(passage=passage, quantity=quantity, near=near, sentence=sentence, beside=beside)


def _left(text: str, start: int, end: int, *, is_neighbour: bool) -> int:
    text_end = start + len(text[start:end].rstrip())  # "Searches: 8,600" is one
    start = max(
        (stop.end() for stop in _HARD_STOP.finditer(text, start, end) if stop.end() < text_end), default=start
    )
    soft = _SOFT_STOP.search(text, start, end) if is_neighbour else None
    return soft.end() if soft else start


def _right(text: str, start: int, end: int, *, is_neighbour: bool) -> int:
    if hard := _HARD_STOP.search(text, start, end):
        end = hard.start()
    softs = list(_SOFT_STOP.finditer(text, start, end)) if is_neighbour else []
    return softs[-1].start() if softs else end
