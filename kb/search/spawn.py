"""Child processes that Ctrl-C does not reach: it is for the bot, which ends them in its own order."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker


@contextmanager
def without_ctrl_c() -> Iterator[None]:
    """Block SIGINT in this thread, and so in the threads and processes that are started meanwhile."""
    resource_tracker.ensure_running()  # starts with the first process else, and then unblocks the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
