"""A query beside its candidates: what signals are computed from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kb.match.reading import QueryReading
from kb.search.candidates import Candidates


@dataclass(frozen=True, kw_only=True)
class Lineup:
    """A query's reading beside its candidates.

    `day` is when the page was published or the words are dated, if that is known; `rarity` says of a name how
    few entries have it (0..1).
    """

    reading: QueryReading
    day: date | None
    found: Candidates
    rarity: Callable[[str], float]
