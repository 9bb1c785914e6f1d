"""How the process ends: with which exit status, and in time, whatever still hangs."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from bot.errors import CannotGoOnError
from bot.faults import OURS
from bot.ports import Leave

ENDED, BROKEN, MISTAKE = 0, 1, 2
"""Exit statuses: as it should be; start it again; a person has to mend something first."""

STOP_SECONDS = 7.0
"""What runs may take so long to end once it was told to."""
THREAD_SECONDS = 1.0
"""What is over may wait so long for its threads: one may wait for a database that hangs."""

_STOPS = (signal.SIGINT, signal.SIGTERM)
_leaving: list[tuple[float, threading.Timer]] = []
_told: list[BaseException] = []


def exit_status(error: BaseException | None) -> int:
    """The status that a process ends with after an error, or after none."""
    if error is None:
        return ENDED
    if isinstance(error, CannotGoOnError):
        return BROKEN
    return MISTAKE if isinstance(error, OURS) else BROKEN


def tell(error: BaseException) -> None:
    """Tell a person of an error, once, on standard error."""
    if any(error is reported for reported in _told):
        return
    _told.append(error)
    for line in str(error).splitlines() or [type(error).__name__]:
        print(f"caveat: {line}", file=sys.stderr, flush=True)  # noqa: T201  # the log may be off


def leave_within(seconds: float, error: BaseException | None) -> None:
    """End the process after so many seconds, unless it has ended by itself; later calls only shorten that."""
    due = time.monotonic() + seconds
    while _leaving:
        earlier, timer = _leaving.pop()
        timer.cancel()
        due = min(due, earlier)
    timer = threading.Timer(max(due - time.monotonic(), 0.0), _leave, [error])
    timer.daemon = True
    _leaving.append((due, timer))
    timer.start()


def _leave(error: BaseException | None) -> None:
    if isinstance(error, OURS):
        tell(error)
    os._exit(exit_status(error))


def stay(_seconds: float, _error: BaseException | None) -> None:
    """Let the process end when it does."""


async def until_told(work: Coroutine[Any, Any, None], leave: Leave = stay) -> None:
    """Do some work until it is over or a signal asks to stop. Raises what the work raised.

    `leave` is told how long the process then has to end.
    """
    async with _signals(leave) as stopped:
        working = asyncio.create_task(work, name="the bot")
        stopping = asyncio.create_task(stopped.wait())
        error: BaseException | None = None
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                working.result()
        except BaseException as raised:
            error = raised
            raise
        finally:
            leave(STOP_SECONDS, error)
            for task in (working, stopping):
                task.cancel()
            await asyncio.gather(working, stopping, return_exceptions=True)
            leave(THREAD_SECONDS, error)


@asynccontextmanager
async def _signals(leave: Leave) -> AsyncIterator[asyncio.Event]:
    """An event that is set when a signal asks the process to stop.

    A thread waits for the signals as well: an event loop that stands still hears none.
    """
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    reading, writing = os.pipe()

    def wait() -> None:
        while os.read(reading, 1):
            leave(STOP_SECONDS, None)
            loop.call_soon_threadsafe(stopped.set)
        os.close(reading)

    waiting = threading.Thread(target=wait, name="signals", daemon=True)
    waiting.start()
    before = {number: signal.signal(number, lambda *_: os.write(writing, b"x") and None) for number in _STOPS}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(writing)
        waiting.join()
