"""What another process can tell of the running bot: `caveat doctor` reads it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.background.health import HealthFile, read_health
from bot.background.supervisor import Loop, Pause, Supervisor
from bot.cli.doctor import running
from kb.errors import StoreError
from tests.servers.stepped_time import START, SteppedTime


@contextmanager
def a_bot(folder: Path) -> Iterator[None]:
    """Hold the lock that a running bot holds."""
    with (folder / "queue.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


async def write_health(folder: Path, error: Exception | None = None) -> HealthFile:
    """Let a supervisor of one loop say how it does."""
    time = SteppedTime()

    async def round_() -> Pause:
        if error:
            raise error
        return Pause(seconds=30.0)

    async with Supervisor(time=time.time) as supervisor:
        supervisor.start(Loop(name="index", round=round_))
        await time.awaken(0.0)
        await time.asleep(10.0 if error else 30.0)
        file = HealthFile(folder, supervisor, version="0.1.0", time=time.time)
        await file.round()
        return file


async def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = await write_health(tmp_path)
    health = read_health(tmp_path)
    assert health is not None
    assert [(loop.name, loop.failures) for loop in health.loops] == [("index", 0)]
    assert (health.written_at, health.version) == (START, "0.1.0")
    file.remove()
    assert read_health(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"loops": 5}', '{"loops": [{"name": "x"}]}'])
def test_a_file_that_cannot_be_read_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "health.json").write_text(text)
    assert read_health(tmp_path) is None


async def test_doctor_tells_how_each_loop_does(tmp_path: Path) -> None:
    await write_health(tmp_path)
    with a_bot(tmp_path):
        bot, index = running(tmp_path, clock=lambda: START + timedelta(seconds=5))
    assert bot.ok
    assert "5 seconds ago" in bot.text
    assert (index.subject, index.ok) == ("bot, index", True)


async def test_doctor_names_a_loop_that_fails(tmp_path: Path) -> None:
    await write_health(tmp_path, StoreError("The database is locked."))
    with a_bot(tmp_path):
        _, index = running(tmp_path, clock=lambda: START)
    assert not index.ok
    assert "The database is locked." in index.text


async def test_doctor_says_that_the_file_is_old(tmp_path: Path) -> None:
    await write_health(tmp_path)
    with a_bot(tmp_path):
        bot, *_ = running(tmp_path, clock=lambda: START + timedelta(minutes=10))
    assert not bot.ok
    assert "it hangs" in bot.text


async def test_no_running_bot_is_no_fault(tmp_path: Path) -> None:
    [bot] = running(tmp_path)
    assert bot.ok
    await write_health(tmp_path)  # it was killed
    [bot] = running(tmp_path)
    assert bot.ok
    assert "cut off" in bot.text
