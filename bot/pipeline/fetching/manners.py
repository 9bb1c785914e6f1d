"""Manners towards a site: two requests at a time, and none where it asks to be left alone for a while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from weakref import WeakValueDictionary

from bot.errors import FetchError

_AT_ONCE = 2
_LONGEST_REST = 3600.0
_MOST_RESTING = 1000


class Manners:
    """Keeps, by host, whose turn it is and who wants to be left alone; the latter for an hour at the most."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._resting: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at a host and hold it. Raises FetchError while the host is to be left alone."""
        turns = self._turns.setdefault(host, asyncio.Semaphore(_AT_ONCE))
        async with turns:
            if self._clock() < self._resting.get(host, 0):
                raise FetchError("the site asked not to be called for a while")
            yield

    def leave_alone(self, host: str, retry_after: str) -> None:
        """Heed a Retry-After header (RFC 9110, 10.2.3: seconds or a date); what is neither says nothing."""
        seconds = min(_seconds(retry_after), _LONGEST_REST)
        if seconds <= 0:
            return
        now = self._clock()
        awake = [name for name, until in self._resting.items() if until <= now]
        if len(self._resting) - len(awake) >= _MOST_RESTING:
            awake = list(self._resting)
        for name in awake:
            del self._resting[name]
        self._resting[host] = now + seconds


def _seconds(retry_after: str) -> float:
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return 0
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
