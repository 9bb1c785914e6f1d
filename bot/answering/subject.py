"""What a message is about: its own links, those of the message it answers, or its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.answering.small_talk import small_talk
from bot.model import Message
from bot.ports import Platform
from kb.text.words import terms
from kb.urls.identity import Address, distinct

_TELLING = 3  # stems; "is this true?" says nothing by itself
_ASKING = terms("check true false real really right please know thing link story claim question sure")


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One link, or the words that were asked about; with neither there is nothing to look up.

    With both, the link stands earlier in the thread, and the words are meant if it cannot be read.
    """

    link: Address | None = None
    words: str = ""

    @property
    def key(self) -> str:
        """The page's canonical key, or "" for words."""
        return self.link.key if self.link else ""


async def subjects(message: Message, platform: Platform, *, limit: int) -> tuple[Subject, ...]:
    """Say what a message is about, at most `limit` links.

    Unasked, only its own links. Asked, small talk is about nothing else; then come the links of the message
    that it answers, and of the thread's first message; without any link, its own words or, where they say
    nothing, those of the message it answers.
    Raises PlatformError when the platform cannot be asked now.
    """
    if links := _links(message.links):
        return links[:limit]
    if not message.asked:
        return ()
    own = await _own(message, platform)
    if own.strip() and small_talk(own):
        return (Subject(words=own),)
    earlier = [await platform.read(message.channel, place) for place in _earlier(message)]
    for other in filter(None, earlier):
        if links := _links(other.links):
            words = own if _tells(own) else ""
            return tuple(replace(link, words=words) for link in links[:limit])
    return (Subject(words=_words(own, earlier)),)


def _earlier(message: Message) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place for place in (message.reply_to, message.thread_id) if place))


async def _own(message: Message, platform: Platform) -> str:
    # The queue keeps no text, so the platform is asked for it again.
    return message.text or getattr(await platform.read(message.channel, message.id), "text", "")


def _words(own: str, earlier: Iterable[Message | None]) -> str:
    if _tells(own):
        return own
    return next((other.text for other in earlier if other and other.text), own)


def _tells(own: str) -> bool:
    """Whether words say something by themselves."""
    return len(terms(own) - _ASKING) >= _TELLING


def _links(texts: Iterable[str]) -> tuple[Subject, ...]:
    """Each page once, in order."""
    return tuple(Subject(link=address) for address in distinct(texts).values())
