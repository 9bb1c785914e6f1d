"""What comparing takes and gives: values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from kb.entries.entry import Source


class DifferenceKind(StrEnum):
    """What a copy changed."""

    FIGURE_ROUNDED = "figure_rounded"
    FIGURE_DIFFERENT = "figure_different"
    FIGURE_BOUND = "figure_bound"
    QUOTE_ALTERED = "quote_altered"
    QUOTE_MISATTRIBUTED = "quote_misattributed"
    NAME_GARBLED = "name_garbled"
    ATTRIBUTION_DROPPED = "attribution_dropped"
    OLD_AS_NEW = "old_as_new"


class Severity(IntEnum):
    """How far a difference misleads a reader."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


SEVERITIES = {
    DifferenceKind.FIGURE_DIFFERENT: Severity.HIGH,
    DifferenceKind.QUOTE_MISATTRIBUTED: Severity.HIGH,
    DifferenceKind.OLD_AS_NEW: Severity.HIGH,
    DifferenceKind.FIGURE_BOUND: Severity.MEDIUM,
    DifferenceKind.QUOTE_ALTERED: Severity.MEDIUM,
    DifferenceKind.ATTRIBUTION_DROPPED: Severity.MEDIUM,
    DifferenceKind.FIGURE_ROUNDED: Severity.LOW,
    DifferenceKind.NAME_GARBLED: Severity.LOW,
}


class State(StrEnum):
    """How a figure, quote or statement on record stands in the article."""

    SAME = "same"
    BOUND_DROPPED = "bound dropped"
    CHANGED = "changed"
    CUT = "cut"
    UNSURE = "unsure"
    NOT_MENTIONED = "not mentioned"
    NOT_COMPARED = "not compared"


@dataclass(frozen=True, kw_only=True)
class Article:
    """A page as its reader sees it; `language` is what the page says of itself, such as "en-GB"."""

    text: str
    title: str = ""
    published: date | None = None
    language: str | None = None


@dataclass(frozen=True, kw_only=True)
class Snippet:
    """Verbatim words of an article and their place in its title, a line break, and its text.

    `short` is what readers are shown: the same words, without what stands between the parts of a quotation.
    """

    text: str
    start: int
    end: int
    short: str


@dataclass(frozen=True, kw_only=True)
class Record:
    """Verbatim words of the entry, what they are about, and where that is from."""

    text: str
    about: str
    source: Source


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that the article changed: both sides, and why they are the same thing.

    `also` are further places of the same change; `words` pairs the words here with those on record.
    """

    kind: DifferenceKind
    here: Snippet
    original: Record
    evidence: str
    also: tuple[Snippet, ...] = ()
    words: tuple[tuple[str, str], ...] = ()

    @property
    def severity(self) -> Severity:
        """How far it misleads."""
        return SEVERITIES[self.kind]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One line of the record and how it stands in the article; `here` is the article's words for it."""

    record: Record
    state: State
    here: str = ""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What an article changed, worst first.

    `rewritten` has the reasons for reading the page as an automatic rewrite, and is empty otherwise;
    `notes` say what was not compared, and why.
    """

    differences: tuple[Difference, ...] = ()
    rewritten: tuple[str, ...] = ()
    figures: tuple[Standing, ...] = ()
    quotes: tuple[Standing, ...] = ()
    notes: tuple[str, ...] = ()
