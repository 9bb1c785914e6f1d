"""What a text does with a claim or a story: denies it, negates something, tells what followed from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.text.word_lists import word_lists
from kb.text.words import fold, stem_words, words

_DENIAL, _NEGATION, _AFTERMATH = map(
    frozenset, word_lists("kb/text/tables/cues.txt", "denial", "negation", "aftermath").values()
)


@dataclass(frozen=True, kw_only=True)
class Cues:
    """The stems of words of `denial` and of `aftermath` in a text, and how many `negations` it has."""

    denial: frozenset[str] = frozenset()
    aftermath: frozenset[str] = frozenset()
    negations: int = 0

    def denials_beside(self, known: Cues) -> int:
        """How often this text denies what the other one does not deny itself.

        Whoever tells that something was never done negates something, and denies nothing by it.
        """
        return len(self.denial - known.denial) + (0 if known.negations else self.negations)


NO_CUES = Cues()


def read_cues(text: str) -> Cues:
    """Read the cues of a text, in time in proportion to it."""
    folded = [fold(word) for word in words(text)]
    both = list(zip(folded, stem_words(folded), strict=True))
    return Cues(
        denial=frozenset(stem for word, stem in both if word in _DENIAL),
        aftermath=frozenset(stem for word, stem in both if word in _AFTERMATH),
        negations=sum(map(_negates, folded)),
    )


def count_denials(folded: Sequence[str]) -> int:
    """How many of these words, folded, deny or negate something."""
    return sum(word in _DENIAL or _negates(word) for word in folded)


def _negates(word: str) -> bool:
    return word in _NEGATION or word.endswith("n't")
