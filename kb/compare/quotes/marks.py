"""Quotation marks: what stands between them, found in one pass over a text, whatever is left open.

Each kind of mark is indexed once; a mark that never closes costs a look-up and not another reading of the
page.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

_PAIRS = {"“": "”", "«": "»", "„": "“”", "‹": "›", "「": "」", "『": "』", "»": "«", "‟": "”"}
_OPENING = re.compile(r"[“«„‹「『»‟]|(?<![\w’])‘(?=\w)|(?<!\w)\"(?=[\w\[(…'‘“.¿¡-])|(?<![\w'])'(?=[A-Z\[])")
_CLOSING = {
    '"': (re.compile(r"\"(?![A-Za-z0-9])"),),
    "'": (re.compile(r"(?<=[\w.,!?…\]])'(?!\w)"),),
    "‘": (re.compile(r"(?<=[.,!?…])’(?!\w)"), re.compile(r"’(?!\w)")),  # the surest first
}
_OPEN_ONLY_WHEN_CLOSED = "'‘»"
_LONGEST = 2500  # characters; by eye: half and twice as much change nothing on the labelled pairs to tune on
_CURLY = re.compile(r"“[^”]*(?:”|\Z)|\"[^\"\n]*\"")
_STRAIGHT = re.compile(r"\"[^\"\n]*\"")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One stretch in quotation marks, without them."""

    start: int
    end: int


def quoted(text: str) -> Iterator[Part]:
    """What stands in the outermost quotation marks; a mark that is not closed in its paragraph closes
    there."""
    breaks = [match.start() for match in re.finditer(r"\n", text)] + [len(text)]
    closing, place = _closings(text), 0
    while opening := _OPENING.search(text, place):
        start = opening.end()
        limit = min(breaks[bisect_left(breaks, opening.start())], start + _LONGEST)
        end = closing(opening[0], start, limit)
        if end is None:
            if opening[0] in _OPEN_ONLY_WHEN_CLOSED or not text[start:limit].strip():
                place = start
                continue
            end = limit  # a quotation that goes on in the next paragraph
        if text[start:end].strip():
            yield Part(start=start, end=end)
        place = min(end + 1, len(text))


def without_quotations(text: str, put: Callable[[str], str]) -> str:
    """The text with `put` of each quotation in double marks in its place; what never closes is none."""

    def replaced(match: re.Match[str]) -> str:
        if match[0][0] == '"' or match[0][-1] == "”":
            return put(match[0])
        return match[0][0] + _STRAIGHT.sub(lambda straight: put(straight[0]), match[0][1:])

    return _CURLY.sub(replaced, text)


def _closings(text: str) -> Callable[[str, int, int], int | None]:
    """A function that gives where a mark closes: (mark, first place inside, end of the paragraph)."""

    @cache
    def places(pattern: re.Pattern[str] | str) -> list[int]:
        return [match.start() for match in re.finditer(pattern, text)]

    @cache
    def pairs(opening: str) -> dict[int, int]:
        return dict(_pairs(text, opening))

    def after(pattern: re.Pattern[str] | str, place: int) -> int:
        own = places(pattern)
        at = bisect_left(own, place)
        return own[at] if at < len(own) else len(text)

    def closing(opening: str, start: int, limit: int) -> int | None:
        if opening in _CLOSING:
            ends = (after(pattern, start) for pattern in _CLOSING[opening])
            return next((end for end in ends if end < limit), None)
        end = pairs(opening).get(start - 1, len(text))
        # the next paragraph opens again; a line that is only wrapped goes on
        stop = min(start + _LONGEST, after(opening, limit), after(r"\n(?=\n)", limit))
        return end if end < stop else None

    return closing


def _pairs(text: str, opening: str) -> Iterator[tuple[int, int]]:
    """Where each mark of a kind opens and closes, marks inside marks included."""
    still_open: list[int] = []
    for mark in re.finditer("[" + opening + _PAIRS[opening] + "]", text):
        if mark[0] == opening:
            still_open.append(mark.start())
        elif still_open:
            yield still_open.pop(), mark.start()
