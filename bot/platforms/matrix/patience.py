"""How long to wait before asking the homeserver again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from bot.errors import PlatformError
from bot.platforms.matrix.transport import LimitedError, RefusedError, describe

_log = structlog.get_logger(__name__)

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Waits of `first`, then twice as long each time, `longest` at most; in seconds."""

    first: float = 1.0
    longest: float = 60.0

    async def until_done(
        self,
        call: Callable[[], Awaitable[Result]],
        *,
        attempts: int | None = None,
        on: type[Exception] = PlatformError,
    ) -> Result:
        """Repeat a call while it raises an error of the kind `on`: `attempts` times, or for ever.

        Waits as long as the homeserver asks to. What would be refused again is raised at once.
        """
        done = 0
        while True:
            try:
                return await call()
            except on as error:
                done += 1
                if done == attempts or (isinstance(error, RefusedError) and error.final):
                    raise
                pause = self.pause(done, error)
                _log.warning("matrix: waiting before the next attempt", error=describe(error), seconds=pause)
            await asyncio.sleep(pause)

    def pause(self, failures: int, error: Exception) -> float:
        """Tell how long to wait after so many failures in a row."""
        asked = error.retry_after if isinstance(error, LimitedError) else 0.0
        return max(asked, min(self.first * 2.0 ** min(failures - 1, 30), self.longest))
