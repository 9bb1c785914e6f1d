"""Saying it once: every crash point of the protocol, on a platform that lives in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from bot.answers import AnswerState, Intent, answer_key
from bot.errors import InconclusiveError, PlatformError
from bot.model import Action, Deletion, Place, Receipt, Reply
from bot.replies.deliver import Delivery, deliver, withdraw_answers
from bot.storage.ledger import Ledger
from kb.store.database import connect, upgrade
from tests.unit.bot.failing import FailingPlatform

REPLY = Reply(lead="This is about the same story.")
DELETION = Deletion(platform="memory", channel="c", id="q", event="d")


class CrashError(BaseException):
    """Stands for the process dying: nothing in the code under test may catch it."""


class SlowPlatform(FailingPlatform):
    """Says when it is asked to post, and posts once it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.posting, self.go_on = asyncio.Event(), asyncio.Event()
        self.go_on.set()

    async def post(self, place: Place, reply: Reply, key: str) -> Receipt:
        self.posting.set()
        await self.go_on.wait()
        return await super().post(place, reply, key)


@pytest.fixture
def platform() -> SlowPlatform:
    return SlowPlatform()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = connect(f"sqlite:///{tmp_path}/caveat.db")
    upgrade(made, "bot.storage")
    yield made
    made.dispose()


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return Ledger(engine)


def intent_for(message_id: str = "q", link: str = "a.example") -> Intent:
    return Intent(
        key=answer_key("memory", "c", message_id, link),
        platform="memory",
        place=Place(channel="c", message_id=message_id),
        action=Action.REPLY,
        entry_id="E1",
    )


def keys(platform: SlowPlatform) -> list[str]:
    return [post.key for post in platform.posts.values()]


async def state_of(ledger: Ledger, intent: Intent) -> AnswerState:
    answer = await ledger.answer(intent.key)
    assert answer is not None
    return answer.state


async def test_an_answer_is_posted_under_its_key_and_recorded(ledger: Ledger, platform: SlowPlatform) -> None:
    assert await deliver(ledger, platform, intent_for(), REPLY) is Delivery.POSTED
    assert keys(platform) == [intent_for().key]
    answer = await ledger.answer(intent_for().key)
    assert answer is not None
    assert answer.receipt == Receipt(channel="c", message_id="answer-1")


async def test_the_intent_is_on_record_before_the_platform_is_called(
    ledger: Ledger, platform: SlowPlatform
) -> None:
    platform.go_on.clear()
    task = asyncio.create_task(deliver(ledger, platform, intent_for(), REPLY))
    await asyncio.wait_for(platform.posting.wait(), 5)
    assert await state_of(ledger, intent_for()) is AnswerState.INTENT
    platform.go_on.set()
    assert await task is Delivery.POSTED


@pytest.mark.parametrize("crash", ["before", "after"])
async def test_after_a_crash_the_answer_stands_once(
    ledger: Ledger, platform: SlowPlatform, crash: str
) -> None:
    getattr(platform, crash)["post"] = CrashError()
    with pytest.raises(CrashError):
        await deliver(ledger, platform, intent_for(), REPLY)
    assert await deliver(ledger, platform, intent_for(), REPLY) is Delivery.POSTED
    assert await deliver(ledger, platform, intent_for(), REPLY) is Delivery.SAID_ALREADY
    assert len(platform.posts) == 1
    assert await state_of(ledger, intent_for()) is AnswerState.POSTED


@pytest.mark.parametrize("failure", ["before", "after"])
async def test_a_failing_platform_may_be_asked_again(
    ledger: Ledger, platform: SlowPlatform, failure: str
) -> None:
    getattr(platform, failure)["post"] = PlatformError("busy")
    with pytest.raises(PlatformError):
        await deliver(ledger, platform, intent_for(), REPLY)
    assert await deliver(ledger, platform, intent_for(), REPLY) is Delivery.POSTED
    assert len(platform.posts) == 1


async def test_many_deliveries_at_once_post_one_answer(ledger: Ledger, platform: SlowPlatform) -> None:
    outcomes = await asyncio.gather(*(deliver(ledger, platform, intent_for(), REPLY) for _ in range(8)))
    assert sorted(outcomes) == sorted([Delivery.POSTED] + [Delivery.SAID_ALREADY] * 7)
    assert len(platform.posts) == 1


async def test_an_inconclusive_look_up_parks_the_answer_for_good(
    ledger: Ledger, platform: SlowPlatform
) -> None:
    platform.before["post"] = CrashError()
    with pytest.raises(CrashError):
        await deliver(ledger, platform, intent_for(), REPLY)
    platform.before["find"] = InconclusiveError("the history cannot be read")
    with capture_logs() as logs:
        assert await deliver(ledger, platform, intent_for(), REPLY) is Delivery.PARKED
    assert [(line["event"], line["key"], line["message"]) for line in logs] == [
        ("answer_parked", intent_for().key, "q")
    ]
    assert await deliver(ledger, platform, intent_for(), REPLY) is Delivery.PARKED
    assert platform.posts == {}


async def test_a_look_up_that_fails_for_now_is_tried_again(ledger: Ledger, platform: SlowPlatform) -> None:
    platform.after["post"] = CrashError()
    with pytest.raises(CrashError):
        await deliver(ledger, platform, intent_for(), REPLY)
    platform.before["find"] = PlatformError("down")
    with pytest.raises(PlatformError):
        await deliver(ledger, platform, intent_for(), REPLY)
    assert await deliver(ledger, platform, intent_for(), REPLY) is Delivery.POSTED
    assert len(platform.posts) == 1


async def test_an_entry_said_in_the_channel_is_not_repeated_unless_asked(
    ledger: Ledger, platform: SlowPlatform
) -> None:
    since = datetime.now(UTC) - timedelta(hours=24)
    assert await deliver(ledger, platform, intent_for("q"), REPLY, not_said_since=since) is Delivery.POSTED
    assert await deliver(ledger, platform, intent_for("r"), REPLY, not_said_since=since) is Delivery.REPEATED
    assert len(platform.posts) == 1
    assert await deliver(ledger, platform, intent_for("s"), REPLY) is Delivery.POSTED


async def test_a_deleted_question_gets_no_answer(ledger: Ledger, platform: SlowPlatform) -> None:
    await withdraw_answers(ledger, platform, DELETION)
    assert await deliver(ledger, platform, intent_for(), REPLY) is Delivery.DELETED
    assert platform.posts == {}


async def test_deleting_the_question_withdraws_all_its_answers(
    ledger: Ledger, platform: SlowPlatform
) -> None:
    for link in ("a.example", "b.example"):
        await deliver(ledger, platform, intent_for(link=link), REPLY)
    await deliver(ledger, platform, intent_for("other"), REPLY)
    await withdraw_answers(ledger, platform, DELETION)
    assert keys(platform) == [intent_for("other").key]
    assert await state_of(ledger, intent_for()) is AnswerState.WITHDRAWN
    assert await deliver(ledger, platform, intent_for(), REPLY) is Delivery.DELETED


async def test_a_question_deleted_while_its_answer_is_being_posted_keeps_none(
    ledger: Ledger, platform: SlowPlatform
) -> None:
    platform.go_on.clear()
    delivering = asyncio.create_task(deliver(ledger, platform, intent_for(), REPLY))
    await asyncio.wait_for(platform.posting.wait(), 5)
    await ledger.delete_question("memory", "c", "q")
    platform.go_on.set()
    assert await delivering is Delivery.DELETED
    await withdraw_answers(ledger, platform, DELETION)
    assert platform.posts == {}
    assert await state_of(ledger, intent_for()) is AnswerState.WITHDRAWN


@pytest.mark.parametrize("first", ["the deletion", "the message"])
async def test_an_answer_of_unknown_fate_is_withdrawn_with_its_question(
    ledger: Ledger, platform: SlowPlatform, first: str
) -> None:
    """Posted, then a crash before the record; the question is deleted while the bot is down."""
    platform.after["post"] = CrashError()
    with pytest.raises(CrashError):
        await deliver(ledger, platform, intent_for(), REPLY)
    if first == "the message":
        await ledger.delete_question("memory", "c", "q")
        assert await deliver(ledger, platform, intent_for(), REPLY) is Delivery.DELETED
    await withdraw_answers(ledger, platform, DELETION)
    assert platform.posts == {}
    assert await state_of(ledger, intent_for()) is AnswerState.WITHDRAWN


async def test_one_answer_that_cannot_be_withdrawn_now_does_not_hold_up_the_others(
    ledger: Ledger, platform: SlowPlatform
) -> None:
    for link in ("a.example", "b.example"):
        await deliver(ledger, platform, intent_for(link=link), REPLY)
    platform.before["answer-1"] = PlatformError("busy")
    with pytest.raises(PlatformError):
        await withdraw_answers(ledger, platform, DELETION)
    assert list(platform.posts) == ["answer-1"]
    await withdraw_answers(ledger, platform, DELETION)
    assert platform.posts == {}


async def test_an_unclear_answer_to_a_deleted_question_is_parked(
    ledger: Ledger, platform: SlowPlatform
) -> None:
    platform.before["post"] = CrashError()
    with pytest.raises(CrashError):
        await deliver(ledger, platform, intent_for(), REPLY)
    platform.before["find"] = InconclusiveError("the history cannot be read")
    with capture_logs() as logs:
        await withdraw_answers(ledger, platform, DELETION)
    assert [line["event"] for line in logs] == ["answer_parked"]
    assert await state_of(ledger, intent_for()) is AnswerState.PARKED


@pytest.mark.parametrize("look_first", [True, False])
async def test_a_late_question_is_looked_up_even_if_the_ledger_knows_nothing(
    ledger: Ledger, platform: SlowPlatform, look_first: bool
) -> None:
    """A ledger restored from a backup has forgotten the latest answers; the channel has not."""
    before = await platform.post(intent_for().place, REPLY, intent_for().key)
    assert await deliver(ledger, platform, intent_for(), REPLY, look_first=look_first) is Delivery.POSTED
    assert len(platform.posts) == (1 if look_first else 2)
    answer = await ledger.answer(intent_for().key)
    assert answer is not None
    assert (answer.receipt == before) is look_first
