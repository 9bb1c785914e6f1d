"""Comparison → the lines of a reply that say what the page changed. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.replies import wording
from kb.compare import Comparison, Difference, DifferenceKind
from kb.entries.entry import Source
from kb.text.cutting import at_word
from kb.text.dates import written_day, written_month

_SHOWN = 3
_REASONS = 3
_LONGEST = 260
_LONGEST_SENTENCE = 160
_QUOTE_MARKS = str.maketrans({"“": "‘", "”": "’", '"': "’"})


def told(comparison: Comparison | None) -> tuple[str, ...]:
    """At most three differences, worst first, and one sentence if the page reads like an automatic
    rewrite."""
    if comparison is None:
        return ()
    return tuple(_lines(comparison))


def _lines(comparison: Comparison) -> Iterator[str]:
    garbled = DifferenceKind.NAME_GARBLED  # among the reasons of the last line, where there is one
    shown = [
        difference
        for difference in comparison.differences
        if not comparison.rewritten or difference.kind is not garbled
    ]
    yield from map(sentence, shown[:_SHOWN])
    if comparison.rewritten:
        yield wording.REWRITTEN.format(reasons="; ".join(comparison.rewritten[:_REASONS]))


def sentence(difference: Difference) -> str:
    """Both sides of one difference, each with where it stands."""
    original = difference.original
    given = difference.words[0][0] if difference.words else ""
    longest = _LONGEST_SENTENCE if difference.kind is DifferenceKind.ATTRIBUTION_DROPPED else _LONGEST
    return wording.CHANGES[difference.kind].format(
        here=_quoted(difference.here.short, longest),
        original=_quoted(original.text, _LONGEST),
        about=_quoted(original.about, _LONGEST_SENTENCE),
        source=_source(original.source),
        given=_quoted(given, _LONGEST),
        forms=_forms(difference),
        day=written_day(original.source.published) if original.source.published else "",
    )


def _forms(difference: Difference) -> str:
    forms = [f"“{_quoted(here, _LONGEST)}”" for here, _ in difference.words[:_SHOWN]]
    return wording.AND.join(forms)


def _source(source: Source) -> str:
    when = written_month(source.published) if source.published else ""
    return ", ".join(filter(None, (source.publisher, when)))


def _quoted(text: str, longest: int) -> str:
    """Words that stand inside “…”: on one line, with other marks, and cut between words where they are
    long."""
    plain = " ".join(text.split()).translate(_QUOTE_MARKS)
    if len(plain) <= longest:
        return plain
    return at_word(plain, longest).rstrip(",;:–— ") + " …"
