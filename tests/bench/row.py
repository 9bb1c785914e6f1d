"""One line of the bench's tables."""

from __future__ import annotations

from typing import NamedTuple


class Row(NamedTuple):
    """What was measured, and how much of what unit it was."""

    told: str
    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.told:62}{self.value:>14,.2f} {self.unit}"
