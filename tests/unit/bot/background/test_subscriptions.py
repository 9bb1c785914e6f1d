"""Who waits for an entry hears of it once, in the thread, and is forgotten then, or after a while."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.background.subscriptions import SubscriptionAnswers
from bot.errors import PlatformError
from bot.model import Place
from bot.storage.subscriptions import Subscriptions
from tests.unit.bot.commands.stage import ANNA, DORA, MONTH, ROOM, Entries, Stage, article, on_stage
from tests.unit.kb.curate.curating import sound

URL = "https://copy.example/a"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path) as stage:
        stage.web.pages[URL] = article(URL, "Title of harbour", "It was closed.")
        yield stage


def subscription_answers(stage: Stage) -> SubscriptionAnswers:
    office, matcher = stage.services, Entries(stage.store)
    return SubscriptionAnswers(stage.answering, office.subscriptions, office.ledger, stage.store, matcher)


async def waiting(stage: Stage, *, url: str = URL, message: str = "$tell-me") -> None:
    place = Place(channel=ROOM, message_id=message, thread_id="$question")
    await stage.services.subscriptions.add("matrix", place, url)


async def test_a_thread_is_told_once_when_an_entry_that_matches_is_published(stage: Stage) -> None:
    await waiting(stage)
    looking = subscription_answers(stage)
    stage.put(sound("bakery"))
    assert await looking.run() == 0
    assert stage.platform.told() == []
    stage.put(sound("harbour"))
    for _ in range(2):
        assert await looking.run() == 0
    (post,) = stage.platform.posts.values()
    place, reply = post.place, post.reply
    assert (place.message_id, place.root) == ("$tell-me", "$question")
    assert reply.lead.startswith("There is an answer now. Same story")
    assert reply.caveats == ("A caveat.",)
    assert await stage.services.subscriptions.all() == ()


async def test_the_answer_is_corrected_like_any_other(stage: Stage) -> None:
    await waiting(stage)
    stage.put(sound("harbour"))
    await subscription_answers(stage).run()
    (answer,) = await stage.services.ledger.answers_to("matrix", ROOM, "$tell-me")
    live = stage.store.trail("harbour").live
    assert live
    assert (answer.intent.entry_id, answer.intent.cited) == ("harbour", live.number)


async def test_what_was_published_while_the_bot_was_away_is_told_of_after_a_start(stage: Stage) -> None:
    await subscription_answers(stage).run()
    await waiting(stage)
    stage.put(sound("harbour"))
    await subscription_answers(stage).run()
    assert len(stage.platform.posts) == 1


async def test_who_asks_after_the_publication_is_looked_at_without_looking_at_all_again(stage: Stage) -> None:
    await waiting(stage, url="https://gone.example/a")
    stage.put(sound("harbour"))
    looking = subscription_answers(stage)
    await looking.run()
    await waiting(stage, message="$later")
    await looking.run()
    (place,) = [post.place for post in stage.platform.posts.values()]
    assert place.message_id == "$later"


async def test_while_it_cannot_be_told_the_thread_waits_on(stage: Stage) -> None:
    await waiting(stage)
    stage.put(sound("harbour"))
    looking = subscription_answers(stage)
    await stage.services.channels.pause(by=ANNA)
    assert await looking.run() == 1
    await stage.services.channels.resume()
    stage.platform.before["post"] = PlatformError("away")
    assert await looking.run() == 1
    assert await looking.run() == 0
    assert len(stage.platform.posts) == 1


async def test_a_thread_that_cannot_be_told_lets_no_other_page_be_fetched_again_and_again(
    stage: Stage,
) -> None:
    await stage.services.subscriptions.add("slack", Place(channel="T1/C1", message_id="1"), URL)
    await waiting(stage)
    stage.put(sound("bakery"))
    looking = subscription_answers(stage)
    for _ in range(3):
        assert await looking.run() == 1
    assert stage.web.fetched == [URL]


async def test_a_page_that_is_gone_is_left_for_the_next_publication(stage: Stage) -> None:
    await waiting(stage, url="https://gone.example/a")
    stage.put(sound("harbour"))
    assert await subscription_answers(stage).run() == 0
    assert len(await stage.services.subscriptions.all()) == 1


async def test_nobody_waits_longer_than_the_settings_say(stage: Stage) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    early = Subscriptions(stage.engine, keep=MONTH, clock=lambda: now - timedelta(days=31))
    book = Subscriptions(stage.engine, keep=MONTH, clock=lambda: now)
    await early.add("matrix", Place(channel=ROOM, message_id="$old"), URL)
    await book.add("matrix", Place(channel=ROOM, message_id="$new"), URL)
    await book.add("matrix", Place(channel=ROOM, message_id="$new"), "https://another.example/")
    assert [(each.place.message_id, each.url) for each in await book.all()] == [("$new", URL)]
    assert await book.purge() == 1
    assert await book.forget("matrix", ROOM, "$new")
    assert not await book.forget("matrix", ROOM, "$new")


async def test_whoever_asks_all_day_crowds_out_nobody_elsewhere(stage: Stage) -> None:
    """Each waiting thread is looked at with every publication, so that only so many may wait."""
    book = Subscriptions(stage.engine, keep=MONTH, most=6, most_in_one=4)
    await book.add("matrix", Place(channel=ROOM, message_id="$first"), URL)
    for number in range(9):
        await book.add("matrix", Place(channel="!loud:here.example", message_id=f"$loud-{number}"), URL)
    held = [each.place.message_id for each in await book.all()]
    assert held == ["$first", "$loud-5", "$loud-6", "$loud-7", "$loud-8"]
    for number in range(3):
        await book.add("matrix", Place(channel=f"!quiet-{number}", message_id=f"$quiet-{number}"), URL)
    held = [each.place.message_id for each in await book.all()]
    assert held == ["$first", "$loud-7", "$loud-8", "$quiet-0", "$quiet-1", "$quiet-2"]


async def test_of_who_waits_no_person_is_kept(stage: Stage) -> None:
    await waiting(stage)
    with stage.engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT * FROM subscriptions").mappings().one()
    assert set(row) == {"platform", "channel", "message_id", "thread_id", "url", "asked_at"}
    assert DORA.partition(":")[2] not in str(row)
