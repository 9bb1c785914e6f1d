"""How long a question waits beside each fault, against the quiet bot of the same run; what an idle bot costs.

    python -m tests.bench.availability

The bot is a process in rooms of a real Synapse, with its usual model and settings.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from tests.bench.row import Row
from tests.servers.beside import STOPS_WITHIN, WITHIN, Scene, on_scene
from tests.servers.hostile_web import (
    Fault,
    hostile_headers,
    long_messages,
    mute_links,
    pages_of_numbers,
    speakers,
)
from tests.servers.processes import processor_seconds
from tests.servers.synapse import Synapse

_QUIET = 5
_BESIDE = 3
_IDLE_SECONDS = 20.0


def measure() -> Iterable[Row]:
    """Delays of a mention with a link, from its sending to its answer; each fault has a bot of its own.

    Beside a fault it is the slowest of three; one that is not answered in a minute counts as a minute.
    """
    faults = (
        mute_links(8),
        mute_links(16),
        pages_of_numbers(),
        hostile_headers(),
        speakers(),
        long_messages(24),
    )
    with Synapse() as synapse:
        quiet, idle = asyncio.run(_quiet(synapse))
        yield Row("mention answered by the quiet bot, median", quiet, "s")
        for fault in faults:
            delay, stopped = asyncio.run(_beside(synapse, fault))
            yield Row(f"mention beside {fault.told}{_or_not(delay, WITHIN)}", delay, "s")
            yield Row("    times the quiet bot's", delay / quiet, "")
            yield Row(f"    from SIGTERM to its end{_or_not(stopped, STOPS_WITHIN)}", stopped, "s")
        yield Row("bot connected and idle, its main process", 100 * idle, "% of a core")


def _or_not(seconds: float, limit: float) -> str:
    return ", NOT DONE" if seconds >= limit else ""


async def _quiet(synapse: Synapse) -> tuple[float, float]:
    """Seconds that a mention takes, and the share of a core that the idle bot takes."""
    with tempfile.TemporaryDirectory() as folder:
        async with on_scene(synapse, Path(folder), settings={}) as scene:
            await scene.probe()  # it waits for the model
            delay = statistics.median([await scene.probe() for _ in range(_QUIET)])
            await scene.settled()
            before, started = processor_seconds(scene.bot.pid), time.perf_counter()
            await asyncio.sleep(_IDLE_SECONDS)
            used = processor_seconds(scene.bot.pid) - before
            return delay, used / (time.perf_counter() - started)


async def _beside(synapse: Synapse, fault: Fault) -> tuple[float, float]:
    """Seconds that the slowest mention takes beside a fault, and the bot then takes to end."""
    with tempfile.TemporaryDirectory() as folder:
        async with on_scene(synapse, Path(folder), fault, settings={}) as scene:
            await scene.probe()
            async with scene.beside(fault):
                delay = max([await _delay(scene) for _ in range(_BESIDE)])
            started = time.perf_counter()
            with suppress(TimeoutError):
                await scene.stop()
            return delay, min(time.perf_counter() - started, STOPS_WITHIN)


async def _delay(scene: Scene) -> float:
    started = time.perf_counter()
    try:
        return await scene.probe()
    except AssertionError:
        if time.perf_counter() - started < WITHIN:
            raise  # it was answered, and wrongly, or the bot ended
        return WITHIN


if __name__ == "__main__":
    for row in measure():
        print(row, flush=True)
