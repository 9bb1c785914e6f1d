"""The time, where it can be replaced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now_utc() -> datetime:
    """Tell the time; it is timezone-aware, as every time in the bot is."""
    return datetime.now(UTC)
