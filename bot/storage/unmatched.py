"""The queue of links that no entry answered: which pages, how often, and which entries came nearest.

No word of a message and no person is kept, and no place: only the page's address, a count, two times, and for
the preview of new entries what tells pages apart: the text's fingerprint and its vector.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, RowMapping, Select, delete, insert, select, update

from bot.clock import Clock, now_utc
from bot.model import Traits
from bot.storage import bounds
from bot.storage.tables import unmatched
from bot.storage.transactions import change, rows, write
from kb.errors import UrlError
from kb.match.preview import SeenPage
from kb.match.query import Hit
from kb.urls.identity import RULES, Address, identify

LATEST = 500
"""So many links are compared with a new entry: the latest."""

_FRESH = 0.5
"""The share of the queue that is kept for being new; of the older ones, those posted most often stay."""
_DROPPED_AT_ONCE = 0.02


_LISTED = [unmatched.c[each] for each in ("key", "url", "count", "first_seen", "last_seen", "nearest")]
_TELLING = [unmatched.c[each] for each in ("model", "vector", "fingerprint")]


@dataclass(frozen=True, kw_only=True)
class Nearest:
    """An entry that came near a page, with its score in 0..1."""

    entry_id: str
    score: float


@dataclass(frozen=True, kw_only=True)
class Unmatched(SeenPage):
    """A page without an answer. What tells its text apart may be missing, and is read by `since` only."""

    first_seen: datetime
    last_seen: datetime
    nearest: tuple[Nearest, ...] = ()


class UnmatchedLinks:
    """The queue in the bot's database; methods are short transactions, off the event loop. Raise StoreError.

    It holds at most `most` pages: where there are more, of the older half those posted least often go. Keys
    made by older rules are made anew as the queue is opened, and what now is one page is counted as one.
    """

    def __init__(self, engine: Engine, *, clock: Clock = now_utc, most: int = bounds.UNMATCHED) -> None:
        self._engine, self._clock, self._most = engine, clock, most

    async def count(
        self, link: Address, event: str, hits: Iterable[Hit] = (), traits: Traits | None = None
    ) -> None:
        """Count a link under its page, once for an event, with the entries that came nearest."""
        await write(self._engine, self._count, link, event, tuple(hits), traits)

    async def most(self, limit: int = 50) -> tuple[Unmatched, ...]:
        """Give the links that came most often, the most frequent first."""
        order = (unmatched.c.count.desc(), unmatched.c.last_seen.desc(), unmatched.c.key)
        return await self._read(select(*_LISTED).order_by(*order).limit(limit))

    async def since(self, moment: datetime, limit: int = LATEST) -> tuple[Unmatched, ...]:
        """Give the links that came since then, the latest first, at most `limit`."""
        order = (unmatched.c.last_seen.desc(), unmatched.c.key)
        chosen = select(*_LISTED, *_TELLING).where(unmatched.c.last_seen >= moment)
        return await self._read(chosen.order_by(*order).limit(limit))

    async def forget(self, key: str) -> None:
        """Take a page out of the queue: an entry answers it now, or a curator decided that none will."""
        await change(self._engine, delete(unmatched).where(unmatched.c.key == key))

    async def purge(self, before: datetime) -> int:
        """Forget links last seen before then; give the number."""
        return await change(self._engine, delete(unmatched).where(unmatched.c.last_seen < before))

    async def renew(self) -> int:
        """Make the keys anew that older rules made; give the number of rows that had one."""
        return await write(self._engine, _renew)

    def _count(
        self,
        connection: Connection,
        link: Address,
        event: str,
        hits: tuple[Hit, ...],
        traits: Traits | None,
    ) -> None:
        now, mark = self._clock(), hashlib.sha256(event.encode()).hexdigest()
        near = [{"entry_id": hit.entry.id, "score": round(hit.score, 4)} for hit in hits]
        values: dict[str, Any] = {"nearest": near, **(asdict(traits) if traits else {})}
        row = _row(connection, link.key)
        if row is None:
            fresh = {"key": link.key, "rules": RULES, "url": link.url, "count": 1, "last_event": mark}
            connection.execute(insert(unmatched).values(**fresh, first_seen=now, last_seen=now, **values))
            self._keep_the_bound(connection)
        elif row["last_event"] != mark:  # handled again after a crash, an event counts once
            values |= {"count": row["count"] + 1, "last_event": mark, "last_seen": now}
            connection.execute(update(unmatched).where(unmatched.c.key == link.key).values(values))

    def _keep_the_bound(self, connection: Connection) -> None:
        excess = bounds.size(connection, unmatched) - self._most
        if excess <= 0:
            return
        newest = (unmatched.c.last_seen.desc(), bounds.ROW.desc())
        columns = (bounds.ROW.label("row"), unmatched.c.count, unmatched.c.last_seen)
        kept = int(self._most * _FRESH)
        older = select(*columns).select_from(unmatched).order_by(*newest).offset(kept).subquery()
        least = select(older.c.row).order_by(older.c.count, older.c.last_seen, older.c.row)
        gone = least.limit(excess + int(self._most * _DROPPED_AT_ONCE))
        bounds.dropped(connection, delete(unmatched).where(bounds.ROW.in_(gone)))

    async def _read(self, query: Select[Any]) -> tuple[Unmatched, ...]:
        return tuple(map(_from_row, await rows(self._engine, query)))


def _renew(connection: Connection) -> int:
    old = select(unmatched).where(unmatched.c.rules != RULES)
    found = connection.execute(old).mappings().all()
    for row in found:
        connection.execute(delete(unmatched).where(unmatched.c.key == row["key"]))
    for row in found:
        _put_under_new_key(connection, row)
    return len(found)


def _put_under_new_key(connection: Connection, row: RowMapping) -> None:
    try:
        key = identify(row["url"]).key
    except UrlError:  # by the new rules it is no web address
        return
    same = _row(connection, key)
    if same is None:
        connection.execute(insert(unmatched).values({**row, "key": key, "rules": RULES}))
        return
    merged = {
        "count": same["count"] + row["count"],
        "first_seen": min(same["first_seen"], row["first_seen"]),
        "last_seen": max(same["last_seen"], row["last_seen"]),
    }
    connection.execute(update(unmatched).where(unmatched.c.key == key).values(merged))


def _row(connection: Connection, key: str) -> RowMapping | None:
    return connection.execute(select(unmatched).where(unmatched.c.key == key)).mappings().one_or_none()


def _from_row(row: Row[Any]) -> Unmatched:
    nearest = tuple(Nearest(**each) for each in row.nearest)
    return Unmatched(**{**row._asdict(), "nearest": nearest})
