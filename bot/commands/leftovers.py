"""What waits for a person: events that failed for good, and answers that may or may not stand posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.answers import Answer, AnswerState
from bot.errors import BotError
from bot.ports import Platform
from bot.replies.deliver import settle
from bot.storage.ledger import Ledger
from bot.storage.parked_events import ParkedEvent, ParkedEvents, name_of

_UNSURE = "it cannot be told whether this answer was posted"


class NothingLeftError(BotError):
    """Nothing that waits has this name or key; the message says how to list what there is."""


class Kind(StrEnum):
    """What waits."""

    EVENT = "event"
    ANSWER = "answer"


class Fate(StrEnum):
    """What came of having something tried again."""

    WANTED = "is tried again within seconds by the running bot, else when it starts"
    STANDS = "stands in its thread, which is recorded now"
    NOT_THERE = "was not posted, and will not be"
    UNSURE = "still cannot be told from here; look into the thread, then forget it"


@dataclass(frozen=True, kw_only=True)
class Leftover:
    """One thing that waits since a moment (UTC): where it came from, and why it waits, in plain words.

    `name` is short for `key`. `wanted`: it is being tried again.
    """

    kind: Kind
    key: str
    since: datetime
    platform: str
    channel: str
    message_id: str
    why: str
    where: str = ""
    attempts: int = 1
    wanted: bool = False

    @property
    def name(self) -> str:
        """What people call it by."""
        return name_of(self.key)

    def __str__(self) -> str:
        times = f", {self.attempts} attempts" if self.attempts > 1 else ""
        where = f" ({self.where})" if self.where else ""
        again = " (being tried again)" if self.wanted else ""
        about = f"{self.kind.value} since {self.since:%Y-%m-%d %H:%M} UTC{times}"
        place = f"{self.platform} {self.channel} {self.message_id}"
        return f"{self.name}: {about}, {place}: {self.why}{where}{again}"


class Leftovers:
    """Both kinds, and what a person may do about them.

    Raises StoreError, and NothingLeftError for a name that nothing has. An answer can be looked for again
    only with `platforms` that are connected.
    """

    def __init__(
        self, parked: ParkedEvents, ledger: Ledger, platforms: Mapping[str, Platform] | None = None
    ) -> None:
        self._parked, self._ledger, self._platforms = parked, ledger, platforms or {}

    async def all(self) -> tuple[Leftover, ...]:
        """Everything that waits, the oldest first."""
        events = [_of_event(each) for each in await self._parked.all()]
        answers = [_of_answer(each) for each in await self._ledger.answers_parked()]
        return tuple(sorted((*events, *answers), key=lambda each: (each.since, each.key)))

    async def retry(self, given: str) -> Fate:
        """Have an event tried again, or look for an answer once more, by name or key.

        Raises PlatformError when the platform cannot be asked now.
        """
        found = await self._named(given)
        if found.kind is Kind.EVENT:
            await self._parked.retry(found.key)
            return Fate.WANTED
        answer, platform = await self._ledger.answer(found.key), self._platforms.get(found.platform)
        if answer is None or platform is None:
            return Fate.UNSURE
        await settle(self._ledger, platform, answer)
        settled = await self._ledger.answer(found.key)
        return _FATES.get(settled.state if settled else AnswerState.WITHDRAWN, Fate.UNSURE)

    async def retry_events(self) -> int:
        """Have every event tried again; give the number."""
        waiting = [each for each in await self._parked.all() if not each.wanted]
        return sum([await self._parked.retry(each.key) for each in waiting])

    async def forget(self, given: str) -> None:
        """Drop an event, or let an answer count as gone from its thread, by name or key."""
        found = await self._named(given)
        if found.kind is Kind.EVENT:
            await self._parked.forget(found.key)
        else:
            await self._ledger.withdrawn(found.key)

    async def _named(self, given: str) -> Leftover:
        for each in await self.all():
            if given in {each.key, each.name}:
                return each
        raise NothingLeftError(f"Nothing that waits is called {given}; `parked` lists what does.")


_FATES = {AnswerState.POSTED: Fate.STANDS, AnswerState.WITHDRAWN: Fate.NOT_THERE}


def _of_event(parked: ParkedEvent) -> Leftover:
    ids = {name: str(parked.event.get(name) or "?") for name in ("platform", "channel", "id")}
    return Leftover(
        kind=Kind.EVENT,
        key=parked.key,
        since=parked.parked_at,
        platform=ids["platform"],
        channel=ids["channel"],
        message_id=ids["id"],
        why=parked.reason,
        where=parked.where,
        attempts=parked.attempts,
        wanted=parked.wanted,
    )


def _of_answer(answer: Answer) -> Leftover:
    place = answer.intent.place
    return Leftover(
        kind=Kind.ANSWER,
        key=answer.key,
        since=answer.changed_at,
        platform=answer.intent.platform,
        channel=place.channel,
        message_id=place.message_id,
        why=_UNSURE,
    )
