"""Answers for one person, at once and without a record: for commands, shortcuts and home pages."""

from __future__ import annotations

from collections.abc import Callable

from bot.answering.answer import look_up
from bot.answering.services import Services
from bot.model import Message, Reply
from bot.ports import Recent
from bot.threads import in_thread
from kb.entries.entry import Entry


class PersonalLookUp:
    """The `LookUp` port; `entry_of` gives an entry by its id, or None, and may block."""

    def __init__(self, services: Services, entry_of: Callable[[str], Entry | None]) -> None:
        self._services, self._entry_of = services, entry_of

    async def replies(self, message: Message) -> tuple[Reply, ...]:
        """Answer an asking message without posting or recording anything; at least one reply."""
        return await look_up(message, self._services)

    async def recent(self, platform: str, channel_prefix: str, limit: int) -> tuple[Recent, ...]:
        """Give the latest posted answers in channels with that prefix, newest first."""
        answers = await self._services.ledger.recent(platform, channel_prefix, limit)
        return tuple(
            [Recent(answer=answer, title=await self._title(answer.intent.entry_id)) for answer in answers]
        )

    async def _title(self, entry_id: str | None) -> str | None:
        entry = await in_thread(self._entry_of, entry_id) if entry_id else None
        return entry.title if entry else None
