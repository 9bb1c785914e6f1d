"""Keeps the loops beside answering running: each makes one round again and again, and its health is known.

An error of our own costs a loop a pause. What nobody foresaw is logged with its place and costs a back-off
that grows. A loop that only fails, or that cannot be stopped, ends the process: see `ended`.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

import structlog

from bot.clock import REAL_TIME, Time
from bot.errors import CannotGoOnError
from bot.faults import OURS, kind_of, traced, waiting_at, where

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""The back-off in seconds: doubled with each failure in a row, and back at the first after a good round."""
MOST_FAILURES = 10
"""So many unforeseen failures without a good round between them (about four minutes) end the process."""

_CANCEL_SECONDS = 5.0  # a round that is told to end and has not ended by then never will
_CLOSE_SECONDS = 2.0  # to clean up once it is told to end; by hand
_SLACK_SECONDS = 30.0  # on top of what a round and a pause may take, before a loop counts as stalled


@dataclass(frozen=True, kw_only=True)
class Pause:
    """How long a loop rests after a round; `woken`: unless it is woken before."""

    seconds: float
    woken: bool = True


Round = Callable[[], Awaitable[Pause]]


@dataclass(frozen=True, kw_only=True)
class Loop:
    """One thing that is done again and again; times are in seconds.

    A round may take `limit`; with None it may be long, as listening is. `after_error` is the pause after an
    error of our own, None: the growing one. Errors in `final` end the process. A process whose `critical`
    loops stall is not alive for its watchdog.
    """

    name: str
    round: Round
    limit: float | None = 60.0
    first_after: float = 0.0
    after_error: float | None = 10.0
    critical: bool = False
    final: tuple[type[Exception], ...] = ()
    woken_by: asyncio.Event | None = None


@dataclass(frozen=True, kw_only=True)
class LoopHealth:
    """How a loop does: `failures` in a row; `error` and `where` tell of the last one, and stay."""

    name: str
    since: datetime
    last_good: datetime | None = None
    failures: int = 0
    failed_at: datetime | None = None
    error: str = ""
    where: str = ""


class _HungError(Exception):
    """A round took longer than it may; `place` is where it waited."""

    def __init__(self, seconds: float, place: str) -> None:
        self.place = place
        super().__init__(f"longer than {seconds:g} seconds")


class Supervisor:
    """Runs loops from `start` until its block ends; `changed` is set whenever a loop's health turns."""

    def __init__(self, *, time: Time = REAL_TIME) -> None:
        self._time = time
        self._runs: dict[asyncio.Task[None], _Run] = {}
        self._over = asyncio.Event()
        self._error: BaseException | None = None
        self._closing = False
        self.changed = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def start(self, *loops: Loop) -> None:
        """Begin to run these loops, too."""
        for loop in loops:
            run = _Run(loop, self._time, self.changed.set)
            task = asyncio.create_task(run.rounds(), name=loop.name)
            self._runs[task] = run
            task.add_done_callback(self._finished)

    async def ended(self) -> None:
        """Wait until a loop cannot go on. Raises CannotGoOnError, or what that loop calls final."""
        await self._over.wait()
        if self._error is not None:
            raise self._error

    async def close(self) -> None:
        """End all loops, within a moment."""
        self._closing = True
        running = [task for task in self._runs if not task.done()]
        for task in running:
            task.cancel()
        if running:
            _, left = await asyncio.wait(running, timeout=2 * _CLOSE_SECONDS)
            for task in left:
                log.error("loop_does_not_end", loop=task.get_name())

    def health(self) -> tuple[LoopHealth, ...]:
        """How each loop does, in the order in which they were started."""
        return tuple(run.health for run in self._runs.values())

    def stalled(self) -> tuple[str, ...]:
        """The critical loops that should have made a round long ago."""
        now = self._time.monotonic()
        return tuple(run.loop.name for run in self._runs.values() if run.loop.critical and now > run.due)

    def _finished(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if self._closing or self._over.is_set():
            return
        self._error = error or CannotGoOnError(f"The loop “{task.get_name()}” has ended.")
        self._over.set()


class _Run:
    """One loop as it runs."""

    def __init__(self, loop: Loop, time: Time, changed: Callable[[], None]) -> None:
        self.loop = loop
        self.health = LoopHealth(name=loop.name, since=time.now())
        self.due = math.inf
        self._time, self._changed = time, changed
        self._unforeseen = 0

    async def rounds(self) -> None:
        """Make rounds until cancelled. Raises CannotGoOnError, or what the loop calls final."""
        pause = Pause(seconds=self.loop.first_after, woken=False)
        while True:
            await self._rest(pause)
            started = self._time.monotonic()
            try:
                pause = await self._round()
                self._well()
            except self.loop.final:
                raise
            except CannotGoOnError:
                raise
            except MemoryError as error:
                raise CannotGoOnError(
                    f"The loop “{self.loop.name}” ran out of memory: {where(error)}."
                ) from error
            except Exception as error:  # noqa: BLE001  # the boundary of one round: the loop goes on
                if self._time.monotonic() - started > LONGEST_PAUSE and self.loop.limit is None:
                    self._well()  # until now
                pause = self._failed(error)

    async def _round(self) -> Pause:
        """Make one round in a task of its own, so that what it does to cancellation stays there."""
        limit = self.loop.limit
        self.due = math.inf if limit is None else self._time.monotonic() + limit + _SLACK_SECONDS
        if self.loop.woken_by is not None:
            self.loop.woken_by.clear()  # what happens from here on may be missed by this round
        working = asyncio.create_task(_called(self.loop.round), name=f"{self.loop.name}: a round")
        working.add_done_callback(_looked_at)
        try:
            if limit is None:
                await asyncio.wait({working})
            else:
                await self._first_of(working, self._time.sleep(limit))
            if not working.done():
                await self._stop(working, limit or 0.0)
        finally:
            if not working.done():
                working.cancel()
                await asyncio.wait({working}, timeout=_CLOSE_SECONDS)
        if working.cancelled():
            raise RuntimeError("a round was cancelled from within")
        return working.result()

    async def _stop(self, working: asyncio.Task[Pause], limit: float) -> None:
        place = waiting_at(working.get_coro())
        working.cancel()
        await self._first_of(working, self._time.sleep(_CANCEL_SECONDS))
        if not working.done():
            raise CannotGoOnError(f"The loop “{self.loop.name}” hangs at {place} and cannot be stopped.")
        raise _HungError(limit, place)

    async def _rest(self, pause: Pause) -> None:
        self.due = self._time.monotonic() + pause.seconds + _SLACK_SECONDS
        event = self.loop.woken_by
        if event is None or not pause.woken:
            await self._time.sleep(pause.seconds)
        elif not event.is_set():
            waking = asyncio.create_task(event.wait())
            try:
                await self._first_of(waking, self._time.sleep(pause.seconds))
            finally:
                waking.cancel()

    async def _first_of(self, task: asyncio.Task[object], waiting: Awaitable[None]) -> None:
        other = asyncio.ensure_future(waiting)
        try:
            await asyncio.wait({task, other}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            other.cancel()

    def _well(self) -> None:
        was_failing = self.health.failures
        self.health = replace(self.health, last_good=self._time.now(), failures=0)
        self._unforeseen = 0
        if was_failing:
            log.info("loop_is_well_again", loop=self.loop.name, failures=was_failing)
            self._changed()

    def _failed(self, error: Exception) -> Pause:
        """Note and log a failure; gives the pause. Raises CannotGoOnError for one too many."""
        before, name = self.health, self.loop.name
        hung = isinstance(error, _HungError)
        kind = f"took {error}" if hung else kind_of(error)
        place = error.place if isinstance(error, _HungError) else where(error)
        self.health = replace(
            before,
            failures=before.failures + 1,
            failed_at=self._time.now(),
            error=kind,
            where="" if isinstance(error, OURS) else place,
        )
        self._changed()
        if isinstance(error, OURS):
            pause = self.loop.after_error or _growing(self.health.failures)
            if kind != before.error or self.health.failures.bit_count() == 1:  # 1, 2, 4, 8 … the same times
                log.warning(
                    "loop_failed_for_now", loop=name, error=kind, failures=self.health.failures, seconds=pause
                )
            return Pause(seconds=pause, woken=False)
        self._unforeseen += 1
        pause = _growing(self._unforeseen)
        trace = place if hung else traced(error)
        log.error(
            "loop_failed", loop=name, error=kind, traceback=trace, failures=self._unforeseen, seconds=pause
        )
        if self._unforeseen >= MOST_FAILURES:
            raise CannotGoOnError(
                f"The loop “{name}” failed {self._unforeseen} times in a row, at last with {kind} at {place}."
            ) from error
        return Pause(seconds=pause, woken=False)


async def _called(round_: Round) -> Pause:
    return await round_()


def _looked_at(task: asyncio.Task[Pause]) -> None:
    """Take the error of a round that was cut off: asyncio would print it, text and all."""
    if not task.cancelled():
        task.exception()


def _growing(failures: int) -> float:
    return min(FIRST_PAUSE * 2.0 ** min(failures - 1, 30), LONGEST_PAUSE)
