"""Workers that hang, die or are killed: the page that did it is told so, and nobody else notices."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import pytest

from bot.errors import UnreadableError
from bot.pages.read import worker_process
from bot.pages.read.exchange import Job, Task
from bot.pages.read.read_pool import ReadingPool
from bot.turns import ASKED

pytestmark = pytest.mark.slow

GIBIBYTE = 2**30
# Of just as many parts as are let through: trafilatura needs ten seconds and more.
HOSTILE = b"<html><body>" + b"<div>" * 200 + b"<p><a href=x>a b c d</a></p>" * 29_000
KITES = b"<title>Kites</title><p>" + b"The warden of Lower Meadow counted forty kites on Sunday. " * 5


def _page(body: bytes) -> Task:
    head = {"content_type": "text/html", "charset": None, "url": "https://k.example/a"}
    return Task(job=Job.PAGE, body=body, seconds=20, head=head)


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - processes set no event
            await asyncio.sleep(0.01)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def _reason(reading: asyncio.Task[dict[str, Any]]) -> str:
    with pytest.raises(UnreadableError) as caught:
        await reading
    return caught.value.reason


async def test_two_hostile_pages_do_not_keep_a_third_page_waiting() -> None:
    """Whatever the clock says: it is answered while both are still being read."""
    pool = ReadingPool(seconds=60, memory=GIBIBYTE)
    try:
        await pool.start()
        hostile = [asyncio.create_task(pool.do(_page(HOSTILE))) for _ in range(2)]
        await _until(lambda: len(pool.busy) == 2)
        assert (await pool.do(_page(KITES)))["title"] == "Kites"
        assert not any(task.done() for task in hostile)
    finally:
        await pool.close()
    assert [await _reason(task) for task in hostile] == ["the bot is shutting down"] * 2


async def test_where_all_are_busy_the_oldest_slow_page_makes_room_for_the_one_that_waits() -> None:
    pool = ReadingPool(seconds=60, memory=GIBIBYTE, ready=1, most=2, patience=0.2)
    try:
        await pool.start()
        first = asyncio.create_task(pool.do(_page(HOSTILE)))
        await _until(lambda: len(pool.busy) == 1)
        second = asyncio.create_task(pool.do(_page(HOSTILE)))
        await _until(lambda: len(pool.busy) == 2)
        assert (await pool.do(_page(KITES)))["title"] == "Kites"
        assert await _reason(first) == "reading it took too long"
        assert not second.done(), "one was enough"
    finally:
        await pool.close()
    assert await _reason(second) == "the bot is shutting down"


async def test_a_page_that_takes_too_long_is_given_up_and_its_worker_ended() -> None:
    pool = ReadingPool(seconds=0.3, memory=GIBIBYTE, ready=1)
    try:
        await pool.start()
        reading = asyncio.create_task(pool.do(_page(HOSTILE)))
        await _until(lambda: bool(pool.busy))
        (worker,) = pool.busy
        assert await _reason(reading) == "reading it took too long"
        await _until(lambda: not _runs(worker))
    finally:
        await pool.close()


async def test_a_page_that_takes_too_much_memory_is_given_up_and_the_next_one_is_read() -> None:
    pool = ReadingPool(seconds=30, memory=180 * 2**20, ready=1)
    try:
        with pytest.raises(UnreadableError):
            await pool.do(_page(b"<p class=a id=b>a" * 29_000))
        assert (await pool.do(_page(KITES)))["title"] == "Kites"
    finally:
        await pool.close()


async def test_a_worker_that_is_killed_at_work_is_replaced() -> None:
    """It was at work for so long that everything else went first."""
    pool = ReadingPool(seconds=60, memory=GIBIBYTE, ready=1)
    try:
        await pool.start()
        reading = asyncio.create_task(pool.do(_page(HOSTILE)))
        await _until(lambda: bool(pool.busy))
        await _until(lambda: bool(pool.busy) and os.getpriority(os.PRIO_PROCESS, pool.busy[0]) == 19)
        os.kill(pool.busy[0], signal.SIGKILL)
        assert await _reason(reading) == "reading it took too much time or memory"
        pages = await asyncio.gather(*(pool.do(_page(KITES)) for _ in range(4)))
        assert {page["title"] for page in pages} == {"Kites"}
    finally:
        await pool.close()


async def test_what_somebody_waits_for_goes_first_and_is_given_up_last() -> None:
    """Unasked pages stand in line before it, and one that was asked for has been read longest."""
    pool = ReadingPool(seconds=60, memory=GIBIBYTE, ready=1, most=2, patience=0.2)
    try:
        await pool.start()
        ASKED.set(True)
        asked = asyncio.create_task(pool.do(_page(HOSTILE)))
        await _until(lambda: len(pool.busy) == 1)
        ASKED.set(False)
        unasked = [asyncio.create_task(pool.do(_page(HOSTILE))) for _ in range(3)]
        await _until(lambda: len(pool.busy) == 2)
        ASKED.set(True)
        assert (await pool.do(_page(KITES)))["title"] == "Kites"
        assert not asked.done()
        assert await _reason(unasked[0]) == "reading it took too long"
        assert not asked.done()
    finally:
        async with asyncio.timeout(10):  # a worker that was on its way to a page is ended too
            await pool.close()
    assert await _reason(asked) == "the bot is shutting down"
    assert {await _reason(task) for task in unasked[1:]} <= {
        "the bot is shutting down",
        "reading it took too long",
    }


@pytest.mark.parametrize("body", [b"", b"[]", b'{"text": 5}', b"[" * 100_000])
@pytest.mark.parametrize("job", [Job.QUERY, Job.COMPARE])
async def test_a_fault_of_ours_is_an_error_that_is_told_and_the_worker_goes_on(job: Job, body: bytes) -> None:
    pool = ReadingPool(seconds=20, memory=GIBIBYTE, ready=1)
    try:
        await pool.start()
        workers = pool.workers
        with pytest.raises(UnreadableError, match="could not be understood"):
            await pool.do(Task(job=job, body=body, seconds=20))
        assert pool.workers == workers
    finally:
        await pool.close()


async def test_workers_that_are_killed_while_idle_are_replaced() -> None:
    """The kernel kills whom it likes when memory runs out."""
    pool = ReadingPool(seconds=20, memory=GIBIBYTE)
    try:
        await pool.start()
        for worker in pool.workers:
            os.kill(worker, signal.SIGKILL)
        assert (await pool.do(_page(KITES)))["title"] == "Kites"
    finally:
        await pool.close()


async def test_a_caller_that_gives_up_frees_its_worker() -> None:
    pool = ReadingPool(seconds=60, memory=GIBIBYTE, ready=1, most=1)
    try:
        await pool.start()
        reading = asyncio.create_task(pool.do(_page(HOSTILE)))
        await _until(lambda: bool(pool.busy))
        reading.cancel()
        assert (await pool.do(_page(KITES)))["title"] == "Kites"
    finally:
        await pool.close()


async def test_closing_leaves_no_process_behind_and_nothing_is_read_any_more() -> None:
    pool = ReadingPool(seconds=60, memory=GIBIBYTE)
    await pool.start()
    reading = asyncio.create_task(pool.do(_page(HOSTILE)))
    await _until(lambda: bool(pool.busy))
    workers = pool.workers
    await pool.close()
    assert await _reason(reading) == "the bot is shutting down"
    assert not any(map(_runs, workers))
    with pytest.raises(UnreadableError, match="shutting down"):
        await pool.do(_page(KITES))


async def test_a_worker_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    pool = ReadingPool(seconds=5, memory=GIBIBYTE)
    try:
        with pytest.raises(UnreadableError, match="does not start"):
            await pool.do(_page(KITES))
    finally:
        await pool.close()


async def test_a_worker_knows_nothing_of_the_bots_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """It parses what anybody may have written."""
    monkeypatch.setenv("CAVEAT_SLACK_BOT_TOKEN", "xoxb-not-a-token")
    assert "CAVEAT_SLACK_BOT_TOKEN" not in worker_process._environment()
