"""The bot's memory without a database, gone with the process; adapters of the ports in bot/ports.py."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import datetime

from bot.answers import Answer, AnswerState, Begun, Intent, Standing
from bot.clock import Clock, now_utc
from bot.model import Action, Receipt, Traits
from bot.storage.unmatched import LATEST, Nearest, Unmatched
from kb.match.query import Hit
from kb.urls.identity import Address


class MemoryTexts:
    """Named texts."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    async def load(self, name: str) -> str | None:
        """Give the text under `name`; None when nothing was saved."""
        return self._values.get(name)

    async def save(self, name: str, value: str) -> None:
        """Keep `value` under `name`."""
        self._values[name] = value


class MemoryAnswers:
    """Answers and deleted questions: the `AnswerLedger` port. `clock` gives timezone-aware times."""

    def __init__(self, *, clock: Clock = now_utc) -> None:
        self._clock = clock
        self._answers: dict[str, Answer] = {}
        self._deleted: set[tuple[str, str, str]] = set()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def sole(self, key: str) -> AsyncIterator[None]:
        """Let one task at a time deal with the answer of that key."""
        async with self._locks[key]:
            yield

    async def begin(self, intent: Intent, *, not_said_since: datetime | None = None) -> Begun:
        """Record that an answer is about to be posted, unless something speaks against it."""
        earlier = self._answers.get(intent.key)
        if _question(intent) in self._deleted:
            return Begun(standing=Standing.DELETED, answer=earlier)
        if earlier is not None:
            return Begun(standing=Standing.KNOWN, answer=earlier)
        if not_said_since is not None and any(
            _said(answer, intent, not_said_since) for answer in self._all()
        ):
            return Begun(standing=Standing.REPEATED)
        now = self._clock()
        self._answers[intent.key] = Answer(
            intent=intent, state=AnswerState.INTENT, receipt=None, created_at=now, changed_at=now
        )
        return Begun(standing=Standing.NEW)

    async def posted(self, key: str, receipt: Receipt) -> bool:
        """Record that an answer was posted; False when its question was deleted meanwhile."""
        self._change(key, AnswerState.POSTED, receipt)
        answer = self._answers.get(key)
        return answer is None or _question(answer.intent) not in self._deleted

    async def parked(self, key: str) -> None:
        """Record that it cannot be told whether an answer was posted."""
        self._change(key, AnswerState.PARKED)

    async def withdrawn(self, key: str) -> None:
        """Record that an answer is gone from its channel and must not come back."""
        self._change(key, AnswerState.WITHDRAWN)

    async def delete_question(self, platform: str, channel: str, message_id: str) -> tuple[Answer, ...]:
        """Record that a message was deleted; give the answers to it that are not withdrawn yet."""
        self._deleted.add((platform, channel, message_id))
        answers = await self.answers_to(platform, channel, message_id)
        return tuple(answer for answer in answers if answer.state is not AnswerState.WITHDRAWN)

    async def answer(self, key: str) -> Answer | None:
        """Look an answer up; None when there is none."""
        return self._answers.get(key)

    async def answers_to(self, platform: str, channel: str, message_id: str) -> tuple[Answer, ...]:
        """Give all answers to a message, oldest first."""
        question = (platform, channel, message_id)
        return tuple(answer for answer in self._all() if _question(answer.intent) == question)

    async def recent(self, platform: str, channel_prefix: str, limit: int) -> tuple[Answer, ...]:
        """Give the latest answers that stand in channels with that prefix, newest first; none to commands."""
        standing = [
            answer
            for answer in self._all()
            if answer.state is AnswerState.POSTED
            and answer.intent.action is not Action.COMMAND
            and answer.intent.platform == platform
            and answer.intent.place.channel.startswith(channel_prefix)
        ]
        standing.sort(key=lambda answer: answer.created_at, reverse=True)  # equal ones stay in order of keys
        return tuple(standing[:limit])

    def _all(self) -> list[Answer]:
        return sorted(self._answers.values(), key=lambda answer: (answer.created_at, answer.key))

    def _change(self, key: str, state: AnswerState, receipt: Receipt | None = None) -> None:
        if answer := self._answers.get(key):
            self._answers[key] = replace(
                answer, state=state, receipt=receipt or answer.receipt, changed_at=self._clock()
            )


class MemoryUnmatched:
    """Links that no entry answers: the `UnmatchedCounts` port. `clock` gives timezone-aware times."""

    def __init__(self, *, clock: Clock = now_utc) -> None:
        self._clock = clock
        self._pages: dict[str, Unmatched] = {}
        self._events: dict[str, str] = {}

    async def count(
        self, link: Address, event: str, hits: Iterable[Hit] = (), traits: Traits | None = None
    ) -> None:
        """Count a link under its page, once for an event, with the entries that came nearest."""
        if self._events.get(link.key) == event:
            return
        now = self._clock()
        fresh = Unmatched(key=link.key, url=link.url, count=0, first_seen=now, last_seen=now)
        page = self._pages.get(link.key, fresh)
        nearest = tuple(Nearest(entry_id=hit.entry.id, score=round(hit.score, 4)) for hit in hits)
        telling = asdict(traits) if traits else {}
        page = replace(page, count=page.count + 1, last_seen=now, nearest=nearest, **telling)
        self._pages[link.key], self._events[link.key] = page, event

    async def since(self, moment: datetime, limit: int = LATEST) -> tuple[Unmatched, ...]:
        """Give the links that came since then, the latest first, at most `limit`."""
        pages = sorted(self._pages.values(), key=lambda page: page.key)
        pages.sort(key=lambda page: page.last_seen, reverse=True)
        return tuple(page for page in pages if page.last_seen >= moment)[:limit]

    async def forget(self, key: str) -> None:
        """Take a page out: an entry answers it now, or a curator decided that none will."""
        self._pages.pop(key, None)
        self._events.pop(key, None)


def _question(intent: Intent) -> tuple[str, str, str]:
    return intent.platform, intent.place.channel, intent.place.message_id


def _said(answer: Answer, intent: Intent, since: datetime) -> bool:
    """Whether an answer tells of the intent's entry, in its channel, since then, about another message."""
    told = answer.intent
    return (
        (told.platform, told.place.channel, told.entry_id)
        == (intent.platform, intent.place.channel, intent.entry_id)
        and told.place.message_id != intent.place.message_id
        and answer.created_at >= since
        and answer.state is not AnswerState.WITHDRAWN
    )
