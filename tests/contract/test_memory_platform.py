"""The platform in memory keeps the promises of the port, as the real ones do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.answering.links import find_links
from bot.errors import GoneError
from bot.model import Deletion, Incoming, Message, Place
from bot.platforms.memory import MemoryPlatform
from bot.replies.plain import render
from tests.contract.platform_suite import REPLY, Accepted, PlatformSuite, listening


@dataclass(kw_only=True)
class MemoryStage:
    """A platform in memory with somebody else on it; what they do goes through `heard`."""

    heard: asyncio.Queue[Incoming]
    platform: MemoryPlatform
    accepted: Accepted
    channel: str = "room"
    unknown_id: str = "no such message"

    async def say(self, text: str) -> str:
        """Say something in the room."""
        name = f"message-{len(self.platform.messages) + 1}"
        message = Message(
            platform=self.platform.name,
            channel=self.channel,
            id=name,
            event=name,
            sender="somebody",
            text=text,
            links=find_links(text),
            asked=False,
            sent_at=datetime.now(UTC),
        )
        self.platform.messages[name] = message
        await self.heard.put(message)
        return name

    async def delete(self, message_id: str) -> None:
        """Take it back."""
        del self.platform.messages[message_id]
        event = f"deleting {message_id}"
        await self.heard.put(
            Deletion(platform=self.platform.name, channel=self.channel, id=message_id, event=event)
        )

    async def answers(self, place: Place) -> list[str]:
        """What stands at the place."""
        return [name for name, post in self.platform.posts.items() if post.place == place]

    async def shown(self, message_id: str) -> tuple[str, int]:
        """What stands there now; editions are numbered from 7 in the suite."""
        post = self.platform.posts[message_id]
        return render(post.reply), max(0, post.edition - 6)


async def _each(events: asyncio.Queue[Incoming]) -> AsyncIterator[Incoming]:
    while True:
        yield await events.get()


class TestMemory(PlatformSuite):
    """The suite that every platform passes."""

    @pytest.fixture
    async def stage(self) -> AsyncIterator[MemoryStage]:
        """A platform of its own for each test."""
        heard: asyncio.Queue[Incoming] = asyncio.Queue()
        platform = MemoryPlatform(heard=_each(heard))
        async with listening(platform) as accepted:
            yield MemoryStage(heard=heard, platform=platform, accepted=accepted)

    async def test_a_withdrawn_answer_cannot_be_amended_nor_found(
        self, stage: MemoryStage, place: Place
    ) -> None:
        receipt = await stage.platform.post(place, REPLY, "key 1")
        await stage.platform.withdraw(receipt)
        with pytest.raises(GoneError):
            await stage.platform.amend(receipt, REPLY, "key 1", 7)
        assert await stage.platform.find(place, "key 1") is None
