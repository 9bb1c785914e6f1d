"""The bot's tables, beside those of `kb` in the same database."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Float, Integer, LargeBinary, MetaData, String, Table, Text

from kb.store.moments import Moment

metadata = MetaData()
answers = Table(
    "answers",
    metadata,
    Column("key", String, primary_key=True),
    Column("platform", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("message_id", String, nullable=False),
    Column("thread_id", String),
    Column("action", String, nullable=False),
    Column("entry_id", String),
    Column("cited", Integer),
    Column("basis", String),
    Column("differences", JSON),
    Column("not_corrected", String),
    Column("state", String, nullable=False),
    Column("posted_channel", String),
    Column("posted_id", String),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
deletions = Table(
    "deletions",
    metadata,
    Column("platform", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("message_id", String, primary_key=True),
    Column("deleted_at", Moment, nullable=False),
)
unmatched = Table(
    "unmatched",
    metadata,
    Column("key", String, primary_key=True),
    Column("rules", Integer, nullable=False),
    Column("url", String, nullable=False),
    Column("count", Integer, nullable=False),
    Column("last_event", String, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("nearest", JSON, nullable=False),
    Column("model", String),
    Column("vector", LargeBinary),
    Column("fingerprint", LargeBinary),
)
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("platform", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("message_id", String, primary_key=True),
    Column("thread_id", String),
    Column("url", String, nullable=False),
    Column("asked_at", Moment, nullable=False),
)
channels = Table(
    "channels",
    metadata,
    Column("platform", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("policy", String),
    Column("threshold", Float),
    Column("language", String),
    Column("changed_by", String, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
accepted = Table(
    "accepted",
    metadata,
    Column("key", String, primary_key=True),
    Column("event", JSON, nullable=False),
    Column("accepted_at", Moment, nullable=False),
)
parked = Table(
    "parked",
    metadata,
    Column("key", String, primary_key=True),
    Column("event", JSON, nullable=False),
    Column("reason", String, nullable=False),
    Column("where", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("wanted", Boolean, nullable=False),
    Column("parked_at", Moment, nullable=False),
    Column("tried_at", Moment, nullable=False),
)
feedback = Table(
    "feedback",
    metadata,
    Column("answer_key", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("event", String),
    Column("voted_at", Moment, nullable=False),
)
platform_state = Table(
    "platform_state",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
slack_installations = Table(
    "slack_installations",
    metadata,
    Column("team_id", String, primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("installed_at", Moment, nullable=False),
)
