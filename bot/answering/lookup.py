"""Answers for one person, at once and without a record: for commands, shortcuts and home pages."""

from __future__ import annotations

from bot.answering.answer import Desk, look_up
from bot.model import Message, Reply
from bot.ports import Recent
from bot.threads import in_thread
from kb.store.entries import Store


class DeskLookUp:
    """The `LookUp` port on a desk and the store."""

    def __init__(self, desk: Desk, store: Store) -> None:
        self._desk, self._store = desk, store

    async def replies(self, message: Message) -> tuple[Reply, ...]:
        """Answer an asking message without posting or recording anything; at least one reply."""
        return await look_up(message, self._desk)

    async def recent(self, platform: str, channel_prefix: str, limit: int) -> tuple[Recent, ...]:
        """Give the latest posted answers in channels with that prefix, newest first."""
        answers = await self._desk.ledger.recent(platform, channel_prefix, limit)
        return tuple([Recent(answer=each, title=await self._title(each.intent.entry_id)) for each in answers])

    async def _title(self, entry_id: str | None) -> str | None:
        entry = await in_thread(self._store.get, entry_id) if entry_id else None
        return entry.title if entry else None
