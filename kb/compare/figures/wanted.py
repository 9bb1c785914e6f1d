"""What of an entry is looked for in an article: its figures, made ready, and what else it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache

from kb.compare.figures import signs
from kb.compare.language import function_words_of
from kb.compare.measures import Bound
from kb.compare.passage import content, tokens
from kb.compare.quantities import Quantity, bound_of, quantities
from kb.compare.tables.vocabulary import GENERAL_UNITS, NO_SUBJECT
from kb.compare.values import Record
from kb.entries.entry import Entry, Figure
from kb.text.word_lists import whole, word_list
from kb.text.words import STOP_WORDS

_SCALES = (1e3, 1e6, 1e9)
_SAID_TO_BE_WRONG = re.compile(whole(word_list("kb/compare/tables/mistakes.txt")), re.IGNORECASE)
_CLAUSE = re.compile(r"[;:]\s|(?<=[.!?])\s")


@dataclass(frozen=True, kw_only=True, eq=False)
class Wanted:
    """A figure on record: what it counts, as stems, and how it is stated.

    `unit` is the noun that is counted ("" with a sign such as "%"), `terms` what else describes it, `story`
    what the entry tells. `stood` is the last day on which it was reported so: the original may repeat what
    another report said first.
    """

    figure: Figure
    record: Record
    quantity: Quantity
    unit: str
    terms: frozenset[str]
    given_to: frozenset[str]
    general: bool
    story: str = ""
    stood: date | None = None

    @cached_property
    def what(self) -> str:
        """All that describes the figure."""
        return f"{self.figure.what} {self.figure.as_stated} {self.figure.unit or ''}"

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of it."""
        return frozenset(self.what.casefold().split())

    @cached_property
    def is_rate(self) -> bool:
        """Whether the figure itself is a rate."""
        return signs.is_rate(self.what)

    @cached_property
    def is_no_fact(self) -> bool:
        """Whether the figure itself is a forecast, a hope or a limit."""
        return signs.is_no_fact(self.what)

    def other_times(self, *, with_story: bool) -> frozenset[str]:
        """What speaks of another time in its description, and `with_story` in what the entry tells."""
        own = signs.other_times(self.what)
        return own | signs.other_times(self.story) if with_story else own

    def years(self, *, with_story: bool) -> frozenset[int]:
        """The years in its description, and `with_story` in what the entry tells."""
        return signs.years(self.what) | signs.years(self.story) if with_story else signs.years(self.what)

    def months(self, *, with_story: bool) -> frozenset[str]:
        """The months in its description, and `with_story` in what the entry tells."""
        return signs.months(self.what) | signs.months(self.story) if with_story else signs.months(self.what)


@lru_cache(maxsize=256)
def wanted_figures(entry: Entry) -> tuple[Wanted, ...]:
    """Make the figures of an entry ready."""
    comma = entry.language.partition("-")[0] != "en"
    story = " ".join((entry.title, entry.summary, *(claim.text for claim in entry.claims)))
    return tuple(_wanted(entry, figure, story, decimal_comma=comma) for figure in entry.figures)


@lru_cache(maxsize=256)
def known_numbers(entry: Entry) -> frozenset[float]:
    """Numbers that the entry itself mentions beside its figures; what it calls a mistake is not among
    them."""
    texts = [entry.title, entry.summary, entry.original.title, *(claim.text for claim in entry.claims)]
    texts += [figure.what for figure in entry.figures]
    for caveat in entry.caveats:
        texts += [clause for clause in _CLAUSE.split(caveat) if not _SAID_TO_BE_WRONG.search(clause)]
    exact = {quantity.low for text in texts for quantity in quantities(text) if quantity.exact}
    return frozenset(exact | {figure.value for figure in entry.figures})


@lru_cache(maxsize=256)
def entry_words(entry: Entry) -> frozenset[str]:
    """All stems of an entry, to tell names that are foreign to it."""
    sources = [entry.original, *(figure.source for figure in entry.figures if figure.source)]
    texts = [entry.title, entry.summary, *entry.caveats, *(claim.text for claim in entry.claims), *entry.tags]
    texts += [text for figure in entry.figures for text in (figure.what, figure.attributed_to or "")]
    texts += [text for quote in entry.quotes for text in (quote.speaker, quote.text)]
    texts += [text for source in sources for text in (source.publisher, source.title, source.author or "")]
    texts += [claim.claimed_by for claim in entry.claims if claim.claimed_by]
    return frozenset(token.stem for token in tokens(" \n".join(texts)))


def _wanted(entry: Entry, figure: Figure, story: str, *, decimal_comma: bool) -> Wanted:
    source = figure.source or entry.original
    quantity = _stated(figure, decimal_comma=decimal_comma)
    function_words = function_words_of(entry.language)
    described = (
        frozenset(
            token.stem for token in tokens(figure.what) if token.word not in STOP_WORDS | function_words
        )
        - NO_SUBJECT
    )
    unit = "" if quantity.sign else _head(figure, described)
    return Wanted(
        figure=figure,
        record=Record(text=figure.as_stated, about=figure.what, source=source),
        quantity=quantity,
        unit=unit,
        terms=frozenset(stem for stem in described if stem != unit and not stem.isdigit()) - _words(figure),
        given_to=content(tokens((figure.attributed_to or "").split(",")[0])),
        general=bool(quantity.sign) or unit in GENERAL_UNITS,
        story=story,
        stood=max(filter(None, (source.published, entry.original.published)), default=None),
    )


def _words(figure: Figure) -> frozenset[str]:
    return frozenset(token.stem for token in tokens(figure.as_stated))


def _head(figure: Figure, described: frozenset[str]) -> str:
    """The noun that is counted: the last word of the unit before "per" or "of", or else the first
    described."""
    unit = re.split(r"\s(?:per|a|an|of|in|who|that|with)\s", figure.unit or "")[0]
    if heads := [token.stem for token in tokens(unit) if token.stem not in NO_SUBJECT]:
        return heads[-1]
    return next((token.stem for token in tokens(figure.what) if token.stem in described), "")


def _stated(figure: Figure, *, decimal_comma: bool) -> Quantity:
    """The figure as it is stated; its value where the words hold no number."""
    unit_sign = next((quantity.sign for quantity in quantities(f"5 {figure.unit or ''}")), "")
    bound = bound_of(figure.qualifier or "")
    read = quantities(f"{figure.as_stated} ", decimal_comma=decimal_comma)
    stated = [quantity for quantity in read if not quantity.vague]
    stated.sort(key=lambda quantity: quantity.exact and quantity.low != figure.value)
    if not stated:
        place = (0, len(figure.as_stated))
        return Quantity(
            low=figure.value, high=figure.value, bound=bound, sign=unit_sign, text=figure.as_stated, start=0,
            end=place[1], core=place,
        )  # fmt: skip
    best = stated[0]
    if (
        best.exact
        and best.low
        and any(abs(best.low * scale - figure.value) < 1e-6 * scale for scale in _SCALES)
    ):
        best = replace(best, low=figure.value, high=figure.value)
    return replace(best, sign=best.sign or unit_sign, bound=bound if best.bound is Bound.NONE else best.bound)
