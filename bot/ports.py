"""What the bot needs from the outside, as protocols; bot/app chooses the adapters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from bot.answers import Answer, Begun, Intent
from bot.model import ChannelRules, Fetched, Incoming, Message, Page, Place, Receipt, Reply, Traits
from kb.match.query import Hit, Query
from kb.urls.identity import Address

if TYPE_CHECKING:
    from kb.compare import Article, Comparison
    from kb.entries.entry import Entry
    from kb.match.preview import PreviewedPage, SeenPage
    from kb.match.reading import QueryReading

Accept = Callable[[Incoming], Awaitable[None]]
"""Takes an event durably: when it returns, the event is on disk and may be acknowledged."""


Leave = Callable[[float, BaseException | None], None]
"""Ends the process after so many seconds, unless it has ended by itself, because of an error or of none."""


class Platform(Protocol):
    """A place of talk. Adapters turn its payloads into our values and pass nothing else on."""

    name: str

    async def listen(self, accept: Accept) -> None:
        """Connect and hand every event to `accept` before acknowledging it, until cancelled.

        Leaves out the bot's own messages, other bots', notices, history from before it joined, and
        messages that neither ask nor hold a link. Raises LoginError when the credentials are refused.
        """

    async def read(self, channel: str, message_id: str) -> Message | None:
        """Read one message again; None when it does not exist, was deleted or may not be read.

        Raises PlatformError when the platform cannot be asked now.
        """

    async def find(self, place: Place, key: str) -> Receipt | None:
        """Look for an answer that was posted at `place` under `key`; None when it surely was not.

        Raises InconclusiveError when that cannot be told, PlatformError when it cannot be asked now.
        """

    async def post(self, place: Place, reply: Reply, key: str) -> Receipt:
        """Post in the thread of `place` (its channel, where it names no message), marked with `key` so that
        `find` finds it.

        Raises PlatformError when the platform refused; whether it was posted is then for `find` to say.
        """

    async def withdraw(self, receipt: Receipt) -> None:
        """Delete a posted answer; one that is gone already is success. Raises PlatformError."""


class Amends(Protocol):
    """A platform on which a posted answer can be changed in place."""

    async def amend(self, receipt: Receipt, reply: Reply, key: str, edition: int) -> None:
        """Put `reply` in the place of an answer that was posted under `key`.

        The same edition is applied once, however often it is asked for. Raises GoneError when the answer
        cannot be edited any more, PlatformError when the platform cannot be asked now.
        """


class TypedNames(Protocol):
    """Reads what people type on a platform to name somebody or a message.

    `channel` is where they typed it, None where that was on another platform.
    """

    def person(self, typed: str, channel: str | None, /) -> str | None:
        """The id of a person (kb/entries/people.py), None where the platform knows no such name."""

    def message(self, url: str, channel: str | None, /) -> tuple[str, str] | None:
        """The channel and the message that a link names; None where it is no such link."""

    def is_channel(self, name: str, /) -> bool:
        """Whether a name has the form of a channel's id here."""


@runtime_checkable
class AtHome(Protocol):
    """A platform that knows which of its channels belong to whoever runs the bot."""

    def is_own(self, channel: str) -> bool:
        """Whether a channel is of the bot's own server or workspace; False while that is not known."""


class EditingPlatform(Platform, Amends, AtHome, Protocol):
    """What the running bot needs of a platform."""


class AnswerStates(Protocol):
    """How far answers have come, on record before and after each step. Raises StoreError."""

    async def begin(self, intent: Intent, *, not_said_since: datetime | None = None) -> Begun:
        """Record that an answer is about to be posted, unless something speaks against it.

        Nothing is recorded when the question was deleted, when there is an answer under this key already,
        or when its entry was said in this channel since `not_said_since` about another message.
        """

    async def posted(self, key: str, receipt: Receipt) -> bool:
        """Record that an answer was posted; False when its question was deleted meanwhile."""

    async def parked(self, key: str) -> None:
        """Record that it cannot be told whether an answer was posted: it is left to a person."""

    async def withdrawn(self, key: str) -> None:
        """Record that an answer is gone from its channel and must not come back."""

    async def delete_question(self, platform: str, channel: str, message_id: str) -> tuple[Answer, ...]:
        """Record that a message was deleted; give the answers to it that are not withdrawn yet."""


class AnswersOnRecord(Protocol):
    """What is known of answers. Raises StoreError."""

    def sole(self, key: str) -> AbstractAsyncContextManager[None]:
        """Let one task of this process at a time deal with the answer of that key."""

    async def answer(self, key: str) -> Answer | None:
        """Look an answer up; None when there is none."""

    async def answers_to(self, platform: str, channel: str, message_id: str) -> tuple[Answer, ...]:
        """Give all answers to a message, oldest first."""

    async def recent(self, platform: str, channel_prefix: str, limit: int) -> tuple[Answer, ...]:
        """Give the latest answers that stand in channels with that prefix, newest first; none to commands."""


class AnswerLedger(AnswerStates, AnswersOnRecord, Protocol):
    """What answering and delivering need of the ledger."""


class RulesOfChannels(Protocol):
    """What the bot may do, and where."""

    def rules(self, platform: str, channel: str) -> ChannelRules:
        """What holds in a channel now; while the bot is paused, it is off everywhere."""


class UnmatchedCounts(Protocol):
    """The links that no entry answers, for curators. Raises StoreError."""

    async def count(
        self, link: Address, event: str, hits: Iterable[Hit] = (), traits: Traits | None = None
    ) -> None:
        """Count a link under its page, once for an event, with the entries that came nearest."""

    async def forget(self, key: str) -> None:
        """Take a page out: an entry answers it now, or a curator decided that none will."""


class KeptTexts(Protocol):
    """Small named texts, kept durably: what must outlive a restart. Raises StoreError."""

    async def load(self, name: str) -> str | None:
        """Give the text under `name`; None when nothing was saved."""

    async def save(self, name: str, value: str) -> None:
        """Keep `value` under `name`; when it returns, the text is on disk."""


@dataclass(frozen=True, kw_only=True)
class Recent:
    """An answer that stands in a channel, and the title of its entry where it cites one."""

    answer: Answer
    title: str | None = None


class LookUp(Protocol):
    """What a platform's commands, shortcuts and home pages may ask, at once and for one person."""

    async def replies(self, message: Message) -> tuple[Reply, ...]:
        """Answer an asking message without posting or recording anything; at least one reply."""

    async def recent(self, platform: str, channel_prefix: str, limit: int) -> tuple[Recent, ...]:
        """Give the latest posted answers in channels with that prefix, newest first."""


class Fetcher(Protocol):
    """Gets what stands at a web address."""

    async def fetch(self, url: str, *, unwrap: bool = True) -> Fetched:
        """Fetch `url`, or what it wraps, within a deadline and a size limit.

        Raises FetchError with a plain reason; DeadPageError when the page or its site is gone.
        """


class Reader(Protocol):
    """Reads an article out of a response, where it can be stopped."""

    async def read(self, fetched: Fetched) -> Page:
        """Find title, text and the rest. Raises UnreadableError with a plain reason."""

    async def read_file(self, path: Path) -> Page:
        """Read a text or HTML file as if it had been fetched; its host is "". Raises UnreadableError."""


class TextReader(Reader, Protocol):
    """Also does what else looks at outside text, where it can be stopped."""

    async def read_query(self, query: Query) -> QueryReading:
        """Read what matching needs of a page or of somebody's words. Raises UnreadableError."""

    async def compare(self, entry: Entry, article: Article) -> Comparison:
        """Say what an article changed of what an entry has on record. Raises UnreadableError."""


class Matcher(Protocol):
    """Finds the entries that a page or words belong to."""

    async def known_page(self, key: str) -> Hit | None:
        """Look a canonical key up among originals and known appearances: no fetch, no model."""

    async def ready(self) -> None:
        """Wait until the model is loaded; it is, or failed to, within a few minutes."""

    async def match(self, query: Query, reading: QueryReading) -> tuple[Hit, ...]:
        """Give the hits above the cut-off, best first, for a query and what was read of it.

        Waits for the model while it loads. Raises ModelError.
        """

    async def traits(self, reading: QueryReading) -> Traits:
        """Give what may be kept of a page, to compare later entries with. Raises ModelError."""


class Previews(Protocol):
    """Knows what an entry would do before it is published, and when one that was is answered with."""

    async def preview(
        self, entry: Entry, pages: Iterable[SeenPage], original: bytes | None
    ) -> tuple[PreviewedPage, ...]:
        """Tell which pages an entry would have matched; `original` is the fingerprint of its original's text.

        Raises ModelError.
        """

    async def caught_up(self, revision: int) -> None:
        """Wait until the store's changes up to that revision count in `match`."""


class PreviewingMatcher(Matcher, Previews, Protocol):
    """What the running bot needs of its index."""
