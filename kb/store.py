"""Keeps entries and every revision of them, and the vectors that were computed from their texts.

A revision is one change of one entry; its number only grows, in the order in which changes were committed. An
index that remembers the last number it saw follows the store with `changes`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    RowMapping,
    Select,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    update,
)

from kb.database import reading, writing
from kb.entry import Entry, Problem, Status, parse_entry
from kb.errors import EntryError

_PAGE = 500
"""Rows read at a time: bounds memory and the variables of one statement, and lets writers in between."""

_metadata = MetaData()
_revisions = Table(
    "revisions",
    _metadata,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("entry_id", Text),
    Column("body", Text),
    Column("changed_at", DateTime),
    Column("changed_by", Text),
    Column("note", Text),
)
_entries = Table(
    "entries",
    _metadata,
    Column("id", Text, primary_key=True),
    Column("revision", Integer),
    Column("status", Text),
    Column("body", Text),
)
_vectors = Table(
    "vectors",
    _metadata,
    Column("model", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("vector", LargeBinary),
)

_Item = TypeVar("_Item")
_Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Saved:
    """How many of the entries handed in were new, changed and unchanged."""

    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True, kw_only=True)
class Change:
    """An entry as it is since `revision`."""

    revision: int
    entry_id: str
    entry: Entry


@dataclass(frozen=True, kw_only=True)
class Revision:
    """One change of an entry: what it became, when (UTC), through whom and why."""

    number: int
    entry: Entry
    at: datetime
    by: str
    note: str


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Store:
    """The entries of a database that `kb.database.upgrade(engine, "kb")` has brought up to date.

    Every method raises StoreError when the database cannot be used.
    """

    def __init__(self, engine: Engine, *, now: Callable[[], datetime] = _utc_now) -> None:
        self._engine = engine
        self._now = now

    def save(self, entries: Iterable[Entry], *, by: str, note: str = "") -> Saved:
        """Keep all the entries, or on an error none; one that is stored just so makes no revision.

        Raises EntryError where an id occurs twice.
        """
        given = _by_id(entries)
        stamp = {
            "changed_at": self._now().astimezone(UTC).replace(tzinfo=None),
            "changed_by": by,
            "note": note,
        }
        with writing(self._engine) as connection:
            stored = _stored_bodies(connection, given)
            heads = [_head(entry) for entry in given.values()]
            heads = [head for head in heads if stored.get(head["id"]) != head["body"]]
            _write(connection, heads, known=stored.keys(), stamp=stamp)
        changed = sum(head["id"] in stored for head in heads)
        return Saved(new=len(heads) - changed, changed=changed, unchanged=len(given) - len(heads))

    def get(self, entry_id: str) -> Entry | None:
        """Give the entry of this id as it is now; None when there is none."""
        with reading(self._engine) as connection:
            row = connection.execute(select(_entries).where(_entries.c.id == entry_id)).mappings().first()
        return _entry(row["id"], row["body"]) if row else None

    def entries(self, status: Status | None = None) -> Iterator[Entry]:
        """Give the entries one by one, by id; only those of `status` if it is given."""
        query = select(_entries)
        if status is not None:
            query = query.where(_entries.c.status == status.value)
        for row in self._walk(query, _entries.c.id, after=""):
            yield _entry(row["id"], row["body"])

    def revision(self) -> int:
        """Give the number of the last change; 0 when there was none."""
        with reading(self._engine) as connection:
            return _last_revision(connection)

    def changes(self, since: int) -> Iterator[Change]:
        """Give what changed after revision `since`, in order: each entry once, as it is now."""
        for row in self._walk(select(_entries), _entries.c.revision, after=since):
            yield Change(revision=row["revision"], entry_id=row["id"], entry=_entry(row["id"], row["body"]))

    def history(self, entry_id: str) -> tuple[Revision, ...]:
        """Give every revision of an entry, the first one first; empty when there is no such entry."""
        query = select(_revisions).where(_revisions.c.entry_id == entry_id).order_by(_revisions.c.revision)
        with reading(self._engine) as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(_revision(row) for row in rows)

    def vectors(self, model: str, digests: Iterable[str]) -> dict[str, bytes]:
        """Give the vectors that are known for these texts' digests, as `model` made them."""
        with reading(self._engine) as connection:
            return _known_vectors(connection, model, digests)

    def save_vectors(self, model: str, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors by their texts' digests; one that is known already stays as it is."""
        with writing(self._engine) as connection:
            missing = vectors.keys() - _known_vectors(connection, model, vectors).keys()
            rows = [{"model": model, "digest": each, "vector": vectors[each]} for each in sorted(missing)]
            if rows:
                connection.execute(insert(_vectors), rows)

    def _walk(self, query: Select[Any], key: ColumnElement[Any], *, after: object) -> Iterator[RowMapping]:
        """Read page by page, so that a slow reader holds neither a connection nor an old state."""
        while True:
            page = query.where(key > after).order_by(key).limit(_PAGE)
            with reading(self._engine) as connection:
                rows = connection.execute(page).mappings().all()
            yield from rows
            if len(rows) < _PAGE:
                return
            after = rows[-1][key]


def _by_id(entries: Iterable[Entry]) -> dict[str, Entry]:
    given: dict[str, Entry] = {}
    twice = []
    for entry in entries:
        if entry.id in given:
            twice.append(Problem(field="id", message=f"{entry.id} occurs twice; give each entry its own"))
        given[entry.id] = entry
    if twice:
        raise EntryError(tuple(twice))
    return given


def _head(entry: Entry) -> _Row:
    body = entry.model_dump_json(exclude_defaults=True)
    return {"id": entry.id, "status": entry.status.value, "body": body}


def _stored_bodies(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for page in _pages(ids):
        query = select(_entries.c.id, _entries.c.body).where(_entries.c.id.in_(page))
        found.update((row.id, row.body) for row in connection.execute(query))
    return found


def _write(connection: Connection, heads: list[_Row], *, known: Collection[str], stamp: _Row) -> None:
    first = _last_revision(connection) + 1
    heads = [{"revision": number, **head} for number, head in enumerate(heads, first)]
    revisions = [
        {"revision": head["revision"], "entry_id": head["id"], "body": head["body"], **stamp}
        for head in heads
    ]
    changed = [{"_id": head["id"], **head} for head in heads if head["id"] in known]
    for statement, rows in (
        (insert(_revisions), revisions),
        (insert(_entries), [head for head in heads if head["id"] not in known]),
        (update(_entries).where(_entries.c.id == bindparam("_id")), changed),
    ):
        if rows:  # without rows, an executemany would insert one row of defaults
            connection.execute(statement, rows)


def _known_vectors(connection: Connection, model: str, digests: Iterable[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for page in _pages(digests):
        query = select(_vectors.c.digest, _vectors.c.vector).where(
            _vectors.c.model == model, _vectors.c.digest.in_(page)
        )
        found.update((row.digest, row.vector) for row in connection.execute(query))
    return found


def _last_revision(connection: Connection) -> int:
    last: int | None = connection.execute(select(func.max(_revisions.c.revision))).scalar()
    return last or 0


def _pages(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    rest = iter(items)
    while page := list(islice(rest, _PAGE)):
        yield page


def _entry(entry_id: str, body: str) -> Entry:
    return parse_entry(json.loads(body), place=f"stored entry {entry_id}")


def _revision(row: RowMapping) -> Revision:
    return Revision(
        number=row["revision"],
        entry=_entry(row["entry_id"], row["body"]),
        at=row["changed_at"].replace(tzinfo=UTC),
        by=row["changed_by"],
        note=row["note"],
    )
