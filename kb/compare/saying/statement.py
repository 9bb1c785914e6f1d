"""A sentence as it is held against another: its words by what they mean, and which of them it denies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from kb.compare.quantities import Quantity
from kb.compare.saying.words import BEING, Word
from kb.compare.tables.turning import DOING, HEDGES, IDLE, NONE, NOT, OPPOSITES, REFUSING, WIDE
from kb.text.numbers import numbers

_REACH = 8  # words behind a denying one, in which stands what it denies
_CLOSE = 4  # words that carry meaning, between what belongs together
_REFUSED = 4  # words behind "refused to", in which stands what was
_WHERE = frozenset("in at on from near since until".split())
_PARTING = frozenset("to and or that who which after before when if".split())
_NO_MATTER = frozenset({"to", "yet", "longer", "more", "any", "ever", "even", "actually", "single"})


Around = tuple[frozenset[str], frozenset[str], frozenset[str]]
"""What stands in front of a verb (or who does it), behind it (or all else), and next behind it."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One sentence. `untrue` is the part of it (from, to) that it calls untrue as a whole."""

    text: str
    words: tuple[Word, ...]
    quantities: tuple[Quantity, ...]
    asks: bool
    untrue: tuple[int, int]
    turns: frozenset[str]

    @cached_property
    def content(self) -> frozenset[str]:
        """What its words mean, without numbers and words that carry no meaning."""
        return frozenset(word.means for word in self.telling)

    @cached_property
    def telling(self) -> tuple[Word, ...]:
        """Its words that carry meaning, without those that lead to a claim or belong to a number."""
        spans = [quantity.core for quantity in self.quantities]
        return tuple(
            word
            for word in self.words
            if word.tells
            and word.word not in NONE | NOT
            and not word.word.endswith("n't")
            and not _is_inside(word.start, spans)
        )

    @cached_property
    def _own(self) -> frozenset[Word]:
        return frozenset(self.telling)

    @cached_property
    def needed(self) -> frozenset[str]:
        """What must stand on record for the statement to agree with it."""
        return frozenset(word.means for word in self.telling if word.word not in IDLE)

    @cached_property
    def hedges(self) -> frozenset[str]:
        """The words by which it is not (yet) so."""
        return frozenset(word.stem for word in self.words if word.stem in HEDGES and word.text != "May")

    @cached_property
    def wide(self) -> frozenset[str]:
        """The words that make it large: "all", "only"."""
        return frozenset(word.word for word in self.words if word.word in WIDE)

    @cached_property
    def denied(self) -> frozenset[int]:
        """The places of the words that it denies."""
        return frozenset(self._denied())

    @cached_property
    def signs(self) -> dict[str, frozenset[int]]:
        """What its words mean → whether it affirms (1) or denies (-1) it, or both."""
        found = defaultdict[str, set[int]](set)
        for place, word in enumerate(self.words):
            found[word.means].add(self._sign(place))
        return {means: frozenset(signs) for means, signs in found.items()}

    @cached_property
    def sides(self) -> dict[int, frozenset[int]]:
        """Pair of opposites → the sides of it that are affirmed."""
        found = defaultdict[int, set[int]](set)
        for place, word in enumerate(self.words):
            for pair, side in OPPOSITES.get(word.stem, ()):
                found[pair].add(side * self._sign(place))
        return {pair: frozenset(sides) for pair, sides in found.items()}

    @cached_property
    def of_pair(self) -> dict[int, frozenset[str]]:
        """Pair of opposites → what its words of that pair mean."""
        meant = defaultdict[int, set[str]](set)
        for word in self.words:
            for pair, _ in OPPOSITES.get(word.stem, ()):
                meant[pair].add(word.means)
        return {pair: frozenset(means) for pair, means in meant.items()}

    @property
    def denies(self) -> bool:
        """Whether it denies anything."""
        return bool(self.denied) or self.untrue[0] < self.untrue[1]

    @cached_property
    def denied_words(self) -> frozenset[str]:
        """What the words mean that it denies."""
        return frozenset(self.words[place].means for place in self.denied)

    @cached_property
    def other_numbers(self) -> frozenset[float]:
        """The numbers that count nothing: years, days, ages."""
        spans = [quantity.core for quantity in self.quantities]
        others = (number for number in numbers(self.text) if not _is_inside(number.start, spans))
        return frozenset(number.value for number in others)

    @cached_property
    def around_verbs(self) -> dict[str, Around]:
        """Each verb → what stands around it; of a passive, who does it stands behind "by"."""
        around: dict[str, Around] = {}
        for place, verb in enumerate(self.telling):
            if verb.is_verb and verb.means not in around:
                around[verb.means] = self._around_verb(place, verb)
        return around

    def _around_verb(self, place: int, verb: Word) -> Around:
        before = frozenset(word.means for word in self.telling[:place])
        behind = self.telling[place + 1 :]
        after = frozenset(word.means for word in behind)
        if not self._is_passive(verb):
            first = frozenset(word.means for word in behind[:1] if word.clause == verb.clause)
            return before, after, first
        by = self._by(verb.start)
        doers = frozenset(word.means for word in behind if by is not None and word.start > by)
        return doers, before | after - doers, frozenset()

    def _by(self, start: int) -> int | None:
        return next((word.start for word in self.words if word.word == "by" and word.start > start), None)

    @cached_property
    def joined(self) -> tuple[tuple[Word, Word], ...]:
        """Words that carry meaning and belong together: next to each other, but for where something is and
        what it is done for."""
        pairs = list[tuple[Word, Word]]()
        before, between = None, set[str]()
        for word in self.words:
            if word not in self._own or word.word in IDLE:
                between.add(word.word)
            elif between & _WHERE and word.text[0].isupper():
                between = set()
            else:
                if before and not between & (_PARTING | IDLE) and before.clause == word.clause:
                    pairs.append((before, word))
                before, between = word, set()
        return tuple(pairs)

    def _is_passive(self, verb: Word) -> bool:
        place = self.words.index(verb)
        near = self.words[max(0, place - 3) : place]
        return not verb.word.endswith("ing") and any(word.word in BEING for word in near)

    def around(self, means: str, reach: int = _CLOSE) -> frozenset[str]:
        """What stands within reach of a word, counted in words that carry meaning."""
        means_of = [word.means for word in self.telling]
        places = [place for place, other in enumerate(means_of) if other == means]
        return frozenset(other for at in places for other in means_of[max(0, at - reach) : at + reach + 1])

    def are_close(self, one: str, other: str) -> bool:
        """Whether two words stand within reach of each other."""
        return other in self.around(one)

    def are_in_order(self, one: str, other: str) -> bool:
        """Whether a word stands within reach in front of another."""
        order = [word.means for word in self.telling]
        return any(other in order[at + 1 : at + 1 + _CLOSE] for at, means in enumerate(order) if means == one)

    def beside(self, means: frozenset[str]) -> frozenset[str]:
        """What the words that carry meaning next to some of these mean."""
        kept = [word for word in self.words if word in self._own or word.means in means]
        near = set[str]()
        for one, other in pairwise(kept):
            if one.means in means:
                near.add(other.means)
            if other.means in means:
                near.add(one.means)
        return frozenset(near) - means

    def _sign(self, place: int) -> int:
        start, end = self.untrue
        sign = -1 if place in self.denied else 1
        return -sign if start <= self.words[place].start < end else sign

    def _denied(self) -> Iterator[int]:
        for place, word in enumerate(self.words):
            if word.word in NONE:
                yield from self._said_of(place)
            elif word.word in NOT or word.word.endswith("n't"):
                yield from self._next(place)
            elif word.stem in REFUSING:
                yield from self._refused(place)

    def _behind(self, place: int) -> range:
        """The places behind a word in its clause, within reach."""
        end = min(len(self.words), place + 1 + _REACH)
        within = (at for at in range(place + 1, end) if self.words[at].clause != self.words[place].clause)
        return range(place + 1, next(within, end))

    def _next(self, place: int) -> Iterator[int]:
        """The first word behind that carries meaning; of a question, behind who is asked about."""
        for at in self._behind(place):
            word = self.words[at]
            is_opposite = word.stem in OPPOSITES and word.word not in _NO_MATTER
            if (word.tells and not word.word.endswith("ly") and word.word not in _NO_MATTER) or is_opposite:
                yield at
                if word.means in DOING or not (word.text[0].isupper() or word.word in IDLE):
                    return

    def _said_of(self, place: int) -> Iterator[int]:
        """All words that carry meaning behind "no", up to a verb."""
        for at in self._behind(place):
            if self.words[at].tells:
                yield at
                if self.words[at].is_verb:
                    return

    def _refused(self, place: int) -> Iterator[int]:
        """The verb behind "refused to", "stopped"."""
        for at in self._behind(place)[:_REFUSED]:
            word, before = self.words[at], self.words[at - 1].word
            if word.tells and (before == "to" or word.word.endswith("ing")):
                yield at
                return


def _is_inside(place: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)
