"""The tables of the knowledge base, as `migrations/versions` make them."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

from kb.store.moments import Moment

_metadata = MetaData()

revisions = Table(
    "revisions",
    _metadata,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("entry_id", Text),
    Column("step", Text),
    Column("body", Text),
    Column("changed_at", Moment),
    Column("changed_by", Text),
    Column("note", Text),
)
entries = Table(
    "entries",
    _metadata,
    Column("id", Text, primary_key=True),
    Column("revision", Integer),
    Column("status", Text),
    Column("body", Text),
    Column("latest", Integer),
    Column("working", Text),
)
"""`revision`, `status` and `body` are what readers get; `latest` and `working` are the number and the status
of the last revision, which differ from them while a changed text waits."""

vectors = Table(
    "vectors",
    _metadata,
    Column("model", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("vector", LargeBinary),
)
originals = Table(
    "originals",
    _metadata,
    Column("key", Text, primary_key=True),
    Column("url", Text),
    Column("state", Text),
    Column("reason", Text),
    Column("checked_at", Moment),
    Column("since", Moment),
    Column("fingerprint", LargeBinary),
)
flags = Table(
    "flags",
    _metadata,
    Column("entry_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("note", Text),
    Column("flagged_by", Text),
    Column("flagged_at", Moment),
)
role_changes = Table(
    "role_changes",
    _metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("user_id", Text),
    Column("change", Text),
    Column("value", Text),
    Column("changed_by", Text),
    Column("changed_at", Moment),
)
