"""One reading of text for matching and comparing: words, stems, names, numbers and quotes."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import Stemmer

from kb.numerals import Number as Number  # noqa: PLC0414  # part of this module's interface
from kb.numerals import numbers as numbers  # noqa: PLC0414  # the same
from kb.numerals import significant_digits as significant_digits  # noqa: PLC0414  # the same

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_TAG = re.compile(r"[#@](\w+)")
_URL = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\Wa-z_])|\n+")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Sen|Rep|Gov|St|No|vs|approx|ca|Jr|Sr|Inc|Ltd|Co|Corp|Jan|Feb|Mar"
    r"|Apr|Aug|Sept|Sep|Oct|Nov|Dec)|\b[A-Z]|\b(?:[A-Za-z]\.)+[A-Za-z])\.$"
)
_CAPITALISED = re.compile(r"[^\W\d_a-zà-ÿ][\w'’-]*")

STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are as at be because been before being
    below between both but by can could did do does doing down during each few for from further get got
    had has have having he her here hers herself him himself his how i if in into is it its itself just
    like me more most my myself no nor not now of off on once only or other our ours ourselves out over
    own same say says said she should so some such than that the their theirs them themselves then there
    these they this those through to too under until up us very via was we were what when where which
    while who whom why will with would you your yours yourself yourselves
    """.split()
)

_QUOTES = re.compile(r"“([^“”]{3,}?)”|\"([^\"\n]{3,}?)\"|«([^«»]{3,}?)»|„([^„“”]{3,}?)[“”]")

_stemmers = threading.local()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A text, read once: its words and stems in order, its names, numbers and quotes."""

    title: str
    text: str

    @cached_property
    def whole(self) -> str:
        """Title and text, the title first."""
        return f"{self.title}\n{self.text}" if self.title else self.text

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The stems of all words, in order."""
        return stems(self.whole)

    @cached_property
    def terms(self) -> frozenset[str]:
        """The distinct stems that carry meaning: no stop words."""
        return terms(self.whole)

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        """The quantities in digits and words."""
        return numbers(self.whole)

    @cached_property
    def name_words(self) -> frozenset[str]:
        """The lower-cased words that stand with a capital; all words where the text has no capitals."""
        capitalised = frozenset(fold(word) for word in _CAPITALISED.findall(self.whole))
        return capitalised or frozenset(fold(word) for word in words(self.whole))


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
    found: set[str] = set()
    for sentence in sentences(text):
        tokens = words(sentence)
        capitals = [token for token in tokens if token[0].isupper()]
        if len(tokens) > 4 and len(capitals) > 0.6 * len(tokens):  # noqa: PLR2004 - measured on headlines
            continue
        first_is_name = len(tokens) > 1 and tokens[1][0].isupper()
        found.update(capitals if first_is_name else [t for t in capitals if t is not tokens[0]])
    return frozenset(fold(name) for name in found) - STOP_WORDS


def quotes(text: str) -> tuple[str, ...]:
    """The passages in double, curly or angle quotation marks, without the marks."""
    return tuple(next(filter(None, match.groups())) for match in _QUOTES.finditer(text))
