"""Brings every event of the bot's rooms to `accept`, in order, none lost, across restarts.

The place in the stream (the sync token) is saved only when everything before it was accepted: after a crash
the same events come again, under the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import KW_ONLY, dataclass
from functools import partial

import structlog

from bot import model
from bot.errors import BotError, PlatformError
from bot.faults import placed
from bot.patience import Patience
from bot.platforms.matrix import inbound
from bot.platforms.matrix.client import Batch, Client, LockedError, Timeline
from bot.platforms.matrix.inbound import Event, Room
from bot.platforms.matrix.invitations import is_welcome
from bot.platforms.matrix.transport import RefusedError
from bot.ports import Accept, KeptTexts

_log = structlog.get_logger(__name__)

_PAGES = 50
"""How far back a gap is read, in pages of a hundred events for each room."""
_LOCKED = 500
"""How many messages are kept in memory that wait for their keys."""
_JOIN_ATTEMPTS = 4
_ACCEPT_ATTEMPTS = 6


@dataclass(eq=False)
class Feed:
    """One run of listening; `run` ends by an error or by being cancelled.

    `invites_from` are the servers and users whose invitations are accepted; empty: everybody's.
    """

    client: Client
    state: KeptTexts
    accept: Accept
    patience: Patience
    _: KW_ONLY
    invites_from: Collection[str] = ()

    def __post_init__(self) -> None:
        self._place = f"matrix {self.client.user_id} sync"
        self._locked: dict[str, tuple[Room, Event]] = {}
        self._unreadable: set[str] = set()

    async def run(self, ready: Callable[[], None]) -> None:
        """Follow the stream from the saved place; without one, what was said before now is not answered."""
        since = await self.state.load(self._place)
        batch = await self.patience.until_done(partial(self.client.sync, since, first=True))
        ready()
        while True:
            await self._tend()
            asked = await self._take(batch, since) if since else []
            await self._join(batch)
            if batch.next != since:
                await self.state.save(self._place, batch.next)
            since = batch.next
            await self._mark_read(asked)
            batch = await self.patience.until_done(partial(self.client.sync, since, first=False))

    async def _take(self, batch: Batch, since: str) -> list[model.Message]:
        asked = []
        for room, raw in [*self._unlocked(batch), *await self._news(batch, since)]:
            event = await self._read(raw, room)
            if event is None:
                continue
            await self.patience.until_done(
                partial(self.accept, event), attempts=_ACCEPT_ATTEMPTS, on=Exception
            )
            if isinstance(event, model.Message) and event.asked:
                asked.append(event)
        return asked

    async def _news(self, batch: Batch, since: str) -> list[tuple[Room, Event]]:
        news: list[tuple[Room, Event]] = []
        for timeline in batch.timelines:
            earlier = await self._gap(timeline, since) if timeline.limited else []
            events = inbound.since_joined([*earlier, *timeline.events], timeline.room.me)
            news += [(timeline.room, event) for event in events]
        return news

    async def _read(self, raw: Event, room: Room) -> model.Incoming | None:
        """Read what an event means to us; None when it means nothing, or cannot be decrypted yet."""
        if raw.get("sender") == room.me.user_id:
            return None
        try:
            event = self.client.decrypt(raw)
        except LockedError as error:
            self._lock(raw, room, error)
            return None
        try:
            if inbound.is_spoken(event):
                return await self._message(event, room)
            return inbound.read_deletion(event, room.id) or inbound.read_feedback(event, room.id)
        except BotError:
            raise
        except Exception as error:  # noqa: BLE001  # one message must not stop all others, now and after restarts
            name = raw.get("event_id")
            _log.error("matrix: a message could not be read", room=room.id, message=name, error=placed(error))
            return None

    async def _message(self, event: Event, room: Room) -> model.Message | None:
        edited = inbound.edited_id(event)
        message = inbound.read_message(event, room, event if edited else None)
        if not (message.asked or message.links or message.command):
            return None
        if not edited:
            return message
        original = await self._original(room, edited)
        valid = original and inbound.is_edit_of(event, original)
        return inbound.read_message(event, room, original) if valid else None

    async def _original(self, room: Room, event_id: str) -> Event | None:
        try:
            original = await self.patience.until_done(partial(self.client.event, room.id, event_id))
            return self.client.decrypt(original) if original else None
        except (LockedError, RefusedError):
            return None

    def _unlocked(self, batch: Batch) -> list[tuple[Room, Event]]:
        """Give the messages that waited for keys, when new ones came; those still locked wait again."""
        waiting = list(self._locked.values()) if batch.new_keys else []
        if batch.new_keys:
            self._locked.clear()
        return waiting

    def _lock(self, raw: Event, room: Room, error: LockedError) -> None:
        if not self.client.encrypts:
            if room.id not in self._unreadable:
                _log.warning("matrix: cannot read an encrypted room", room=room.id, error=str(error))
            self._unreadable.add(room.id)
            return
        if len(self._locked) >= _LOCKED:
            self._locked.pop(next(iter(self._locked)))
        self._locked[str(raw.get("event_id"))] = (room, raw)

    async def _gap(self, timeline: Timeline, since: str) -> list[Event]:
        """Read what happened between `since` and a limited timeline, oldest first."""
        events: list[Event] = []
        room, start = timeline.room, timeline.prev_batch
        for _ in range(_PAGES):
            try:
                page = await self.patience.until_done(partial(self.client.history, room.id, start, since))
            except RefusedError as refused:
                _log.warning("matrix: cannot read what was missed", room=room.id, error=str(refused))
                break
            events += page.events
            start = page.next
            joined = any(inbound.is_own_join(event, room.me) for event in page.events)
            if joined or not start or not page.events:
                break
        else:
            _log.warning("matrix: too much was missed, the oldest of it is left out", room=room.id)
        return events[::-1]

    async def _join(self, batch: Batch) -> None:
        for each in batch.invites:
            welcome = is_welcome(each, self.invites_from)
            if not welcome:
                _log.warning("matrix: declined an invitation", room=each.room, by=sorted(each.by))
            answer = self.client.join if welcome else self.client.leave
            try:
                await self.patience.until_done(partial(answer, each.room), attempts=_JOIN_ATTEMPTS)
            except PlatformError as error:
                _log.warning("matrix: could not answer an invitation", room=each.room, error=str(error))

    async def _tend(self) -> None:
        try:
            await self.client.tend()
        except PlatformError as error:
            _log.warning("matrix: keys will be exchanged after the next sync", error=str(error))

    async def _mark_read(self, messages: list[model.Message]) -> None:
        for message in messages:
            try:
                await self.client.mark_read(message.channel, message.id, message.thread_id)
            except PlatformError as error:
                _log.info("matrix: not marked as read", room=message.channel, error=str(error))
