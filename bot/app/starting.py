"""What may be in the way at the start and pass by itself, and what a person has to mend."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from bot.patience import Patience
from kb.errors import StoreError

Result = TypeVar("Result")

_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
    }
)
_PASSING_ERRNO = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EIO}
)
_LOCK_SECONDS = 1.0


def is_final(error: BaseException) -> bool:
    """Whether a person has to mend why a database cannot be used: not if it is locked, or the disk full."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", 0) & 0xFF in _PASSING:
            return False
        if isinstance(cause, TimeoutError) or (isinstance(cause, OSError) and cause.errno in _PASSING_ERRNO):
            return False
        cause = cause.__cause__
    return True


async def when_possible(
    call: Callable[[], Awaitable[Result]], what: str, *, patience: Patience | None = None
) -> Result:
    """Use a database as soon as it is possible. Raises StoreError for what a person must mend."""
    return await (patience or Patience()).until_done(call, on=StoreError, final=is_final, what=what)


def check_free(path: Path) -> None:
    """Take the write lock of a database for a moment, if there is one. Raises StoreError when it is taken."""
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        with closing(sqlite3.connect(path, timeout=_LOCK_SECONDS, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        if not is_final(error):
            raise StoreError(f"{path} is in use: {error}.") from error
