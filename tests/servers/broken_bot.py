"""The whole bot with something broken in it, as a process: how it bears that, and how it ends."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from bot.background.supervisor import Loop, Pause, Supervisor
from tests.servers import whole_bot

_LONG = 3600.0


def command(port: int, how: str) -> list[str]:
    """The command that starts it, broken in one of the ways below."""
    return [sys.executable, "-c", f"from {__name__} import start; start({port}, {how!r})"]


def _fails_once(loop: Loop) -> Loop:
    """Each loop raises an error that nobody foresaw, in its first round, which comes at once."""
    rounds = 0

    async def round_() -> Pause:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            raise TypeError("what somebody said in confidence")
        return await loop.round()

    return replace(loop, round=round_, first_after=0.0)


def _hangs_in_a_thread(loop: Loop) -> Loop:
    """The loops that may write wait in threads that nothing ends, and more is behind them."""

    async def round_() -> Pause:
        await asyncio.gather(*(asyncio.to_thread(time.sleep, _LONG) for _ in range(40)))
        return Pause(seconds=0.0)

    return replace(loop, round=round_) if loop.name in {"corrections", "follow-ups"} else loop


def _cannot_be_cancelled(loop: Loop) -> Loop:
    """One loop waits and swallows every cancellation."""

    async def round_() -> Pause:
        while True:
            try:
                await asyncio.sleep(_LONG)
            except asyncio.CancelledError:
                continue

    return replace(loop, round=round_) if loop.name == "corrections" else loop


def _blocks(loop: Loop) -> Loop:
    """One loop stops the whole event loop, once it has said so."""

    async def round_() -> Pause:
        sys.stdout.write("now nothing turns any more\n")
        sys.stdout.flush()
        time.sleep(_LONG)  # noqa: ASYNC251  # this is what is broken
        return Pause(seconds=0.0)

    return replace(loop, round=round_) if loop.name == "corrections" else loop


_WAYS: dict[str, Callable[[Loop], Loop]] = {
    "fails once": _fails_once,
    "hangs in a thread": _hangs_in_a_thread,
    "cannot be cancelled": _cannot_be_cancelled,
    "blocks": _blocks,
}


def start(port: int, how: str) -> None:
    """Run, with every loop changed in that way."""
    begin = Supervisor.start

    def broken(self: Supervisor, *loops: Loop) -> None:
        begin(self, *map(_WAYS[how], loops))

    Supervisor.start = broken  # type: ignore[method-assign]  # this is what is broken
    whole_bot.start(port)
