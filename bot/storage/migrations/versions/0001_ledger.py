"""The ledger: answers, deleted questions, links without a match, platform state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the ledger's tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "answers",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("message_id", sa.String, nullable=False),
        sa.Column("thread_id", sa.String),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("entry_id", sa.String),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("posted_channel", sa.String),
        sa.Column("posted_id", sa.String),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
    )
    op.create_index("answers_by_message", "answers", ["platform", "channel", "message_id"])
    op.create_index("answers_by_entry", "answers", ["platform", "channel", "entry_id", "created_at"])
    op.create_index("answers_by_change", "answers", ["changed_at"])
    op.create_table(
        "deletions",
        sa.Column("platform", sa.String, primary_key=True),
        sa.Column("channel", sa.String, primary_key=True),
        sa.Column("message_id", sa.String, primary_key=True),
        sa.Column("deleted_at", moment, nullable=False),
    )
    op.create_table(
        "missed",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("url", sa.String, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("first_seen", moment, nullable=False),
        sa.Column("last_seen", moment, nullable=False),
    )
    op.create_table(
        "accepted",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("event", sa.JSON, nullable=False),
        sa.Column("accepted_at", moment, nullable=False),
    )
    op.create_table(
        "feedback",
        sa.Column("answer_key", sa.String, primary_key=True),
        sa.Column("person", sa.String, primary_key=True),
        sa.Column("helpful", sa.Boolean, nullable=False),
        sa.Column("voted_at", moment, nullable=False),
    )
    op.create_index("answers_by_post", "answers", ["platform", "posted_channel", "posted_id"])
    op.create_table(
        "platform_state",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
    )


def downgrade() -> None:
    """Drop the ledger's tables."""
    for table in ("platform_state", "feedback", "accepted", "missed", "deletions", "answers"):
        op.drop_table(table)
