"""How long to wait before trying again what may pass by itself, and how often to say so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import structlog

from bot.errors import PlatformError
from bot.faults import placed

_log = structlog.get_logger(__name__)

Result = TypeVar("Result")

_LONGEST_ASKED = 900.0  # a server that asks for a year of rest is not obeyed


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Waits of `first`, then twice as long each time, `longest` at most; in seconds."""

    first: float = 1.0
    longest: float = 60.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def until_done(
        self,
        call: Callable[[], Awaitable[Result]],
        *,
        attempts: int | None = None,
        on: type[Exception] = PlatformError,
        final: Callable[[Exception], bool] | None = None,
        what: str = "a call",
    ) -> Result:
        """Repeat a call while it raises an error of the kind `on`: `attempts` times, or for ever.

        Waits as long as an error's `retry_after` asks to. What is `final` (by default an error that says so
        of itself) would be refused again, and is raised at once. An error is logged when it is another one
        than before, and then ever more rarely.
        """
        done, said = 0, ""
        is_final = final or (lambda error: bool(getattr(error, "final", False)))
        while True:
            try:
                return await call()
            except on as error:
                done += 1
                if done == attempts or is_final(error):
                    raise
                pause, text = self.pause(done, error), placed(error)
                if text != said or done.bit_count() == 1:  # 1, 2, 4, 8 … times
                    _log.warning(
                        "waiting_before_another_try", of=what, error=text, failures=done, seconds=pause
                    )
                said = text
            await self.sleep(pause)

    def pause(self, failures: int, error: Exception) -> float:
        """Tell how long to wait after so many failures in a row."""
        asked = float(getattr(error, "retry_after", 0.0))
        ours = min(self.first * 2.0 ** min(failures - 1, 30), self.longest)
        return min(asked, _LONGEST_ASKED) if asked > ours else ours
