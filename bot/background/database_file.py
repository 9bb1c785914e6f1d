"""Notices that a database file was replaced, removed or overwritten under the running bot, or cannot be read.

SQLite holds on to the file that it opened: what somebody else puts in its place is never seen, and what is
written over it is mixed with what SQLite still has in its log. Two things tell of that. The file was written
although SQLite copied nothing into it (walformat.html, "The WAL-Index File Format"). Or its number went back:
`user_version` (fileformat2.html, 1.3), which is raised here whenever the log was copied into the file, so
that every copy with another content has a lower one. https://www.sqlite.org has both pages.

No file is closed that was opened here: closing one drops every lock that the process has on it.
"""

from __future__ import annotations

import os
import sqlite3
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import structlog

from bot.background.supervisor import Loop, Pause
from bot.errors import CannotGoOnError
from bot.ports import Leave
from bot.threads import in_thread
from kb.errors import StoreError

log = structlog.get_logger(__name__)

_MAGIC = b"SQLite format 3\x00"
_NUMBER_AT, _NUMBER_BYTES = 60, 4  # the user version (https://sqlite.org/fileformat2.html, 1.3)
_INDEX = struct.Struct("=16xI12x2I56xI28xI")
_LOOK_SECONDS = 3.0
_UNREADABLE = 3  # looks in a row
_WAITS = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})


_Identity = tuple[int, int]


class _Log(NamedTuple):
    """How many pages the log holds, which log it is, how far it was copied, and was about to be."""

    pages: int
    salt: int
    other_salt: int
    copied: int
    begun: int


@dataclass(frozen=True, kw_only=True)
class _Look:
    """One look: which files these are, when it was written, and the state of copying the log into it."""

    file: _Identity | None
    log: tuple[_Identity | None, ...]
    written: tuple[int, int]
    before: _Log | None
    after: _Log | None


class DatabaseFile:
    """One SQLite database in WAL mode that this process has open, from now on and for as long as it lives.

    `count` reads a number of it that never falls; None where there is none.
    """

    def __init__(self, path: Path, *, count: Callable[[sqlite3.Connection], int] | None = None) -> None:
        self._path, self._count = path, count
        self._log = tuple(path.with_name(f"{path.name}-{end}") for end in ("wal", "shm"))
        self._held = self._connect("rw")  # as long as somebody has it open, SQLite keeps the log
        self._held.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        self._main = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._shm: int | None = None
        self._highest, self._unreadable = 0, 0
        self._is_due = not self._raise_number()
        self._number = self._read_number()
        self._last = self._look()

    def check(self) -> None:
        """Look once more; call it every few seconds, off the event loop. Raises CannotGoOnError."""
        look = self._look()
        if look.file != self._last.file:
            raise self._error("was replaced by another file" if look.file else "was removed")
        if any(was not in (None, now) for was, now in zip(self._last.log, look.log, strict=True)):
            raise self._error("has lost its log (-wal, -shm)")
        magic, number = os.pread(self._main, len(_MAGIC), 0), self._read_number()
        if magic != _MAGIC or number < self._number or _written_by_others(self._last, look):
            raise self._error("was overwritten")
        if self._is_due or _copied(self._last, look):
            self._is_due = not self._raise_number()
            look, number = self._look(), self._read_number()
        self._last, self._number = look, number
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

    def _copying(self) -> _Log | None:
        """The state of the log; None where there is none."""
        if self._shm is None:
            try:
                self._shm = os.open(self._log[1], os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                return None
        header = os.pread(self._shm, _INDEX.size, 0)
        return _Log(*_INDEX.unpack(header)) if len(header) == _INDEX.size else None

    def _read_number(self) -> int:
        """The number that stands in the file itself, whatever is in the log."""
        return int.from_bytes(os.pread(self._main, _NUMBER_BYTES, _NUMBER_AT), "big")

    def _raise_number(self) -> bool:
        """Raise the number and copy the log into the file; False while somebody else writes."""
        held = self._held
        try:
            held.execute("BEGIN IMMEDIATE")
            (number,) = held.execute("PRAGMA user_version").fetchone()
            held.execute(f"PRAGMA user_version = {number + 1}")
            held.execute("COMMIT")
            held.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except sqlite3.Error as error:
            if held.in_transaction:
                held.execute("ROLLBACK")
            if _errorcode(error) in _WAITS:
                return False
            raise
        return True

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
            if _errorcode(error) in _WAITS:
                return  # somebody works on it
            self._unreadable += 1
            if self._unreadable >= _UNREADABLE:
                raise self._error(f"cannot be read any more ({error})") from error
            return
        self._unreadable = 0
        if count < self._highest:
            raise self._error(f"went back from revision {self._highest} to {count}")
        self._highest = count

    def _connect(self, mode: str = "ro") -> sqlite3.Connection:
        address = f"{self._path.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(address, uri=True, timeout=1.0, isolation_level=None, check_same_thread=False)

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


def _identity(status: os.stat_result | None) -> _Identity | None:
    return (status.st_dev, status.st_ino) if status else None


def _errorcode(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _written_by_others(last: _Look, look: _Look) -> bool:
    """Whether the file was written between two looks although SQLite copied nothing into it.

    With a log, SQLite writes to the file only to copy from the log. It says so before it begins (how far it
    is about to copy) and once it is done (how far it has); a new log has new salts.
    """
    before, after = last.before, look.after
    if look.written == last.written or before is None or after is None:
        return False
    is_busy = any(state.copied != state.begun for state in (before, after))
    return not is_busy and before[1:] == after[1:]


def _copied(last: _Look, look: _Look) -> bool:
    """Whether something was copied from the log into the file between two looks."""
    before, after = last.after, look.before
    if before is None or after is None:
        return False
    if before.salt == after.salt:
        return (before.copied, before.begun) != (after.copied, after.begun)
    return before.copied < before.pages or after.copied > 0  # a log is begun anew once it was copied
