"""Processes that read outside text and can be killed: one task in each at a time, and some always at hand.

A hostile page may keep a process busy for as long as it is let. It must not make the others wait:

- `_READY` workers are kept at hand beside those that are busy, up to `_MOST` in all.
- A task that takes longer than `_PATIENCE` goes on at the lowest priority; its worker is used no more.
- Where all workers are busy and a task waits, the one that has run longest, if longer than that, is given
  up, one that nobody asked for first. So a task has its full time only while nobody waits for its worker.
- What somebody asked for goes before what nobody did.
"""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from weakref import WeakSet

import structlog

from bot.errors import UnreadableError
from bot.pages.read.exchange import Task
from bot.pages.read.worker_process import GoneError, Worker
from bot.turns import ASKED

log = structlog.get_logger(__name__)

_READY = 2
_MOST = 6
_PATIENCE = 0.5  # seconds; a large news page takes half of that
_PAGES_PER_WORKER = 200  # then a fresh one: parsers hold on to memory
_START_SECONDS = 30.0
_WAIT_SECONDS = 20.0  # for a worker, in a flood of pages


class _LostError(Exception):
    """A worker ended before its page can have been the reason, or just then."""


@dataclass(kw_only=True, eq=False)
class ReadingPool:
    """Does tasks in processes of `memory` bytes of address space, each within `seconds`."""

    seconds: float
    memory: int
    ready: int = _READY
    most: int = _MOST
    patience: float = _PATIENCE

    def __post_init__(self) -> None:
        self._idle: deque[Worker] = deque()
        self._busy: dict[Worker, asyncio.Future[None]] = {}  # done when its worker is given back
        self._waiting: deque[asyncio.Future[Worker]] = deque()  # those with whom somebody waits first
        self._asked: WeakSet[asyncio.Future[Worker]] = WeakSet()  # those
        self._starting: set[asyncio.Task[None]] = set()
        self._ending: set[asyncio.Future[None]] = set()
        self._threads = ThreadPoolExecutor(2 * self.most + 1, "read-pool")  # a killed one's ends a bit later
        self._closed = False

    @property
    def busy(self) -> tuple[int, ...]:
        """The ids of the processes that are reading a page, the longest first."""
        return tuple(worker.pid for worker in sorted(self._busy, key=lambda worker: worker.since))

    @property
    def workers(self) -> tuple[int, ...]:
        """The ids of all processes: the busy ones, then those at hand."""
        return (*self.busy, *(worker.pid for worker in self._idle))

    async def start(self) -> None:
        """Start the workers that are kept at hand, which the first page would otherwise wait for."""
        self._grow()
        await asyncio.gather(*self._starting)

    async def close(self) -> None:
        """End the workers, whatever they are doing; nothing is read from then on."""
        self._closed = True
        for waiting in self._waiting:
            _fail(waiting, "the bot is shutting down")
        for task in self._starting:
            task.cancel()
        for worker in self._busy:
            worker.kill()  # whoever waits for its answer buries it
        while self._idle:
            self._end(self._idle.popleft())
        await asyncio.sleep(0)  # for whom a worker was just handed to
        while left := {*self._starting, *self._ending, *self._busy.values()}:
            await asyncio.wait(left)
            await asyncio.sleep(0)  # for what they left to do
        self._threads.shutdown(wait=False)

    async def do(self, task: Task) -> dict[str, Any]:
        """Give what came of a task, as JSON values. Raises UnreadableError with a plain reason."""
        for _ in range(self.ready + 1):  # all that were at hand may have been killed beforehand
            try:
                return _done(await self._ask(await self._take(), task))
            except _LostError:
                continue
        raise UnreadableError("reading it took too much memory")

    async def _ask(self, worker: Worker, task: Task) -> dict[str, Any]:
        if self._closed:  # while it was on its way to the task
            self._end(worker)
            raise UnreadableError("the bot is shutting down")
        loop = asyncio.get_running_loop()
        worker.since, worker.urgent = loop.time(), ASKED.get()
        returned = self._busy[worker] = loop.create_future()
        self._grow()
        slow = loop.call_later(self.patience, worker.slow_down)
        done = False
        try:
            async with asyncio.timeout(self.seconds):
                answer = await loop.run_in_executor(self._threads, worker.ask, task)
            done = True
        except TimeoutError as error:
            raise UnreadableError("reading it took too long") from error
        except GoneError as error:
            raise self._why_gone(worker) from error
        finally:
            slow.cancel()
            del self._busy[worker]
            self._give_back(worker, usable=done)
            returned.set_result(None)
        return answer

    def _why_gone(self, worker: Worker) -> Exception:
        if self._closed:
            return UnreadableError("the bot is shutting down")
        if worker.given_up:
            return UnreadableError("reading it took too long")
        return UnreadableError("reading it took too much time or memory") if worker.worn else _LostError()

    async def _take(self) -> Worker:
        while self._idle and not self._closed:
            worker = self._idle.popleft()
            if worker.alive:  # the kernel kills whom it likes when memory runs out
                return worker
            self._end(worker)
        if self._closed:
            raise UnreadableError("the bot is shutting down")
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[Worker] = loop.create_future()
        self._stand_in_line(waiting)
        self._grow()
        room = loop.call_later(0, self._make_room)
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                return await waiting
        except TimeoutError as error:
            raise UnreadableError("too many pages are being read at once") from error
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled() and not waiting.exception():
                self._hand_out(waiting.result())  # it came in the very turn in which the caller gave up
            raise
        finally:
            room.cancel()
            if waiting in self._waiting:
                self._waiting.remove(waiting)

    def _stand_in_line(self, waiting: asyncio.Future[Worker]) -> None:
        place = len(self._waiting)
        if ASKED.get():
            self._asked.add(waiting)
            place = next((at for at, other in enumerate(self._waiting) if other not in self._asked), place)
        self._waiting.insert(place, waiting)

    def _make_room(self) -> None:
        """Give up the task that has run longest, unless a worker is on its way for all who wait."""
        loop = asyncio.get_running_loop()
        coming = len(self._starting) + len([worker for worker in self._busy if worker.given_up])
        if not self._waiting or self._closed:
            return
        busy = sorted(
            (worker for worker in self._busy if not worker.given_up),
            key=lambda worker: (worker.urgent, worker.since),
        )
        # What somebody waits for is given up only for what somebody else waits for, and if all others were.
        worst = busy[0] if busy and loop.time() - busy[0].since >= self.patience else None
        wait = [
            waiting for waiting in self._waiting if waiting in self._asked or not (worst and worst.urgent)
        ]
        if worst and coming < len(wait):
            worst.given_up = True
            worst.kill()
        loop.call_later(self.patience / 10, self._make_room)

    def _grow(self) -> None:
        """Start workers until enough are at hand or on their way, for those who wait and for the next."""
        wanted = self.ready + len(self._waiting) - len(self._idle) - len(self._starting)
        room = self.most - len(self._busy) - len(self._idle) - len(self._starting)
        for _ in range(0 if self._closed else min(wanted, room)):
            task = asyncio.get_running_loop().create_task(self._start())
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def _start(self) -> None:
        worker = None
        usable = False
        try:
            worker = Worker(self.memory)
            async with asyncio.timeout(_START_SECONDS):
                await asyncio.get_running_loop().run_in_executor(self._threads, worker.hear)
            usable = True
        except (GoneError, TimeoutError) as error:
            log.error("reader_not_started", error=type(error).__name__)
            if self._waiting:
                _fail(self._waiting.popleft(), "the process that reads pages does not start")
        finally:
            if worker and usable:
                self._hand_out(worker)
            elif worker:
                self._end(worker)

    def _hand_out(self, worker: Worker) -> None:
        """Give a worker to whoever has waited longest, or keep it at hand."""
        if self._closed:
            self._end(worker)
            return
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(worker)
                return
        self._idle.append(worker)

    def _give_back(self, worker: Worker, *, usable: bool) -> None:
        worn = worker.worn or worker.pages >= _PAGES_PER_WORKER or not worker.alive
        enough = len(self._idle) >= self.ready and not self._waiting
        if usable and not (self._closed or worn or enough):
            self._hand_out(worker)
        else:
            self._end(worker)
            self._grow()

    def _end(self, worker: Worker) -> None:
        worker.kill()
        ending = asyncio.get_running_loop().run_in_executor(self._threads, worker.bury)
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)


def _fail(waiting: asyncio.Future[Worker], reason: str) -> None:
    if not waiting.done():
        waiting.set_exception(UnreadableError(reason))


def _done(answer: dict[str, Any]) -> dict[str, Any]:
    if reason := answer.get("unreadable"):
        raise UnreadableError(str(reason))
    if place := answer.get("failed"):
        log.error("reading_failed", place=str(place)[:200])
        raise UnreadableError("it could not be understood")
    done = answer.get("done")
    if not isinstance(done, dict):
        raise UnreadableError("it could not be understood")
    return done
