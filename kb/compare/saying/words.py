"""Words by what they mean: one stem for all that say the same, one name for a country and its people."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb.compare.tables.turning import COUNTRIES, DOING, NAMES_OF_COUNTRIES, same_thing
from kb.text.words import STOP_WORDS, fold, stem_words

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[,;:–—()]")
_STOPS = frozenset("but while although though because whereas however".split()) | set(",;:–—()")
AUXILIARIES = frozenset(
    "is are was were be been being am has have had do does did will would can could shall should may might"
    " must get gets got isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't"
    " can't couldn't".split()
)
BEING = frozenset("is are was were be been being get gets got".split())
_NO_VERBS = frozenset("dead death deaths fatal red hundred united".split())


@dataclass(frozen=True, slots=True)
class Word:
    """A word: as it is written, folded, its plain stem, and the stem of all that mean the same."""

    text: str
    word: str
    stem: str
    means: str
    start: int
    clause: int

    @property
    def end(self) -> int:
        """Where it ends in its sentence."""
        return self.start + len(self.text)

    @property
    def tells(self) -> bool:
        """Whether it carries meaning."""
        is_name = self.text.isupper() and len(self.text) > 1  # "US", "IT", "WHO"
        dull = self.word in STOP_WORDS and not is_name
        return not dull and self.word not in AUXILIARIES and not self.word[0].isdigit()

    @property
    def is_of_people(self) -> bool:
        """Whether it says of what people something is: "Russian"."""
        return self.word in COUNTRIES and self.means in NAMES_OF_COUNTRIES

    @property
    def is_verb(self) -> bool:
        """Whether it may be a verb that says who did what."""
        return self.word not in _NO_VERBS and (
            self.means in DOING or (self.word.endswith("ed") and self.tells)
        )


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a sentence in order, each in its clause."""
    matches = list(_WORD.finditer(text))
    folded = [fold(match[0]) for match in matches]
    clause, read = 0, list[Word]()
    for match, word, stem in zip(matches, folded, stem_words(folded), strict=True):
        if word in _STOPS:
            clause += 1
        if word[0].isalnum():
            read.append(Word(match[0], word, stem, _meaning(match[0], word, stem), match.start(), clause))
    return tuple(read)


def _meaning(text: str, word: str, stem: str) -> str:
    if word in COUNTRIES and (word != "us" or text.isupper()):
        return COUNTRIES[word]
    if word in NAMES_OF_COUNTRIES:
        return word
    return same_thing(stem)
