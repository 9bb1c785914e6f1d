"""Words that say when, how often or how surely a number holds: rates, other times, forecasts, dates."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from kb.text.dates import MONTHS
from kb.text.word_lists import any_of, filled, whole, word_lists

_TIMES = word_lists("kb/compare/tables/times.txt", "other time", "no fact", "rate", "by the")
_RATE = re.compile(
    filled(
        r"(?<!in )(?<!within )(?<!half )(?<!of )(?<!quarter )\b(?:per|an?|each|every)\s+<unit>\b|\b<rate>\b",
        unit=any_of(_TIMES["by the"]),
        rate=any_of(_TIMES["rate"]),
    )
)
_OTHER_TIME, _NOT_A_FACT = (
    re.compile(whole(_TIMES[name]), re.IGNORECASE) for name in ("other time", "no fact")
)
_MONTH = re.compile(whole(MONTHS))
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b(?!,\d)")
DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())


def is_rate(text: str) -> bool:
    """Whether something is counted by the day, by the head and the like."""
    return _RATE.search(text) is not None


def is_no_fact(text: str) -> bool:
    """Whether a text tells what may be, is hoped for or is allowed, and not what is."""
    return _NOT_A_FACT.search(text) is not None


@lru_cache(maxsize=512)
def other_times(text: str) -> frozenset[str]:
    """The words of a text that speak of another time than that of the report."""
    return frozenset(match.casefold() for match in _OTHER_TIME.findall(text))


@lru_cache(maxsize=512)
def years(text: str) -> frozenset[int]:
    """The years that a text names."""
    return frozenset(map(int, _YEAR.findall(text)))


@lru_cache(maxsize=512)
def months(text: str) -> frozenset[str]:
    """The months that a text names."""
    return frozenset(_MONTH.findall(text))


def month_of(day: date) -> str:
    """The name of a day's month."""
    return MONTHS[day.month - 1]
