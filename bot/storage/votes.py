"""*Helpful* and *not the same story*: one vote per person and answer, without keeping who the person is."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import structlog
from sqlalchemy import ColumnElement, Connection, Engine, case, delete, func, select
from sqlalchemy.dialects import sqlite

from bot.clock import Clock, now_utc
from bot.model import Feedback
from bot.storage import bounds
from bot.storage.tables import answers, feedback, platform_state
from bot.storage.transactions import read, rows, write

log = structlog.get_logger(__name__)

Counts = Callable[[str, str], bool]
"""Whether votes on a platform, in a channel, count for more than statistics."""

_SECRET = "feedback secret"  # noqa: S105 - the name under which it is kept


@dataclass(frozen=True, kw_only=True)
class Votes:
    """What people said of the answers that cite an entry."""

    entry_id: str
    helpful: int
    not_same_story: int


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many people voted on an entry since some moment, and how many say *not the same story*.

    One person has one voice, the latest vote, on however many answers.
    """

    people: int
    against: int


class FeedbackBook:
    """Votes in the bot's database; methods are short transactions, off the event loop. Raise StoreError."""

    def __init__(self, engine: Engine, *, clock: Clock = now_utc) -> None:
        self._engine = engine
        self._clock = clock
        self._most = bounds.Bound(feedback.c.voted_at, bounds.VOTES)

    async def record(self, vote: Feedback) -> bool:
        """Keep a vote, in place of the same person's earlier one; False if it is about no answer of ours."""
        return await write(self._engine, self._record, vote)

    async def take_back(self, platform: str, channel: str, event: str) -> bool:
        """Forget the vote that an event was, such as a reaction; False if none was."""
        return await write(self._engine, self._take_back, platform, channel, event)

    async def entry_of(self, vote: Feedback) -> str | None:
        """Which entry the answer cites that a vote is about."""
        statement = select(answers.c.entry_id).where(_about(vote))
        return await read(self._engine, lambda connection: connection.execute(statement).scalar_one_or_none())

    async def tally(self, entry_id: str, since: datetime, *, counts: Counts) -> Tally:
        """Count who voted on an entry since then, in the channels that `counts` says."""
        columns = (answers.c.platform, answers.c.posted_channel, feedback.c.person, feedback.c.helpful)
        statement = (
            select(*columns)
            .join(answers, feedback.c.answer_key == answers.c.key)
            .where(answers.c.entry_id == entry_id, feedback.c.voted_at >= since)
            .order_by(feedback.c.voted_at)
        )

        def count(connection: Connection) -> Tally:
            vouched, found = cache(counts), connection.execute(statement)
            voices = {row.person: row.helpful for row in found if vouched(row.platform, row.posted_channel)}
            return Tally(people=len(voices), against=sum(not helpful for helpful in voices.values()))

        return await read(self._engine, count)

    async def votes(self) -> tuple[Votes, ...]:
        """Count the votes by entry, the entry with most *not the same story* first."""
        helpful = func.sum(case((feedback.c.helpful, 1), else_=0))
        against = func.sum(case((feedback.c.helpful, 0), else_=1))
        statement = (
            select(answers.c.entry_id, helpful.label("helpful"), against.label("not_same_story"))
            .join(feedback, feedback.c.answer_key == answers.c.key)
            .where(answers.c.entry_id.is_not(None))
            .group_by(answers.c.entry_id)
            .order_by(against.desc(), answers.c.entry_id)
        )
        return tuple(Votes(**row._asdict()) for row in await rows(self._engine, statement))

    def _record(self, connection: Connection, vote: Feedback) -> bool:
        key = connection.execute(select(answers.c.key).where(_about(vote))).scalar_one_or_none()
        if key is None:
            return False
        secret = _secret(connection, self._clock)
        person = _mark(secret, vote.sender)
        event = _mark(secret, vote.platform, vote.channel, vote.event) if vote.event else None
        if _full(connection, key, person):
            return True
        values = {"helpful": vote.helpful, "voted_at": self._clock(), "event": event}
        statement = sqlite.insert(feedback).values(answer_key=key, person=person, **values)
        connection.execute(
            statement.on_conflict_do_update(index_elements=["answer_key", "person"], set_=values)
        )
        self._most.added(connection)
        return True

    def _take_back(self, connection: Connection, platform: str, channel: str, event: str) -> bool:
        mark = _mark(_secret(connection, self._clock), platform, channel, event)
        return connection.execute(delete(feedback).where(feedback.c.event == mark)).rowcount > 0


def _full(connection: Connection, key: str, person: str) -> bool:
    """Whether an answer has as many votes as are kept, none of them this person's."""
    others = (feedback.c.answer_key == key) & (feedback.c.person != person)
    return bounds.size(connection, feedback, others) >= bounds.VOTES_ON_ONE_ANSWER


def _about(vote: Feedback) -> ColumnElement[bool]:
    """The answer that a vote is about."""
    posted = (answers.c.posted_channel == vote.channel) & (answers.c.posted_id == vote.answer_id)
    return (answers.c.platform == vote.platform) & posted


def _mark(secret: bytes, *parts: str) -> str:
    return hmac.new(secret, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def _secret(connection: Connection, clock: Clock) -> bytes:
    """The key that turns people's ids into marks; whoever has only the marks cannot tell who they are."""
    kept = select(platform_state.c.value).where(platform_state.c.name == _SECRET)
    found = connection.execute(kept).scalar_one_or_none()
    if found is None:
        found = secrets.token_hex(32)
        new = {"name": _SECRET, "value": found, "changed_at": clock()}
        connection.execute(sqlite.insert(platform_state).values(new))
    return bytes.fromhex(found)
