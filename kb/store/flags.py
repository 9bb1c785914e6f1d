"""Marks on entries that a person should look at, such as bad feedback; settling the entry answers them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy.dialects.sqlite import insert

from kb.entries.revision import Step
from kb.store.database import reading, writing
from kb.store.moments import utc_now
from kb.store.tables import flags

_ANSWERING = frozenset({Step.APPROVE, Step.PUBLISH, Step.RETIRE, Step.SUPERSEDE})


@dataclass(frozen=True, kw_only=True)
class Flag:
    """Why an entry should be looked at: a kind for programs, a note for people, by whom, since when (UTC)."""

    entry_id: str
    kind: str
    note: str
    by: str
    at: datetime


class Flags:
    """Flags in the database; an entry has at most one of a kind. Raises StoreError."""

    def __init__(self, engine: Engine, *, now: Callable[[], datetime] = utc_now) -> None:
        self._engine, self._now = engine, now

    def flag(self, entry_id: str, kind: str, *, note: str, by: str) -> bool:
        """Flag an entry; False if it was flagged so already, which stays as it is."""
        row = {
            "entry_id": entry_id,
            "kind": kind,
            "note": note,
            "flagged_by": by,
            "flagged_at": self._now(),
        }
        with writing(self._engine) as connection:
            done = connection.execute(insert(flags).values(row).on_conflict_do_nothing())
            return done.rowcount > 0

    def all(self, kind: str | None = None) -> tuple[Flag, ...]:
        """Every flag, or those of a kind, the oldest first."""
        query = select(flags).order_by(flags.c.flagged_at, flags.c.entry_id, flags.c.kind)
        if kind is not None:
            query = query.where(flags.c.kind == kind)
        with reading(self._engine) as connection:
            return tuple(
                Flag(
                    entry_id=row.entry_id,
                    kind=row.kind,
                    note=row.note,
                    by=row.flagged_by,
                    at=row.flagged_at,
                )
                for row in connection.execute(query)
            )


def answer_flags(connection: Connection, entry_id: str, step: Step) -> None:
    """Take an entry's flags away when a step shows that somebody looked at it and settled it."""
    if step in _ANSWERING:
        connection.execute(delete(flags).where(flags.c.entry_id == entry_id))
