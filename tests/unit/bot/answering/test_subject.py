"""What a message is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.answering.subject import subjects
from bot.model import Message
from bot.platforms.memory import MemoryPlatform

LONG_CLAIM = "they say that the harbour was closed by a flood last May"


def message(text: str = "", **fields: Any) -> Message:
    given: dict[str, Any] = {
        "platform": "room",
        "channel": "c",
        "id": "1",
        "sender": "s",
        "links": (),
        "asked": False,
    }
    given |= {"sent_at": datetime(2026, 1, 1, tzinfo=UTC), "event": "1", "text": text}
    return Message(**(given | fields))


def room(*messages: Message) -> MemoryPlatform:
    """A platform on which these messages can be read again."""
    platform = MemoryPlatform("room")
    platform.messages = {message.id: message for message in messages}
    return platform


async def about(asking: Message, *others: Message) -> list[str]:
    found = await subjects(asking, room(asking, *others), limit=2)
    return [subject.link.url if subject.link else subject.words for subject in found]


async def test_own_links_come_first_each_page_once_and_not_too_many() -> None:
    links = (
        "https://a.example/1",
        "https://a.example/1?utm_source=x",
        "nonsense",
        "https://a.example/2",
        "https://a.example/3",
    )
    assert await about(message(links=links)) == ["https://a.example/1", "https://a.example/2"]


async def test_unasked_there_is_nothing_beside_the_own_links() -> None:
    linked = message(id="2", links=("https://a.example/1",))
    assert await about(message(LONG_CLAIM, reply_to="2"), linked) == []


async def test_asked_in_reply_to_a_link_that_link_is_meant() -> None:
    linked = message(id="2", links=("https://a.example/1",))
    assert await about(message("is this true?", asked=True, reply_to="2"), linked) == ["https://a.example/1"]


async def test_asked_in_a_thread_its_first_messages_link_is_meant() -> None:
    root = message(id="root", links=("https://a.example/root",))
    between = message("I doubt it", id="2")
    asking = message("is this true?", asked=True, reply_to="2", thread_id="root")
    assert await about(asking, root, between) == ["https://a.example/root"]


async def test_without_any_link_the_own_words_are_meant() -> None:
    assert await about(message(LONG_CLAIM, asked=True)) == [LONG_CLAIM]


async def test_few_words_in_reply_to_a_claim_mean_that_claim() -> None:
    claim = message(LONG_CLAIM, id="2")
    assert await about(message("is this true?", asked=True, reply_to="2"), claim) == [LONG_CLAIM]


async def test_words_that_the_queue_did_not_keep_are_read_again() -> None:
    stored = message("", asked=True)
    found = await subjects(stored, room(message(LONG_CLAIM, asked=True)), limit=2)
    assert [subject.words for subject in found] == [LONG_CLAIM]


async def test_a_bare_mention_has_nothing_to_look_up() -> None:
    found = await subjects(message("", asked=True), room(), limit=2)
    assert [(subject.link, subject.words) for subject in found] == [(None, "")]


async def test_small_talk_in_a_threads_is_not_about_its_link() -> None:
    linked = message(id="2", links=("https://a.example/1",))
    assert await about(message("thank you!", asked=True, reply_to="2"), linked) == ["thank you!"]


async def test_a_question_with_content_stands_beside_the_threads_link_and_a_pointer_does_not() -> None:
    linked = message(id="2", links=("https://a.example/1",))
    for text, words in ((LONG_CLAIM, LONG_CLAIM), ("is this really true?", "")):
        asking = message(text, asked=True, reply_to="2")
        [subject] = await subjects(asking, room(asking, linked), limit=2)
        assert (subject.link is not None, subject.words) == (True, words)


async def test_many_words_that_say_nothing_mean_the_claim_that_they_answer() -> None:
    claim = message(LONG_CLAIM, id="2")
    asking = message("can you please check for me whether this is really true?", asked=True, reply_to="2")
    assert await about(asking, claim) == [LONG_CLAIM]
