"""An entry that people call another story stops speaking unasked until a curator has looked at it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog

from bot.clock import Clock, now_utc
from bot.commands import wording
from bot.model import Feedback
from bot.storage.votes import Counts, FeedbackBook, Tally
from bot.threads import in_thread
from kb.curate.curation import Curation

log = structlog.get_logger(__name__)

KIND = "feedback"
"""The kind of flag in kb/store/flags.py; approving, publishing or retiring the entry answers it."""

_PEOPLE = 3  # both set by hand
_DAYS = 30
_BY = "feedback"


class Muting:
    """Takes votes in, and counts those on an entry's present text, in channels that are `vouched` for.

    Votes elsewhere are kept as statistics. Raises StoreError.
    """

    def __init__(
        self, book: FeedbackBook, curation: Curation, *, vouched: Counts, clock: Clock = now_utc
    ) -> None:
        self._book, self._curation, self._vouched, self._clock = book, curation, vouched, clock

    async def record(self, vote: Feedback) -> bool:
        """Keep a vote; False if it is about no answer of ours."""
        recorded = await self._book.record(vote)
        counts = recorded and not vote.helpful and self._vouched(vote.platform, vote.channel)
        entry_id = await self._book.entry_of(vote) if counts else None
        if entry_id is not None:
            await self._judge(entry_id)
        return recorded

    async def take_back(self, platform: str, channel: str, event: str) -> bool:
        """Forget the vote that an event was; False where it was none."""
        return await self._book.take_back(platform, channel, event)

    async def muted(self, entry_id: str) -> bool:
        """Whether an entry speaks only when asked."""
        flags = await in_thread(self._curation.flags.all, KIND)
        return any(flag.entry_id == entry_id for flag in flags)

    async def _judge(self, entry_id: str) -> None:
        trail = await in_thread(self._curation.store.trail, entry_id)
        published = trail.settled.at if trail.settled else datetime.min.replace(tzinfo=UTC)
        since = max(self._clock() - timedelta(days=_DAYS), published)
        tally = await self._book.tally(entry_id, since, counts=self._vouched)
        if not is_bad(tally):
            return
        note = wording.MUTED.format(against=tally.against, people=tally.people, days=_DAYS)
        if await in_thread(self._curation.flags.flag, entry_id, KIND, note=note, by=_BY):
            log.warning("entry_muted", entry=entry_id, **vars(tally))


def is_bad(tally: Tally) -> bool:
    """Whether three people or more, and more than half of those who voted, say that it is another story."""
    return tally.against >= _PEOPLE and 2 * tally.against > tally.people
