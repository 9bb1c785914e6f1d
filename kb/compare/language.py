"""In which language is this text? As far as it takes to know what can be compared."""

from __future__ import annotations

import re

from kb.text.word_lists import word_table
from kb.text.words import STOP_WORDS

_WORDS = {
    language: frozenset(words.split())
    for language, words in word_table("kb/compare/tables/function_words.txt").items()
}
_WORD = re.compile(r"[^\W\d_]+")
_LOOKED_AT = 400  # words
_CERTAIN_SHARE, _CERTAIN_LEAD = 0.12, 1.4  # of the words, and over the next language; set by hand
_STRANGE = 0.3  # of the characters, letters that English does not have
_SHARED = frozenset("a in an on no so me was am as is has do has we her he des i its most other to".split())
"""Words of English that other languages have as well."""
_WORDS_NEEDED = 3  # fewer are chance; set by hand


def function_words_of(language: str) -> frozenset[str]:
    """The words of a language that carry no meaning, as far as they are known."""
    code = language.partition("-")[0].lower()
    return frozenset() if code == "en" else _WORDS.get(code, frozenset())


def is_foreign(text: str) -> bool:
    """Whether a short text is in no English: no word that English needs, but another language's, or letters
    that English does not have."""
    words = {word.casefold() for word in _WORD.findall(text[: _LOOKED_AT * 20])[:_LOOKED_AT]}
    if not words or words & STOP_WORDS - _SHARED:
        return False
    strange = sum(not character.isascii() and character.isalpha() for character in text)
    others = frozenset().union(*(known for language, known in _WORDS.items() if language != "en"))
    return bool(words & others) or strange > _STRANGE * len(text)


def language_of(text: str, claimed: str | None = None) -> str | None:
    """The two-letter code, from function words; what the page claims where they tell nothing; or None."""
    words = [word.casefold() for word in _WORD.findall(text[: _LOOKED_AT * 20])[:_LOOKED_AT]]
    shares = sorted(
        ((sum(word in known for word in words), language) for language, known in _WORDS.items()), reverse=True
    )
    (most, language), (second, _) = shares[:2]
    if (
        words
        and most >= _WORDS_NEEDED
        and most >= _CERTAIN_SHARE * len(words)
        and most >= _CERTAIN_LEAD * second
    ):
        return language
    return claimed.partition("-")[0].lower() if claimed else None
