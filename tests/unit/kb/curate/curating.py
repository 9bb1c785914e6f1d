"""A knowledge base with people in it, for tests of curating."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from kb.curate.curation import Curation
from kb.entries.entry import Entry
from kb.entries.people import Role
from kb.store.entries import Store
from kb.store.flags import Flags
from kb.store.originals import Originals
from kb.store.roles import People
from tests.unit.kb.make_entries import make_entry

ADMIN = "cli:root"
WRITER, REVIEWER, OTHER = "slack:T1/U1", "slack:T1/U2", "matrix:@ana:matrix.example"
START = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def sound(id_: str = "a", **fields: Any) -> Entry:
    """An entry that may be published, and does not resemble the others."""
    return make_entry(id_, **{"review_by": "2030-01-01", "sensitive": False, **fields})


@dataclass
class Clock:
    """A clock that goes on by a minute each time that it is read."""

    moment: datetime = START

    def __call__(self) -> datetime:
        """Tell the time."""
        self.moment += timedelta(minutes=1)
        return self.moment


def curation_on(store: Store, *, four_eyes: bool | None = None, reviewers: tuple[str, ...] = ()) -> Curation:
    """Curating on a store: one admin at the machine, a curator, and these reviewers."""
    clock, engine = Clock(), store._engine
    people = People(engine, operator=ADMIN, now=clock)
    people.give(WRITER, Role.CURATOR, by=ADMIN)
    for each in reviewers:
        people.give(each, Role.REVIEWER, by=ADMIN)
    return Curation(
        Store(engine, now=clock),
        people,
        Originals(engine, fingerprint=str.encode, now=clock),
        Flags(engine, now=clock),
        four_eyes=four_eyes,
        now=clock,
    )
