"""What every ledger of answers promises, in the database as in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.answers import AnswerState, Intent, Standing, answer_key
from bot.model import Action, Place, Receipt
from bot.ports import AnswerLedger
from bot.storage.ledger import Ledger
from bot.storage.memory import MemoryAnswers
from kb.store.database import connect, upgrade

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RECEIPT = Receipt(channel="c", message_id="p1")


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        self.now += MINUTE
        return self.now


@pytest.fixture(params=["database", "memory"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnswerLedger]:
    if request.param == "memory":
        yield MemoryAnswers(clock=Clock())
        return
    engine = connect(f"sqlite:///{tmp_path}/caveat.db")
    upgrade(engine, "bot.storage")
    yield Ledger(engine, clock=Clock())
    engine.dispose()


def intent(message: str = "q", link: str = "a.example", channel: str = "c", **fields: object) -> Intent:
    made = Intent(
        key=answer_key("slack", channel, message, link),
        platform="slack",
        place=Place(channel=channel, message_id=message),
        action=Action.REPLY,
        entry_id="harbour",
        cited=3,
        basis="same_story",
        differences=("one", "two"),
    )
    return replace(made, **fields)  # type: ignore[arg-type]  # a test's own fields


async def standing(ledger: AnswerLedger, wanted: Intent, since: datetime | None = None) -> Standing:
    return (await ledger.begin(wanted, not_said_since=since)).standing


async def test_an_answer_goes_from_intent_to_posted_and_is_known_from_then_on(ledger: AnswerLedger) -> None:
    assert await ledger.answer(intent().key) is None
    assert await standing(ledger, intent()) is Standing.NEW
    begun = await ledger.answer(intent().key)
    assert begun is not None
    assert (begun.intent, begun.state, begun.receipt) == (intent(), AnswerState.INTENT, None)
    assert await ledger.posted(intent().key, RECEIPT)
    again = await ledger.begin(intent())
    assert again.standing is Standing.KNOWN
    assert again.answer is not None
    assert (again.answer.state, again.answer.receipt) == (AnswerState.POSTED, RECEIPT)
    assert again.answer.created_at < again.answer.changed_at


async def test_an_entry_is_repeated_in_its_channel_only_and_only_until_it_is_withdrawn(
    ledger: AnswerLedger,
) -> None:
    await ledger.begin(intent())
    for other, expected in (
        (intent("q2"), Standing.REPEATED),
        (intent("q2", channel="d"), Standing.NEW),
        (intent("q3", entry_id="bakery"), Standing.NEW),
        (intent(link="b.example"), Standing.NEW),  # of the same message
    ):
        assert await standing(ledger, other, START) is expected
    assert await standing(ledger, intent("q4"), START + 60 * MINUTE) is Standing.NEW
    for key in (intent().key, intent(link="b.example").key, intent("q4").key):
        await ledger.withdrawn(key)
    assert await standing(ledger, intent("q2"), START) is Standing.NEW


async def test_a_deleted_question_gets_no_answer_and_gives_those_that_it_had(ledger: AnswerLedger) -> None:
    first, second = intent(), intent(link="b.example")
    await ledger.begin(first)
    await ledger.begin(second)
    await ledger.withdrawn(second.key)
    answers = await ledger.delete_question("slack", "c", "q")
    assert [answer.key for answer in answers] == [first.key]
    assert not await ledger.posted(first.key, RECEIPT)
    assert await standing(ledger, first) is Standing.DELETED
    assert await standing(ledger, intent(link="c.example")) is Standing.DELETED
    assert await standing(ledger, intent("other")) is Standing.NEW


async def test_an_answer_of_which_nothing_is_certain_is_parked_and_counts_as_said(
    ledger: AnswerLedger,
) -> None:
    await ledger.begin(intent())
    await ledger.parked(intent().key)
    parked = await ledger.answer(intent().key)
    assert parked is not None
    assert parked.state is AnswerState.PARKED
    assert await standing(ledger, intent("q2"), START) is Standing.REPEATED


async def test_answers_are_given_by_question_and_the_latest_by_channel(ledger: AnswerLedger) -> None:
    told = [intent("q"), intent("q", "b.example"), intent("r"), intent("s", channel="d"), intent("t")]
    told[4] = replace(told[4], action=Action.COMMAND)
    for each in told:
        await ledger.begin(each)
        await ledger.posted(each.key, RECEIPT)
    await ledger.begin(intent("u"))  # does not stand yet
    assert [answer.key for answer in await ledger.answers_to("slack", "c", "q")] == [told[0].key, told[1].key]
    assert [answer.key for answer in await ledger.recent("slack", "c", 2)] == [told[2].key, told[1].key]
    assert len(await ledger.recent("slack", "", 9)) == 4
    assert await ledger.recent("matrix", "", 9) == ()


async def test_one_task_at_a_time_deals_with_an_answer(ledger: AnswerLedger) -> None:
    order: list[str] = []

    async def deal(name: str) -> None:
        async with ledger.sole("key"):
            order.append(name)
            await asyncio.sleep(0)
            order.append(name)

    await asyncio.gather(deal("a"), deal("b"))
    assert order == ["a", "a", "b", "b"]


async def test_what_was_never_begun_changes_nothing(ledger: AnswerLedger) -> None:
    assert await ledger.posted("unknown", RECEIPT)
    await ledger.parked("unknown")
    await ledger.withdrawn("unknown")
    assert await ledger.answer("unknown") is None
