"""Keeps entries and every revision of them, and the vectors that were computed from their texts.

A revision is one step of one entry; its number only grows, in the order in which steps were committed. An
index that remembers the last number it saw follows what readers get with `changes`. What a step may be is
decided above (kb/curate/curation.py); here it is kept, whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Select, func, insert, select

from kb.entries.entry import Entry, Status, parse_entry
from kb.entries.outline import Outline
from kb.entries.revision import Change, NewRevision, Revision, Saved, Step, Trail
from kb.store.database import reading, writing
from kb.store.flags import answer_flags
from kb.store.heads import PAGE, Fields, by_id, head_of, pages, stored_heads, write
from kb.store.moments import utc_now
from kb.store.originals import Originals
from kb.store.redaction import REDACTED, erase, forget_erased
from kb.store.tables import entries as _entries
from kb.store.tables import revisions as _revisions
from kb.store.tables import vectors as _vectors


class Store:
    """The entries of a database that `kb.store.database.upgrade(engine, "kb.store")` has brought up to date.

    Every method raises StoreError when the database cannot be used.
    """

    def __init__(self, engine: Engine, *, now: Callable[[], datetime] = utc_now) -> None:
        self._engine = engine
        self._now = now

    def save(self, entries: Iterable[Entry], *, by: str, note: str = "", step: Step = Step.IMPORT) -> Saved:
        """Keep all the entries, or on an error none; one that is stored just so makes no revision.

        Raises EntryError where an id occurs twice, or belongs to an entry that was redacted.
        """
        given = by_id(entries)
        with writing(self._engine) as connection:
            stored = stored_heads(connection, given)
            heads = [head_of(entry) for entry in given.values()]
            heads = [head for head in heads if _body(stored, head["id"]) != head["body"]]
            write(connection, heads, stored=stored, stamp=self._stamp(by, note, step))
        changed = sum(head["id"] in stored for head in heads)
        return Saved(new=len(heads) - changed, changed=changed, unchanged=len(given) - len(heads))

    def step(self, entry_id: str, decide: Callable[[Trail], NewRevision]) -> Trail:
        """Add the revision that `decide` makes of those there are, all in one transaction; give all of them.

        What `decide` raises is passed on, and nothing is kept. A revision without an entry redacts. Raises
        EntryError where the entry was redacted.
        """
        with writing(self._engine) as connection:
            before = _trail(connection, entry_id)
            new = decide(before)
            stored = stored_heads(connection, [entry_id])
            stamp = self._stamp(new.by, new.note, new.step)
            if new.entry is None:
                erase(connection, before, stamp)
            else:
                write(connection, [head_of(new.entry)], stored=stored, stamp=stamp)
            answer_flags(connection, entry_id, new.step)
            trail = _trail(connection, entry_id)
        if trail.tombstone:
            forget_erased(self._engine)
        return trail

    def get(self, entry_id: str) -> Entry | None:
        """Give the entry of this id as readers get it now; None when there is none."""
        with reading(self._engine) as connection:
            row = connection.execute(select(_entries).where(_entries.c.id == entry_id)).mappings().first()
        return _entry(row["id"], row["body"]) if row else None

    def entries(self, status: Status | None = None) -> Iterator[Entry]:
        """Give the entries as readers get them, one by one, by id; only those of `status` if it is given."""
        query = select(_entries).where(_entries.c.status != REDACTED)
        if status is not None:
            query = query.where(_entries.c.status == status.value)
        for row in self._walk(query, _entries.c.id, after=""):
            if entry := _entry(row["id"], row["body"]):
                yield entry

    def outlines(self) -> Iterator[Outline]:
        """Give every entry's outline, without reading the whole of it: for telling doubles."""
        query = select(_entries).where(_entries.c.status != REDACTED)
        for row in self._walk(query, _entries.c.id, after=""):
            body = json.loads(row["body"])
            status = Status(row["status"])
            yield Outline(id=row["id"], status=status, title=body["title"], url=body["original"]["url"])

    def working(self, *statuses: Status) -> Iterator[Trail]:
        """Give the revisions of the entries whose latest text has one of these statuses, by id."""
        wanted = [status.value for status in statuses]
        query = select(_entries.c.id).where(_entries.c.working.in_(wanted))
        for row in self._walk(query, _entries.c.id, after=""):
            yield self.trail(row["id"])

    def revision(self) -> int:
        """Give the number of the last change of what readers get; 0 when there was none."""
        with reading(self._engine) as connection:
            return connection.execute(select(func.max(_entries.c.revision))).scalar() or 0

    def changes(self, since: int) -> Iterator[Change]:
        """Give what readers get since revision `since`, in order: each entry once, as it is now."""
        for row in self._walk(select(_entries), _entries.c.revision, after=since):
            yield Change(revision=row["revision"], entry_id=row["id"], entry=_entry(row["id"], row["body"]))

    def trail(self, entry_id: str) -> Trail:
        """Give every revision of an entry; an empty trail when there is no such entry."""
        with reading(self._engine) as connection:
            return _trail(connection, entry_id)

    def history(self, entry_id: str) -> tuple[Revision, ...]:
        """Give every revision of an entry, the first one first; empty when there is no such entry."""
        return self.trail(entry_id).revisions

    def fingerprints(self, entry_ids: Iterable[str]) -> dict[str, bytes]:
        """Give the fingerprints of these entries' originals, as far as there are any."""
        urls: dict[str, str] = {}
        with reading(self._engine) as connection:
            for page in pages(entry_ids):
                query = select(_entries.c.id, _entries.c.body).where(
                    _entries.c.id.in_(page), _entries.c.status != REDACTED
                )
                rows = connection.execute(query)
                urls |= {row.id: json.loads(row.body)["original"]["url"] for row in rows}
        known = Originals(self._engine).fingerprints(urls.values())
        return {entry_id: known[url] for entry_id, url in urls.items() if url in known}

    def fingerprint_at(self, url: str) -> bytes | None:
        """Give the fingerprint of the original at an address; None where it was never read."""
        return Originals(self._engine).fingerprint(url)

    def vectors(self, model: str, digests: Iterable[str]) -> dict[str, bytes]:
        """Give the vectors that are known for these texts' digests, as `model` made them."""
        with reading(self._engine) as connection:
            return _known_vectors(connection, model, digests)

    def save_vectors(self, model: str, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors by their texts' digests; one that is known already stays as it is."""
        with writing(self._engine) as connection:
            missing = vectors.keys() - _known_vectors(connection, model, vectors).keys()
            rows = [
                {"model": model, "digest": digest, "vector": vectors[digest]} for digest in sorted(missing)
            ]
            if rows:
                connection.execute(insert(_vectors), rows)

    def _stamp(self, by: str, note: str, step: Step) -> Fields:
        moment = self._now()
        return {"changed_at": moment, "changed_by": by, "note": note, "step": step.value}

    def _walk(self, query: Select[Any], key: ColumnElement[Any], *, after: object) -> Iterator[RowMapping]:
        """Read page by page, so that a slow reader holds neither a connection nor an old state."""
        while True:
            page = query.where(key > after).order_by(key).limit(PAGE)
            with reading(self._engine) as connection:
                rows = connection.execute(page).mappings().all()
            yield from rows
            if len(rows) < PAGE:
                return
            after = rows[-1][key]


def _body(stored: Mapping[str, Any], entry_id: str) -> str | None:
    return stored[entry_id].body if entry_id in stored else None


def _known_vectors(connection: Connection, model: str, digests: Iterable[str]) -> dict[str, bytes]:
    known: dict[str, bytes] = {}
    for page in pages(digests):
        query = select(_vectors.c.digest, _vectors.c.vector).where(
            _vectors.c.model == model, _vectors.c.digest.in_(page)
        )
        known.update((row.digest, row.vector) for row in connection.execute(query))
    return known


def _trail(connection: Connection, entry_id: str) -> Trail:
    query = select(_revisions).where(_revisions.c.entry_id == entry_id).order_by(_revisions.c.revision)
    rows = connection.execute(query).mappings().all()
    return Trail(entry_id, tuple(map(_revision, rows)))


def _entry(entry_id: str, body: str) -> Entry | None:
    return parse_entry(json.loads(body), place=f"stored entry {entry_id}") if body else None


def _revision(row: RowMapping) -> Revision:
    return Revision(
        number=row["revision"],
        entry=_entry(row["entry_id"], row["body"]),
        at=row["changed_at"],
        by=row["changed_by"],
        note=row["note"],
        step=Step(row["step"]),
    )
