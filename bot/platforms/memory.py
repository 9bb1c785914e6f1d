"""A platform inside the process, gone with it: what was said and what was posted, each by its id."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from itertools import count

from bot.errors import GoneError
from bot.model import Incoming, Message, Place, Receipt, Reply
from bot.ports import Accept


@dataclass(frozen=True, kw_only=True)
class Post:
    """An answer as it stands; `edition` is the one that it was amended to last."""

    place: Place
    reply: Reply
    key: str
    edition: int = 0


class MemoryPlatform:
    """The ports `Platform` and `Amends`; `heard` gives what comes in, `messages` can be read again."""

    def __init__(self, name: str = "memory", heard: AsyncIterator[Incoming] | None = None) -> None:
        self.name = name
        self.messages: dict[str, Message] = {}
        self.posts: dict[str, Post] = {}
        self._heard = heard
        self._numbers = count(1)

    async def listen(self, accept: Accept) -> None:
        """Hand over what is heard, until nothing more comes."""
        if self._heard:
            async for event in self._heard:
                await accept(event)

    async def read(self, channel: str, message_id: str) -> Message | None:
        """Give a message back; None for another channel or an unknown one."""
        message = self.messages.get(message_id)
        return message if message and message.channel == channel else None

    async def find(self, place: Place, key: str) -> Receipt | None:
        """Look for an answer that stands in the channel under that key."""
        for name, post in self.posts.items():
            if (post.place.channel, post.key) == (place.channel, key):
                return Receipt(channel=place.channel, message_id=name)
        return None

    async def post(self, place: Place, reply: Reply, key: str) -> Receipt:
        """Keep an answer."""
        receipt = Receipt(channel=place.channel, message_id=f"answer-{next(self._numbers)}")
        self.posts[receipt.message_id] = Post(place=place, reply=reply, key=key)
        return receipt

    async def amend(self, receipt: Receipt, reply: Reply, key: str, edition: int) -> None:
        """Put `reply` in the place of an answer, once for each edition; GoneError for a withdrawn one."""
        post = self.posts.get(receipt.message_id)
        if post is None or post.key != key:
            raise GoneError("the answer was withdrawn")
        if post.edition < edition:
            self.posts[receipt.message_id] = replace(post, reply=reply, edition=edition)

    async def withdraw(self, receipt: Receipt) -> None:
        """Forget an answer; one that is gone already is success."""
        self.posts.pop(receipt.message_id, None)
