"""How the running bot does, in a small file in its data folder: `caveat doctor` is another process."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.background.supervisor import Loop, LoopHealth, Pause, Supervisor
from bot.clock import REAL_TIME, Time
from kb.errors import StoreError

RENEWED_SECONDS = 15.0
STALE_SECONDS = 60.0  # four times it was due
"""From this age on the file tells of the past: the bot hangs, or cannot write."""

_FILE, _LOCK = "health.json", "queue.lock"


@dataclass(frozen=True, kw_only=True)
class Health:
    """How a bot did when it last said so."""

    pid: int
    version: str
    started_at: datetime
    written_at: datetime
    loops: tuple[LoopHealth, ...]


class HealthFile:
    """Keeps the file of this process's health current."""

    def __init__(self, folder: Path, supervisor: Supervisor, *, version: str, time: Time = REAL_TIME) -> None:
        self._path, self._supervisor, self._version = folder / _FILE, supervisor, version
        self._time, self._started_at = time, time.now()

    def loop(self) -> Loop:
        """The loop that writes it: every 15 seconds, and whenever a loop's health turns."""
        return Loop(name="health file", round=self.round, limit=30.0, woken_by=self._supervisor.changed)

    async def round(self) -> Pause:
        """Write it, whole or not at all; it is too small to hold up the event loop. Raises StoreError."""
        health = Health(
            pid=os.getpid(),
            version=self._version,
            started_at=self._started_at,
            written_at=self._time.now(),
            loops=self._supervisor.health(),
        )
        draft = self._path.with_name(f"{_FILE}.new")
        text = json.dumps(asdict(health), default=datetime.isoformat, indent=1)
        try:
            draft.write_text(text, encoding="utf-8")
            draft.chmod(0o600)
            draft.replace(self._path)
        except OSError as error:
            raise StoreError(f"{self._path} cannot be written: {error.strerror}.") from error
        return Pause(seconds=RENEWED_SECONDS)

    def remove(self) -> None:
        """Remove it: the bot has ended as it should."""
        self._path.unlink(missing_ok=True)


def read_health(folder: Path) -> Health | None:
    """What the bot with this data folder last said; None where it said nothing that can be read."""
    try:
        return TypeAdapter(Health).validate_json((folder / _FILE).read_bytes())
    except (OSError, ValidationError):
        return None


def is_running(folder: Path) -> bool:
    """Whether a bot is running with this data folder: it holds the lock of its queue, and dies with it."""
    try:
        with (folder / _LOCK).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
