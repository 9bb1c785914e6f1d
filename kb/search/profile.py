"""What the index keeps of an entry in memory: what tells it from its neighbours, read once."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import date

from kb.entries.entry import Entry, Figure
from kb.entries.texts import claims_of, passage
from kb.search.known_pages import ListedPage, listed_pages
from kb.text.cues import Cues, read_cues
from kb.text.numbers import numbers
from kb.text.sorted_numbers import ANY, COUNT, unit_of
from kb.text.words import STOP_WORDS, fold, names, stems, terms, words


@dataclass(frozen=True, kw_only=True)
class ProfiledFigure:
    """A number on record: its value, of what it is (kb.text.sorted_numbers), how readers are told of it."""

    value: float
    unit: str
    as_stated: str
    what: str


@dataclass(frozen=True, kw_only=True)
class ProfiledQuote:
    """The stems of a quotation that carry meaning, and whose words it is."""

    speaker: str
    terms: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """One entry's features, and the pages that it lists; `published` is the day of its original.

    `cues` are those of its own title and claims. `is_check`: its original checks a rumour, which may be
    older, and is told by the claims.
    """

    entry_id: str
    match_text: bool
    publisher: str
    publisher_words: frozenset[str]
    names: frozenset[str]
    figures: tuple[ProfiledFigure, ...]
    quotes: tuple[ProfiledQuote, ...]
    published: date | None
    cues: Cues
    is_check: bool
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
            ProfiledFigure(
                value=figure.value, unit=_unit(figure), as_stated=figure.as_stated, what=figure.what
            )
            for figure in entry.figures
        ),
        quotes=tuple(ProfiledQuote(speaker=quote.speaker, terms=terms(quote.text)) for quote in entry.quotes),
        published=entry.original.published,
        cues=_cues(entry),
        is_check=entry.rating is not None,
        original=entry.original.url,
        pages=listed_pages(entry),
    )


def _cues(entry: Entry) -> Cues:
    """What its claim denies, and what followed from something, as far as it tells it."""
    own = claims_of(entry) if entry.rating else f"{entry.title} {entry.original.title} {claims_of(entry)}"
    claim = read_cues(own)
    return replace(claim, aftermath=read_cues(passage(entry)).aftermath)


def _unit(figure: Figure) -> str:
    """Of what a figure is, by how it is stated, else by its unit; one that is counted in things is no age."""
    stated, unit = (
        [unit_of(number, text) for number in numbers(text)]
        for text in (figure.as_stated, f"1 {figure.unit}" if figure.unit else "")
    )
    return next(filter(None, (*stated, *unit)), COUNT if figure.unit else ANY)


def _capitals(name: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words(name) if word[0].isupper() and len(word) > 1) - STOP_WORDS
