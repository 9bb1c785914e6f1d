"""Copies of pages that archives keep, and where to read one as bare as the archive can show it."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from kb.urls.parts import Parts

# "id_": the page as it was, without the archive's frame (the Wayback Machine's URL flags).
WAYBACK = "https://web.archive.org/web/{stamp}id_/{target}"
_ANY_TIME = "2"  # the Wayback Machine completes a date; from the year 2 on leads to the copy that it has


class Snapshot(NamedTuple):
    """An archive's copy of a page: `url` shows it; `taken` is its day, where the address says it whole."""

    url: str
    taken: date | None


def snapshot(form: str, outside: Parts, inside: Parts, stamp: str) -> Snapshot:
    """Describe the copy of `inside` that the archive's address `outside` shows.

    `form` makes the bare copy's address from a `stamp` and a `target`; empty, it is the address itself.
    """
    digits = re.sub(r"\D", "", stamp)
    address = form.format(stamp=digits or _ANY_TIME, target=inside.href) if form else outside.href
    return Snapshot(address, _day(digits[:8]))


def wayback(url: str, day: date) -> str:
    """Give the address of the Wayback Machine's copy of a page that is next to a day."""
    return f"https://web.archive.org/web/{day:%Y%m%d}/{url}"


def _day(digits: str) -> date | None:
    year, month, day = digits[:4], digits[4:6], digits[6:]
    with suppress(ValueError):  # a year alone, or no date at all
        return date(int(year), int(month), int(day))
    return None
