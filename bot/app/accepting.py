"""Takes events in, durably, has each handled in its turn, and tries again what a person wants tried again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.answering.answer import answer
from bot.answering.decide import may_speak
from bot.answering.services import Services
from bot.app.in_turn import Report
from bot.background.muting import Muting
from bot.background.supervisor import Loop, Pause
from bot.model import Deletion, Event, Feedback, Incoming, Message, event_key
from bot.ports import Accept
from bot.storage.event_data import event_data, event_from
from bot.storage.ledger import Ledger
from bot.storage.parked_events import ParkedEvents
from bot.storage.votes import FeedbackBook
from bot.storage.work_queue import DurableWork

_LOOK_SECONDS = 30.0  # where nothing wakes it


@dataclass(frozen=True, kw_only=True)
class Serving:
    """Events on their way in, and to their handler.

    `deleted` is told of each deletion before the answers to what was deleted are withdrawn; `report` is told
    what came of each event.
    """

    services: Services
    ledger: Ledger
    work: DurableWork
    feedback: FeedbackBook | Muting
    deleted: Callable[[Deletion], Awaitable[None]] | None = None
    report: Report | None = None

    @asynccontextmanager
    async def accepting(self) -> AsyncIterator[Accept]:
        """Handle the queue while the body runs; what it gives accepts events durably.

        Raises SettingsError when another process has the queue, StoreError.
        """
        await self.work.start(self._handle)
        try:
            for key, data in (await self.ledger.unhandled()).items():
                await self._enqueue(key, event_from(data))  # known, unless the queue was lost or restored
            yield self._accept
        finally:
            await self.work.stop()

    async def _accept(self, event: Incoming) -> None:
        if isinstance(event, Feedback):
            await self.feedback.record(event)
            return
        policy = self.services.channels.rules(event.platform, event.channel).policy
        if isinstance(event, Message) and not event.command and not may_speak(policy, asked=event.asked):
            return
        key = event_key(event)
        self.services.limits.heard(event)
        await self.ledger.accepted(key, event_data(event))  # first: it may be handled at once
        await self._enqueue(key, event)

    async def _enqueue(self, key: str, event: Event) -> None:
        if not await self.work.enqueue(key, event):
            await self.ledger.known(key)

    async def _handle(self, event: Event) -> None:
        if isinstance(event, Deletion) and self.deleted:
            await self.deleted(event)
        outcomes = await answer(event, self.services)
        await self.ledger.handled(event_key(event))
        if self.report is not None:
            self.report(event, outcomes)


def retrying(
    parked: ParkedEvents, ledger: Ledger, work: DurableWork, *, woken_by: asyncio.Event | None = None
) -> Loop:
    """The loop that hands parked events to the queue again, once somebody wants that."""

    async def round_() -> Pause:
        for retry in await parked.take_retries():
            event = event_from(retry.event)
            await ledger.unpark(event.platform, event.channel, event.id)
            await work.enqueue(retry.again, event)
        return Pause(seconds=_LOOK_SECONDS)

    return Loop(name="parked events", round=round_, woken_by=woken_by)
