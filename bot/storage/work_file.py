"""The work queue's file: one process at a time holds it, and what is finished is forgotten in time."""

from __future__ import annotations

import fcntl
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import SettingsError
from kb.errors import StoreError


def purge_work(path: Path, before: datetime) -> int:
    """Forget finished work that ended before then, in the queue's file; give the number.

    Needs no running bot, and does not disturb one. Raises StoreError.
    """
    if not path.exists():
        return 0
    from dbos import DBOSClient, DBOSPortableJSONSerializer  # noqa: PLC0415  # half a second of imports

    purged = 0
    client = DBOSClient(system_database_url=address(path), serializer=DBOSPortableJSONSerializer(), lazy=True)
    try:
        while finished := client.list_workflows(
            completed_before=before.astimezone(UTC).isoformat(),
            limit=500,
            load_input=False,
            load_output=False,
        ):
            client.delete_workflows([workflow.workflow_id for workflow in finished])
            purged += len(finished)
    except SQLAlchemyError as error:
        raise StoreError(f"The work queue {path} cannot be purged: {error}") from error
    finally:
        client.destroy()
    return purged


def locked(path: Path) -> IO[str]:
    """Take the lock for this process, until the file is closed. Raises SettingsError when another has it."""
    # The kernel lets go of the lock when the process dies, however it dies.
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise SettingsError(
            f"Another caveat is running with {path.parent}; stop it, or give this one another data folder."
        ) from error
    return file


def address(path: Path) -> str:
    """The file's address for SQLAlchemy."""
    return f"sqlite:///{path}"
