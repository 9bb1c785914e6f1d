"""One reading of text for matching and comparing: words, stems, names, numbers and quotes."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import cached_property

import Stemmer

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_TAG = re.compile(r"[#@](\w+)")
_URL = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\Wa-z_])|\n+")
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

_UNITS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
""".split()
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_COUNTS = {word: float(value) for value, word in enumerate(_UNITS)} | {
    word: float(value) for value, word in zip(range(20, 100, 10), _TENS, strict=True)
}
_MAGNITUDES = {
    "dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "mln": 1e6, "m": 1e6,
    "billion": 1e9, "bn": 1e9, "bln": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12, "trn": 1e12,
}  # fmt: skip
_COUNT_WORDS = "|".join(_COUNTS)
_SCALE_WORDS = "|".join(word for word in _MAGNITUDES if len(word) > 1)
_NUMBER = re.compile(
    # A digit group never starts inside a word, a decimal or a longer group ("B2B", "1.2.3", "12,34").
    r"(?<![\w.,])(?P<digits>\d{1,3}(?:[,\u00a0\u202f]\d{3})+|\d+)(?P<decimals>\.\d+)?(?![\d]|[.,]\d)"
    rf"(?:[\s\u00a0-]?(?P<scale>{_SCALE_WORDS})s?\b|(?P<letter>[kmb])\b)?"
    rf"|\b(?P<words>(?:{_COUNT_WORDS}|a|several)(?:[\s-]+(?:{_COUNT_WORDS}|{_SCALE_WORDS}|and))*)\b",
    re.IGNORECASE,
)
_QUOTES = re.compile(r"“([^“”]{3,}?)”|\"([^\"\n]{3,}?)\"|«([^«»]{3,}?)»|„([^„“”]{3,}?)[“”]")

_stemmers = threading.local()


@dataclass(frozen=True, kw_only=True)
class Number:
    """A quantity as the text has it: `value` in plain units, `text` verbatim."""

    value: float
    text: str
    start: int


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
    """Split at sentence ends and line breaks; abbreviations before a capital may split too early."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


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


def numbers(text: str) -> tuple[Number, ...]:
    """The quantities of a text: "8,600", "2 million", "$4.5bn", "five", "two hundred"."""
    found = []
    for match in _NUMBER.finditer(text):
        value = _spelled(match["words"]) if match["words"] else _written(match)
        if value is not None:
            found.append(Number(value=value, text=match[0], start=match.start()))
    return tuple(found)


def _written(match: re.Match[str]) -> float:
    digits = re.sub(r"\D", "", match["digits"])
    scale = _MAGNITUDES.get((match["scale"] or match["letter"] or "").lower(), 1.0)
    return float(digits + (match["decimals"] or "")) * scale


def _spelled(phrase: str) -> float | None:
    total, group, counted = 0.0, 0.0, False
    for word in re.split(r"[\s-]+", phrase.lower()):
        if word in _COUNTS:
            group, counted = group + _COUNTS[word], True
        elif word in _MAGNITUDES:
            scale = _MAGNITUDES[word]
            group, counted = (group or 1.0) * scale, True
            if scale >= _MAGNITUDES["thousand"]:
                total, group = total + group, 0.0
    return total + group if counted else None


def significant_digits(value: float) -> int:
    """How many digits a number is stated with: 582 → 3, 8,600 → 2, 2 billion → 1."""
    return len(f"{value:.12g}".split("e")[0].replace(".", "").strip("0")) or 1


def quotes(text: str) -> tuple[str, ...]:
    """The passages in double, curly or angle quotation marks, without the marks."""
    return tuple(next(filter(None, match.groups())) for match in _QUOTES.finditer(text))
