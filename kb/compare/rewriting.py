"""Does the page read like an automatic rewrite? A few signs, each with points; it takes several kinds of
them.

Programs that rewrite swap words for synonyms one by one: in names, inside quotation marks, and in fixed
phrases,
where they leave "a" before a vowel. A person who re-reports a story does none of that to quotations and
names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.compare.passage import Passage
from kb.compare.quotes.marks import without_quotations
from kb.compare.quotes.quotes import QuoteFinding
from kb.compare.tables.spinning import tics
from kb.compare.values import Difference, DifferenceKind

# Set by hand; the rewrites and the honest pages of `tests/quality/differences` hold them in their place.
_ENOUGH = 4  # points; wording must be among the signs
_SWAPS = 3  # words swapped inside quotation marks; one may be a slip
_FIGURES = 2  # changed figures; one may be a slip
_TICS = ((6, 4), (4, 3), (2, 2), (1, 1))  # points of tics → points of the sign


def rewritten(
    passage: Passage, differences: Sequence[Difference], quotes: Sequence[QuoteFinding]
) -> tuple[str, ...]:
    """The reasons for reading a page as an automatic rewrite; empty where they do not suffice."""
    if passage.language != "en":
        return ()
    names = list(_names(differences))
    others = [*names, *_quotes(quotes), *_figures(differences)]
    language = list(_language(passage)) if others else []  # wording alone never suffices
    signs = [*others, *language]
    if not language or sum(points for points, _ in signs) < _ENOUGH:
        return ()
    return tuple(reason for _, reason in signs)


def _names(differences: Sequence[Difference]) -> Iterator[tuple[int, str]]:
    for difference in differences:
        if difference.kind is DifferenceKind.NAME_GARBLED:
            forms = " and ".join(f"“{here}”" for here, _ in difference.words)
            yield 3, f"{difference.original.text} is called {forms}"


def _quotes(quotes: Sequence[QuoteFinding]) -> Iterator[tuple[int, str]]:
    swaps = sum(finding.alignment.swaps for finding in quotes if finding.alignment)
    if swaps >= _SWAPS:
        yield 3, "words inside quotation marks are swapped for others"
    elif swaps == _SWAPS - 1:
        yield 2, "words inside quotation marks are swapped for others"


def _figures(differences: Sequence[Difference]) -> Iterator[tuple[int, str]]:
    kinds = {DifferenceKind.FIGURE_ROUNDED, DifferenceKind.FIGURE_DIFFERENT, DifferenceKind.FIGURE_BOUND}
    if sum(difference.kind in kinds for difference in differences) >= _FIGURES:
        yield 1, "several figures are not those on record"


def _language(passage: Passage) -> Iterator[tuple[int, str]]:
    strong, weak = tics(
        without_quotations(passage.text, lambda quotation: f"{quotation[0]}_,{quotation[-1]}")
    )
    weight = 2 * len(strong) + len(weak) // 2
    points = next((points for least, points in _TICS if weight >= least), 0)
    if points:
        shown = ", ".join(f"“{tic}”" for tic in [*strong, *weak][:3])
        yield points, f"wording as of programs that swap synonyms: {shown}"
