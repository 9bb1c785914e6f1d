"""What the index keeps of an entry in memory: what tells it from its neighbours, read once."""

from __future__ import annotations

from dataclasses import dataclass

from kb.entry import AppearanceKind, Entry
from kb.text import STOP_WORDS, fold, names, stems, terms, words
from kb.url import identify


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


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One entry's features; `pages` pairs canonical keys with what the page is (None: the original)."""

    entry_id: str
    match_text: bool
    lexical: tuple[str, ...]
    passage: str
    publisher: str
    publisher_words: frozenset[str]
    names: frozenset[str]
    figures: tuple[ProfiledFigure, ...]
    quotes: tuple[ProfiledQuote, ...]
    pages: tuple[tuple[str, AppearanceKind | None], ...]


def profile(entry: Entry) -> Profile:
    """Read an entry. Caveats are left out: they name other stories' figures to tell them apart."""
    claims = " ".join(claim.text for claim in entry.claims)
    described = f"{entry.title}. {entry.summary} {claims}"
    telling = terms(described)
    people = [quote.speaker for quote in entry.quotes]
    people += [figure.attributed_to or "" for figure in entry.figures]
    people += [claim.claimed_by or "" for claim in entry.claims] + [entry.original.author or ""]
    publisher = _capitals(entry.original.publisher)
    return Profile(
        entry_id=entry.id,
        match_text=entry.match_text,
        lexical=tuple(stem for stem in stems(described) if stem in telling),
        passage=described,
        publisher=entry.original.publisher,
        publisher_words=publisher,
        names=names(entry.summary) | names(claims) | publisher | frozenset().union(*map(_capitals, people)),
        figures=tuple(
            ProfiledFigure(value=figure.value, as_stated=figure.as_stated, what=figure.what)
            for figure in entry.figures
        ),
        quotes=tuple(ProfiledQuote(speaker=quote.speaker, terms=terms(quote.text)) for quote in entry.quotes),
        pages=_pages(entry),
    )


def _capitals(name: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words(name) if word[0].isupper()) - STOP_WORDS


def _pages(entry: Entry) -> tuple[tuple[str, AppearanceKind | None], ...]:
    original: list[tuple[str, AppearanceKind | None]] = [(identify(entry.original.url).key, None)]
    return tuple(original + [(identify(page.url).key, page.kind) for page in entry.appearances])
