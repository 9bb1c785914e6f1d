"""What every platform adapter promises (`bot.ports.Platform`); an adapter's tests inherit the suite."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Protocol

import pytest

from bot.model import Deletion, Event, Feedback, Incoming, Message, Place, Reply
from bot.ports import EditingPlatform, Platform

LINK = "https://news.example/2022/story"
REPLY = Reply(lead="Same story.", summary="Two sentences. No more.", caveats=("Old figures.",))


class Accepted:
    """An `accept` that remembers what it was handed; `listener` is the task that hands it over."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.feedback: list[Feedback] = []
        self.listener: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()

    async def __call__(self, event: Incoming) -> None:
        """Take an event."""
        async with self._news:
            if isinstance(event, Feedback):
                self.feedback.append(event)
            else:
                self.events.append(event)
            self._news.notify_all()

    async def wait_for(self, wanted: Callable[[Event], bool], *, seconds: float = 40.0) -> Event:
        """Give the first event that is wanted, past or to come; TimeoutError when none comes."""
        waiting = asyncio.create_task(self._arrival(wanted))
        watched = {waiting} | ({self.listener} if self.listener else set())
        try:
            await asyncio.wait(watched, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if self.listener and self.listener.done() and not waiting.done():
                self.listener.result()  # raises what ended the listening
            if not waiting.done():
                raise TimeoutError(f"nothing wanted came in {seconds} s; what came: {self.events}")
            return waiting.result()
        finally:
            waiting.cancel()

    async def stop(self) -> None:
        """End the listening, as the end of its process would."""
        assert self.listener, "nobody listens"
        self.listener.cancel()
        with suppress(asyncio.CancelledError):
            await self.listener

    async def _arrival(self, wanted: Callable[[Event], bool]) -> Event:
        async with self._news:
            await self._news.wait_for(lambda: any(map(wanted, self.events)))
        return next(event for event in self.events if wanted(event))

    async def message(self, message_id: str) -> Message:
        """Wait for a message by its id."""
        event = await self.wait_for(lambda event: isinstance(event, Message) and event.id == message_id)
        assert isinstance(event, Message)
        return event

    async def deletion(self, message_id: str) -> Deletion:
        """Wait for the deletion of a message."""
        event = await self.wait_for(lambda event: isinstance(event, Deletion) and event.id == message_id)
        assert isinstance(event, Deletion)
        return event

    @property
    def messages(self) -> list[Message]:
        """The messages among the events."""
        return [event for event in self.events if isinstance(event, Message)]


@asynccontextmanager
async def listening(platform: Platform) -> AsyncIterator[Accepted]:
    """Listen for the length of the block, without a durable queue behind; an error of `listen` is raised."""
    accepted = Accepted()
    accepted.listener = asyncio.create_task(platform.listen(accepted))
    try:
        yield accepted
    finally:
        await accepted.stop()


class Stage(Protocol):
    """One platform with somebody else on it, in one channel, while the adapter listens."""

    platform: EditingPlatform
    accepted: Accepted
    channel: str
    unknown_id: str

    async def say(self, text: str) -> str:
        """The other person posts a message; gives its id."""

    async def delete(self, message_id: str) -> None:
        """The other person deletes their message."""

    async def answers(self, place: Place) -> list[str]:
        """The ids of the bot's messages at a place, as the platform shows them to the other person."""

    async def shown(self, message_id: str) -> tuple[str, int]:
        """What one of the bot's messages says to the other person now, and how often it was edited."""


class PlatformSuite:
    """The promises of the port; a subclass gives the fixture `stage`."""

    @pytest.fixture
    async def place(self, stage: Stage) -> Place:
        """A message with a link, posted by somebody else."""
        message_id = await stage.say(f"Have you seen {LINK} ?")
        await stage.accepted.message(message_id)
        return Place(channel=stage.channel, message_id=message_id)

    async def test_a_posted_link_is_handed_over(self, stage: Stage) -> None:
        message_id = await stage.say(f"Have you seen {LINK} ?")
        message = await stage.accepted.message(message_id)
        assert message.links == (LINK,)
        assert (message.platform, message.channel) == (stage.platform.name, stage.channel)
        assert message.sent_at.tzinfo is not None

    async def test_a_deleted_message_is_told_and_cannot_be_read(self, stage: Stage, place: Place) -> None:
        await stage.delete(place.message_id)
        deletion = await stage.accepted.deletion(place.message_id)
        assert deletion.channel == stage.channel
        assert await stage.platform.read(stage.channel, place.message_id) is None

    async def test_reading_gives_what_was_handed_over(self, stage: Stage, place: Place) -> None:
        handed_over = await stage.accepted.message(place.message_id)
        assert await stage.platform.read(stage.channel, place.message_id) == handed_over

    async def test_an_unknown_message_reads_as_none(self, stage: Stage) -> None:
        assert await stage.platform.read(stage.channel, stage.unknown_id) is None

    async def test_an_answer_stands_in_the_thread_and_is_found_by_its_key(
        self, stage: Stage, place: Place
    ) -> None:
        receipt = await stage.platform.post(place, REPLY, "key 1")
        assert await stage.answers(place) == [receipt.message_id]
        assert await stage.platform.find(place, "key 1") == receipt

    async def test_a_key_that_was_not_posted_is_surely_absent(self, stage: Stage, place: Place) -> None:
        assert await stage.platform.find(place, "key 1") is None
        await stage.platform.post(place, REPLY, "key 1")
        assert await stage.platform.find(place, "key 2") is None

    async def test_a_note_that_answers_nothing_stands_by_itself_and_is_found_by_its_key(
        self, stage: Stage
    ) -> None:
        note = Place(channel=stage.channel, message_id="")
        reply = Reply(lead="One text waits.", lines=("“Harbour” & more",), form="id: harbour\n  a: 1")
        receipt = await stage.platform.post(note, reply, "key 1")
        assert await stage.platform.find(note, "key 1") == receipt
        assert await stage.platform.find(note, "key 2") is None
        text, _ = await stage.shown(receipt.message_id)
        assert "One text waits." in text
        assert "“Harbour”" in text

    async def test_one_message_may_get_several_answers(self, stage: Stage, place: Place) -> None:
        first = await stage.platform.post(place, REPLY, "key 1")
        second = await stage.platform.post(place, replace(REPLY, lead="Near copy."), "key 2")
        assert first != second
        assert await stage.platform.find(place, "key 2") == second

    async def test_a_withdrawn_answer_is_gone_and_may_be_withdrawn_again(
        self, stage: Stage, place: Place
    ) -> None:
        receipt = await stage.platform.post(place, REPLY, "key 1")
        await stage.platform.withdraw(receipt)
        await stage.platform.withdraw(receipt)
        assert await stage.answers(place) == []

    async def test_an_amended_answer_says_the_new_thing_in_its_old_place(
        self, stage: Stage, place: Place
    ) -> None:
        receipt = await stage.platform.post(place, REPLY, "key 1")
        for _ in range(2):
            await stage.platform.amend(receipt, replace(REPLY, updated="Updated: new figures."), "key 1", 7)
        text, edits = await stage.shown(receipt.message_id)
        assert "Updated: new figures." in text
        assert edits == 1
        assert await stage.answers(place) == [receipt.message_id]
        assert await stage.platform.find(place, "key 1") == receipt
        await stage.platform.amend(receipt, replace(REPLY, updated="Updated again."), "key 1", 8)
        text, edits = await stage.shown(receipt.message_id)
        assert "Updated again." in text
        assert "new figures" not in text
        assert edits == 2

    async def test_the_bots_own_words_are_not_handed_over(self, stage: Stage, place: Place) -> None:
        receipt = await stage.platform.post(place, replace(REPLY, summary=f"See {LINK}"), "key 1")
        await stage.accepted.message(await stage.say(f"Later: {LINK}"))
        assert receipt.message_id not in {message.id for message in stage.accepted.messages}
