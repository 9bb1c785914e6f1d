"""What the index keeps of an entry in memory: what tells it from its neighbours, read once."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date

from kb.entries.entry import Entry
from kb.entries.texts import claims_of
from kb.search.known_pages import ListedPage, listed_pages
from kb.text.words import STOP_WORDS, fold, names, stems, terms, words


@dataclass(frozen=True, kw_only=True)
class ProfiledFigure:
    """A number on record: its value, and how readers are told of it."""

    value: float
    as_stated: str
    what: str


@dataclass(frozen=True, kw_only=True)
class ProfiledQuote:
    """The stems of a quotation that carry meaning, and whose words it is."""

    speaker: str
    terms: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """One entry's features, and the pages that it lists; `published` is the day of its original."""

    entry_id: str
    match_text: bool
    publisher: str
    publisher_words: frozenset[str]
    names: frozenset[str]
    figures: tuple[ProfiledFigure, ...]
    quotes: tuple[ProfiledQuote, ...]
    published: date | None
    original: str
    pages: tuple[ListedPage, ...]


def tokens(text: str) -> list[str]:
    """The stems that carry meaning, in order and as often as they stand."""
    telling = terms(text)
    return [stem for stem in stems(text) if stem in telling]


def profile(entry: Entry) -> Profile:
    """Read an entry. Caveats are left out: they name other stories' figures to tell them apart."""
    people = [quote.speaker for quote in entry.quotes]
    people += [figure.attributed_to or "" for figure in entry.figures]
    people += [claim.claimed_by or "" for claim in entry.claims]
    publisher = _capitals(entry.original.publisher)
    named = names(entry.summary).union(names(claims_of(entry)), *map(_capitals, people)) - publisher
    return Profile(
        entry_id=entry.id,
        match_text=entry.match_text,
        publisher=sys.intern(entry.original.publisher),
        publisher_words=publisher,
        names=frozenset(map(sys.intern, named)),
        figures=tuple(
            ProfiledFigure(value=figure.value, as_stated=figure.as_stated, what=figure.what)
            for figure in entry.figures
        ),
        quotes=tuple(ProfiledQuote(speaker=quote.speaker, terms=terms(quote.text)) for quote in entry.quotes),
        published=entry.original.published,
        original=entry.original.url,
        pages=listed_pages(entry),
    )


def _capitals(name: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words(name) if word[0].isupper()) - STOP_WORDS
