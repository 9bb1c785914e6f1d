"""Phrases that programs leave behind which swap synonyms one by one, and hardly anybody writes.

Strong ones are wrong as English; weak ones are only rarer than the plain word, and many of them count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kb.text.word_lists import any_of, word_lists


def _compiled(lines: Iterable[str]) -> re.Pattern[str]:
    """A regular expression for any line of the list, as its head explains them."""
    rows = [row.replace("'", "['’]").replace("[A-Z]", "(?-i:[A-Z])") for row in lines]
    whole = [row + r"(?![A-Za-z])" if row[-1].isalpha() else row for row in rows]
    return re.compile(r"(?<![A-Za-z])(?=\S)" + any_of(whole), re.IGNORECASE)


_PHRASES = word_lists("kb/compare/tables/spinning.txt", "strong", "weak")
_AFTER_A, _AFTER_AN = word_lists("kb/compare/tables/odd_articles.txt", "a", "an").values()
STRONG = (
    _compiled(_PHRASES["strong"]),
    re.compile(r"\ba " + any_of(_AFTER_A) + r"\b|\ban " + any_of(_AFTER_AN) + r"\b", re.IGNORECASE),
)
WEAK = (
    _compiled(_PHRASES["weak"]),
    re.compile(r"[,?!][”\"']\s(?:\w+\s){0,3}?(?:mentioned|advised|famous|knowledgeable)\b"),
)
_MOST = 40  # distinct phrases; a few are enough to tell


def tics(text: str) -> tuple[list[str], list[str]]:
    """The distinct strong and weak phrases of a text, in lower case, in order."""
    strong = _distinct(STRONG, text)
    return strong, [tic for tic in _distinct(WEAK, text) if not any(tic in other for other in strong)]


def weight(text: str) -> int:
    """How much a text reads like swapped synonyms: strong phrases count twice, weak ones half."""
    strong, weak = tics(text)
    return 2 * len(strong) + len(weak) // 2


def _distinct(patterns: tuple[re.Pattern[str], ...], text: str) -> list[str]:
    phrases = (" ".join(match[0].split()) for pattern in patterns for match in pattern.finditer(text))
    return list(dict.fromkeys(tic.strip("\"”“', ").lower() for tic in phrases))[:_MOST]
