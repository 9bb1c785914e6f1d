"""Tells systemd how the bot does, and keeps a watchdog that the event loop feeds.

https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html has the protocol: a datagram to a
socket that is named in the environment. Without systemd nothing is sent.
"""

from __future__ import annotations

import faulthandler
import os
import socket
import sys
from collections.abc import Callable, Mapping

import structlog

from bot.background.supervisor import Loop, Pause

log = structlog.get_logger(__name__)

BLOCKED_SECONDS = 45.0
"""An event loop that stands still for so long ends the process: status 1, and a list of where it stands."""

_LONGEST_PAUSE = 10.0


def notify(state: str, *, environ: Mapping[str, str] = os.environ) -> bool:
    """Tell the service manager, such as "READY=1"; False where there is none, or it does not listen."""
    name = environ.get("NOTIFY_SOCKET", "")
    if not name.startswith(("/", "@")):
        return False
    address = f"\0{name[1:]}" if name.startswith("@") else name
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
            sender.setblocking(False)  # a full queue must not block the loop
            sender.sendto(state.encode(), address)
    except OSError as error:
        log.warning("service_manager_not_told", state=state, error=str(error))
        return False
    return True


def watchdog_seconds(environ: Mapping[str, str] = os.environ) -> float | None:
    """Within how many seconds the service manager wants to hear of this process; None where it does not."""
    try:
        owner, micros = environ.get("WATCHDOG_PID", ""), int(environ.get("WATCHDOG_USEC", ""))
    except ValueError:
        return None
    return micros / 1e6 if micros > 0 and owner in {"", str(os.getpid())} else None


class Watchdog:
    """A loop that says that the process lives, as long as the event loop turns and nothing has `stalled`."""

    def __init__(
        self,
        stalled: Callable[[], tuple[str, ...]],
        *,
        environ: Mapping[str, str] = os.environ,
        blocked_seconds: float = BLOCKED_SECONDS,
    ) -> None:
        self._stalled, self._environ, self._blocked_seconds = stalled, environ, blocked_seconds
        interval = watchdog_seconds(environ)
        self._feeds = interval is not None
        self._pause = min((interval or 2 * _LONGEST_PAUSE) / 2, _LONGEST_PAUSE, blocked_seconds / 3)
        self._told: tuple[str, ...] = ()

    def loop(self) -> Loop:
        """The loop that feeds it."""
        return Loop(name="watchdog", round=self.round, limit=10.0, after_error=self._pause)

    async def round(self) -> Pause:
        """Feed it once."""
        if sys.__stderr__ is not None:  # a thread outside the interpreter counts, whatever holds its lock
            faulthandler.dump_traceback_later(self._blocked_seconds, exit=True, file=sys.__stderr__)
        stalled = self._stalled()
        if stalled != self._told:
            log.error("loops_stalled", loops=stalled)
            self._told = stalled
        if self._feeds and not stalled:
            notify("WATCHDOG=1", environ=self._environ)
        return Pause(seconds=self._pause)

    def close(self) -> None:
        """Stop counting."""
        faulthandler.cancel_dump_traceback_later()
