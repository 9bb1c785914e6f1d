"""What is known of originals' pages: whether their link answers, and a fingerprint of their text; no text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, select
from sqlalchemy.dialects.sqlite import insert

from kb.entries.editorial import LinkState, SourceRead
from kb.store.database import reading, writing
from kb.store.moments import utc_now
from kb.store.tables import originals
from kb.urls.identity import identify

_PAGE = 500


@dataclass(frozen=True, kw_only=True)
class Known:
    """The state of one original's link, since when it is so, and when it was last asked (both UTC)."""

    key: str
    url: str
    state: LinkState
    reason: str
    since: datetime
    checked_at: datetime


class Originals:
    """States and fingerprints by the canonical key of the original's address. Raises StoreError.

    `fingerprint` turns a page's text into the bytes that are kept (kb/text/fingerprint.py).
    """

    def __init__(
        self,
        engine: Engine,
        *,
        fingerprint: Callable[[str], bytes] | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._engine, self._fingerprint, self._now = engine, fingerprint, now

    def keep(self, url: str, read: SourceRead) -> None:
        """Keep what was found at an original; of its text the fingerprint only. An older one is kept if the
        text could not be read this time."""
        moment = self._now()
        key = identify(url).key
        row: dict[str, Any] = {
            "url": url,
            "state": read.state.value,
            "reason": read.reason,
            "checked_at": moment,
        }
        if read.text is not None and self._fingerprint is not None:
            row["fingerprint"] = self._fingerprint(read.text)
        with writing(self._engine) as connection:
            known = connection.execute(select(originals).where(originals.c.key == key)).first()
            row["since"] = known.since if known and known.state == read.state.value else moment
            statement = insert(originals).values(key=key, **row)
            connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=row))

    def state(self, url: str) -> LinkState:
        """The last known state of an original's link."""
        known = self.known([url]).get(url)
        return known.state if known else LinkState.NOT_CHECKED

    def known(self, urls: Iterable[str]) -> dict[str, Known]:
        """What is known of these addresses; one that was never asked is missing."""
        keys = {url: identify(url).key for url in urls}
        rows = self._rows(sorted(set(keys.values())))
        return {url: _known(rows[key]) for url, key in keys.items() if key in rows}

    def fingerprint(self, url: str) -> bytes | None:
        """The fingerprint of an original's text; None where it was never read."""
        return self.fingerprints([url]).get(url)

    def fingerprints(self, urls: Iterable[str]) -> dict[str, bytes]:
        """The fingerprints of these originals' texts; one that was never read is missing."""
        keys = {url: identify(url).key for url in urls}
        rows = self._rows(sorted(set(keys.values())))
        return {
            url: rows[key].fingerprint for url, key in keys.items() if key in rows and rows[key].fingerprint
        }

    def _rows(self, keys: list[str]) -> dict[str, Row[Any]]:
        stored: dict[str, Row[Any]] = {}
        with reading(self._engine) as connection:
            for start in range(0, len(keys), _PAGE):
                query = select(originals).where(originals.c.key.in_(keys[start : start + _PAGE]))
                stored |= {row.key: row for row in connection.execute(query)}
        return stored


def _known(row: Row[Any]) -> Known:
    return Known(
        key=row.key,
        url=row.url,
        state=LinkState(row.state),
        reason=row.reason,
        since=row.since,
        checked_at=row.checked_at,
    )
