"""Loops beside answering: none dies unseen, none hangs for ever, and what cannot go on ends the process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import structlog

from bot.background.supervisor import LONGEST_PAUSE, MOST_FAILURES, Loop, Pause, Supervisor
from bot.errors import CannotGoOnError, LoginError, PlatformError
from kb.errors import StoreError
from tests.servers.stepped_time import SteppedTime

REST = Pause(seconds=500.0)
SECRET = "what somebody said in confidence"


class Rounds:
    """Rounds that a test writes down in advance: errors are raised, pauses are given, the rest is awaited."""

    def __init__(self, *script: object) -> None:
        self.script, self.made = list(script), 0

    async def __call__(self) -> Pause:
        self.made += 1
        step = self.script.pop(0) if self.script else REST
        if isinstance(step, BaseException):
            raise step
        if isinstance(step, type):
            raise step(SECRET)
        if callable(step):
            return await step()  # type: ignore[no-any-return]  # a test's own
        assert isinstance(step, Pause)
        return step


@pytest.fixture
def time() -> SteppedTime:
    return SteppedTime()


@pytest.fixture
async def supervisor(time: SteppedTime) -> AsyncIterator[Supervisor]:
    async with asyncio.timeout(60), Supervisor(time=time.time) as supervisor:
        yield supervisor


@pytest.fixture
def logged() -> Any:
    with structlog.testing.capture_logs() as entries:
        yield entries


def loop_of(**about: Any) -> Loop:
    """A loop whose rounds may take a time that no pause takes."""
    return Loop(**({"limit": 45.0} | about))


def of(logged: list[Any], event: str) -> list[Any]:
    return [each for each in logged if each["event"] == event]


async def test_a_loop_that_an_unforeseen_error_stopped_is_back_and_the_log_tells_where(
    supervisor: Supervisor, time: SteppedTime, logged: list[Any]
) -> None:
    """The log holds the kind and the place of the error, and never its words: they may quote a message."""
    rounds = Rounds(TypeError)
    supervisor.start(loop_of(name="gardener", round=rounds))
    await time.awaken(0.0)
    await time.awaken(1.0)
    await time.asleep(500.0)
    (failed,) = of(logged, "loop_failed")
    assert (failed["loop"], failed["error"]) == ("gardener", "TypeError")
    assert "test_supervisor.py" in failed["traceback"]
    assert "__call__" in failed["traceback"]
    assert SECRET not in str(logged)
    assert of(logged, "loop_is_well_again") != []
    (health,) = supervisor.health()
    assert (health.failures, health.error) == (0, "TypeError")
    assert health.last_good == time.now()


async def test_the_errors_that_an_error_came_from_are_traced_too(
    supervisor: Supervisor, time: SteppedTime, logged: list[Any]
) -> None:
    async def fail() -> Pause:
        try:
            return dict[str, Pause]()[SECRET]
        except KeyError as error:
            raise ValueError(SECRET) from error

    supervisor.start(loop_of(name="gardener", round=Rounds(fail)))
    await time.awaken(0.0)
    await time.asleep(1.0)
    trace = of(logged, "loop_failed")[0]["traceback"]
    assert trace.startswith("ValueError at ")
    assert " <- KeyError at " in trace
    assert SECRET not in str(logged)


async def test_the_back_off_grows_to_a_minute_and_begins_anew_after_a_good_round(
    supervisor: Supervisor, time: SteppedTime
) -> None:
    supervisor.start(loop_of(name="a", round=Rounds(*[TypeError] * 8, Pause(seconds=7.0), *[TypeError] * 2)))
    for seconds in (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 7.0, 1.0, 2.0):
        await time.awaken(seconds)
    await time.asleep(500.0)


async def test_an_error_of_our_own_costs_the_loops_own_pause_and_one_line(
    supervisor: Supervisor, time: SteppedTime, logged: list[Any]
) -> None:
    errors = [StoreError("the database is locked")] * 5
    supervisor.start(loop_of(name="a", round=Rounds(*errors), after_error=33.0))
    await time.awaken(0.0)
    for _ in errors:
        await time.awaken(33.0)
    await time.asleep(500.0)
    assert [each["failures"] for each in of(logged, "loop_failed_for_now")] == [1, 2, 4]
    assert of(logged, "loop_failed_for_now")[0]["error"] == "the database is locked"
    assert of(logged, "loop_failed") == []


async def test_ten_unforeseen_failures_without_a_good_round_end_the_process(
    supervisor: Supervisor, time: SteppedTime
) -> None:
    """What is expected to fail now and then is neither counted nor a good round."""
    failing = [TypeError] * MOST_FAILURES
    supervisor.start(loop_of(name="gardener", round=Rounds(*failing[:4], StoreError("locked"), *failing[4:])))
    ended = asyncio.create_task(supervisor.ended())
    await time.awaken(0.0)
    for seconds in (1.0, 2.0, 4.0, 8.0, 10.0, 16.0, 32.0, 60.0, 60.0, 60.0):
        assert not ended.done()
        await time.awaken(seconds)
    with pytest.raises(
        CannotGoOnError, match=r"“gardener” failed 10 times.*TypeError at .*test_supervisor"
    ) as told:
        await ended
    assert SECRET not in str(told.value)


@pytest.mark.parametrize("error", [MemoryError(), CannotGoOnError("the file is gone")], ids=repr)
async def test_some_errors_end_the_process_at_once(
    supervisor: Supervisor, time: SteppedTime, error: BaseException
) -> None:
    supervisor.start(loop_of(name="gardener", round=Rounds(error)))
    await time.awaken(0.0)
    with pytest.raises(CannotGoOnError):
        await supervisor.ended()


async def test_what_a_loop_calls_final_is_raised_as_it_is(supervisor: Supervisor, time: SteppedTime) -> None:
    supervisor.start(loop_of(name="matrix", round=Rounds(LoginError("wrong password")), final=(LoginError,)))
    await time.awaken(0.0)
    with pytest.raises(LoginError, match="wrong password"):
        await supervisor.ended()


async def test_a_round_that_hangs_is_cut_off_and_the_log_tells_where_it_hung(
    supervisor: Supervisor, time: SteppedTime, logged: list[Any]
) -> None:
    async def wait_for_nothing() -> Pause:
        await asyncio.Event().wait()
        return REST

    rounds = Rounds(wait_for_nothing)
    supervisor.start(loop_of(name="gardener", round=rounds, limit=45.0))
    await time.awaken(0.0)
    await time.awaken(45.0)
    await time.awaken(1.0)
    await time.asleep(500.0)
    (failed,) = of(logged, "loop_failed")
    assert "longer than 45 seconds" in failed["error"]
    assert "wait_for_nothing" in failed["traceback"]
    assert rounds.made == 2


async def test_a_round_that_cannot_be_cut_off_ends_the_process(
    supervisor: Supervisor, time: SteppedTime
) -> None:
    """A second round beside it might do everything twice."""
    release = asyncio.Event()

    async def refuse() -> Pause:
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue
        return REST

    supervisor.start(loop_of(name="gardener", round=Rounds(refuse), limit=45.0))
    await time.awaken(0.0)
    await time.awaken(45.0)
    await time.awaken(5.0)
    with pytest.raises(CannotGoOnError, match=r"hangs at .*refuse.* and cannot be stopped"):
        await supervisor.ended()
    release.set()


async def test_a_round_that_was_cancelled_from_within_is_a_failure_like_any(
    supervisor: Supervisor, time: SteppedTime
) -> None:
    rounds = Rounds(asyncio.CancelledError())
    supervisor.start(loop_of(name="gardener", round=rounds))
    await time.awaken(0.0)
    await time.awaken(1.0)
    await time.asleep(500.0)
    assert rounds.made == 2


async def test_a_loop_whose_rounds_may_be_long_is_not_cut_off_and_a_long_one_counts_as_good(
    supervisor: Supervisor, time: SteppedTime
) -> None:
    """A listener that lost its line after a day begins with the short pause again."""

    async def listen() -> Pause:
        await time.sleep(100_000.0)
        raise PlatformError("the line is dead")

    script = [PlatformError("away")] * 3
    supervisor.start(
        loop_of(name="matrix", round=Rounds(*script, listen, *script), limit=None, after_error=None)
    )
    for seconds in (0.0, 1.0, 2.0, 4.0, 100_000.0, 1.0, 2.0, 4.0, 8.0):
        await time.awaken(seconds)
    await time.asleep(500.0)


async def test_a_loop_is_woken_also_by_what_happened_during_its_round(
    supervisor: Supervisor, time: SteppedTime
) -> None:
    bell = asyncio.Event()

    async def ring() -> Pause:
        bell.set()
        return REST

    rounds = Rounds(ring, REST, Pause(seconds=20.0, woken=False))
    supervisor.start(loop_of(name="gardener", round=rounds, woken_by=bell))
    await time.awaken(0.0)
    await time.asleep(500.0)
    assert rounds.made == 2
    bell.set()
    await time.asleep(20.0)
    bell.set()  # after a pause that nothing ends, it is not lost
    assert rounds.made == 3
    await time.awaken(20.0)
    await time.asleep(500.0)
    assert rounds.made == 4


async def test_one_loops_failures_keep_no_other_from_its_rounds(
    supervisor: Supervisor, time: SteppedTime
) -> None:
    well = Rounds(*[Pause(seconds=3.0)] * 3)
    supervisor.start(loop_of(name="broken", round=Rounds(*[TypeError] * 3)), loop_of(name="well", round=well))
    await time.awaken(0.0)
    for _ in range(3):
        await time.awaken(3.0)
    await time.asleep(500.0)
    assert well.made == 4


async def test_closing_ends_all_of_them_within_a_moment(time: SteppedTime) -> None:
    async def forever() -> Pause:
        await asyncio.Event().wait()
        return REST

    async def stubborn() -> Pause:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.Event().wait()
        return REST

    before = asyncio.all_tasks()
    async with asyncio.timeout(30), Supervisor(time=time.time) as supervisor:
        supervisor.start(
            loop_of(name="working", round=forever),
            loop_of(name="listening", round=forever, limit=None),
            loop_of(name="resting", round=Rounds(REST)),
            loop_of(name="stubborn", round=stubborn),
        )
        await time.awaken(0.0)
        await time.asleep(500.0)
    left = asyncio.all_tasks() - before
    assert {task.get_name() for task in left} <= {"stubborn: a round"}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


async def test_a_critical_loop_that_is_overdue_is_told_of(supervisor: Supervisor, time: SteppedTime) -> None:
    """The watchdog barks then; it is the net below the limits of the rounds."""
    supervisor.start(
        loop_of(name="index", round=Rounds(Pause(seconds=30.0)), critical=True, limit=45.0),
        loop_of(name="gardener", round=Rounds(Pause(seconds=30.0))),
        loop_of(name="matrix", round=asyncio.Event().wait, limit=None, critical=True),  # it never ends
    )
    await time.awaken(0.0)
    await time.asleep(30.0)
    assert supervisor.stalled() == ()
    time.passed += 61.0  # nobody is woken
    assert supervisor.stalled() == ("index",)


async def test_a_change_of_health_is_news_and_a_further_good_round_is_none(
    supervisor: Supervisor, time: SteppedTime
) -> None:
    supervisor.start(loop_of(name="a", round=Rounds(TypeError, Pause(seconds=5.0))))
    await time.awaken(0.0)
    await time.asleep(1.0)
    assert supervisor.changed.is_set()
    supervisor.changed.clear()
    await time.awaken(1.0)
    await time.asleep(5.0)
    assert supervisor.changed.is_set()
    supervisor.changed.clear()
    await time.awaken(5.0)
    await time.asleep(500.0)
    assert not supervisor.changed.is_set()


def test_a_failing_loop_is_given_minutes_before_it_ends_the_process() -> None:
    """Restarting mends nothing that lasts for seconds, and costs everybody their answers."""
    waits = [min(2.0**n, LONGEST_PAUSE) for n in range(MOST_FAILURES - 1)]
    assert 120 < sum(waits) < 600
