"""The candidates of one query, side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.search.bm25 import Floats, Shares
from kb.search.profile import Profile

PASSAGE, TITLE, CLAIM = range(3)
"""The views of an entry: all it says, its title, the nearest of its claims."""


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Entries worth a closer look; arrays have one row for each, in the order of `profiles`.

    `bm25` is the lexical score. `shares` is by the whole text, `parts` by those of it that were asked about.
    `cosines` has shape (entries, vectors of the query, 3 views).
    """

    rows: tuple[int, ...]
    profiles: tuple[Profile, ...]
    bm25: Floats
    shares: Shares
    parts: tuple[Shares, ...]
    cosines: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.rows)
