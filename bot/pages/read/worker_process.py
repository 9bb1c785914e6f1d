"""One process that reads outside text, seen from the bot: started, asked in a thread, slowed down, killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.pages.read.exchange import Task

_LONGEST_ANSWER = 8 * 2**20  # bytes of one line
_LOWEST_PRIORITY = 19
# What Python and numpy themselves may need.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "OPENBLAS_CORETYPE")


class GoneError(Exception):
    """A worker ended, or was ended, before it answered."""


class Worker:
    """A process that shares nothing with the bot but two pipes.

    It gets none of the bot's environment, where passwords are, and what it answers is read as JSON, never
    unpickled: it has parsed what anybody may have written. `since` is when its task came, `urgent` whether
    somebody waits for that one, `worn` says that it must not be used again, `given_up` that its task had to
    make room for others.
    """

    def __init__(self, memory: int) -> None:
        self.pages = 0
        self.since = 0.0
        self.urgent = False
        self.worn = False
        self.given_up = False
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this Python, a module of ours and a number
                (sys.executable, "-P", "-m", "bot.pages.read.read_worker", str(memory)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the bot, which ends them in its own order
            )
        except OSError as error:
            raise GoneError from error

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def hear(self) -> dict[str, Any]:
        """Wait for one answer, in a thread. Raises GoneError."""
        assert self._process.stdout  # noqa: S101 - made with a pipe; for mypy
        try:
            answer: dict[str, Any] = json.loads(self._process.stdout.readline(_LONGEST_ANSWER))
        except (OSError, ValueError) as error:
            raise GoneError from error
        return answer

    def ask(self, task: Task) -> dict[str, Any]:
        """Hand a task over and wait for what came of it, in a thread. Raises GoneError."""
        assert self._process.stdin  # noqa: S101 - made with a pipe; for mypy
        self.pages += 1
        head = {**task.head, "job": task.job, "seconds": task.seconds, "size": len(task.body)}
        try:
            self._process.stdin.write(json.dumps(head).encode() + b"\n")
            self._process.stdin.write(task.body)
            self._process.stdin.flush()
        except OSError as error:
            raise GoneError from error
        return self.hear()

    def slow_down(self) -> None:
        """Let everything else go first from now on; there is no way back, so the worker is worn."""
        self.worn = True
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, _LOWEST_PRIORITY)

    def kill(self) -> None:
        """End the process at once; whoever waits for an answer hears that it is gone."""
        self._process.kill()

    def bury(self) -> None:
        """Wait until a killed process has ended and let go of its pipes, in a thread."""
        self._process.wait()
        for pipe in (self._process.stdout, self._process.stdin):
            with suppress(OSError):  # what was not sent is lost
                pipe.close()  # type: ignore[union-attr]  # made with pipes


def _environment() -> dict[str, str]:
    paths = [path or str(Path.cwd()) for path in sys.path]
    return {
        **{name: value for name in _ENVIRONMENT if (value := os.environ.get(name))},
        "OPENBLAS_NUM_THREADS": "1",  # each thread of it takes address space, of which there is a limit
        "PYTHONPATH": os.pathsep.join(paths),
    }
