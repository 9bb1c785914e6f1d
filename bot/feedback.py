"""*Helpful* and *not the same story*: one vote per person and answer, without keeping who the person is."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from dataclasses import dataclass

import structlog
from sqlalchemy import Connection, Engine, case, func, select
from sqlalchemy.dialects import sqlite

from bot.clock import Clock, now_utc
from bot.model import Feedback
from bot.tables import answers, feedback, platform_state
from kb.database import reading, writing

log = structlog.get_logger(__name__)

_SECRET = "feedback secret"  # noqa: S105 - the name under which it is kept


@dataclass(frozen=True, kw_only=True)
class Votes:
    """What people said of the answers that cite an entry."""

    entry_id: str
    helpful: int
    not_same_story: int


class FeedbackBook:
    """Votes in the bot's database; methods are short transactions, off the event loop. Raise StoreError."""

    def __init__(self, engine: Engine, *, clock: Clock = now_utc) -> None:
        self._engine = engine
        self._clock = clock

    async def record(self, vote: Feedback) -> bool:
        """Keep a vote, in place of the same person's earlier one; False if it is about no answer of ours."""
        return await asyncio.to_thread(self._record, vote)

    async def votes(self) -> tuple[Votes, ...]:
        """Count the votes by entry, the entry with most *not the same story* first."""
        return await asyncio.to_thread(self._votes)

    def _record(self, vote: Feedback) -> bool:
        with writing(self._engine) as connection:
            about = select(answers.c.key).where(
                answers.c.platform == vote.platform,
                answers.c.posted_channel == vote.channel,
                answers.c.posted_id == vote.answer_id,
            )
            key = connection.execute(about).scalar_one_or_none()
            if key is None:
                return False
            person = hmac.new(
                _secret(connection, self._clock), vote.sender.encode(), hashlib.sha256
            ).hexdigest()
            values = {"helpful": vote.helpful, "voted_at": self._clock()}
            statement = sqlite.insert(feedback).values(answer_key=key, person=person, **values)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["answer_key", "person"], set_=values)
            )
        return True

    def _votes(self) -> tuple[Votes, ...]:
        helpful = func.sum(case((feedback.c.helpful, 1), else_=0))
        against = func.sum(case((feedback.c.helpful, 0), else_=1))
        statement = (
            select(answers.c.entry_id, helpful.label("helpful"), against.label("not_same_story"))
            .join(feedback, feedback.c.answer_key == answers.c.key)
            .where(answers.c.entry_id.is_not(None))
            .group_by(answers.c.entry_id)
            .order_by(against.desc(), answers.c.entry_id)
        )
        with reading(self._engine) as connection:
            return tuple(Votes(**row._asdict()) for row in connection.execute(statement))


def _secret(connection: Connection, clock: Clock) -> bytes:
    """The key that turns people's ids into marks; whoever has only the marks cannot tell who they are."""
    kept = select(platform_state.c.value).where(platform_state.c.name == _SECRET)
    found = connection.execute(kept).scalar_one_or_none()
    if found is None:
        found = secrets.token_hex(32)
        new = {"name": _SECRET, "value": found, "changed_at": clock()}
        connection.execute(sqlite.insert(platform_state).values(new))
    return bytes.fromhex(found)
