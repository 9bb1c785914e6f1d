"""Who wants to hear, in a thread, when there is an entry about a link: addresses only, and no person.

A row is kept until the thread was answered, and for as long as the settings say at the most. Where too many
wait, the oldest of the channel with the most of them goes, so that nobody crowds out the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, select
from sqlalchemy.dialects import sqlite

from bot.clock import Clock, now_utc
from bot.model import Place
from bot.storage import bounds
from bot.storage.tables import subscriptions
from bot.storage.transactions import change, rows, write


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A thread that waits: `place` is the message that asked in it, `url` the link that it is about."""

    platform: str
    place: Place
    url: str
    asked_at: datetime


class Subscriptions:
    """The waiting threads in the bot's database; methods are short transactions. Raise StoreError."""

    def __init__(
        self,
        engine: Engine,
        *,
        keep: timedelta = timedelta(days=90),
        clock: Clock = now_utc,
        most: int = bounds.SUBSCRIPTIONS,
        most_in_one: int = bounds.SUBSCRIPTIONS_IN_ONE_CHANNEL,
    ) -> None:
        self._engine, self._clock = engine, clock
        self._most, self._most_in_one = most, most_in_one
        self.keep = keep

    async def add(self, platform: str, place: Place, url: str) -> None:
        """Keep a thread's address; again it is kept as it was."""
        await write(self._engine, self._add, platform, place, url)

    async def all(self) -> tuple[Subscription, ...]:
        """Everybody who waits, the oldest first; not those who have waited too long."""
        young = subscriptions.c.asked_at >= self._clock() - self.keep
        order = (subscriptions.c.asked_at, subscriptions.c.message_id)
        found = await rows(self._engine, select(subscriptions).where(young).order_by(*order))
        return tuple(
            Subscription(
                platform=row.platform,
                place=Place(channel=row.channel, message_id=row.message_id, thread_id=row.thread_id),
                url=row.url,
                asked_at=row.asked_at,
            )
            for row in found
        )

    async def forget(self, platform: str, channel: str, message_id: str) -> bool:
        """Forget who was answered, or deleted the message that asked; False where nothing was kept."""
        gone = delete(subscriptions).where(_row(platform, channel, message_id))
        return await change(self._engine, gone) > 0

    async def purge(self) -> int:
        """Forget those who have waited too long; give the number."""
        old = subscriptions.c.asked_at < self._clock() - self.keep
        return await change(self._engine, delete(subscriptions).where(old))

    def _add(self, connection: Connection, platform: str, place: Place, url: str) -> None:
        values = {"platform": platform, "channel": place.channel, "message_id": place.message_id}
        asked = {"thread_id": place.thread_id, "url": url, "asked_at": self._clock()}
        new = sqlite.insert(subscriptions).values(**values, **asked).on_conflict_do_nothing()
        if connection.execute(new).rowcount:
            self._keep_the_bounds(connection, _of_channel(platform, place.channel))

    def _keep_the_bounds(self, connection: Connection, of_channel: ColumnElement[bool]) -> None:
        asked_at = subscriptions.c.asked_at
        bounds.dropped(connection, bounds.too_old(asked_at, self._most_in_one, of_channel))
        while bounds.size(connection, subscriptions) > self._most:
            waiting = (subscriptions.c.platform, subscriptions.c.channel)
            order = (func.count().desc(), *waiting)
            fullest = select(*waiting, func.count()).group_by(*waiting).order_by(*order).limit(1)
            platform, channel, count = connection.execute(fullest).one()
            bounds.dropped(connection, bounds.too_old(asked_at, count - 1, _of_channel(platform, channel)))


def _row(platform: str, channel: str, message_id: str) -> ColumnElement[bool]:
    return _of_channel(platform, channel) & (subscriptions.c.message_id == message_id)


def _of_channel(platform: str, channel: str) -> ColumnElement[bool]:
    return (subscriptions.c.platform == platform) & (subscriptions.c.channel == channel)
