"""The candidates of one query, side by side: what signals are computed from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from kb.lexical import Floats, Shares
from kb.profile import Profile
from kb.reading import QueryReading

PASSAGE, TITLE, CLAIM = range(3)
"""The views of an entry: all it says, its title, the nearest of its claims."""


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Entries worth a closer look; arrays have one row for each, in the order of `profiles`.

    `bm25` is the lexical score. `shares` is by the whole text, `lead` by how it begins. `cosines` has shape
    (entries, vectors of the query, 3 views).
    """

    rows: tuple[int, ...]
    profiles: tuple[Profile, ...]
    bm25: Floats
    shares: Shares
    lead: Shares
    cosines: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.rows)


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
