"""Alembic's entry: runs the migrations in the transaction that `kb.store.database.upgrade` opened."""

from __future__ import annotations

from alembic import context

attributes = context.config.attributes
context.configure(connection=attributes["connection"], version_table=attributes["version_table"])
context.run_migrations()
