"""Points in time as databases keep them, and the present one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, TypeDecorator


def utc_now() -> datetime:
    """Tell the time, timezone-aware."""
    return datetime.now(UTC)


class Moment(TypeDecorator[datetime]):
    """A point in time: only timezone-aware values go in, UTC comes out, even of SQLite, without zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Turn an aware time into UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no timezone; give one, such as datetime.now(UTC)")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Give a stored time as UTC."""
        if value is None:
            return None
        moment: datetime = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment
