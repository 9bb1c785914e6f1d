"""Which stretches two sequences of words have in common, found in a bounded number of steps."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate

_OVERHEAD = 8  # steps for each word of a pair, whatever they have in common


def matching_blocks(record: Sequence[str], here: Sequence[str], most: int) -> tuple[list[Match] | None, int]:
    """The stretches in common, longest first found (`difflib`), in order; and the steps that it took.

    None where it takes more than `most` steps: a word that is said again and again makes `difflib` cubic.
    """
    matcher = _Counting(record, here, most)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    return (None if matcher.left < 0 else blocks), most - matcher.left


class _Counting(SequenceMatcher[str]):
    """A matcher that counts its steps, and finds nothing more once they are used up."""

    def __init__(self, record: Sequence[str], here: Sequence[str], most: int) -> None:
        super().__init__(None, record, here, autojunk=False)
        self.left = most - _OVERHEAD * (len(record) + len(here))
        self._longest = len(record)
        steps = (1 + len(self.b2j.get(word, ())) for word in record)  # type: ignore[attr-defined]  # typeshed lacks it
        self._steps = [0, *accumulate(steps)]

    def find_longest_match(
        self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None
    ) -> Match:
        self.left -= self._steps[self._longest if ahi is None else ahi] - self._steps[alo]
        return Match(alo, blo, 0) if self.left < 0 else super().find_longest_match(alo, ahi, blo, bhi)
