"""The time, and waiting for it, where they can be replaced."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now_utc() -> datetime:
    """Tell the time; it is timezone-aware, as every time in the bot is."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Time:
    """What whoever waits needs of the time; a test gives its own, so that nobody sleeps."""

    now: Clock = now_utc
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


REAL_TIME = Time()
