"""The forms that one word of a name takes: inflected, swapped by a program, or grown from its beginning."""

from __future__ import annotations

import re

from kb.compare.tables.swaps import SPINS
from kb.text.words import fold, stem_words

BEGINNING, BEGINNING_SHARE = 4, 0.6
"""So many letters, and so much of the word, a form has in common with it."""


def allowed(word: str) -> str:
    """The word itself, what is known to be put in for it, and words with the same beginning."""
    listed = [re.escape(put).replace(r"\-", "[ -]?") for put in SPINS.get(word, "").split()]
    options = [re.escape(word) + "(?:[’']s)?", *(put + r"\w{0,3}" for put in listed)]
    if len(word) > BEGINNING:
        beginning = max(BEGINNING, round(BEGINNING_SHARE * len(word)))
        options.append(re.escape(word[:beginning]) + r"\w{0,8}")
        options += [re.escape(word[:cut]) + r"\s[A-Z]\w+" for cut in range(BEGINNING, len(word) - 2)]
    return "(?i:" + "|".join(options) + ")"


def is_same(own: str, put: str) -> bool:
    """Whether a word was only inflected, or spelt another way."""
    own_stem, stem = stem_words([own, fold(put)])
    plain = fold(put).replace("-", "").replace(" ", "")
    return own_stem == stem or plain.replace("ou", "o").replace("re", "er") == own.replace("ou", "o").replace(
        "re", "er"
    )


def is_listed(own: str, put: str) -> bool:
    """Whether a word is known to be put in for another by programs."""
    listed = SPINS.get(own, "").split()
    plain = fold(put).replace(" ", "-")
    return plain in listed or stem_words([plain])[0] in stem_words(listed)


def has_grown(own: str, put: str) -> bool:
    """Whether a word begins as the own one and goes on otherwise: Eastern → Easterly."""
    first = fold(put).split()[0]
    if " " in put:
        return own.startswith(first) and len(first) >= BEGINNING
    common = next(
        (n for n, (a, b) in enumerate(zip(own, first, strict=False)) if a != b), min(len(own), len(first))
    )
    return common >= max(BEGINNING, BEGINNING_SHARE * len(own))
