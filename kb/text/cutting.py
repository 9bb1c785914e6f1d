"""Where a text may be cut: between words, and never inside of what people see as one character."""

from __future__ import annotations

import unicodedata

_LONGEST_CLUSTER = 64
"""Characters that are looked through for where one begins; letters with more marks are cut."""
_JOINER = "\u200d"
_FLAG = range(0x1F1E6, 0x1F200)
_SKIN = range(0x1F3FB, 0x1F400)


def shortened(text: str, most: int, ending: str = "…") -> str:
    """The text or, where it is longer than `most` characters, its beginning and the ending."""
    return text if len(text) <= most else at_word(text, most - len(ending)) + ending


def at_word(text: str, end: int) -> str:
    """The beginning of a text, up to the last word that ends before `end`; a single long word is cut."""
    start = text[: max(end, 0)]
    if not text[len(start) : len(start) + 1].strip():
        return start.rstrip()
    words, space, _ = start.rpartition(" ")
    return words.rstrip() if space and words.strip() else text[: whole(text, len(start))]


def whole(text: str, end: int) -> int:
    """The last place up to `end` that parts no character from its marks, no emoji and no flag."""
    for place in range(end, max(end - _LONGEST_CLUSTER, -1), -1):
        if not 0 < place < len(text) or not _belong(text, place):
            return place
    return end


def _belong(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if unicodedata.category(after).startswith("M") or _JOINER in (before, after) or ord(after) in _SKIN:
        return True
    return ord(before) in _FLAG and ord(after) in _FLAG and _flags(text, place) % 2 == 1


def _flags(text: str, place: int) -> int:
    """How many halves of flags stand before a place."""
    start = place
    while start and ord(text[start - 1]) in _FLAG:
        start -= 1
    return place - start
