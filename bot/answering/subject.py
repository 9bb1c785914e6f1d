"""What a message is about: its own links, those of the message it answers, or its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.model import Message
from bot.ports import Platform
from kb.urls.identity import Address, distinct

_TELLING_WORDS = 8  # "is this true?" says nothing by itself; a claim has more words


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One link, or the words that were asked about; with neither there is nothing to look up."""

    link: Address | None = None
    words: str = ""

    @property
    def key(self) -> str:
        """The page's canonical key, or "" for words."""
        return self.link.key if self.link else ""


async def subjects(message: Message, platform: Platform, *, limit: int) -> tuple[Subject, ...]:
    """Say what a message is about, at most `limit` links.

    Unasked, only its own links. Asked, also the links of the message that it answers, then of the thread's
    first message; without any link, its own words or, where they are few, those of the message it answers.
    Raises PlatformError when the platform cannot be asked now.
    """
    if links := _links(message.links):
        return links[:limit]
    if not message.asked:
        return ()
    earlier = [await platform.read(message.channel, place) for place in _earlier(message)]
    for other in filter(None, earlier):
        if links := _links(other.links):
            return links[:limit]
    return (Subject(words=await _words(message, earlier, platform)),)


def _earlier(message: Message) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place for place in (message.reply_to, message.thread_id) if place))


async def _words(message: Message, earlier: Iterable[Message | None], platform: Platform) -> str:
    # The queue keeps no text, so the platform is asked for it again.
    own = message.text or getattr(await platform.read(message.channel, message.id), "text", "")
    if len(own.split()) >= _TELLING_WORDS:
        return own
    return next((other.text for other in earlier if other and other.text), own)


def _links(texts: Iterable[str]) -> tuple[Subject, ...]:
    """Each page once, in order."""
    return tuple(Subject(link=address) for address in distinct(texts).values())
