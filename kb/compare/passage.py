"""An article read once for comparing: its words with their places, sentences, language and quantities."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice

from kb.compare.language import language_of
from kb.compare.quantities import NUMBER, Quantity, quantities
from kb.compare.quotes.marks import Part, quoted
from kb.compare.tables.vocabulary import CANONICAL
from kb.compare.values import Article, Snippet
from kb.text.words import STOP_WORDS, fold, sentence_places, stem_words

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SPOKEN = re.compile(r"“[^”\n]*(?:[”\n]|\Z)|\"[^\"\n]*\"|«[^«»\n]*»")
MOST_NUMBERS = 250
MOST_QUOTATIONS = 150  # a page with more is no report
_COGNATE = 5  # letters: électricité, Elektrizität → electricity
_NO_WORD = re.compile(
    r"\S{80,}"
)  # no word is so long, and patterns that look for its end would take for ever
LONGEST = 20_000  # characters; what stands further on is not compared


@dataclass(frozen=True, slots=True)
class Token:
    """A word: its place, its folded form, and the stem that stands for it and its synonyms."""

    start: int
    end: int
    word: str
    stem: str
    capital: bool


class Passage:
    """An article's title and text as one, and what is found in it."""

    def __init__(self, article: Article) -> None:
        self.article = article
        whole = f"{article.title}\n{article.text}" if article.title else article.text
        self.text = _NO_WORD.sub(lambda match: " " * len(match[0]), whole[:LONGEST])
        self._meanings: dict[tuple[int, int], frozenset[str]] = {}
        self.language = language_of(self.text, article.language)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The words in order."""
        return tokens(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The distinct stems of all words that carry meaning."""
        return self.meaning(0, len(self.text))

    def meaning(self, start: int, end: int) -> frozenset[str]:
        """The stems that carry meaning in a stretch of the text, as `comparable` gives them."""
        if (start, end) not in self._meanings:
            own = frozenset(map(self.comparable, content(self.between(start, end))))
            self._meanings[start, end] = own
        return self._meanings[start, end]

    def comparable(self, stem: str) -> str:
        """A stem as it can be compared: in another language than English, how a word begins that both may
        share."""
        if self.language == "en":
            return stem
        plain = "".join(c for c in unicodedata.normalize("NFKD", stem) if not unicodedata.combining(c))
        return plain[:_COGNATE]

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Where each sentence starts and ends; a title is one of its own."""
        return tuple(sentence_places(self.text))

    @cached_property
    def spoken(self) -> tuple[tuple[int, int], ...]:
        """Where something stands in double quotation marks."""
        return tuple(match.span() for match in _SPOKEN.finditer(self.text))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """The quantities in order, without dates, ages and the like; none where there are too many."""
        return () if self.has_too_many_numbers else self._read

    @cached_property
    def _read(self) -> tuple[Quantity, ...]:
        if self._count > MOST_NUMBERS:
            return ()
        return quantities(self.text, decimal_comma=self.language not in {"en", None})

    @cached_property
    def _count(self) -> int:
        return len(NUMBER.findall(self.text))

    @cached_property
    def has_too_many_numbers(self) -> bool:
        """Whether this is a table, and no report."""
        return max(self._count, len(self._read)) > MOST_NUMBERS

    @cached_property
    def quotations(self) -> tuple[Part, ...]:
        """The stretches in quotation marks in order, the first ones where there are too many."""
        return self._quoted[:MOST_QUOTATIONS]

    @property
    def has_too_many_quotations(self) -> bool:
        """Whether the page has more quotations than are compared."""
        return len(self._quoted) > MOST_QUOTATIONS

    @cached_property
    def _quoted(self) -> tuple[Part, ...]:
        return tuple(islice(quoted(self.text), MOST_QUOTATIONS + 1))

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(token.start for token in self.tokens)

    @cached_property
    def _sentence_starts(self) -> tuple[int, ...]:
        return tuple(start for start, _ in self.sentences)

    def between(self, start: int, end: int) -> tuple[Token, ...]:
        """The words that start inside a stretch of the text."""
        return self.tokens[bisect_right(self._starts, start - 1) : bisect_right(self._starts, end - 1)]

    def sentence_at(self, place: int) -> int:
        """The number of the sentence at a place of the text."""
        return max(bisect_right(self._sentence_starts, place) - 1, 0)

    def paragraph_of(self, number: int) -> int:
        """The number of the first sentence in the paragraph of a sentence."""
        return self._paragraphs[number]

    @cached_property
    def _paragraphs(self) -> tuple[int, ...]:
        ends = [0, *(end for _, end in self.sentences)]
        begins = (
            number if not number or "\n" in self.text[end:start] else 0
            for number, (end, (start, _)) in enumerate(zip(ends, self.sentences, strict=False))
        )
        return tuple(accumulate(begins, max))

    def is_title(self, place: int) -> bool:
        """Whether a place of the text lies in the title."""
        return place < len(self.article.title)

    def is_spoken(self, place: int) -> bool:
        """Whether a place of the text lies in double quotation marks."""
        at = bisect_right(self._spoken_starts, place) - 1
        return at >= 0 and place < self.spoken[at][1]

    @cached_property
    def _spoken_starts(self) -> tuple[int, ...]:
        return tuple(start for start, _ in self.spoken)

    def snippet(self, start: int, end: int, short: str | None = None) -> Snippet:
        """The words at a place, as evidence."""
        text = self.text[start:end]
        return Snippet(text=text, start=start, end=end, short=text if short is None else short)


def tokens(text: str) -> tuple[Token, ...]:
    """The words of a text with their places; hyphens hold a word together."""
    matches = list(_WORD.finditer(text))
    folded = [fold(match[0]) for match in matches]
    return tuple(
        Token(match.start(), match.end(), word, CANONICAL.get(stem, stem), match[0][0].isupper())
        for match, word, stem in zip(matches, folded, stem_words(folded), strict=True)
    )


def content(words: Iterable[Token]) -> frozenset[str]:
    """The stems that carry meaning."""
    return frozenset(token.stem for token in words if token.word not in STOP_WORDS)
