"""What curators look at: an entry's revisions, what changed between them, doubles, and what waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime

from kb.curate import lifecycle
from kb.curate.duplicates import Duplicates
from kb.curate.review_queue import QueueItem, in_review, to_look_at
from kb.entries.entry import Entry, Status
from kb.entries.field_changes import FieldChange, differences
from kb.entries.revision import Trail
from kb.errors import Problem
from kb.store.entries import Store
from kb.store.flags import Flag, Flags
from kb.store.originals import Originals


class Overview:
    """Looks into the store without changing it. Methods raise CurationError for what is not there."""

    def __init__(
        self, store: Store, originals: Originals, flags: Flags, *, now: Callable[[], datetime]
    ) -> None:
        self.store, self.originals, self.flags = store, originals, flags
        self._now = now

    @property
    def today(self) -> date:
        """The day that publications and reviews are reckoned by (UTC)."""
        return self._now().astimezone(UTC).date()

    def duplicates(self, entry: Entry) -> tuple[Problem, ...]:
        """Tell of other entries with the same original or nearly the same title."""
        return Duplicates(self.store.outlines()).of(entry)

    def trail(self, entry_id: str) -> Trail:
        """Give an entry's revisions, a redacted one's too. Raises CurationError when there is none."""
        trail = self.store.trail(entry_id)
        if not trail.revisions:
            lifecycle.working_text(trail)
        return trail

    def diff(
        self, entry_id: str, before: int | None = None, after: int | None = None
    ) -> tuple[FieldChange, ...]:
        """Tell what changed between two revisions, by number.

        `after` is by default the last one, `before` what readers have if that is another one, or else the
        one before `after`.
        """
        trail = self.trail(entry_id)
        lifecycle.working_text(trail)
        last = trail.revisions[-1].number if after is None else after
        if before is None:
            live = trail.settled.number if trail.settled else last
            earlier = trail.before(last)
            before = live if live < last else earlier.number if earlier else last
        return differences(lifecycle.text_of(trail, before), lifecycle.text_of(trail, last))

    def queue(self) -> tuple[QueueItem, ...]:
        """What waits for a person: texts in review, entries due for review, dead originals, flagged ones."""
        trails = self.store.working(Status.IN_REVIEW)
        items = [item for trail in trails if (item := in_review(trail))]
        published = list(self.store.entries(Status.PUBLISHED))
        known = self.originals.known(entry.original.url for entry in published)
        flags: dict[str, list[Flag]] = defaultdict(list)
        for flag in self.flags.all():
            flags[flag.entry_id].append(flag)
        for entry in published:
            state = known.get(entry.original.url)
            items += to_look_at(entry, known=state, flags=tuple(flags[entry.id]), today=self.today)
        return tuple(items)
