"""Manners towards a site: two requests at a time, so many a minute, none where it asks to be left alone.

A site is a registrable domain, so that no number of sub-hosts makes the bot call one owner more often; to be
left alone is what a host asks for itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC
from email.utils import parsedate_to_datetime
from weakref import WeakValueDictionary

from bot.clock import now_utc
from bot.errors import BusyError, FetchError
from kb.urls.parts import site_of

_AT_ONCE = 2  # requests to a site; this and the next set by hand
_BURST = 10
_MOST_SITES = 5000  # remembered: a bound for memory
_LONGEST_REST = 3600.0  # seconds; a site that asks for a year is asked again after an hour
_MOST_RESTING = 1000  # hosts: a bound for memory
_LONGEST_DATE = 64  # characters; a real one has 29
_BUSY = "the bot has fetched many pages of that site just now; ask again in a minute"
_RESTING = "the site asked not to be called for a while"


class Manners:
    """Keeps whose turn it is at a site, how often it was called, and which host wants to be left alone.

    A site is called `per_minute` times a minute in the long run, at most ten times at once. Whoever has
    waited `patience` seconds for a turn is sent away.
    """

    def __init__(
        self,
        *,
        per_minute: int = 30,
        patience: float = 10,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._patience = patience
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._budget = _Budget(per_minute, clock)
        self._resting: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at a host's site and hold it.

        Raises BusyError where the site was called too often, FetchError while the host is to be left alone.
        """
        site = site_of(host)
        self._check_rest(host)
        self._budget.spend(site)
        turns = self._turns.setdefault(site, asyncio.Semaphore(_AT_ONCE))
        try:
            async with asyncio.timeout(self._patience):
                await turns.acquire()
        except TimeoutError as error:
            raise BusyError(_BUSY) from error
        try:
            self._check_rest(host)
            yield
        finally:
            turns.release()

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

    def _check_rest(self, host: str) -> None:
        if self._clock() < self._resting.get(host, 0):
            raise FetchError(_RESTING)


class _Budget:
    """A token bucket for each site, of which the one that was used longest ago is forgotten first."""

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._most = float(min(_BURST, per_minute))
        self._per_second = per_minute / 60
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def spend(self, site: str) -> None:
        """Take one call from a site's budget. Raises BusyError where none is left."""
        now = self._clock()
        left, since = self._left.pop(site, (self._most, now))
        left = min(self._most, left + (now - since) * self._per_second)
        allowed = left >= 1
        self._left[site] = (left - 1 if allowed else left, now)
        if len(self._left) > _MOST_SITES:
            del self._left[next(iter(self._left))]
        if not allowed:
            raise BusyError(_BUSY)


def _seconds(retry_after: str) -> float:
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text[:_LONGEST_DATE])
    except (ValueError, OverflowError, TypeError, IndexError):
        return 0
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - now_utc()).total_seconds()
