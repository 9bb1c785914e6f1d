"""What systemd is told, by real datagrams."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import pytest

from bot.app.systemd import Watchdog, notify, watchdog_seconds


@contextmanager
def manager(name: str) -> Iterator[socket.socket]:
    """A service manager's socket; a name with "@" is one without a file."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name[1:]}" if name.startswith("@") else name)
        listening.settimeout(10)
        yield listening


@pytest.mark.parametrize("abstract", [False, True])
def test_a_manager_hears_what_it_is_told(tmp_path: Path, abstract: bool) -> None:
    name = f"@caveat-{token_hex(8)}" if abstract else str(tmp_path / "notify")
    with manager(name) as listening:
        assert notify("READY=1", environ={"NOTIFY_SOCKET": name})
        assert listening.recv(100) == b"READY=1"


@pytest.mark.parametrize("name", ["", "no path", "/nobody/listens"])
def test_without_a_manager_nothing_is_told(name: str) -> None:
    assert not notify("READY=1", environ={"NOTIFY_SOCKET": name})


@pytest.mark.parametrize(
    ("micros", "process", "seconds"),
    [
        ("60000000", "", 60.0),
        ("60000000", "this one", 60.0),
        ("60000000", "1", None),
        ("0", "", None),
        ("soon", "", None),
        ("", "", None),
    ],
)
def test_the_interval_is_for_the_process_that_it_is_meant_for(
    micros: str, process: str, seconds: float | None
) -> None:
    owner = process.replace("this one", str(os.getpid()))
    assert watchdog_seconds({"WATCHDOG_USEC": micros, "WATCHDOG_PID": owner}) == seconds


async def test_the_watchdog_is_fed_unless_a_critical_loop_stalls(tmp_path: Path) -> None:
    stalled: tuple[str, ...] = ()
    environ = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "4000000"}
    with manager(environ["NOTIFY_SOCKET"]) as listening:
        watchdog = Watchdog(lambda: stalled, environ=environ)
        try:
            assert (await watchdog.round()).seconds == 2.0
            assert listening.recv(100) == b"WATCHDOG=1"
            stalled = ("index",)
            await watchdog.round()
            listening.setblocking(False)
            with pytest.raises(BlockingIOError):
                listening.recv(100)
        finally:
            watchdog.close()


@pytest.mark.slow
def test_an_event_loop_that_stands_still_ends_the_process_and_says_where() -> None:
    """Also without systemd; the watchdog counts outside the interpreter."""
    program = """
import asyncio, time
from bot.app.systemd import Watchdog
async def main():
    await Watchdog(lambda: (), environ={}, blocked_seconds=0.5).round()
    time.sleep(60)  # a fault of ours: nothing else runs meanwhile
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 1
    assert "in main" in done.stderr
