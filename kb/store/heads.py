"""The row that each entry has beside its revisions: what readers get, and where its latest text stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from kb.entries.entry import Entry, Status
from kb.entries.revision import Step, becomes_live
from kb.errors import EntryError, Problem
from kb.store.redaction import REDACTED
from kb.store.tables import entries, revisions

PAGE = 500
"""Rows read at a time: bounds memory and the variables of one statement, and lets writers in between."""

_Item = TypeVar("_Item")
Fields = dict[str, Any]


def by_id(given: Iterable[Entry]) -> dict[str, Entry]:
    """Sort entries by their id. Raises EntryError where one occurs twice."""
    entries_by_id: dict[str, Entry] = {}
    twice = []
    for entry in given:
        if entry.id in entries_by_id:
            twice.append(Problem(field="id", message=f"{entry.id} occurs twice; give each entry its own"))
        entries_by_id[entry.id] = entry
    if twice:
        raise EntryError(tuple(twice))
    return entries_by_id


def head_of(entry: Entry) -> Fields:
    """An entry as its row has it."""
    body = entry.model_dump_json(exclude_defaults=True)
    return {"id": entry.id, "status": entry.status.value, "body": body}


def stored_heads(connection: Connection, ids: Iterable[str]) -> dict[str, Row[Any]]:
    """The rows of these entries, as far as there are any. Raises EntryError for redacted ones."""
    stored: dict[str, Row[Any]] = {}
    for page in pages(ids):
        query = select(entries).where(entries.c.id.in_(page))
        stored.update((row.id, row) for row in connection.execute(query))
    gone = [entry_id for entry_id, row in stored.items() if row.status == REDACTED]
    if gone:
        message = "was redacted; its id is not used again, so leave it out"
        raise EntryError(tuple(Problem(field="id", message=f"{entry_id} {message}") for entry_id in gone))
    return stored


def write(
    connection: Connection, heads: Iterable[Fields], *, stored: Mapping[str, Row[Any]], stamp: Fields
) -> None:
    """Add a revision for each head, and bring the rows up to date with it."""
    first = last_revision(connection) + 1
    rows = [
        {**head, "revision": number, "latest": number, "working": head["status"]}
        for number, head in enumerate(heads, first)
    ]
    added = [
        {"revision": row["revision"], "entry_id": row["id"], "body": row["body"], **stamp} for row in rows
    ]
    new, live, waiting = _by_effect(rows, stored, Step(stamp["step"]))
    same = entries.c.id == bindparam("_id")
    for statement, records in (
        (insert(revisions), added),
        (insert(entries), new),
        (update(entries).where(same), live),
        (update(entries).where(same), waiting),
    ):
        if records:  # without rows, an executemany would insert one row of defaults
            connection.execute(statement, records)


def _by_effect(
    rows: list[Fields], stored: Mapping[str, Row[Any]], step: Step
) -> tuple[list[Fields], list[Fields], list[Fields]]:
    """Part new entries, changes that readers get at once, and those that wait."""
    new, live, waiting = [], [], []
    for row in rows:
        known = stored.get(row["id"])
        if known is None:
            new.append(row)
        elif becomes_live(Status(known.status), step, Status(row["status"])):
            live.append({"_id": row["id"], **row})
        else:
            waiting.append({"_id": row["id"], "latest": row["latest"], "working": row["working"]})
    return new, live, waiting


def last_revision(connection: Connection) -> int:
    """The number of the last revision of all; 0 when there is none."""
    last: int | None = connection.execute(select(func.max(revisions.c.revision))).scalar()
    return last or 0


def pages(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    """Part items into lists of PAGE."""
    rest = iter(items)
    while page := list(islice(rest, PAGE)):
        yield page
