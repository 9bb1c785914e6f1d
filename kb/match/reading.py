"""A query's text, read once: all that matching needs of it, as bounded values.

This is the part of matching that outside text can make long, so it is linear, has budgets, and needs nothing
but the text: it can run in a process of its own that is killed when it takes too long, and what it gives is
handed over as JSON (kb/match/reading_json.py). Whoever matches looks at no text again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from kb.match.query import Query
from kb.match.stance import Stance, read_stance
from kb.text.dates import last_date
from kb.text.fingerprint import fingerprint
from kb.text.passages import passages
from kb.text.sorted_numbers import Stated, stated
from kb.text.words import STOP_WORDS, begun, capitalised, fold, stem_words, terms, words

_TITLE = 1_000  # characters: headlines have a hundred
_ENCODED = 4_000  # characters of a text for the encoder, which reads 256 tokens: some 1,200 characters
_STEMS = 20_000  # words in which quotations are looked for: LONGEST characters of English have 16,000
_TERMS = 8_000  # distinct ones: LONGEST characters of English have 3,000
_NAMES = 2_000  # distinct ones: LONGEST characters of English have 700
_PASSAGES = 100  # behind the first: as many as LONGEST characters of English have
_LEAD_WORDS = 60  # headline and first sentences say what a report is about; background comes later
_HALF_CHARACTERS = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A text, read once.

    `length` counts its words; `stems` are those of the words in order, `terms` the distinct ones that carry
    meaning. `names` are the lower-cased words that stand with a capital; all words where there are no
    capitals.
    """

    length: int
    stems: tuple[str, ...]
    terms: frozenset[str]
    names: frozenset[str]
    numbers: Stated

    @cached_property
    def places(self) -> dict[str, NDArray[np.int64]]:
        """Where in `stems` each of them stands, in rising order."""
        by_stem: dict[str, list[int]] = {}
        for place, stem in enumerate(self.stems):
            by_stem.setdefault(stem, []).append(place)
        return {stem: np.array(places) for stem, places in by_stem.items()}


@dataclass(frozen=True, kw_only=True)
class Lead:
    """How a page begins; of words, all of them.

    `title` holds the terms of the title alone, `words` every word of title and lead, folded.
    """

    title: frozenset[str]
    words: frozenset[str]
    terms: frozenset[str]
    numbers: Stated


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A part of a page that is encoded by itself, and its terms."""

    text: str
    terms: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class QueryReading:
    """A query, read once.

    `stance` is what a page does itself. `day` is when a page was published or
    words are dated, if that is known. Vectors are made of `texts`: of a page's title and first passage, then
    of its title; of words as they are. `rest` holds a page's passages behind the first, `fingerprint` the
    hashes of its word triples (kb/text/fingerprint.py); of words there is neither.
    """

    is_page: bool
    whole: Reading
    lead: Lead
    stance: Stance
    day: date | None
    texts: tuple[str, ...]
    rest: tuple[Passage, ...]
    fingerprint: bytes

    @property
    def lead_text(self) -> str:
        """What the first vector is made of: a page's title and first passage, or the words."""
        return self.texts[0]


def read_query(query: Query) -> QueryReading:
    """Read a query for matching, in time and size in proportion to its text up to LONGEST characters."""
    title, text = _legible(begun(query.title, _TITLE)), _legible(begun(query.text))
    whole = read_text(f"{title}\n{text}" if title else text)
    if not query.is_page:
        words_begun = text[:_ENCODED]
        return QueryReading(
            is_page=False,
            whole=whole,
            lead=Lead(
                title=whole.terms,
                words=whole.names,
                terms=whole.terms,
                numbers=whole.numbers,
            ),
            stance=Stance(),
            day=last_date(text),
            texts=(words_begun,),
            rest=(),
            fingerprint=b"",
        )
    first, *rest = passages(text) or ("",)
    return QueryReading(
        is_page=True,
        whole=whole,
        lead=_read_lead(title, first),
        stance=read_stance(title, text),
        day=query.published,
        texts=(f"{title}\n{first}".strip()[:_ENCODED], (title or first)[:_ENCODED]),
        rest=tuple(_passage(text) for text in rest[:_PASSAGES]),
        fingerprint=fingerprint(text),
    )


def read_text(text: str) -> Reading:
    """Read one text; what exceeds a budget is left out, the beginning kept."""
    folded = list(map(fold, words(text)))
    stems = stem_words(folded)
    telling = (stem for word, stem in zip(folded, stems, strict=True) if word not in STOP_WORDS)
    return Reading(
        length=len(folded),
        stems=stems[:_STEMS],
        terms=_first(telling, _TERMS),
        names=_first(map(fold, capitalised(text)), _NAMES) or _first(folded, _NAMES),
        numbers=stated(text),
    )


def _read_lead(title: str, first: str) -> Lead:
    lead = next(iter(passages(first, _LEAD_WORDS)), "")[:_ENCODED]
    whole = f"{title}\n{lead}" if title else lead
    return Lead(
        title=terms(title),
        words=frozenset(map(fold, words(whole))),
        terms=terms(whole),
        numbers=stated(whole),
    )


def _passage(text: str) -> Passage:
    return Passage(text=text[:_ENCODED], terms=terms(text[:_ENCODED]))


def _legible(text: str) -> str:
    """The text without half characters (lone surrogates), which cannot be written down."""
    return _HALF_CHARACTERS.sub("\ufffd", text)


def _first(items: Iterable[str], most: int) -> frozenset[str]:
    """The first distinct ones."""
    return frozenset(islice(_distinct(items), most))


def _distinct(items: Iterable[str]) -> Iterable[str]:
    seen: set[str] = set()
    for item in items:
        if item not in seen:
            seen.add(item)
            yield item
