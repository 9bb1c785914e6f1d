"""A page's direct speech, made ready for laying quotes on it: words, and names beside it, each found once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from kb.compare.names.people import introductions, name_words, speakers_in
from kb.compare.passage import Passage
from kb.compare.quotes.aligning import Word, words_of
from kb.compare.quotes.speech import Utterance, names_in, utterances
from kb.text.words import STOP_WORDS

_PARAGRAPH = 1500  # characters before a quotation in which its speaker may be named; by eye
_CONTENT, _MATCHED = 2, 6  # words in common, without which no quotation is another; with 8 one is missed


@dataclass(frozen=True, kw_only=True)
class Wording:
    """The words of a quotation, how often each stem is among them, and which of those carry meaning."""

    words: tuple[Word, ...]
    stems: Counter[str]
    content: Counter[str]

    @classmethod
    def of(cls, words: tuple[Word, ...]) -> Wording:
        """Count the stems of the words."""
        meaning = Counter(word.stem for word in words if word.form not in STOP_WORDS)
        return cls(words=words, stems=Counter(word.stem for word in words), content=meaning)


@lru_cache(maxsize=512)
def wording_of(text: str) -> Wording:
    """The wording of a quote on record."""
    return Wording.of(words_of(text, [(0, len(text))]))


class Spoken:
    """One utterance of the article, with what is found in and beside it as far as it is asked for."""

    def __init__(self, speech: Speech, utterance: Utterance) -> None:
        self._speech, self.utterance = speech, utterance

    @cached_property
    def wording(self) -> Wording:
        """Its words."""
        pieces = [(part.start, part.end) for part in self.utterance.parts]
        return Wording.of(words_of(self._speech.passage.text, pieces))

    def may_be(self, record: Wording) -> bool:
        """Whether it has so many words of a quote that it may be that quote, whatever their order."""
        if (record.stems & self.wording.content).total() >= _CONTENT:
            return True
        return (record.stems & self.wording.stems).total() >= _MATCHED

    @cached_property
    def named(self) -> frozenset[str]:
        """The words of names in what says whose words they are."""
        return _folded(self.utterance.names)

    @cached_property
    def named_before(self) -> frozenset[str]:
        """The words of names in the paragraph before it."""
        text, end = self._speech.passage.text, self.utterance.parts[0].start
        start = max(text.rfind("\n", 0, end) + 1, end - _PARAGRAPH)
        return _folded(names_in(text[start:end]))

    @cached_property
    def speakers(self) -> tuple[str, ...]:
        """The people who are said to speak, with first and last name."""
        return speakers_in(self.utterance.attribution, self._speech.introduced)


class Speech:
    """All direct speech of an article."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.spoken: Sequence[Spoken] = [Spoken(self, utterance) for utterance in utterances(passage)]

    @cached_property
    def introduced(self) -> dict[str, str]:
        """Everybody whom the article names with first and last name."""
        return introductions(self.passage.text)


def _folded(names: Sequence[str]) -> frozenset[str]:
    return frozenset(word for name in names for word in name_words(name))
