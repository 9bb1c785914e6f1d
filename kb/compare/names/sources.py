"""Who is named as a source, sentence by sentence: each sentence of an article is read once for it."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, cached_property, lru_cache

from kb.compare.passage import Passage, tokens
from kb.compare.quotes.speech import SPEECH_VERBS
from kb.text.word_lists import alternatives, any_of, word_list
from kb.text.words import STOP_WORDS

_SAYING = SPEECH_VERBS - {"state", "states", "post", "point", "rule", "put", "puts"}
_ATTRIBUTING = re.compile(
    r"\b(?:" + alternatives(_SAYING) + "|" + any_of(word_list("kb/compare/tables/attributing.txt")) + r")\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:may|might|could|would|should|if|whether|possib\w+|potential\w*|likely|expect\w*|plan(?:s|ned"
    r"|ning)?|hop(?:e|es|ed|ing))\b|\?",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"\b(?:(?:nobody|no one|none|hard|impossible|not)\s+(?:can|could|will|to|has)\s+\w+"
    r"|(?:been|were|was|are|is|be|being)\s+(?:\w+\s)?(?:informed|told|asked|called|advised|warned|urged)"
    r"|demand(?:s|ed|ing)?\s+(?:an?|the|\W?\d[\d.,]*)\s(?!\w+\s+(?:that|to))"
    r"|claim(?:s|ed|ing)?\s+(?:\w+\s+){0,2}(?:lives|victims|responsibility|life|titles?|prizes?))\b",
    re.IGNORECASE,
)  # nobody is the source of these
_THE_NUMBERS = re.compile(
    r"\b(?:official|the|new|latest|own|shocking|alarming)\s(?:figures?|numbers?|data|statistics|findings|results)\b",
    re.IGNORECASE,
)
_THESE = re.compile(
    r"\b(?:these|those)\s(?:figures|numbers|data|statistics|findings|results)\b", re.IGNORECASE
)
_GATHERED = re.compile(
    r"\b(?:gather|collect|compil|publish|releas|obtain|provid|suppl|assembl|gave|count|add)\w*\s(?:\w+\s){0,2}?"
    r"(?:the|these|those|its|their|his|her|all)\s(?:\w+\s)?(?:figures?|numbers?|data|lists?|statistics|counts?)\b"
    r"|\b(?:that is|that['’]s|this is)\s(?:from|according|the (?:result|finding)|what\b[^.]{1,40}\bfound)\b",
    re.IGNORECASE,
)
_STUDIED = re.compile(
    r"\b(?:researchers?|scientists|stud(?:y|ies)|surveys?|polls?|pollsters)\b", re.IGNORECASE
)
_PLACED = re.compile(r",|\s(?:in|of|at|for)\s")  # the laboratory in Herrick has no name of its own
_LEAD = 4  # sentences, the title among them


class Sources:
    """What each sentence of an article tells of its sources, as far as it is asked for.

    Sentences go by their number, as in `Passage.sentences`.
    """

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self.names_source = cache(self._names_source)
        self.speaks_of = cache(self._speaks_of)

    def text(self, number: int) -> str:
        """The words of a sentence."""
        return self._passage.text[slice(*self._passage.sentences[number])]

    def _names_source(self, number: int) -> bool:
        """Whether a sentence names anybody as the source, by any word of saying."""
        return names_source(self.text(number))

    def _speaks_of(self, to: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The sentences in which a party stands, and those of them that name a source.

        It is then at least plain whose matter a sentence is.
        """
        own = _party(to)
        spoken = tuple(number for number, stems in enumerate(self.stems) if own and own <= stems)
        return spoken, tuple(number for number in spoken if self.names_source(number))

    @cached_property
    def stems(self) -> tuple[frozenset[str], ...]:
        """The stems of each sentence."""
        return tuple(
            frozenset(token.stem for token in self._passage.between(*place))
            for place in self._passage.sentences
        )

    @cached_property
    def _stems_with_source(self) -> frozenset[str]:
        numbers = range(len(self._passage.sentences))
        return frozenset[str]().union(
            *(self.stems[number] for number in numbers if self.names_source(number))
        )

    @cached_property
    def says_whose_numbers(self) -> bool:
        """Whether the page calls its numbers somebody's, or introduces a study in its first sentences."""
        texts = list(map(self.text, range(len(self._passage.sentences))))
        return any(_STUDIED.search(sentence) for sentence in texts[:_LEAD]) or any(
            _THESE.search(sentence)
            or _GATHERED.search(sentence)
            or (_THE_NUMBERS.search(sentence) and self.names_source(number))
            for number, sentence in enumerate(texts)
        )

    def is_common(self, to: str) -> bool:
        """Whether a party without a name ("the ministry") is spoken of in any sentence that names a source.

        Such a party has many names, and is mostly named once for the whole story.
        """
        party = tokens(_PLACED.split(to, maxsplit=1)[0])
        if any(token.capital for token in party):
            return False
        own = {token.stem for token in party if token.word not in STOP_WORDS}
        return not own.isdisjoint(self._stems_with_source)

    def is_plain(self, number: int, to: str) -> bool:
        """Whether a sentence and those beside it name no source.

        Beside it are its neighbours in the paragraph and, where it is a paragraph alone, the paragraphs
        around it; elsewhere the last sentence before the paragraph counts only where it speaks of whoever is
        on record.
        """
        spoken, _ = self.speaks_of(to)
        if (
            self.names_source(number)
            or _HEDGED.search(self.text(number))
            or _any_in(spoken, number, number + 1)
        ):
            return False
        beside = [other for other in (number - 1, number + 1) if 0 <= other < len(self._passage.sentences)]
        together = [other for other in beside if self._is_same_paragraph(number, other)]
        if any(self.names_source(other) for other in together or beside):
            return False
        return not self._is_credited(number, to)

    def _is_credited(self, number: int, to: str) -> bool:
        """Whether a party is named earlier in the paragraph, or as a source in the one before."""
        here = self._passage.paragraph_of(number)
        first = self._passage.paragraph_of(here - 1) if here else here
        spoken, as_source = self.speaks_of(to)
        return _any_in(spoken, here, number + 1) or _any_in(as_source, first, here)

    def _is_same_paragraph(self, one: int, other: int) -> bool:
        return self._passage.paragraph_of(one) == self._passage.paragraph_of(other)


def _any_in(numbers: tuple[int, ...], start: int, end: int) -> bool:
    at = bisect_left(numbers, start)
    return at < len(numbers) and numbers[at] < end


@lru_cache(maxsize=1024)
def _party(to: str) -> frozenset[str]:
    """The stems by which a party is known: of its name, or of all its words where it has none."""
    named = tokens(to.split(",", maxsplit=1)[0])
    own = [token for token in named if token.capital]
    return frozenset(
        token.stem for token in own or [token for token in named if token.word not in STOP_WORDS]
    )


def names_source(sentence: str) -> bool:
    """Whether a sentence names anybody as the source, by any word of saying."""
    return _ATTRIBUTING.search(_NOBODY.sub(" ", sentence)) is not None
