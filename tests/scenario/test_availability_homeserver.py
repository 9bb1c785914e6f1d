"""What may pass by itself is waited for, from the first second; only what a person must mend ends the bot."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.servers.beside import QUICK, STOPS_WITHIN, WITHIN, end, on_scene
from tests.servers.chat_server import BotProcess
from tests.servers.door import BAD_GATEWAY, HUNG_UP, Door
from tests.servers.synapse import Synapse
from tests.servers.whole_bot import ROOT, command, environment

pytestmark = pytest.mark.slow

AWAY = 2.0
"""Seconds in which nobody listens at the homeserver's address; a bot that gives up has done so by then."""

NOBODY = 9
"""A port for pages that nobody asks for."""


@pytest.fixture(scope="module")
def synapse() -> Iterator[Synapse]:
    with Synapse() as server:
        yield server


async def test_a_homeserver_that_starts_after_the_bot_is_waited_for(synapse: Synapse, tmp_path: Path) -> None:
    """Nobody listens, a proxy says that it is not there yet, a connection is cut; then the bot answers."""
    door = Door(target=synapse.port, seconds=AWAY, excuses=(BAD_GATEWAY, HUNG_UP))
    async with door.running():
        settings = {**QUICK, "MATRIX_HOMESERVER": door.address}
        async with on_scene(synapse, tmp_path, settings=settings) as scene:
            await scene.probe()
            assert await scene.stop() == 0


async def test_a_bot_that_waits_for_its_homeserver_hears_sigterm(synapse: Synapse, tmp_path: Path) -> None:
    account = synapse.register(f"caveat-{secrets.token_hex(4)}")
    door = Door(target=synapse.port, seconds=0, excuses=[BAD_GATEWAY] * 1000)
    async with door.running():
        env = environment(replace(account, server=door.address), tmp_path, **QUICK)
        bot = BotProcess(command(NOBODY), cwd=ROOT, env=env)
        await bot.start()
        try:
            await bot.until(door.asked.wait())
            async with asyncio.timeout(STOPS_WITHIN):
                assert await bot.stop() == 0
        finally:
            await end(bot)


async def test_a_wrong_password_ends_the_bot_for_a_person_to_mend_it(
    synapse: Synapse, tmp_path: Path
) -> None:
    """Status 2, after which nothing starts it again by itself; the one line says what to look at."""
    account = replace(synapse.register(f"caveat-{secrets.token_hex(4)}"), password="wrong horse")
    bot = BotProcess(command(NOBODY), cwd=ROOT, env=environment(account, tmp_path, **QUICK))
    await bot.start()
    try:
        async with asyncio.timeout(WITHIN):
            assert await bot.ended() == 2
        assert "CAVEAT_MATRIX_PASSWORD" in bot.said
    finally:
        await end(bot)
