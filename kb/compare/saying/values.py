"""What a saying is to an entry, and the evidence of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """What a saying is to what is on record."""

    AGREES = "agrees"
    OTHER_NUMBER = "other_number"
    DENIES = "denies"
    SWAPPED = "swapped"
    UNCLEAR = "unclear"


@dataclass(frozen=True, kw_only=True)
class Relation:
    """What a saying is to an entry: `here` are its own words, `record` the entry's, `about` what they are on.

    For another number these are both numbers and what is counted; for a denial and for swapped parties the
    word or the parties that tell it, and the sentence on record. Empty where there is nothing to show.
    """

    standing: Standing
    here: str = ""
    record: str = ""
    about: str = ""


UNCLEAR = Relation(standing=Standing.UNCLEAR)
