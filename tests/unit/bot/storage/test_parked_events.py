"""Events that failed for good wait for a person, who may have them tried again; a crash loses none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Engine

from bot.app.run import open_database
from bot.model import Message
from bot.storage.event_data import event_data, event_from
from bot.storage.ledger import Ledger
from bot.storage.parked_events import ParkedEvents, name_of
from tests.standing_clock import DAY, START, Clock

MINUTE = timedelta(minutes=1)
EVENT = event_data(
    Message(
        platform="matrix",
        channel="!room:here.example",
        id="$1",
        event="$1",
        sender="@ann:here.example",
        text="is this true?",
        links=("https://news.example/a",),
        asked=True,
        sent_at=START,
    )
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/caveat.db")
    yield engine
    engine.dispose()


@pytest.fixture
def parked(engine: Engine, clock: Clock) -> ParkedEvents:
    return ParkedEvents(engine, clock=clock)


async def test_an_event_comes_back_as_it_was_with_why_and_where(parked: ParkedEvents) -> None:
    await parked.park("k", EVENT, "TypeError", "answer.py:12 answer")
    (only,) = await parked.all()
    assert (only.key, only.reason, only.where) == ("k", "TypeError", "answer.py:12 answer")
    assert (only.attempts, only.parked_at, only.tried_at, only.wanted) == (1, START, START, False)
    assert event_from(only.event).id == "$1"
    assert "true?" not in str(only)
    assert "@ann" not in str(only)


async def test_an_event_that_fails_again_stays_one_with_the_latest_reason(
    parked: ParkedEvents, clock: Clock
) -> None:
    await parked.park("k", EVENT, "TypeError", "a.py:1 f")
    clock.now += MINUTE
    await parked.park("k", EVENT, "ValueError", "b.py:2 g")
    (only,) = await parked.all()
    assert (only.reason, only.where, only.attempts) == ("ValueError", "b.py:2 g", 2)
    assert (only.parked_at, only.tried_at) == (START, START + MINUTE)


async def test_they_are_listed_the_oldest_first(parked: ParkedEvents, clock: Clock) -> None:
    for key in ("b", "a", "c"):
        await parked.park(key, EVENT, "TypeError", "")
        clock.now += MINUTE
    assert [each.key for each in await parked.all()] == ["b", "a", "c"]


async def test_what_is_wanted_again_is_given_once_and_stays_until_it_was_handled(
    parked: ParkedEvents,
) -> None:
    for key in ("a", "b"):
        await parked.park(key, EVENT, "TypeError", "")
    assert await parked.take_retries() == ()
    assert await parked.retry("b")
    (taken,) = await parked.take_retries()
    assert (taken.key, taken.wanted) == ("b", True)
    assert await parked.take_retries() == ()
    assert [each.key for each in await parked.all()] == ["a", "b"]
    assert await parked.forget("b")
    assert [each.key for each in await parked.all()] == ["a"]


async def test_another_process_may_ask_and_a_crash_loses_nothing(
    engine: Engine, parked: ParkedEvents
) -> None:
    """After a restart it comes under the same key, so that a queue which has it does not take it twice."""
    await parked.park("k", EVENT, "TypeError", "")
    assert await ParkedEvents(engine).retry("k")
    (before,) = await parked.take_retries()
    (after,) = await ParkedEvents(engine).take_retries()
    assert before.again == after.again


async def test_each_attempt_has_a_key_of_its_own(parked: ParkedEvents) -> None:
    """A queue ignores keys that it knows."""
    keys = ["k"]
    for _ in range(3):
        await parked.park("k", EVENT, "TypeError", "")
        await parked.retry("k")
        keys += [each.again for each in await parked.take_retries()]
    await parked.retry("k")  # nobody knows what came of the last one, and somebody asks once more
    keys += [each.again for each in await parked.take_retries()]
    assert len(set(keys)) == len(keys) == 5


async def test_one_that_failed_again_waits_for_a_person_again(parked: ParkedEvents) -> None:
    await parked.park("k", EVENT, "TypeError", "")
    await parked.retry("k")
    await parked.take_retries()
    await parked.park("k", EVENT, "TypeError", "")
    assert await parked.take_retries() == ()
    assert not (await parked.all())[0].wanted


async def test_what_is_not_there_is_neither_tried_nor_forgotten(parked: ParkedEvents) -> None:
    assert not await parked.retry("never parked")
    assert not await parked.forget("never parked")


async def test_where_too_many_wait_the_oldest_go_and_the_log_says_so(engine: Engine, clock: Clock) -> None:
    """A fault that hits every message does not fill the disk."""
    parked = ParkedEvents(engine, clock=clock, most=3)
    with structlog.testing.capture_logs() as logs:
        for number in range(5):
            await parked.park(f"{number}", EVENT, "TypeError", "")
    assert [each.key for each in await parked.all()] == ["2", "3", "4"]
    assert [(each["event"], each["table"]) for each in logs] == [("too_many_rows", "parked")] * 2


async def test_a_reason_is_one_short_line(parked: ParkedEvents) -> None:
    await parked.park("k", EVENT, "a\nlong " * 200, "b\n" * 500)
    (only,) = await parked.all()
    assert "\n" not in only.reason + only.where
    assert len(only.reason) <= 300
    assert len(only.where) <= 300


async def test_it_is_forgotten_with_the_events_that_were_handled(
    engine: Engine, parked: ParkedEvents, clock: Clock
) -> None:
    await parked.park("old", EVENT, "TypeError", "")
    await parked.park("tried lately", EVENT, "TypeError", "")
    clock.now += 10 * DAY
    await parked.park("tried lately", EVENT, "TypeError", "")
    before = START + DAY
    purged = await Ledger(engine).purge(
        answers_before=before, unmatched_before=before, accepted_before=before
    )
    assert purged.parked == 1
    assert [each.key for each in await parked.all()] == ["tried lately"]


def test_names_are_short_and_need_no_quotes() -> None:
    assert name_of("matrix:!room:here.example:$1").isalnum()
    assert name_of("a") != name_of("b")
