"""Durable work on DBOS: an accepted event is handled, across crashes, at least once.

What is stored is the event's ids and links, in a file of its own; never text, never who sent it.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import BotError, PlatformError
from bot.faults import OURS, where
from bot.model import Event, event_key
from bot.storage.event_data import event_data, event_from
from bot.storage.work_file import address, locked
from bot.threads import in_thread
from bot.turns import Turns, lane_of
from kb.errors import StoreError

if TYPE_CHECKING:
    from dbos import DBOSConfig

log = structlog.get_logger(__name__)

Handler = Callable[[Event], Awaitable[None]]

Park = Callable[[str, dict[str, Any], str, str], Awaitable[None]]
"""Keeps an event that could not be handled: its key, its data, why not, and where in the code that was."""

RETRY_WAITS = (2.0, 8.0, 30.0, 80.0, 180.0)
"""Seconds before the second, third … attempt: six attempts within about five minutes."""

WORTH_ANOTHER_TRY = (PlatformError, StoreError)
"""What may pass by itself: a platform that is down or busy, a database that is locked."""

LEGACY_QUEUE = "events"
"""Where earlier versions queued events; what they left there is still handled."""

# DBOS recovers only work of the same version, and by default hashes source and library into it: any edit
# would strand what is queued. To be changed only together with the order of the workflow's steps.
_VERSION = "caveat-1"
_WORKFLOW = "handle_event"
_POLL_SECONDS = 5.0
# DBOS waits for this thread of its own when it is closed, and nothing here sends it anything.
_STOP_SECONDS = 0.5
# A process that dies of one event is started again, and dies again: after so many times it is left alone.
_MOST_RECOVERIES = 50
_THREADS = 16
_OVER = frozenset({"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"})
_AGAIN, _DONE, _FAILED = "again", "done", "failed"


class WorkError(BotError):
    """An event could not be handled (it is parked, and the log says why), or taken in."""


async def _only_logged(_key: str, _data: dict[str, Any], _reason: str, _where: str) -> None:
    """Keep nothing: what failed is in the log."""


@dataclass(eq=False)
class DurableWork:
    """Durable work on DBOS, in an SQLite file of its own; one for each process, as DBOS is.

    An event is handled as soon as `turns` has a slot for it; one that waits for another try holds none.
    `sender` names who sent an event, for taking turns. `park` gets the events that cannot be handled.
    """

    path: Path
    _: KW_ONLY
    turns: Turns = field(default_factory=Turns)
    sender: Callable[[Event], str] = lambda _event: ""
    park: Park = _only_logged
    retry_waits: Sequence[float] = RETRY_WAITS
    handler_seconds: float = 300.0
    grace_seconds: float = 2.5
    accept_seconds: float = 30.0

    def __post_init__(self) -> None:
        self._stopping = asyncio.Event()
        self._running: set[asyncio.Task[Any]] = set()
        self._lock: IO[str] | None = None
        self._workflow: Callable[[dict[str, Any]], Coroutine[Any, Any, None]] | None = None

    async def start(self, handler: Handler) -> None:
        """Open the queue and go on with what was left over; on return `enqueue` accepts events.

        A handler that raises PlatformError or StoreError is called again, with growing waits; any other
        error is logged and final. Raises SettingsError when another process uses the same file.
        """
        self._stopping.clear()
        await in_thread(self._open)
        from dbos import DBOS  # noqa: PLC0415  # half a second of imports, done in a thread by _open

        _route_log()
        DBOS(config=self._config())
        self._workflow = self._register(handler)
        try:
            DBOS.launch()  # inside the running loop, so that handlers run on it, beside the chat clients
            # New events start at once, not from a queue: nothing has to be polled for them.
            await DBOS.register_queue_async(
                LEGACY_QUEUE, polling_interval_sec=_POLL_SECONDS, on_conflict="always_update"
            )
        except SQLAlchemyError as error:
            await self.stop()
            raise self._broken(error) from error

    async def enqueue(self, key: str, event: Event) -> bool:
        """Store an event under its key; a known key is ignored. False when it was over with before.

        Raises StoreError, WorkError when closed.
        """
        from dbos import DBOS, SetWorkflowID  # noqa: PLC0415  # imported by start

        if self._workflow is None:
            raise WorkError(f"The work queue {self.path} is not open; start it first.")
        try:
            # DBOS itself would wait for a locked file without end.
            async with asyncio.timeout(self.accept_seconds):
                with SetWorkflowID(key):
                    handle = await DBOS.start_workflow_async(self._workflow, event_data(event))
                return (await handle.get_status()).status not in _OVER
        except (SQLAlchemyError, TimeoutError) as error:
            why = str(error) or f"it was locked for {self.accept_seconds:g} seconds"
            raise StoreError(f"The work queue {self.path} cannot be written: {why}.") from error

    async def stop(self) -> None:
        """Let running handlers finish, for a short while, and close; what is left is done after a restart."""
        from dbos import DBOS  # noqa: PLC0415  # imported by start

        self._stopping.set()
        self._workflow = None
        if self._running:
            await asyncio.wait(self._running, timeout=self.grace_seconds)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        loop = asyncio.get_running_loop()
        # DBOS put a pool of its own in the place of the loop's, and closes it: others still need one.
        loop.set_default_executor(ThreadPoolExecutor())
        await in_thread(DBOS.destroy, destroy_registry=True)
        self._unlock()

    def _open(self) -> None:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = locked(self.path.with_suffix(".lock"))
            self.path.touch(mode=0o600)
            with closing(sqlite3.connect(self.path)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")  # without it a burst takes seconds to accept
        except (OSError, sqlite3.Error) as error:
            self._unlock()
            raise self._broken(error) from error
        import dbos  # noqa: F401, PLC0415  # slow, so not with this module; here, for this runs in a thread

    def _broken(self, error: Exception) -> StoreError:
        return StoreError(
            f"The work queue {self.path} cannot be opened: {error}. If the file is damaged, move it away: "
            "nothing is said twice without it."
        )

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()

    def _config(self) -> DBOSConfig:
        from dbos import DBOSPortableJSONSerializer  # noqa: PLC0415  # imported by _open

        return {
            "name": "caveat",
            "system_database_url": address(self.path),
            "serializer": DBOSPortableJSONSerializer(),  # the default, pickle, runs what it reads
            "application_version": _VERSION,
            "executor_id": "local",
            "max_executor_threads": _THREADS,
            "notification_listener_polling_interval_sec": _STOP_SECONDS,
            "log_level": "WARNING",
        }

    def _register(self, handler: Handler) -> Callable[[dict[str, Any]], Coroutine[Any, Any, None]]:
        from dbos import DBOS  # noqa: PLC0415  # imported by _open

        @DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=_MOST_RECOVERIES)
        async def handle_event(data: dict[str, Any]) -> None:
            key = DBOS.workflow_id or ""
            outcome = _AGAIN
            with self._counted():
                for number, wait in enumerate((0.0, *self.retry_waits)):
                    last = number == len(self.retry_waits)
                    outcome = await DBOS.run_step_async(
                        {"name": "attempt"}, self._attempt, handler, key, data, wait, last
                    )
                    if outcome != _AGAIN:
                        break
            if outcome != _DONE:
                raise WorkError(f"{key} could not be handled; the log says why.")

        return handle_event

    @contextmanager
    def _counted(self) -> Iterator[None]:
        task = asyncio.current_task()
        if task is None or self._stopping.is_set():
            raise asyncio.CancelledError
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        yield

    async def _attempt(
        self, handler: Handler, key: str, data: dict[str, Any], wait: float, last: bool
    ) -> str:
        """Call the handler once, after a wait; once recorded, neither is repeated after a restart."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), wait)
        event = event_from(data)
        async with self.turns.turn(lane_of(event), event.channel, self.sender(event)):
            if self._stopping.is_set():
                raise asyncio.CancelledError  # leaves the work to the next start
            try:
                # Each stage has a deadline of its own; this one is for what nobody thought of.
                async with asyncio.timeout(self.handler_seconds):
                    await handler(event)
            except WORTH_ANOTHER_TRY as error:
                log.warning("work_failed_for_now", event_key=key, error=str(error))
                if last:
                    await self._set_aside(event, f"tried too often: {error}", where(error))
                return _AGAIN
            except Exception as error:  # noqa: BLE001  # the boundary of one event: the others go on
                kind, place = type(error).__name__, where(error)
                log.error("work_failed", event_key=key, error=kind, where=place)
                reason = str(error) if isinstance(error, OURS) else f"unexpected {kind}"
                await self._set_aside(event, reason, place)
                return _FAILED
        log.debug("work_done", event_key=key)
        return _DONE

    async def _set_aside(self, event: Event, reason: str, place: str) -> None:
        key = event_key(event)  # tried again, it was enqueued under another one
        try:
            await self.park(key, event_data(event), reason, place)
        except StoreError as error:
            log.error("work_not_parked", event_key=key, error=str(error))


class _Forward(logging.Handler):
    """Puts DBOS's own warnings into our log, of tracebacks their last line; failed work is there already."""

    def emit(self, record: logging.LogRecord) -> None:
        if not (record.exc_info and isinstance(record.exc_info[1], WorkError)):
            said, _, trace = record.getMessage().partition("Traceback (most recent call last)")
            log.warning("work_queue", detail=" ".join([said.strip(), *trace.strip().splitlines()[-1:]]))


def _route_log() -> None:
    logger = logging.getLogger("dbos")
    logger.handlers = [_Forward(logging.WARNING)]  # with a handler in place DBOS adds none that prints
    logger.propagate = False
