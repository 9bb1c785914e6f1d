"""What was said, where, and what must not be said again.

The `answers` table decides, not the work queue: an answer's row is committed as an intent before it is
posted, so that a crash, a lost queue or a restored older one never makes the bot say a thing twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy import ColumnElement, Connection, Engine, Table, Update, delete, exists, select, update
from sqlalchemy.dialects import sqlite

from bot.answers import Answer, AnswerState, Begun, Intent, Purged, Standing
from bot.clock import Clock, now_utc
from bot.model import Action, Receipt
from bot.storage import bounds
from bot.storage.answer_rows import answer_from, answers_in
from bot.storage.tables import accepted, answers, deletions, parked, platform_state
from bot.storage.transactions import change, read, rows, write


class Ledger:
    """The bot's memory of its answers; each method is one short transaction, off the event loop.

    `clock` gives timezone-aware times. Raises StoreError when the database cannot be used.
    """

    def __init__(self, engine: Engine, *, clock: Clock = now_utc) -> None:
        self._engine = engine
        self._clock = clock
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._arrived: dict[str, dict[str, Any]] = {}
        self._writing_arrived = asyncio.Lock()
        self._most = bounds.Bound(answers.c.changed_at, bounds.ANSWERS)
        self._most_deletions = bounds.Bound(deletions.c.deleted_at, bounds.DELETIONS)

    @asynccontextmanager
    async def sole(self, key: str) -> AsyncIterator[None]:
        """Let one task of this process at a time deal with the answer of that key."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        async with lock:
            yield

    async def begin(self, intent: Intent, *, not_said_since: datetime | None = None) -> Begun:
        """Record that an answer is about to be posted, unless something speaks against it.

        Nothing is recorded when the question was deleted, when there is an answer under this key already,
        or when its entry was said in this channel since `not_said_since` about another message.
        """

        def decide(connection: Connection) -> Begun:
            earlier = _answer(connection, intent.key)
            if _is_deleted(connection, intent):
                return Begun(standing=Standing.DELETED, answer=earlier)
            if earlier is not None:
                return Begun(standing=Standing.KNOWN, answer=earlier)
            if not_said_since is not None and _holds(connection, answers, _said(intent, not_said_since)):
                return Begun(standing=Standing.REPEATED)
            return self._record_intent(connection, intent)

        return await write(self._engine, decide)

    def _record_intent(self, connection: Connection, intent: Intent) -> Begun:
        now = self._clock()
        place = intent.place
        statement = sqlite.insert(answers).values(
            key=intent.key,
            platform=intent.platform,
            channel=place.channel,
            message_id=place.message_id,
            thread_id=place.thread_id,
            action=intent.action,
            entry_id=intent.entry_id,
            cited=intent.cited,
            basis=intent.basis,
            differences=list(intent.differences),
            state=AnswerState.INTENT,
            created_at=now,
            changed_at=now,
        )
        fresh = connection.execute(statement.on_conflict_do_nothing().returning(answers.c.key)).first()
        if fresh is None:
            return Begun(standing=Standing.KNOWN, answer=_answer(connection, intent.key))
        self._most.added(connection)
        return Begun(standing=Standing.NEW)

    async def posted(self, key: str, receipt: Receipt) -> bool:
        """Record that an answer was posted; False when its question was deleted meanwhile."""
        posted_as = {"posted_channel": receipt.channel, "posted_id": receipt.message_id}

        def record(connection: Connection) -> bool:
            connection.execute(self._now(key, AnswerState.POSTED, **posted_as))
            answer = _answer(connection, key)
            return answer is None or not _is_deleted(connection, answer.intent)

        return await write(self._engine, record)

    async def parked(self, key: str) -> None:
        """Record that it cannot be told whether an answer was posted: it is left to a person."""
        await change(self._engine, self._now(key, AnswerState.PARKED))

    async def unpark(self, platform: str, channel: str, message_id: str) -> int:
        """Have the parked answers to a message looked for again when it is handled again; give the number."""
        waiting = _message(answers, platform, channel, message_id) & (answers.c.state == AnswerState.PARKED)
        again = update(answers).where(waiting).values(state=AnswerState.INTENT, changed_at=self._clock())
        return await change(self._engine, again)

    async def withdrawn(self, key: str) -> None:
        """Record that an answer is gone from its channel and must not come back."""
        await change(self._engine, self._now(key, AnswerState.WITHDRAWN))

    def _now(self, key: str, state: AnswerState, **values: str) -> Update:
        own = update(answers).where(answers.c.key == key)
        return own.values(state=state, changed_at=self._clock(), **values)

    async def answer(self, key: str) -> Answer | None:
        """Look an answer up; None when there is none."""
        return await read(self._engine, _answer, key)

    async def answers_to(self, platform: str, channel: str, message_id: str) -> tuple[Answer, ...]:
        """Give all answers to a message, oldest first."""
        return await read(self._engine, answers_in, _message(answers, platform, channel, message_id))

    async def recent(self, platform: str, channel_prefix: str, limit: int) -> tuple[Answer, ...]:
        """Give the latest answers that stand in channels with that prefix, newest first."""
        statement = (
            select(answers)
            .where(answers.c.platform == platform, answers.c.state == AnswerState.POSTED)
            .where(answers.c.action != Action.COMMAND)
            .where(answers.c.channel.startswith(channel_prefix, autoescape=True))
            .order_by(answers.c.created_at.desc(), answers.c.key)
            .limit(limit)
        )
        return tuple(map(answer_from, await rows(self._engine, statement)))

    async def posted_as(self, platform: str, channel: str, message_id: str) -> Answer | None:
        """Look up the answer that a message of our own is; None when it is none."""
        columns = answers.c
        posted = (columns.posted_channel == channel) & (columns.posted_id == message_id)
        found = await read(self._engine, answers_in, columns.platform == platform, posted)
        return next(iter(found), None)

    async def answers_parked(self) -> tuple[Answer, ...]:
        """Give the answers that wait for a person, oldest first."""
        return await read(self._engine, answers_in, answers.c.state == AnswerState.PARKED)

    async def delete_question(self, platform: str, channel: str, message_id: str) -> tuple[Answer, ...]:
        """Record that a message was deleted; give the answers to it that are not withdrawn yet."""
        question = {"platform": platform, "channel": channel, "message_id": message_id}

        def record(connection: Connection) -> tuple[Answer, ...]:
            statement = sqlite.insert(deletions).values(**question, deleted_at=self._clock())
            connection.execute(statement.on_conflict_do_nothing())
            self._most_deletions.added(connection)
            return answers_in(
                connection, _message(answers, **question), answers.c.state != AnswerState.WITHDRAWN
            )

        return await write(self._engine, record)

    async def accepted(self, key: str, event: dict[str, Any]) -> None:
        """Remember an event (ids and links, no text) until it was handled, should the queue be lost.

        Events that arrive while one is being written are written together: a burst costs few transactions.
        """
        self._arrived[key] = event
        async with self._writing_arrived:
            if key not in self._arrived:
                return  # written along with another
            batch, self._arrived = self._arrived, {}
            try:
                await self._remember(batch)
            except BaseException:
                self._arrived = batch | self._arrived  # each of them tries, and fails, for itself
                raise

    async def _remember(self, events: dict[str, dict[str, Any]]) -> None:
        now = self._clock()
        new = [{"key": key, "event": event, "accepted_at": now} for key, event in events.items()]
        statement = sqlite.insert(accepted).on_conflict_do_nothing()
        await write(self._engine, Connection.execute, statement, new)

    async def handled(self, key: str) -> None:
        """Forget an event that was handled, be it for the first time or after it was parked."""
        await write(self._engine, _forget, key, (accepted, parked))

    async def known(self, key: str) -> None:
        """Forget an event that was delivered again after the queue was done with it."""
        await write(self._engine, _forget, key, (accepted,))

    async def unhandled(self) -> dict[str, dict[str, Any]]:
        """Give the events that were accepted and not handled, by their key, oldest first."""
        statement = select(accepted.c.key, accepted.c.event).order_by(accepted.c.accepted_at, accepted.c.key)
        return {row.key: row.event for row in await rows(self._engine, statement)}

    async def load(self, name: str) -> str | None:
        """Give back what was saved under a name, such as a platform's sync token; None when nothing was."""
        statement = select(platform_state.c.value).where(platform_state.c.name == name)
        return next((row.value for row in await rows(self._engine, statement)), None)

    async def save(self, name: str, value: str) -> None:
        """Keep a value under a name, in place of the one before."""
        values = {"value": value, "changed_at": self._clock()}
        statement = sqlite.insert(platform_state).values(name=name, **values)
        await change(self._engine, statement.on_conflict_do_update(index_elements=["name"], set_=values))

    async def purge(
        self, *, answers_before: datetime, unmatched_before: datetime, accepted_before: datetime
    ) -> Purged:
        """Forget votes, answers and deletions, unmatched links, and events that were accepted or parked, last
        touched before then."""
        return await write(
            self._engine,
            bounds.forget_old,
            answers=answers_before,
            unmatched=unmatched_before,
            events=accepted_before,
        )


def _forget(connection: Connection, key: str, tables: Iterable[Table]) -> None:
    for table in tables:
        connection.execute(delete(table).where(table.c.key == key))


def _message(table: Table, platform: str, channel: str, message_id: str) -> ColumnElement[bool]:
    columns = table.c
    return (columns.platform == platform) & (columns.channel == channel) & (columns.message_id == message_id)


def _is_deleted(connection: Connection, intent: Intent) -> bool:
    """Whether the question of an answer was deleted."""
    place = intent.place
    question = _message(deletions, intent.platform, place.channel, place.message_id)
    return _holds(connection, deletions, question)


def _said(intent: Intent, since: datetime) -> ColumnElement[bool]:
    # A parked answer may have been posted, so it counts as said: silence is the smaller mistake.
    return (
        (answers.c.platform == intent.platform)
        & (answers.c.channel == intent.place.channel)
        & (answers.c.entry_id == intent.entry_id)
        & (answers.c.created_at >= since)
        & (answers.c.message_id != intent.place.message_id)
        & (answers.c.state != AnswerState.WITHDRAWN)
    )


def _holds(connection: Connection, table: Table, condition: ColumnElement[bool]) -> bool:
    return bool(connection.execute(select(exists().select_from(table).where(condition))).scalar_one())


def _answer(connection: Connection, key: str) -> Answer | None:
    return next(iter(answers_in(connection, answers.c.key == key)), None)
