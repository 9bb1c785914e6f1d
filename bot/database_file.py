"""Notices that a database file was replaced, removed or overwritten under the running bot, or cannot be read.

SQLite holds on to the file that it opened: what somebody else puts in its place is never seen, and what is
written over it is mixed with what SQLite still has in its log. Nothing here takes part in that: nothing is
written, and no file is closed that was opened here (closing one drops every lock of the process on it).

https://www.sqlite.org/walformat.html ("The WAL-Index File Format") says what stands where in the -shm file.
"""

from __future__ import annotations

import os
import sqlite3
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.ending import Leave
from bot.errors import CannotGoOnError
from bot.supervisor import Loop, Pause
from bot.threads import in_thread
from kb.errors import StoreError

log = structlog.get_logger(__name__)

_MAGIC = b"SQLite format 3\x00"
_INDEX = struct.Struct("=32x2I56xI28xI")  # the salts of the log; how far it was copied, and was about to be
_LOOK_SECONDS = 3.0
_UNREADABLE = 3  # looks in a row
_WAITS = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})


_Identity = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class _Look:
    """One look: which files these are, when it was written, and the state of copying the log into it."""

    file: _Identity | None
    log: tuple[_Identity | None, ...]
    written: tuple[int, int]
    before: tuple[int, ...]
    after: tuple[int, ...]


class DatabaseFile:
    """One SQLite database in WAL mode that this process has open, from now on and for as long as it lives.

    `count` reads a number of it that never falls; None where there is none.
    """

    def __init__(self, path: Path, *, count: Callable[[sqlite3.Connection], int] | None = None) -> None:
        self._path, self._count = path, count
        self._log = tuple(path.with_name(f"{path.name}-{end}") for end in ("wal", "shm"))
        self._held = self._connect()  # as long as somebody has it open, SQLite keeps the log
        self._held.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        self._main = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._shm: int | None = None
        self._highest, self._unreadable = 0, 0
        self._last = self._look()

    def check(self) -> None:
        """Look once more; call it every few seconds, off the event loop. Raises CannotGoOnError."""
        look = self._look()
        if look.file != self._last.file:
            raise self._error("was replaced by another file" if look.file else "was removed")
        if any(was not in (None, now) for was, now in zip(self._last.log, look.log, strict=True)):
            raise self._error("has lost its log (-wal, -shm)")
        if os.pread(self._main, len(_MAGIC), 0) != _MAGIC or _written_by_others(self._last, look):
            raise self._error("was overwritten")
        self._last = look
        self._read()

    def close(self) -> None:
        """Let go of it; only when nobody else in this process has it open (see above)."""
        self._held.close()
        for file in filter(None, (self._main, self._shm)):
            os.close(file)

    def _look(self) -> _Look:
        before, main = self._copying(), _stat(self._path)
        return _Look(
            file=_identity(main),
            log=tuple(_identity(_stat(path)) for path in self._log),
            written=(main.st_mtime_ns, main.st_size) if main else (0, 0),
            before=before,
            after=self._copying(),
        )

    def _copying(self) -> tuple[int, ...]:
        """The state of the log's copying into the file; empty where there is no log."""
        if self._shm is None:
            try:
                self._shm = os.open(self._log[1], os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                return ()
        found = os.pread(self._shm, _INDEX.size, 0)
        return _INDEX.unpack(found) if len(found) == _INDEX.size else ()

    def _read(self) -> None:
        """Read a number through a connection that has nothing in mind of what the file held before."""
        try:
            connection = self._connect()
            try:
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
                count = self._count(connection) if self._count else 0
            finally:
                connection.close()
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _WAITS:
                return  # somebody works on it
            self._unreadable += 1
            if self._unreadable >= _UNREADABLE:
                raise self._error(f"cannot be read any more ({error})") from error
            return
        self._unreadable = 0
        if count < self._highest:
            raise self._error(f"went back from revision {self._highest} to {count}")
        self._highest = count

    def _connect(self) -> sqlite3.Connection:
        address = f"{self._path.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(address, uri=True, timeout=1.0, check_same_thread=False)

    def _error(self, what: str) -> CannotGoOnError:
        return CannotGoOnError(
            f"{self._path} {what} while the bot ran, so the bot ends; started again, it reads what is there. "
            "To put a backup back, stop the bot first (deploy/README.md)."
        )


class DatabaseFiles:
    """The database files of the running bot; `leave` ends the process, before anything more is written."""

    def __init__(self, store: Path, queue: Path, leave: Leave) -> None:
        self._paths, self._leave = {store: revision_of, queue: None}, leave
        self._files: list[DatabaseFile] = []

    def loop(self) -> Loop:
        """The loop that looks after them."""
        return Loop(name="database files", round=self.round, limit=60.0, critical=True)

    async def open(self) -> None:
        """Take down which files these are; before anything is taken in. Raises StoreError."""
        try:
            self._files = await in_thread(self._opened)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"The database files cannot be looked after: {error}.") from error

    async def round(self) -> Pause:
        """Look at each. Raises CannotGoOnError, or StoreError while it cannot be told."""
        try:
            await in_thread(self._check)
        except CannotGoOnError as error:
            log.error("database_file_changed", error=str(error))
            self._leave(0.0, error)
            raise
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"The database files cannot be looked after: {error}.") from error
        return Pause(seconds=_LOOK_SECONDS)

    def _opened(self) -> list[DatabaseFile]:
        return [DatabaseFile(path, count=count) for path, count in self._paths.items()]

    def _check(self) -> None:
        for file in self._files:
            file.check()


def revision_of(connection: sqlite3.Connection) -> int:
    """The store's revision, which never falls."""
    row = connection.execute("SELECT max(revision) FROM entries").fetchone()
    return int(row[0] or 0)


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _identity(found: os.stat_result | None) -> _Identity | None:
    return (found.st_dev, found.st_ino) if found else None


def _written_by_others(last: _Look, look: _Look) -> bool:
    """Whether the file was written between two looks although SQLite copied nothing into it.

    With a log, SQLite writes to the file only to copy from the log. It says so before it begins (how far it
    is about to copy) and once it is done (how far it has); a new log has new salts.
    """
    if look.written == last.written or not last.before or not look.after:
        return False
    busy = any(state[2] != state[3] for state in (last.before, look.after))
    return not busy and last.before == look.after
