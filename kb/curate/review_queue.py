"""What waits for a curator, in one list: texts in review, and published entries to look at again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from kb.entries.editorial import LinkState
from kb.entries.entry import Entry, Status
from kb.entries.revision import Trail
from kb.store.flags import Flag
from kb.store.originals import Known


class Reason(StrEnum):
    """Why something stands in the queue."""

    IN_REVIEW = "in_review"
    DUE = "due_for_review"
    DEAD = "original_dead"
    FLAGGED = "flagged"


@dataclass(frozen=True, kw_only=True)
class QueueItem:
    """One thing to look at: which entry, why, since when (UTC), and in `note` what to know about it.

    `by` wrote what waits; `revision` is the base of what a reviewer does next. Both only for texts in review.
    """

    entry_id: str
    title: str
    reason: Reason
    since: datetime
    note: str = ""
    by: str | None = None
    revision: int | None = None


def in_review(trail: Trail) -> QueueItem | None:
    """A text that waits for a reviewer; None when the latest one does not."""
    latest = trail.latest
    if latest is None or latest.entry is None or latest.entry.status is not Status.IN_REVIEW:
        return None
    return QueueItem(
        entry_id=trail.entry_id,
        title=latest.entry.title,
        reason=Reason.IN_REVIEW,
        since=latest.at,
        note=latest.note,
        by=trail.writers[-1] if trail.writers else latest.by,
        revision=latest.number,
    )


def to_look_at(
    entry: Entry, *, known: Known | None, flags: tuple[Flag, ...], today: date
) -> Iterator[QueueItem]:
    """Why a published entry should be looked at again."""
    if entry.review_by and entry.review_by < today:
        since = datetime.combine(entry.review_by, time(), UTC)
        note = f"due for review since {entry.review_by}"
        yield QueueItem(entry_id=entry.id, title=entry.title, reason=Reason.DUE, since=since, note=note)
    if known and known.state is LinkState.DEAD:
        note = f"its original is gone ({known.reason or 'no reason known'}): {known.url}"
        yield QueueItem(
            entry_id=entry.id, title=entry.title, reason=Reason.DEAD, since=known.since, note=note
        )
    for flag in flags:
        yield QueueItem(
            entry_id=entry.id, title=entry.title, reason=Reason.FLAGGED, since=flag.at, note=flag.note
        )
