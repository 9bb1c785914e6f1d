"""Events that failed for good, and wait for a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, and the order in which answers in need of a person, and old deletions, are found."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "parked",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("event", sa.JSON, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("where", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("wanted", sa.Boolean, nullable=False),
        sa.Column("parked_at", moment, nullable=False),
        sa.Column("tried_at", moment, nullable=False),
    )
    op.create_index("answers_by_state", "answers", ["state"])
    op.create_index("deletions_by_age", "deletions", ["deleted_at"])
    op.create_index("feedback_by_age", "feedback", ["voted_at"])


def downgrade() -> None:
    """Drop the table and the indexes."""
    op.drop_index("feedback_by_age", "feedback")
    op.drop_index("deletions_by_age", "deletions")
    op.drop_index("answers_by_state", "answers")
    op.drop_table("parked")
