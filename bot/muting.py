"""An entry that people call another story stops speaking unasked until a curator has looked at it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import structlog

from bot.admin import wording
from bot.clock import Clock, now_utc
from bot.feedback import FeedbackBook, Tally
from bot.model import Feedback
from kb.curate import Curation

log = structlog.get_logger(__name__)

KIND = "feedback"
"""The kind of flag in kb/flags.py; approving, publishing or retiring the entry answers it."""

_PEOPLE = 3
_DAYS = 30
_BY = "feedback"


class Muting:
    """Takes votes in, and counts those on an entry's present text. Raises StoreError."""

    def __init__(self, book: FeedbackBook, curation: Curation, *, clock: Clock = now_utc) -> None:
        self._book, self._curation, self._clock = book, curation, clock

    async def record(self, vote: Feedback) -> bool:
        """Keep a vote; False if it is about no answer of ours."""
        recorded = await self._book.record(vote)
        entry_id = await self._book.entry_of(vote) if recorded and not vote.helpful else None
        if entry_id is not None:
            await self._judge(entry_id)
        return recorded

    async def take_back(self, platform: str, channel: str, event: str) -> bool:
        """Forget the vote that an event was; False where it was none."""
        return await self._book.take_back(platform, channel, event)

    async def muted(self, entry_id: str) -> bool:
        """Whether an entry speaks only when asked."""
        flags = await asyncio.to_thread(self._curation.flags.all, KIND)
        return any(flag.entry_id == entry_id for flag in flags)

    async def _judge(self, entry_id: str) -> None:
        trail = await asyncio.to_thread(self._curation.store.trail, entry_id)
        published = trail.settled.at if trail.settled else datetime.min.replace(tzinfo=UTC)
        since = max(self._clock() - timedelta(days=_DAYS), published)
        tally = await self._book.tally(entry_id, since)
        if not is_bad(tally):
            return
        note = wording.MUTED.format(
            people=tally.people_against, against=tally.against, votes=tally.votes, days=_DAYS
        )
        if await asyncio.to_thread(self._curation.flags.flag, entry_id, KIND, note=note, by=_BY):
            log.warning("entry_muted", entry=entry_id, **vars(tally))


def is_bad(tally: Tally) -> bool:
    """Whether three people or more, and more than half of the votes, say that it is another story."""
    return tally.people_against >= _PEOPLE and 2 * tally.against > tally.votes
