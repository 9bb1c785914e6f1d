"""What is known of each field of an entry, said once: its name for people, how it is written, who sets it.

A field that is added to the model (kb/entries/entry.py) is registered here, and nowhere else: forms, changes
and tables follow. A test checks that none is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kb.entries.entry import Entry, Source


class Kind(StrEnum):
    """How a field is written: LINES is a list of texts, LIST one of groups of fields."""

    LINE = "line"
    TEXT = "text"
    LINES = "lines"
    LIST = "list"
    GROUP = "group"
    DAY = "day"
    NUMBER = "number"
    SWITCH = "switch"


@dataclass(frozen=True, kw_only=True)
class About:
    """What is known of one field.

    `name` is what editors call it or, of a list, one of its items. A form that is to be filled in shows it
    also while it is empty if it is `asked` for. `by_step` says what sets it, where that is a step of curating
    and no curator's hand: then it is no part of the text.
    """

    name: str
    kind: Kind = Kind.LINE
    asked: bool = False
    by_step: str = ""

    @property
    def label(self) -> str:
        """What the whole field is called: of a list, all its items."""
        return f"{self.name}s" if self.kind in {Kind.LINES, Kind.LIST} else self.name


_APPROVAL = "is set when the entry is approved"

FIELDS = {
    "id": About(name="id", asked=True),
    "title": About(name="title", asked=True),
    "summary": About(name="summary", kind=Kind.TEXT, asked=True),
    "original": About(name="original", kind=Kind.GROUP, asked=True),
    "original.publisher": About(name="publisher of the original", asked=True),
    "original.title": About(name="title of the original", asked=True),
    "original.url": About(name="link of the original", asked=True),
    "original.author": About(name="author of the original", asked=True),
    "original.published": About(name="date of the original", kind=Kind.DAY, asked=True),
    "caveats": About(name="caveat", kind=Kind.LINES, asked=True),
    "sensitive": About(name="sensitive", kind=Kind.SWITCH, asked=True),
    "content_note": About(name="content note"),
    "review_by": About(name="review by", kind=Kind.DAY, asked=True),
    "language": About(name="language"),
    "rating": About(name="rating", kind=Kind.GROUP),
    "claims": About(name="claim", kind=Kind.LIST),
    "figures": About(name="figure", kind=Kind.LIST),
    "quotes": About(name="quote", kind=Kind.LIST),
    "appearances": About(name="known page", kind=Kind.LIST),
    "tags": About(name="tag", kind=Kind.LINES),
    "compiled": About(name="how it was compiled", kind=Kind.TEXT),
    "match_text": About(name="matched by its words", kind=Kind.SWITCH),
    "example": About(name="example", kind=Kind.SWITCH),
    "status": About(name="status", by_step="is set by what is done with the entry (submit, approve, retire)"),
    "verified_by": About(name="verified by", by_step=_APPROVAL),
    "verified_on": About(name="verified on", kind=Kind.DAY, by_step=_APPROVAL),
    "approvals": About(name="people behind it", kind=Kind.NUMBER, by_step=_APPROVAL),
    "superseded_by": About(name="superseded by", by_step="is set by `supersede`"),
}
"""Every field by its path, in the order in which a form shows them."""

BY_STEPS = {path: about.by_step for path, about in FIELDS.items() if about.by_step}
"""The fields that only steps of curating set, and how each comes about."""

BY_HAND = tuple(path for path in FIELDS if "." not in path and path not in BY_STEPS)
"""The fields that curators write, in the order of a form."""


def is_required(path: str) -> bool:
    """Whether an entry cannot be without the field; of the original's fields, whether the original cannot."""
    group, _, inside = path.partition(".")
    return (Source.model_fields[inside] if inside else Entry.model_fields[group]).is_required()
