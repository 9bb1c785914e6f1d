"""Durable work on the real engine, in a file of each test's own."""

from __future__ import annotations

import asyncio
import logging
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dbos import DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions
from structlog.testing import capture_logs

from bot.errors import InconclusiveError, PlatformError, SettingsError
from bot.model import Deletion, Event, Message, event_key
from bot.storage.event_data import event_data, event_from
from bot.storage.work_file import purge_work
from bot.storage.work_queue import LEGACY_QUEUE, DurableWork, Handler, Park, WorkError, _Forward
from bot.threads import in_thread
from bot.turns import Lane, Room, Turns
from kb.errors import StoreError

DEADLINE = 20.0
SECRET = "a sentence that nobody may find on disk"


def message_for(name: str) -> Message:
    return Message(
        platform="memory",
        channel="c",
        id=name,
        event=f"e-{name}",
        sender="somebody-who-must-not-be-stored",
        text=SECRET,
        links=("https://a.example/x",),
        asked=False,
        sent_at=datetime(2026, 1, 10, tzinfo=UTC),
    )


class Seen:
    """Collects what the handler was given, and lets a test wait for it."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._changed = asyncio.Condition()

    async def __call__(self, event: Event) -> None:
        async with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def times(self, name: str) -> int:
        """Tell how often an event was handled."""
        return [event.id for event in self.events].count(name)

    async def until(self, count: int) -> None:
        """Wait until so many calls were made."""
        async with asyncio.timeout(DEADLINE), self._changed:
            await self._changed.wait_for(lambda: len(self.events) >= count)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what only the file can tell."""
    async with asyncio.timeout(DEADLINE):
        while not await condition():  # noqa: ASYNC110  # the engine writes its outcomes without telling anybody
            await asyncio.sleep(0.02)


async def nowhere(_key: str, _data: dict[str, Any], _reason: str, _where: str) -> None:
    """Park nothing."""


def statuses(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT workflow_uuid, status FROM workflow_status"))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A queue that was opened once: a new one takes a second longer to hand out its first work."""
    made = tmp_path_factory.mktemp("prepared") / "work.db"

    async def open_once() -> None:
        async with running(made, Seen()):
            pass

    asyncio.run(open_once())
    return made


@pytest.fixture
def path(tmp_path: Path, prepared: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return Path(shutil.copy(prepared, folder / "work.db"))


@asynccontextmanager
async def running(
    path: Path,
    handler: Handler,
    *,
    waits: tuple[float, ...] = (),
    at_once: int = 4,
    grace: float = 5.0,
    park: Park = nowhere,
) -> AsyncIterator[DurableWork]:
    room = Room(slots=at_once, channel=at_once, person=at_once)
    work = DurableWork(
        path, retry_waits=waits, turns=Turns(dict.fromkeys(Lane, room)), grace_seconds=grace, park=park
    )
    await work.start(handler)
    try:
        yield work
    finally:
        await work.stop()


async def test_what_was_enqueued_is_handled(tmp_path: Path) -> None:
    path, seen = tmp_path / "new folder" / "work.db", Seen()
    deletion = Deletion(platform="memory", channel="c", id="gone", event="d")
    async with running(path, seen) as work:
        await work.enqueue("k1", message_for("m1"))
        await work.enqueue("k2", deletion)
        await seen.until(2)
    assert deletion in seen.events
    assert event_from(event_data(message_for("m1"))) in seen.events


async def test_a_known_key_is_ignored_also_after_a_restart(path: Path) -> None:
    seen = Seen()
    async with running(path, seen) as work:
        await asyncio.gather(*(work.enqueue("k1", message_for("m1")) for _ in range(5)))
        await seen.until(1)
        await until(lambda: _all_are(path, "SUCCESS"))
        assert not await work.enqueue("k1", message_for("m1"))
    async with running(path, seen) as work:
        assert not await work.enqueue("k1", message_for("m1"))
        assert await work.enqueue("k2", message_for("m2"))
        await seen.until(2)
    assert (seen.times("m1"), seen.times("m2")) == (1, 1)


async def _all_are(path: Path, status: str) -> bool:
    return set(statuses(path).values()) == {status}


@pytest.mark.parametrize("error", [PlatformError("busy"), StoreError("locked")])
async def test_what_may_pass_by_itself_is_tried_again(path: Path, error: Exception) -> None:
    seen = Seen()

    async def handler(event: Event) -> None:
        await seen(event)
        if len(seen.events) < 3:
            raise error

    with capture_logs() as logs:
        async with running(path, handler, waits=(0.01, 0.01, 0.01)) as work:
            await work.enqueue("k1", message_for("m1"))
            await until(lambda: _all_are(path, "SUCCESS"))
    assert len(seen.events) == 3
    retries = [line for line in logs if line["event"] == "work_failed_for_now"]
    assert [line["event_key"] for line in retries] == ["k1", "k1"]


async def test_work_is_given_up_after_the_declared_attempts(path: Path) -> None:
    seen = Seen()

    async def handler(event: Event) -> None:
        await seen(event)
        raise PlatformError("down")

    async with running(path, handler, waits=(0.01, 0.01)) as work:
        await work.enqueue("k1", message_for("m1"))
        await until(lambda: _all_are(path, "ERROR"))
    assert len(seen.events) == 3


async def test_attempts_are_counted_across_a_restart(path: Path) -> None:
    seen = Seen()

    async def handler(event: Event) -> None:
        await seen(event)
        raise PlatformError("down")

    async with running(path, handler, waits=(0.01, 60.0, 0.01)) as work:
        await work.enqueue("k1", message_for("m1"))
        await seen.until(2)
        await until(lambda: _attempts(path, 2))
    async with running(path, handler, waits=(0.01, 0.01, 0.01)):
        await until(lambda: _all_are(path, "ERROR"))
    assert len(seen.events) == 4


async def _attempts(path: Path, count: int) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT count(*) FROM operation_outputs WHERE function_name = 'attempt'")
        return bool(found.fetchone()[0] == count)


@pytest.mark.parametrize("error", [ValueError(SECRET), KeyError(SECRET), InconclusiveError("who knows")])
async def test_any_other_error_is_logged_without_text_and_is_final(path: Path, error: Exception) -> None:
    seen = Seen()

    async def handler(event: Event) -> None:
        await seen(event)
        if event.id == "bad":
            raise error

    with capture_logs() as logs:
        async with running(path, handler, waits=(0.01,)) as work:
            await work.enqueue("k-bad", message_for("bad"))
            await work.enqueue("k-good", message_for("good"))
            await until(lambda: _are(path, {"k-bad": "ERROR", "k-good": "SUCCESS"}))
    assert seen.times("bad") == 1
    failed = [line for line in logs if line["event"] == "work_failed"]
    assert [(line["event_key"], line["error"]) for line in failed] == [("k-bad", type(error).__name__)]
    assert "handler" in failed[0]["where"]
    assert SECRET not in str(logs)


async def _are(path: Path, wanted: dict[str, str]) -> bool:
    return statuses(path) == wanted


async def test_no_more_handlers_run_at_a_time_than_set(path: Path) -> None:
    running_now, most, done = 0, 0, Seen()

    async def handler(event: Event) -> None:
        nonlocal running_now, most
        running_now += 1
        most = max(most, running_now)
        await asyncio.sleep(0.01)  # gives the others a chance to come in as well
        running_now -= 1
        await done(event)

    async with running(path, handler, at_once=3) as work:
        await asyncio.gather(*(work.enqueue(f"k{n}", message_for(f"m{n}")) for n in range(20)))
        await done.until(20)
    assert most == 3


async def test_work_that_waits_for_another_try_holds_up_nobody(path: Path) -> None:
    seen = Seen()

    async def handler(event: Event) -> None:
        await seen(event)
        if event.id.startswith("stuck"):
            raise PlatformError("this room is closed")

    async with running(path, handler, waits=(60.0,), at_once=1) as work:
        for n in range(4):
            await work.enqueue(f"k{n}", message_for(f"stuck{n}"))
        await seen.until(4)
        await work.enqueue("k-fine", message_for("fine"))
        await seen.until(5)
    assert seen.times("fine") == 1


async def test_what_was_interrupted_is_handled_after_the_next_start(path: Path) -> None:
    entered, seen = Seen(), Seen()

    async def never_ends(event: Event) -> None:
        await entered(event)
        await asyncio.Event().wait()

    async with running(path, never_ends, at_once=1, grace=0.05) as work:
        await work.enqueue("k1", message_for("m1"))
        await work.enqueue("k2", message_for("m2"))
        await entered.until(1)
    async with running(path, seen):
        await seen.until(2)
        await until(lambda: _all_are(path, "SUCCESS"))
    assert (seen.times("m1"), seen.times("m2")) == (1, 1)


async def test_a_handler_that_never_ends_is_set_aside_and_its_slot_is_free_again(path: Path) -> None:
    parked, seen = asyncio.Queue[tuple[str, str]](), Seen()

    async def park(key: str, _data: dict[str, Any], reason: str, _where: str) -> None:
        await parked.put((key, reason))

    async def handler(event: Event) -> None:
        if event.id == "stuck":
            await asyncio.Event().wait()
        await seen(event)

    room = Room(slots=1, channel=1, person=1)
    work = DurableWork(path, turns=Turns(dict.fromkeys(Lane, room)), handler_seconds=0.2, park=park)
    await work.start(handler)
    try:
        await work.enqueue("k1", message_for("stuck"))
        await work.enqueue("k2", message_for("fine"))
        await seen.until(1)
        assert await parked.get() == (event_key(message_for("stuck")), "unexpected TimeoutError")
    finally:
        await work.stop()


async def test_what_cannot_be_handled_is_parked_with_its_reason_once(path: Path) -> None:
    parked: list[tuple[str, str, str]] = []

    async def park(key: str, data: dict[str, Any], reason: str, where: str) -> None:
        assert event_from(data).id in key
        parked.append((key, reason, where))

    async def handler(event: Event) -> None:
        raise PlatformError("down") if event.id == "down" else KeyError(SECRET)

    async with running(path, handler, waits=(0.01, 0.01), park=park) as work:
        await work.enqueue("k-down", message_for("down"))
        await work.enqueue("k-bad", message_for("bad"))
        await until(lambda: _all_are(path, "ERROR"))
    assert sorted((key, reason) for key, reason, _ in parked) == [
        (event_key(message_for("bad")), "unexpected KeyError"),
        (event_key(message_for("down")), "tried too often: down"),
    ]
    assert all("handler" in where and SECRET not in where for _, _, where in parked)


async def test_what_an_earlier_version_queued_is_handled(path: Path) -> None:
    """An update must not lose what was accepted before it."""
    seen = Seen()
    client = DBOSClient(
        system_database_url=f"sqlite:///{path}", serializer=DBOSPortableJSONSerializer(), lazy=True
    )
    options: EnqueueOptions = {
        "queue_name": LEGACY_QUEUE,
        "workflow_name": "handle_event",
        "workflow_id": "k1",
        "app_version": "caveat-1",
    }
    await asyncio.to_thread(client.enqueue, options, event_data(message_for("m1")))
    client.destroy()
    assert statuses(path) == {"k1": "ENQUEUED"}
    async with running(path, seen):
        await seen.until(1)
        await until(lambda: _all_are(path, "SUCCESS"))


async def test_a_running_handler_may_finish_when_the_bot_stops(path: Path) -> None:
    entered, finished = Seen(), Seen()

    async def handler(event: Event) -> None:
        await entered(event)
        await asyncio.sleep(0.1)  # is still at it when stop() comes
        await finished(event)

    async with running(path, handler) as work:
        await work.enqueue("k1", message_for("m1"))
        await entered.until(1)
    assert finished.times("m1") == 1
    assert statuses(path) == {"k1": "SUCCESS"}


async def test_a_closed_queue_says_so(path: Path) -> None:
    work = DurableWork(path)
    with pytest.raises(WorkError, match="not open"):
        await work.enqueue("k1", message_for("m1"))
    await work.start(Seen())
    await work.stop()
    with pytest.raises(WorkError, match="not open"):
        await work.enqueue("k1", message_for("m1"))


async def test_an_event_that_cannot_be_stored_in_time_is_refused(path: Path) -> None:
    """The platform then does not acknowledge it, and gets it again."""
    seen = Seen()
    work = DurableWork(path, accept_seconds=0.2)
    await work.start(seen)
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match=r"locked for 0\.2 seconds"):
                await work.enqueue("k1", message_for("m1"))
            other.execute("ROLLBACK")
        await until(lambda: _accepted(work, "k1", "m1"))
        await seen.until(1)
    finally:
        await work.stop()
    assert seen.times("m1") == 1


async def _accepted(work: DurableWork, key: str, name: str) -> bool:
    with suppress(StoreError):
        await work.enqueue(key, message_for(name))
        return True
    return False


async def test_threads_can_be_used_after_the_queue_is_closed(path: Path) -> None:
    async with running(path, Seen()) as work:
        await work.enqueue("k1", message_for("m1"))
    assert await asyncio.to_thread(lambda: 7) == 7


async def test_two_bots_cannot_share_one_queue(path: Path) -> None:
    async with running(path, Seen()):
        with pytest.raises(SettingsError, match="Another caveat is running"):
            await DurableWork(path).start(Seen())


def damage(path: Path, kept: int) -> Path:
    """Overwrite a file behind its first bytes; gives the name to move it to."""
    whole = path.read_bytes()
    path.write_bytes(whole[:kept] + b"no database" * (len(whole) // 11))
    return path.with_name("damaged.db")


@pytest.mark.parametrize("kept", [0, 4096])
async def test_a_damaged_queue_is_named_and_may_be_moved_away(path: Path, kept: int) -> None:
    seen, aside = Seen(), damage(path, kept)
    with pytest.raises(StoreError, match="move it away"):
        await DurableWork(path).start(seen)
    await asyncio.to_thread(path.rename, aside)
    async with running(path, seen) as work:
        await work.enqueue("k1", message_for("m1"))
        await seen.until(1)


def test_a_damaged_queue_cannot_be_purged(path: Path) -> None:
    damage(path, 0)
    with pytest.raises(StoreError, match="cannot be purged"):
        purge_work(path, datetime.now(UTC))


async def test_neither_text_nor_sender_reaches_the_disk(path: Path) -> None:
    seen = Seen()

    async def handler(event: Event) -> None:
        await seen(event)
        raise ValueError(SECRET)

    async with running(path, handler) as work:
        await work.enqueue("k1", message_for("m1"))
        await until(lambda: _all_are(path, "ERROR"))
        written = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"https://a.example/x" in written
    assert SECRET.encode() not in written
    assert b"somebody-who-must-not-be-stored" not in written


async def test_purging_forgets_finished_work_only(path: Path) -> None:
    entered = Seen()

    async def handler(event: Event) -> None:
        await entered(event)
        if event.id == "slow":
            await asyncio.Event().wait()
        if event.id == "bad":
            raise ValueError

    soon = datetime.now(UTC) + timedelta(hours=1)
    async with running(path, handler, grace=0.05) as work:
        for name in ("good", "bad", "slow"):
            await work.enqueue(name, message_for(name))
        await until(lambda: _are(path, {"good": "SUCCESS", "bad": "ERROR", "slow": "PENDING"}))
        assert await in_thread(purge_work, path, datetime.now(UTC) - timedelta(hours=1)) == 0
        assert await in_thread(purge_work, path, soon) == 2
        assert statuses(path) == {"slow": "PENDING"}
    assert purge_work(path, soon) == 0
    with closing(sqlite3.connect(path)) as connection:
        left = connection.execute("SELECT count(*) FROM operation_outputs").fetchone()[0]
    assert left == 0


def test_there_is_nothing_to_purge_where_nothing_ran(tmp_path: Path) -> None:
    path = tmp_path / "work.db"
    assert purge_work(path, datetime.now(UTC)) == 0
    assert not path.exists()


async def test_the_engine_prints_nothing_of_its_own(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    seen = Seen()

    async def handler(event: Event) -> None:
        await seen(event)
        raise ValueError

    with capture_logs() as logs:
        async with running(path, handler) as work:
            await work.enqueue("k1", message_for("m1"))
            await until(lambda: _all_are(path, "ERROR"))
    assert capfd.readouterr() == ("", "")
    assert [line["event"] for line in logs] == ["work_failed"]


def test_of_a_traceback_in_the_queue_s_own_warnings_the_last_line_is_logged() -> None:
    warning = (
        "Exception polling schedules: Traceback (most recent call last):\n  File x\nDatabaseError: malformed"
    )
    record = logging.LogRecord("dbos", logging.WARNING, "x", 1, warning, None, None)
    with capture_logs() as logs:
        _Forward().emit(record)
    assert [line["detail"] for line in logs] == ["Exception polling schedules: DatabaseError: malformed"]
