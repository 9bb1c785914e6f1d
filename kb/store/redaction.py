"""Redacting: erases every text of an entry, and what was derived from it. Who, when and why stay."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, text, update

from kb.entries.entry import Entry
from kb.entries.revision import Trail
from kb.entries.texts import encoded_texts
from kb.store.database import reading
from kb.store.tables import entries, flags, originals, revisions, vectors
from kb.urls.identity import identify

REDACTED = "redacted"
"""The status of a row whose entry was redacted; no entry itself can have it."""


def erase(connection: Connection, trail: Trail, stamp: Mapping[str, Any]) -> None:
    """Add the redaction to an entry's revisions, and erase their texts and notes, which may quote them."""
    connection.execute(text("PRAGMA secure_delete = ON"))  # erased bytes are overwritten, not only let go
    number = (connection.execute(select(func.max(revisions.c.revision))).scalar() or 0) + 1
    tombstone = {"revision": number, "entry_id": trail.entry_id, "body": "", **stamp}
    connection.execute(insert(revisions), [tombstone])
    own = (revisions.c.entry_id == trail.entry_id) & (revisions.c.revision != number)
    connection.execute(update(revisions).where(own).values(body="", note=""))
    row = {"revision": number, "latest": number, "status": REDACTED, "working": REDACTED, "body": ""}
    connection.execute(update(entries).where(entries.c.id == trail.entry_id).values(row))
    connection.execute(delete(flags).where(flags.c.entry_id == trail.entry_id))
    for entry in [revision.entry for revision in trail.revisions if revision.entry]:
        _forget_derived(connection, entry)


def forget_erased(engine: Engine) -> None:
    """Overwrite the journal too, which still holds the erased texts until it is used again."""
    with reading(engine) as connection:
        connection.rollback()  # a checkpoint waits for every reader, this one included
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _forget_derived(connection: Connection, entry: Entry) -> None:
    """Another entry with the same original, or the same words, has its fingerprint and vector made again."""
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in encoded_texts(entry)]
    connection.execute(delete(vectors).where(vectors.c.digest.in_(digests)))
    connection.execute(delete(originals).where(originals.c.key == identify(entry.original.url).key))
