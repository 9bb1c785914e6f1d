"""Article × entry → Comparison: every kind of difference in turn, worst first. Pure, and bounded by budgets.

Work is linear in the page's text up to LONGEST, and in the entry's parts up to `kb.compare.budgets`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kb.compare.attributions import dropped_attributions
from kb.compare.budgets import MOST_FORMS, MOST_NAMES, over_budget, within_budget
from kb.compare.figures.figures import compare_figures, figure_differences
from kb.compare.names.garbled import GarbledNames, garbled_names
from kb.compare.old_news import old_as_new
from kb.compare.passage import LONGEST, MOST_NUMBERS, MOST_QUOTATIONS, Passage
from kb.compare.quotes.quotes import QuoteFinding, compare_quotes, quote_differences
from kb.compare.rewriting import rewritten
from kb.compare.values import Article, Comparison, Difference, Record, Standing, State
from kb.entries.entry import Entry


def compare(entry: Entry, article: Article) -> Comparison:
    """Say what an article changed of what an entry has on record; what is not certain is left out."""
    whole, entry, passage = entry, within_budget(entry), Passage(article)
    beyond = whole.figures[len(entry.figures) :]
    old = tuple(old_as_new(entry, passage))
    also_known = frozenset(figure.value for figure in beyond)
    figures = compare_figures(entry, passage, also_known=also_known, retold=bool(old))
    quotes = compare_quotes(entry, passage, retold=bool(old))
    names = garbled_names(entry, passage)
    differences = [
        *figure_differences(passage, figures),
        *quote_differences(passage, quotes),
        *dropped_attributions(entry, passage, figures, retold=bool(old)),
        *names.differences,
        *old,
    ]
    differences.sort(key=_worst_first)
    return Comparison(
        differences=tuple(differences),
        rewritten=rewritten(passage, differences, quotes),
        figures=(
            *(finding.standing() for finding in figures),
            *_not_compared(
                Record(text=figure.as_stated, about=figure.what, source=figure.source or entry.original)
                for figure in beyond
            ),
        ),
        quotes=(
            *_once(finding.standing(passage) for finding in quotes),
            *_not_compared(
                Record(text=quote.text, about=quote.speaker, source=entry.original)
                for quote in whole.quotes[len(entry.quotes) :]
            ),
        ),
        notes=(*over_budget(whole, entry), *_notes(entry, passage, quotes, names)),
    )


def _worst_first(difference: Difference) -> tuple[int, int]:
    return -difference.severity, difference.here.start


def _once(standings: Iterator[Standing]) -> tuple[Standing, ...]:
    """One line for each quote, wherever it stands: the last word is the worst."""
    return tuple({standing.record.text: standing for standing in standings}.values())


def _not_compared(records: Iterable[Record]) -> Iterator[Standing]:
    return (Standing(record=record, state=State.NOT_COMPARED) for record in records)


def _notes(
    entry: Entry, passage: Passage, quotes: Sequence[QuoteFinding], names: GarbledNames
) -> Iterator[str]:
    language = entry.language.partition("-")[0]
    if passage.language != language:
        written = f"in {passage.language!r}" if passage.language else "not in a language that could be told"
        yield f"quotes and attributions are not compared: the page is {written}, the entry in {language!r}"
    elif entry.quotes and passage.has_too_many_quotations:
        yield f"only the first {MOST_QUOTATIONS} quotations of the page are compared"
    if passage.language == language and any(finding.state is State.NOT_COMPARED for finding in quotes):
        yield "not all quotes are compared: page and entry repeat the same words too often"
    if passage.has_too_many_numbers:
        yield f"figures are not compared: the page has more than {MOST_NUMBERS} numbers"
    if names.left_out:
        yield f"only {MOST_NAMES} names of the entry are compared, and none that is very long"
    if names.too_many_forms:
        yield f"names are compared in the first {MOST_FORMS} places only: the page is full of them"
    if len(passage.article.title) + len(passage.article.text) >= LONGEST:
        yield f"only the first {LONGEST:,} characters are compared"
