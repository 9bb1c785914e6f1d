"""Events that could not be handled wait here for a person, who has them tried again or forgotten.

What is kept is what the work queue keeps: ids and links (bot/storage/event_data.py), and why and where it
failed. A reason names what went wrong and never quotes a message.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, case, delete, select, update
from sqlalchemy.dialects import sqlite

from bot.clock import Clock, now_utc
from bot.storage import bounds
from bot.storage.tables import parked
from bot.storage.transactions import change, rows, write

_LONGEST = 300
"""Characters of a reason, and of a place in the program."""
_NAME = 8


@dataclass(frozen=True, kw_only=True)
class ParkedEvent:
    """An event that failed for good: `event` as in event_data.py, `where` the place in the program.

    `attempts` is how often it was parked, first at `parked_at`, last at `tried_at` (UTC). `wanted`: it is to
    be tried again, and whether that helped is not known yet.
    """

    key: str
    event: dict[str, Any]
    reason: str
    where: str
    attempts: int
    parked_at: datetime
    tried_at: datetime
    wanted: bool = False

    @property
    def name(self) -> str:
        """What people call it by."""
        return name_of(self.key)

    @property
    def again(self) -> str:
        """The key under which it is enqueued for its next attempt: the same one until that has failed."""
        return f"{self.key} again {self.attempts}"


class ParkedEvents:
    """Parked events in the bot's database: at most `most`, the oldest go. Short transactions, off the event
    loop. Raise StoreError.

    Who wants an event tried again may be another process than the bot's; the mark stands until the attempt
    is over, so that it outlives a crash.
    """

    def __init__(self, engine: Engine, *, clock: Clock = now_utc, most: int = bounds.PARKED) -> None:
        self._engine, self._clock, self._most = engine, clock, most
        self._taken: set[str] = set()

    async def park(self, key: str, event: dict[str, Any], reason: str, where: str) -> None:
        """Keep an event that failed for good; under the same key again, it failed once more."""
        now = self._clock()
        values = {"event": event, "reason": _line(reason), "where": _line(where), "tried_at": now}
        first = sqlite.insert(parked).values(key=key, attempts=1, parked_at=now, wanted=False, **values)
        again = {**values, "attempts": parked.c.attempts + 1, "wanted": False}
        statement = first.on_conflict_do_update(index_elements=["key"], set_=again)

        def keep(connection: Connection) -> int:
            connection.execute(statement)
            return bounds.dropped(connection, bounds.too_old(parked.c.tried_at, self._most))

        await write(self._engine, keep)

    async def all(self) -> tuple[ParkedEvent, ...]:
        """Every parked event, the oldest first."""
        return await self._read()

    async def retry(self, key: str) -> bool:
        """Have an event tried again, by the running bot or the next one; False where it is not parked.

        Asked for once more before it is known what came of it, it is one more attempt.
        """
        attempts = case((parked.c.wanted, parked.c.attempts + 1), else_=parked.c.attempts)
        marked = update(parked).where(parked.c.key == key).values(wanted=True, attempts=attempts)
        return await change(self._engine, marked) > 0

    async def take_retries(self) -> tuple[ParkedEvent, ...]:
        """The events to be tried again, each once for an attempt and process, oldest first.

        Enqueue each under its `again`; once it was handled, `forget` it under its `key`. One that fails is
        parked again, under its `key`. After a crash it is given again, under the same `again`.
        """
        wanted = await self._read(wanted=True)
        fresh = tuple(each for each in wanted if each.again not in self._taken)
        self._taken = {each.again for each in wanted}
        return fresh

    async def forget(self, key: str) -> bool:
        """Drop an event; False where it is not parked."""
        return await change(self._engine, delete(parked).where(parked.c.key == key)) > 0

    async def _read(self, **fields: bool) -> tuple[ParkedEvent, ...]:
        chosen = select(parked).filter_by(**fields).order_by(parked.c.parked_at, parked.c.key)
        return tuple(ParkedEvent(**row._asdict()) for row in await rows(self._engine, chosen))


def name_of(key: str) -> str:
    """A short name for a long key with signs that a shell or a client would take for its own."""
    return hashlib.sha256(key.encode()).hexdigest()[:_NAME]


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
