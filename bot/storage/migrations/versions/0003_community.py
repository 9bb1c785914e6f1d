"""What an answer cited; links without a match, with the nearest entries; subscriptions; channels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_OF_ANSWERS = {"cited": sa.Integer, "basis": sa.String, "differences": sa.JSON, "not_corrected": sa.String}


def upgrade() -> None:
    """Add columns and tables; counted links are kept, under keys that the start makes anew."""
    moment = sa.DateTime(timezone=True)
    for name, kind in _OF_ANSWERS.items():
        op.add_column("answers", sa.Column(name, kind))
    op.add_column("feedback", sa.Column("event", sa.String))
    op.create_index("answers_by_citation", "answers", ["entry_id", "cited"])
    op.create_table(
        "unmatched",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("rules", sa.Integer, nullable=False),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last_event", sa.String, nullable=False),
        sa.Column("first_seen", moment, nullable=False),
        sa.Column("last_seen", moment, nullable=False),
        sa.Column("nearest", sa.JSON, nullable=False),
        sa.Column("model", sa.String),
        sa.Column("vector", sa.LargeBinary),
        sa.Column("fingerprint", sa.LargeBinary),
    )
    op.execute(
        "INSERT INTO unmatched (key, rules, url, count, last_event, first_seen, last_seen, nearest) "
        "SELECT key, 0, url, count, '', first_seen, last_seen, '[]' FROM missed"
    )
    op.drop_table("missed")
    op.create_table(
        "subscriptions",
        sa.Column("platform", sa.String, primary_key=True),
        sa.Column("channel", sa.String, primary_key=True),
        sa.Column("message_id", sa.String, primary_key=True),
        sa.Column("thread_id", sa.String),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("asked_at", moment, nullable=False),
    )
    op.create_table(
        "channels",
        sa.Column("platform", sa.String, primary_key=True),
        sa.Column("channel", sa.String, primary_key=True),
        sa.Column("policy", sa.String),
        sa.Column("threshold", sa.Float),
        sa.Column("language", sa.String),
        sa.Column("changed_by", sa.String, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
    )


def downgrade() -> None:
    """Bring the counted links back under their old name, and drop the rest."""
    op.create_table(
        "missed",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute("INSERT INTO missed SELECT key, url, count, first_seen, last_seen FROM unmatched")
    for table in ("unmatched", "subscriptions", "channels"):
        op.drop_table(table)
    op.drop_index("answers_by_citation", "answers")
    with op.batch_alter_table("feedback") as feedback:
        feedback.drop_column("event")
    with op.batch_alter_table("answers") as answers:
        for name in _OF_ANSWERS:
            answers.drop_column(name)
