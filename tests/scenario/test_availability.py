"""Nobody can keep the bot from others: beside each fault, a question in another channel is answered.

`make bench` measures how soon; here only an answer is told from a bot that hangs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.beside import on_scene
from tests.servers.hostile_web import FAULTS
from tests.servers.synapse import Synapse

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def synapse() -> Iterator[Synapse]:
    with Synapse() as server:
        yield server


@pytest.mark.parametrize("name", FAULTS)
async def test_somebody_else_is_answered_before_beside_and_after_a_fault(
    synapse: Synapse, tmp_path: Path, name: str
) -> None:
    """So is whoever asks about the fault itself; SIGTERM is heard, and after a restart all goes on."""
    fault = FAULTS[name]()
    async with on_scene(synapse, tmp_path, fault) as scene:
        await scene.probe()
        async with scene.beside(fault):
            for _ in range(3):
                await scene.probe()
            await scene.ask_about(fault)
        await scene.probe()
        async with scene.beside(fault):
            assert await scene.stop() == 0
        await scene.bot.start()
        await scene.probe()
