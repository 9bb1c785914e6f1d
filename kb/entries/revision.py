"""One entry's life as the list of its revisions, and what the list says: pure values, no database.

Every step is a revision; nothing is overwritten. Two views follow from the list alone. The *live* one is what
readers and indexes get; the *latest* one is what curators work on. They differ while a changed text waits
beside a published (or retired) entry: the published text stays live until the changed one is approved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from kb.entries.entry import Entry, Status


class Step(StrEnum):
    """What was done to an entry."""

    IMPORT = "import"
    PROPOSE = "propose"
    ADD = "add"
    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    RETIRE = "retire"
    SUPERSEDE = "supersede"
    UNDO = "undo"
    REDACT = "redact"


WRITING = frozenset({Step.IMPORT, Step.PROPOSE, Step.ADD, Step.EDIT, Step.UNDO})
"""The steps that may change an entry's text; the others move it through its life."""

SETTLED = frozenset({Status.PUBLISHED, Status.RETIRED})
"""What readers were told of an entry stays until it is replaced by something settled."""


@dataclass(frozen=True, kw_only=True)
class Revision:
    """One step of an entry: what it became, when (UTC), through whom and why.

    `entry` is None in an entry that was redacted: all its texts are erased. `number` grows in the order in
    which steps were committed, over all entries.
    """

    number: int
    entry: Entry | None
    at: datetime
    by: str
    note: str
    step: Step = Step.IMPORT


@dataclass(frozen=True, kw_only=True)
class Saved:
    """How many of the entries handed in were new, changed and unchanged."""

    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True, kw_only=True)
class Change:
    """An entry as readers get it since `revision`; None when it was redacted."""

    revision: int
    entry_id: str
    entry: Entry | None


@dataclass(frozen=True, kw_only=True)
class NewRevision:
    """A step about to be stored; `entry` is None to redact."""

    entry: Entry | None
    step: Step
    by: str
    note: str = ""


@dataclass(frozen=True)
class Trail:
    """Every revision of one entry, the first one first; empty when there is no such entry."""

    entry_id: str
    revisions: tuple[Revision, ...] = ()

    @cached_property
    def tombstone(self) -> Revision | None:
        """The redaction (who, when, why), when the entry was redacted; then nothing else can follow."""
        return next((revision for revision in self.revisions if revision.step is Step.REDACT), None)

    @property
    def latest(self) -> Revision | None:
        """The last step: what curators work on. None when there is no such entry or it was redacted."""
        return self.revisions[-1] if self.revisions and not self.tombstone else None

    @cached_property
    def live(self) -> Revision | None:
        """What readers and indexes get: the replay of the revisions. None as for `latest`."""
        return None if self.tombstone else replay(self.revisions)

    @property
    def pending(self) -> Revision | None:
        """The changed text that waits beside a published or retired one; None when nothing waits."""
        return self.latest if self.latest is not self.live else None

    @property
    def settled(self) -> Revision | None:
        """The live revision if it is published or retired; None while it is still a first draft."""
        live = self.live
        return live if live and live.entry and live.entry.status in SETTLED else None

    @property
    def writers(self) -> tuple[str, ...]:
        """Who changed the text since readers got theirs, in order: for showing.

        A text that an undo brings back was written by somebody else: who may approve is told by
        kb/curate/four_eyes.py.
        """
        since = self.settled.number if self.settled else 0
        return tuple(
            revision.by for revision in self.revisions if revision.number > since and revision.step in WRITING
        )

    def revision(self, number: int) -> Revision | None:
        """The revision of that number; None when this entry has none."""
        return next((revision for revision in self.revisions if revision.number == number), None)

    def before(self, number: int) -> Revision | None:
        """The revision before that number; None before the first one."""
        return next((revision for revision in reversed(self.revisions) if revision.number < number), None)


def becomes_live(live: Status | None, step: Step, status: Status) -> bool:
    """Whether a step is seen by readers at once, `live` being the status of what they have now.

    A draft, or a text in review, never replaces what was published or retired; only an import does, since
    the files say what the operator wants.
    """
    return live not in SETTLED or status in SETTLED or step is Step.IMPORT


def replay(revisions: Iterable[Revision]) -> Revision | None:
    """Give what readers get after these steps; None when there were none or the text was erased."""
    live: Revision | None = None
    for revision in revisions:
        if revision.entry is None:
            return None
        now = live.entry.status if live and live.entry else None
        if becomes_live(now, revision.step, revision.entry.status):
            live = revision
    return live
