"""Tells when anybody has committed anything to the database: one cheap look, for all loops."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine

from bot.background.supervisor import Loop, Pause
from bot.threads import in_thread
from kb.errors import StoreError

_LOOK_SECONDS = 0.25  # a look is one PRAGMA, and a reader sees a change as at once
_AFTER_ERROR_SECONDS = 2.0  # all loops wait for this one; by hand


class Commits:
    """Sets every event that it gave out whenever the database has changed, within a quarter of a second.

    It asks SQLite for `data_version` on a connection of its own, which changes with each commit of any other.
    """

    def __init__(self, engine: Engine) -> None:
        self._path = Path(engine.url.database or "")
        self._connection: sqlite3.Connection | None = None
        self._version: int | None = None
        self._waiting: list[asyncio.Event] = []

    def news(self) -> asyncio.Event:
        """Give an event of one's own; whoever waits for it clears it."""
        event = asyncio.Event()
        self._waiting.append(event)
        return event

    def loop(self) -> Loop:
        """The loop that looks."""
        return Loop(
            name="commits",
            round=self.round,
            limit=30.0,
            after_error=_AFTER_ERROR_SECONDS,
            critical=True,
        )

    async def round(self) -> Pause:
        """Look once. Raises StoreError; everybody is woken then as well, and looks for themselves."""
        try:
            version = await in_thread(self._look)
        except sqlite3.Error as error:
            self.close()
            self._wake()
            raise StoreError(f"The database {self._path} cannot be followed: {error}.") from error
        if version != self._version:
            self._version = version
            self._wake()
        return Pause(seconds=_LOOK_SECONDS)

    def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def _look(self) -> int:
        if self._connection is None:
            address = f"{self._path.absolute().as_uri()}?mode=ro"
            self._connection = sqlite3.connect(address, uri=True, timeout=1.0, check_same_thread=False)
        row = self._connection.execute("PRAGMA data_version").fetchone()
        return int(row[0])

    def _wake(self) -> None:
        for event in self._waiting:
            event.set()
