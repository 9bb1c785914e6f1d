"""A time that passes when a test says so: nobody sleeps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.clock import Time

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
_SECONDS = 20.0  # in real time, before a test gives up


@dataclass(kw_only=True, eq=False)
class _Sleeper:
    seconds: float
    until: float
    waking: asyncio.Future[None]


class SteppedTime:
    """Whoever sleeps here wakes by `awaken` or `pass_by`; `time` is what the code under test gets."""

    def __init__(self) -> None:
        self.passed = 0.0
        self._sleepers: list[_Sleeper] = []
        self._news = asyncio.Event()
        self.time = Time(now=self.now, monotonic=lambda: self.passed, sleep=self.sleep)

    def now(self) -> datetime:
        """The time of day."""
        return START + timedelta(seconds=self.passed)

    async def sleep(self, seconds: float) -> None:
        """Sleep until the test says that so much time has passed."""
        waking = asyncio.get_running_loop().create_future()
        sleeper = _Sleeper(seconds=seconds, until=self.passed + seconds, waking=waking)
        self._sleepers.append(sleeper)
        self._news.set()
        try:
            await waking
        finally:
            self._sleepers.remove(sleeper)

    async def awaken(self, seconds: float) -> None:
        """Wait until somebody sleeps for just so long, and let that time pass."""
        sleeper = await self._sleeping(lambda each: each.seconds == seconds)
        self.pass_by(sleeper.until - self.passed)

    async def asleep(self, seconds: float) -> None:
        """Wait until somebody sleeps for just so long."""
        await self._sleeping(lambda each: each.seconds == seconds)

    def pass_by(self, seconds: float) -> None:
        """Let time pass, for everybody."""
        self.passed += seconds
        for sleeper in self._sleepers:
            if sleeper.until <= self.passed and not sleeper.waking.done():
                sleeper.waking.set_result(None)

    async def _sleeping(self, wanted: Callable[[_Sleeper], bool]) -> _Sleeper:
        try:
            async with asyncio.timeout(_SECONDS):
                while True:
                    for sleeper in self._sleepers:
                        if wanted(sleeper) and not sleeper.waking.done():
                            return sleeper
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            seconds = [sleeper.seconds for sleeper in self._sleepers]
            raise AssertionError(f"nobody sleeps as long as wanted; these are slept: {seconds}") from None
