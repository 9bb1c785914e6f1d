"""What a text must be to be published, told all at once in an editor's words; and what to look at again.

Some rules hold for every entry, drafts too, and are checked where entries are read (kb/entries/entry.py): an
original with a link, one to five caveats. The rest is here: `bars` is what keeps a text from being published,
`warnings_about` never bars anything.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kb.entries.entry import Entry, Figure, Quote
from kb.errors import Problem
from kb.text.cutting import shortened
from kb.text.words import fold, numbers, sentences, words

_SUMMARY_SENTENCES = 2
_SHOWN = 82  # characters of a quotation, in a message
_LEFT_OUT = re.compile(r"(?:(?<!\s)\s++)?(?:\[\s*(?:…|\.{3})\s*\]|…|\.{3})\s*")


class LinkState(StrEnum):
    """What was found at an original's link when it was last asked."""

    OK = "ok"
    REFUSED = "refused"
    DEAD = "dead"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, kw_only=True)
class SourceRead:
    """What was found at the original: `text` where it could be read (it is compared and never stored),
    `reason` in plain words where not."""

    state: LinkState
    text: str | None = field(default=None, repr=False)
    reason: str = ""


def bars(entry: Entry, read: SourceRead | None, *, today: date) -> tuple[Problem, ...]:
    """Everything that keeps a text from being published; empty when nothing does."""
    problems = [*_plain_rules(entry, today)]
    if read is not None and read.text is not None:
        problems += _against_source(entry, read.text)
    return tuple(problems)


def warnings_about(entry: Entry, state: LinkState, read: SourceRead | None = None) -> tuple[Problem, ...]:
    """What to look at: a link that does not answer, a source that could not be read."""
    trouble = _STATES.get(state)
    problems = [Problem(field="original.url", message=trouble)] if trouble else []
    if read is not None and read.text is None and state is LinkState.OK:
        problems.append(Problem(field="original.url", message=f"answers, but could not be read{_why(read)}"))
    problems += _misstated(entry)
    if (read is None or read.text is None) and (entry.figures or entry.quotes):
        message = "figures and quotes were not compared with the original's text, which was not read"
        problems.append(Problem(field="original", message=message))
    return tuple(problems)


_STATES = {
    LinkState.REFUSED: "the site refuses to show the original to the bot; open it yourself",
    LinkState.DEAD: "the original is gone; link an archived copy: https://web.archive.org/web/DATE/URL",
    LinkState.NOT_CHECKED: "whether the original answers was not checked",
}


def _misstated(entry: Entry) -> Iterator[Problem]:
    for position, figure in enumerate(entry.figures):
        stated = [number.value for number in numbers(figure.as_stated)]
        meant = (figure.value, figure.value * 100) if "%" in figure.as_stated else (figure.value,)
        if stated and not any(_same(value, number) for value in meant for number in stated):
            message = f"is {figure.value:,.10g}, but stated as “{figure.as_stated}”"
            yield Problem(field=f"figures[{position}].value", message=message)


def _why(read: SourceRead) -> str:
    return f": {read.reason}" if read.reason else ""


def _plain_rules(entry: Entry, today: date) -> Iterator[Problem]:
    if (count := len(sentences(entry.summary))) > _SUMMARY_SENTENCES:
        yield Problem(field="summary", message=f"has {count} sentences; a reply shows two, so shorten it")
    if entry.review_by is None:
        message = "is missing: say until when the entry may speak unasked, such as review_by: 2027-05-04"
        yield Problem(field="review_by", message=message)
    elif entry.review_by < today:
        yield Problem(field="review_by", message=f"is past ({entry.review_by}); give a new date")
    if entry.sensitive is None:
        message = "is missing: say `sensitive: true` (a content note is shown) or `sensitive: false`"
        yield Problem(field="sensitive", message=message)


def _against_source(entry: Entry, text: str) -> Iterator[Problem]:
    said = _folded(text)
    values = [number.value for number in numbers(text)]
    for position, figure in enumerate(entry.figures):
        if figure.source is None and not _figure_occurs(figure, said, values):
            message = f"“{figure.as_stated}” does not occur in the original; correct it, or name its source"
            yield Problem(field=f"figures[{position}].as_stated", message=message)
    for position, quote in enumerate(entry.quotes):
        if not _quote_occurs(quote, said):
            message = (
                f"“{shortened(quote.text, _SHOWN)}” does not occur in the original word for word; "
                "put … where words are left out"
            )
            yield Problem(field=f"quotes[{position}].text", message=message)


def _figure_occurs(figure: Figure, said: Sequence[str], values: Sequence[float]) -> bool:
    """Whether the number occurs; by its words only where it is stated without one ("half", "dozens")."""
    if any(_same(figure.value, value) for value in values):
        return True
    stated = _folded(figure.as_stated)
    return not numbers(figure.as_stated) and bool(stated) and _find(stated, said, 0) is not None


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9)


def _quote_occurs(quote: Quote, said: Sequence[str]) -> bool:
    """Whether the pieces of a quote between its omissions occur, each word for word, one after another."""
    place = 0
    for piece in _LEFT_OUT.split(quote.text):
        wanted = _folded(piece)
        if not wanted:
            continue
        start = _find(wanted, said, place)
        if start is None:
            return False
        place = start + len(wanted)
    return True


def _folded(text: str) -> list[str]:
    return [fold(word) for word in words(text)]


def _find(wanted: Sequence[str], said: Sequence[str], start: int) -> int | None:
    size = len(wanted)
    return next(
        (
            place
            for place in range(start, len(said) - size + 1)
            if said[place] == wanted[0] and said[place : place + size] == wanted
        ),
        None,
    )
