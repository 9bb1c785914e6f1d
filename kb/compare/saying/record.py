"""What an entry says, made ready to hold sayings against: its sentences, numbers and parties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from kb.compare.figures.wanted import wanted_figures
from kb.compare.saying.counts import Count, counts_of
from kb.compare.saying.parties import Deed, Parties
from kb.compare.saying.reading import LONGEST, statements
from kb.compare.saying.statement import Statement
from kb.compare.saying.verdicts import calls_true, verdict_on
from kb.compare.saying.words import words_of
from kb.compare.tables.turning import NAMES_OF_COUNTRIES
from kb.entries.entry import Entry
from kb.text.dates import written_month
from kb.text.numbers import numbers

_MOST = 8  # figures, claims and quotes that are looked at
_LONGEST = 600  # characters of each claim
_OPENED = re.compile(r"\b(?:in|on|of|for|by|whose|who|that|with|to|at|from)\b")


@dataclass(frozen=True, kw_only=True, eq=False)
class OnRecord:
    """The sentences that say what is so (`sayings`), the numbers, all that its words mean, and the deeds."""

    sayings: tuple[Statement, ...]
    counts: tuple[Count, ...]
    beside: tuple[Count, ...]
    said: frozenset[str]
    known: frozenset[str]
    wide: frozenset[str]
    numbers: frozenset[float]
    parties: Parties
    deeds: tuple[Deed, ...]
    names: frozenset[str]


@lru_cache(maxsize=256)
def on_record(entry: Entry) -> OnRecord:
    """Read an entry; of one whose claim is rated false, what the claim says stands for the record."""
    rating = verdict_on(entry)
    claims = [claim.text[:_LONGEST] for claim in entry.claims[:_MOST]]
    texts = [entry.title, *claims, entry.summary]
    stated = [f"{figure.as_stated} {figure.what}" for figure in entry.figures[:_MOST]]
    if rating and not calls_true(rating):
        texts, stated = claims, []
    sentences = tuple(statement for text in texts for statement in statements(text) if not statement.asks)
    sayings = (*sentences, *(statement for text in stated for statement in statements(text)))
    beside = tuple(
        count for text in _beside(entry) for statement in statements(text) for count in counts_of(statement)
    )
    publisher = frozenset(word.means for word in words_of(entry.original.publisher)) - NAMES_OF_COUNTRIES
    named = [statement for text in _people(entry) for statement in statements(text)]
    parties = Parties([*sayings, *named], publisher)
    deeds = tuple(deed for statement in sentences if (deed := parties.deed(statement)))
    everything = [*texts, *_more_words(entry)]
    words = [word for text in everything for word in words_of(text[:LONGEST])]
    return OnRecord(
        sayings=sayings,
        counts=(*(count for statement in sentences for count in counts_of(statement)), *_figures(entry)),
        beside=beside,
        said=frozenset(means for saying in sayings for means in saying.content),
        known=frozenset(word.means for word in words),
        wide=frozenset(word.word for word in words),
        numbers=frozenset(number.value for text in everything for number in numbers(text[:LONGEST])),
        parties=parties,
        deeds=deeds,
        names=frozenset(party for word in words if (party := parties.of(word))),
    )


def _more_words(entry: Entry) -> Iterator[str]:
    yield from (entry.original.title, entry.original.publisher, *entry.tags[:_MOST])
    yield written_month(entry.original.published) if entry.original.published else ""
    yield from filter(None, (entry.original.author, *(claim.claimed_by for claim in entry.claims[:_MOST])))
    for figure in entry.figures[:_MOST]:
        yield f"{figure.what} {figure.unit or ''} {figure.attributed_to or ''}"
    yield from (quote.speaker for quote in entry.quotes[:_MOST])


def _people(entry: Entry) -> Iterator[str]:
    """Who is named where a claim or a number comes from: "Ukraine's IT Army"."""
    yield from (claim.claimed_by for claim in entry.claims[:_MOST] if claim.claimed_by)
    yield from (figure.attributed_to for figure in entry.figures[:_MOST] if figure.attributed_to)


def _beside(entry: Entry) -> Iterator[str]:
    """Texts whose numbers are known, whatever they count."""
    yield from (entry.title, entry.summary, entry.original.title, *entry.caveats)
    yield from (quote.text[:_LONGEST] for quote in entry.quotes[:_MOST])


def _figures(entry: Entry) -> Iterator[Count]:
    for wanted in wanted_figures(entry)[:_MOST]:
        head = " ".join(_OPENED.split(wanted.figure.what)[:1]) + f" {wanted.figure.unit or ''}"
        stated = replace(wanted.quantity, text=_stated(wanted.figure.qualifier, wanted.figure.as_stated))
        yield Count(
            quantity=stated,
            nouns=frozenset(word.means for word in words_of(head) if word.tells),
            around=frozenset(word.means for word in words_of(wanted.what) if word.tells),
            text=stated.text,
            what=wanted.figure.what,
        )


def _stated(qualifier: str | None, as_stated: str) -> str:
    return f"{qualifier} {as_stated}" if qualifier and qualifier not in as_stated else as_stated
