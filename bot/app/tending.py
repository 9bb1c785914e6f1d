"""What looks after the running bot as a whole: its supervisor, with the watchdog and the health file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from bot import __version__
from bot.app.systemd import Watchdog, notify
from bot.background.health import HealthFile
from bot.background.supervisor import Loop, Pause, Supervisor
from bot.errors import LoginError, PlatformError, SettingsError


@asynccontextmanager
async def watched() -> AsyncIterator[Supervisor]:
    """Give a supervisor whose watchdog is fed, for the length of the block."""
    async with Supervisor() as supervisor:
        watchdog = Watchdog(supervisor.stalled)
        supervisor.start(watchdog.loop())
        try:
            yield supervisor
        finally:
            notify("STOPPING=1")
            watchdog.close()


@contextmanager
def health_told(folder: Path, supervisor: Supervisor) -> Iterator[None]:
    """Keep the file current in which `caveat doctor` reads how the loops do, for the length of the block."""
    health = HealthFile(folder, supervisor, version=__version__)
    supervisor.start(health.loop())
    try:
        yield
    finally:
        health.remove()


def listening(name: str, listen: Callable[[], Awaitable[None]]) -> Loop:
    """The loop that listens to a platform; what a person has to mend ends the bot."""

    async def round_() -> Pause:
        await listen()
        raise PlatformError(f"{name} has stopped listening")

    return Loop(
        name=name,
        round=round_,
        limit=None,
        after_error=None,
        critical=True,
        final=(LoginError, SettingsError),
    )
