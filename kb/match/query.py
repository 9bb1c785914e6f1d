"""What is asked and what comes back: values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kb.entries.entry import Entry


class Basis(StrEnum):
    """How a match was made; shown to readers."""

    SAME_PAGE = "same_page"
    ORIGINAL = "original"
    NEAR_COPY = "near_copy"
    SAME_STORY = "same_story"
    RELATED = "related"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One reason for a match: `feature` names it, `text` says it to a reader, `score` is in 0..1."""

    feature: str
    text: str
    score: float


@dataclass(frozen=True, kw_only=True)
class Query:
    """What is looked for: a page (its title may be empty) or somebody's words.

    `published` is the day of the page, where it is known.
    """

    text: str
    title: str = ""
    is_page: bool = False
    published: date | None = None


@dataclass(frozen=True, kw_only=True)
class Hit:
    """An entry that may be meant; `score` says in 0..1 how much the two have in common.

    `probability` is that of being the entry that is meant, the case that there is none counted in; it is None
    for an encoder that the combiner was not trained with. Hits stand in its order. `debunk` is true when the
    entry itself lists the page as one that debunks it. `doubt` says why an entry is only suggested,
    where that is not for its probability.
    """

    entry: Entry
    score: float
    basis: Basis
    evidence: tuple[Evidence, ...] = ()
    probability: float | None = None
    debunk: bool = False
    doubt: str | None = None


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Probabilities (of an encoder without them: scores) in 0..1; None: what the stored model says.

    Below `cutoff` nothing is returned; a hit is the same story from `page` or `words` on, whichever was asked
    about, if the first leads the runner-up by `gap`. Where they are open, they are what the model needs for a
    `precision` of answers unasked.
    """

    cutoff: float | None = None
    page: float | None = None
    words: float | None = None
    gap: float | None = None
    precision: float | None = None
