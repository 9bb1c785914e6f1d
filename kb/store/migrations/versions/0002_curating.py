"""Steps and waiting texts, erasing what was redacted, originals' states, flags, and who may do what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what curating needs; the texts of a redacted entry are the only ones that can be erased."""
    op.add_column("revisions", sa.Column("step", sa.Text, nullable=False, server_default="import"))
    op.add_column("entries", sa.Column("latest", sa.Integer, nullable=False, server_default="0"))
    op.add_column("entries", sa.Column("working", sa.Text, nullable=False, server_default=""))
    op.execute("UPDATE entries SET latest = revision, working = status")
    op.create_index("ix_entries_working", "entries", ["working"])
    op.create_table(
        "originals",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("checked_at", sa.DateTime, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary),
    )
    op.create_table(
        "flags",
        sa.Column("entry_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("flagged_by", sa.Text, nullable=False),
        sa.Column("flagged_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "role_changes",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER role_changes_refuse_{verb.lower()} BEFORE {verb} ON role_changes "
            "BEGIN SELECT RAISE(ABORT, 'changes of roles are never changed or deleted'); END"
        )
    op.execute("DROP TRIGGER revisions_refuse_update")
    op.execute(
        "CREATE TRIGGER revisions_refuse_update BEFORE UPDATE ON revisions "
        "WHEN NOT (NEW.body = '' AND NEW.note IN ('', OLD.note) AND NEW.revision = OLD.revision "
        "AND NEW.entry_id = OLD.entry_id AND NEW.step = OLD.step AND NEW.changed_at = OLD.changed_at "
        "AND NEW.changed_by = OLD.changed_by AND OLD.step <> 'redact' AND EXISTS (SELECT 1 FROM revisions "
        "WHERE entry_id = OLD.entry_id AND step = 'redact')) "
        "BEGIN SELECT RAISE(ABORT, 'revisions are never changed or deleted'); END"
    )
