"""What a text is made of, for matching and comparing: words, stems, names, numbers and quotes.

Every function here takes time in proportion to the text, whatever stands in it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable

import Stemmer

from kb.text.numbers import Number as Number  # noqa: PLC0414  # part of this module's interface
from kb.text.numbers import numbers as numbers  # noqa: PLC0414  # the same
from kb.text.numbers import significant_digits as significant_digits  # noqa: PLC0414  # the same
from kb.text.word_lists import alternatives, word_list

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_TAG = re.compile(r"[#@](\w+)")
_URL = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\Wa-z_])|\n+")
_ABBREVIATED = re.compile(
    r"(?:\b"
    + alternatives(word_list("kb/text/tables/abbreviations.txt"))
    + r"|\b[A-Z]|\b(?:[A-Za-z]\.)+[A-Za-z])\.$"
)
_CAPITALISED = re.compile(r"[^\W\d_a-zà-ÿ][\w'’-]+")  # "U" and "S" of "U.S." are no names

STOP_WORDS = frozenset(word_list("kb/text/tables/stop_words.txt"))
"""Words of English that carry no meaning."""

_QUOTES = re.compile(r"“([^“”]{3,}?)”|\"([^\"\n]{3,}?)\"|«([^«»]{3,}?)»|„([^„“”]{3,}?)[“”]")

LONGEST = 100_000
"""Characters of a text that are read for matching: some 16,000 words. A page says before what it is about."""

_LONGEST_WORD = 100
_stemmers = threading.local()


def begun(text: str, longest: int = LONGEST) -> str:
    """The first `longest` characters of a text, less what is left of a word or number that they cut."""
    if len(text) <= longest:
        return text
    start = max(0, longest - _LONGEST_WORD)
    blank = max(text.rfind(space, start, longest + 1) for space in " \n")
    return text[: blank if blank >= 0 else longest]


def fold(word: str) -> str:
    """Lower case, without a possessive ending and with one kind of apostrophe."""
    return word.casefold().replace("’", "'").removesuffix("'s")


def words(text: str) -> list[str]:
    """The words of a text in order; `#HashTags` and `@HandlesLikeThis` are split, addresses left out."""
    without_addresses = _URL.sub(" ", text)
    plain = _TAG.sub(lambda tag: _CAMEL.sub(" ", tag[1].replace("_", " ")), without_addresses)
    return _WORD.findall(plain)


def stems(text: str) -> tuple[str, ...]:
    """The stems of all words in order (Snowball English)."""
    return tuple(_stemmer().stemWords([fold(word) for word in words(text)]))


def stem_words(folded: Iterable[str]) -> tuple[str, ...]:
    """The stems of folded words, one by one (Snowball English)."""
    return tuple(_stemmer().stemWords(list(folded)))


def capitalised(text: str) -> list[str]:
    """The words and ends of words that begin with a capital, in order."""
    return _CAPITALISED.findall(text)


def terms(text: str) -> frozenset[str]:
    """The distinct stems of the words that carry meaning."""
    meaningful = [word for word in map(fold, words(text)) if word not in STOP_WORDS]
    return frozenset(_stemmer().stemWords(meaningful))


def _stemmer() -> Stemmer.Stemmer:
    if not hasattr(_stemmers, "english"):
        _stemmers.english = Stemmer.Stemmer("english")  # not safe to share between threads
    stemmer: Stemmer.Stemmer = _stemmers.english
    return stemmer


def sentences(text: str) -> list[str]:
    """Split at sentence ends and line breaks, but not after "Mr.", "U.S." or an initial."""
    return [text[start:end] for start, end in sentence_places(text)]


def sentence_places(text: str) -> list[tuple[int, int]]:
    """Where each sentence starts and ends, without the space around it."""
    places, start = [], 0
    for end in _SENTENCE_END.finditer(text):
        if "\n" not in end[0] and _ABBREVIATED.search(text, max(start, end.start() - 12), end.start()):
            continue
        places.append((start, end.start() + len(end[0].rstrip())))
        start = end.end()
    places.append((start, len(text)))
    trimmed = [
        (begin + _blanks(text[begin:end]), begin + len(text[begin:end].rstrip())) for begin, end in places
    ]
    return [(begin, end) for begin, end in trimmed if begin < end]


def _blanks(text: str) -> int:
    return len(text) - len(text.lstrip())


def names(text: str) -> frozenset[str]:
    """The lower-cased words of proper names: capitalised, and not only because a sentence starts there.

    A headline in title case tells nothing about names, so a sentence with mostly capitals is left out.
    """
    named: set[str] = set()
    for sentence in sentences(text):
        tokens = words(sentence)
        capitals = [token for token in tokens if token[0].isupper() and len(token) > 1]
        if len(tokens) > 4 and len(capitals) > 0.6 * len(tokens):  # noqa: PLR2004 - measured on headlines
            continue
        first_is_name = len(tokens) > 1 and tokens[1][0].isupper()
        named.update(capitals if first_is_name else [t for t in capitals if t is not tokens[0]])
    return frozenset(fold(name) for name in named) - STOP_WORDS


def quotes(text: str) -> tuple[str, ...]:
    """The passages in double, curly or angle quotation marks, without the marks."""
    return tuple(next(filter(None, match.groups())) for match in _QUOTES.finditer(text))


def without_quotes(text: str) -> str:
    """The text with nothing between its quotation marks, which stay."""
    return _QUOTES.sub(lambda quoted: f"{quoted[0][0]} {quoted[0][-1]}", text)
