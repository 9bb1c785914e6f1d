"""Article × entry → Comparison: every kind of difference in turn, worst first. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from kb.compare.attributions import dropped_attributions
from kb.compare.dates import old_as_new
from kb.compare.figures import compare_figures, figure_differences
from kb.compare.garbled import garbled_names
from kb.compare.passage import LONGEST, MOST_NUMBERS, Passage
from kb.compare.quotes import compare_quotes, quote_differences
from kb.compare.rewriting import rewritten
from kb.compare.values import Article, Comparison, Difference, Standing
from kb.entry import Entry


def compare(entry: Entry, article: Article) -> Comparison:
    """Say what an article changed of what an entry has on record; what is not certain is left out."""
    passage = Passage(article)
    figures, quotes = compare_figures(entry, passage), compare_quotes(entry, passage)
    differences = [
        *figure_differences(passage, figures),
        *quote_differences(passage, quotes),
        *dropped_attributions(entry, passage, figures),
        *garbled_names(entry, passage),
        *old_as_new(entry, passage),
    ]
    differences.sort(key=_worst_first)
    return Comparison(
        differences=tuple(differences),
        rewritten=rewritten(passage, differences, quotes),
        figures=tuple(finding.standing() for finding in figures),
        quotes=_once(finding.standing(passage) for finding in quotes),
        notes=tuple(_notes(entry, passage)),
    )


def _worst_first(difference: Difference) -> tuple[int, int]:
    return -difference.severity, difference.here.start


def _once(standings: Iterator[Standing]) -> tuple[Standing, ...]:
    """One line for each quote, wherever it stands: the last word is the worst."""
    return tuple({standing.record.text: standing for standing in standings}.values())


def _notes(entry: Entry, passage: Passage) -> Iterator[str]:
    language = entry.language.partition("-")[0]
    if passage.language != language:
        found = f"in {passage.language!r}" if passage.language else "not in a language that could be told"
        yield f"quotes and attributions are not compared: the page is {found}, the entry in {language!r}"
    if passage.has_too_many_numbers:
        yield f"figures are not compared: the page has more than {MOST_NUMBERS} numbers"
    if len(passage.article.title) + len(passage.article.text) >= LONGEST:
        yield f"only the first {LONGEST:,} characters are compared"
