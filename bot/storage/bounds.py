"""How long, and how many, rows are kept of what outsiders can add to: nobody fills the disk or slows the bot.

Age is the rule (docs/privacy.md); the numbers are reached only by what nobody does by hand.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import Column, ColumnElement, Connection, Delete, Table, delete, func, literal_column, select

from bot.answers import Purged
from bot.storage import tables

log = structlog.get_logger(__name__)

ANSWERS = 200_000
DELETIONS = 100_000
VOTES = 100_000
VOTES_ON_ONE_ANSWER = 500
PARKED = 1_000
UNMATCHED = 5_000
SUBSCRIPTIONS = 5_000
SUBSCRIPTIONS_IN_ONE_CHANNEL = 100

ROW: ColumnElement[int] = literal_column("rowid")
"""SQLite's own number of a row: it grows as rows are added."""

_LOOKS = 100
"""A bound is looked at once in so many hundredths of it."""


class Bound:
    """Keeps a table to its newest `most` rows, by the moment in the column `by`; looks only now and then."""

    def __init__(self, by: Column[datetime], most: int) -> None:
        self._by, self._most, self._added = by, most, 0

    def added(self, connection: Connection) -> None:
        """A row was added in this transaction, so perhaps it is time to look."""
        if self._added % max(1, self._most // _LOOKS) == 0:
            dropped(connection, too_old(self._by, self._most))
        self._added += 1


def forget_old(connection: Connection, *, answers: datetime, unmatched: datetime, events: datetime) -> Purged:
    """Drop what was last touched before those moments; give the numbers."""
    ages = {
        "feedback": delete(tables.feedback).where(tables.feedback.c.voted_at < answers),
        "answers": delete(tables.answers).where(tables.answers.c.changed_at < answers),
        "deletions": delete(tables.deletions).where(tables.deletions.c.deleted_at < answers),
        "unmatched": delete(tables.unmatched).where(tables.unmatched.c.last_seen < unmatched),
        "accepted": delete(tables.accepted).where(tables.accepted.c.accepted_at < events),
        "parked": delete(tables.parked).where(tables.parked.c.tried_at < events),
    }
    return Purged(**{name: connection.execute(age).rowcount for name, age in ages.items()})


def too_old(by: Column[datetime], most: int, *of: ColumnElement[bool]) -> Delete:
    """What drops all but the newest `most` rows, of those that a condition names."""
    table = by.table
    assert isinstance(table, Table)  # noqa: S101  # a column of bot/storage/tables.py
    oldest = select(ROW).select_from(table).where(*of).order_by(by.desc(), ROW.desc()).offset(most)
    return delete(table).where(ROW.in_(oldest))


def dropped(connection: Connection, deletion: Delete) -> int:
    """Drop rows that are too many, and say so in the log; give the number."""
    count = connection.execute(deletion).rowcount
    if count:
        log.warning("too_many_rows", table=str(deletion.table), dropped=count)
    return count


def size(connection: Connection, table: Table, *of: ColumnElement[bool]) -> int:
    """How many rows there are."""
    return connection.execute(select(func.count()).select_from(table).where(*of)).scalar_one()
