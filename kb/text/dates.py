"""Dates as they stand in texts: the day that somebody's words are dated with, and how we write a day."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

from kb.text.word_lists import alternatives, filled

# Not strftime: its names follow the machine's locale.
MONTHS = tuple(
    "January February March April May June July August September October November December".split()
)
_MONTH = {name.lower(): number for number, name in enumerate(MONTHS, 1)}
_MONTH |= {name[:3]: number for name, number in _MONTH.items()} | {"sept": 9}
MONTH = alternatives(name.title() for name in _MONTH)
"""A regular expression for a month as texts name it: "January", "Jan", "Sept"."""
_DATE = re.compile(
    filled(
        r"\b(?P<m1><month>)\.?\s+(?P<d1>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y1>\d{4})\b"
        r"|\b(?P<d2>\d{1,2})(?:st|nd|rd|th)?\s+(?P<m2><month>)\.?,?\s+(?P<y2>\d{4})\b"
        r"|\b(?P<y3>\d{4})-(?P<m3>\d\d)-(?P<d3>\d\d)\b",
        month=MONTH,
    ),
    re.IGNORECASE,
)


def last_date(text: str) -> date | None:
    """The last full date of a text ("January 9, 2019", "9 January 2019", "2019-01-09"); None without one.

    Posts that are handed on end with the day on which they were written.
    """
    last = None
    for match in _DATE.finditer(text):
        with suppress(ValueError):  # 31 February
            last = _day(match)
    return last


def without_dates(text: str) -> str:
    """The text without its full dates: their words tell nothing of what it is about."""
    return _DATE.sub(" ", text)


def written_day(when: date) -> str:
    """A date without doubt about day and month: 15 April 2022."""
    return f"{when.day} {written_month(when)}"


def written_month(when: date) -> str:
    """A month: April 2022."""
    return f"{MONTHS[when.month - 1]} {when.year}"


def _day(match: re.Match[str]) -> date:
    year, month, day = next(
        (match[f"y{form}"], match[f"m{form}"], match[f"d{form}"]) for form in "123" if match[f"y{form}"]
    )
    return date(int(year), _MONTH.get(month.lower()) or int(month), int(day))
