"""Nobody can keep the bot from others on Slack either, be it by what they post or by what an entry holds."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.scenario.test_whole_bot_slack import QUICK, Scene, on_scene, said
from tests.servers.beside import STOPS_WITHIN, WITHIN, keep
from tests.servers.hostile_web import ENTRY, LONG_ENTRY, long_copy, mute_links, retold
from tests.servers.slack import Channel, Message

pytestmark = pytest.mark.slow


@dataclass(kw_only=True)
class Beside:
    """The running bot in a crowded channel, the scene's own, and in a quiet one, where ben asks."""

    scene: Scene
    quiet: Channel
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    async def hear(self, question: Message) -> str:
        """Wait for the first answer to a message; gives what it says."""
        waiting = self.scene.slack.wait_for(lambda: self.scene.answers(question), seconds=WITHIN + 1)
        return said((await self.scene.bot.until(waiting, seconds=WITHIN))[0])

    async def probe(self) -> None:
        """Let ben ask about a page of a site of its own, and wait for the right answer."""
        text = f"@caveat http://paper{next(self._numbers)}.example/story"
        assert ENTRY.original.title in await self.hear(await self.scene.ben.post(self.quiet, text))

    async def stop(self) -> int:
        """SIGTERM; gives the exit status, and raises TimeoutError where a signal is not heard in time."""
        async with asyncio.timeout(STOPS_WITHIN):
            return await self.scene.bot.stop()


@asynccontextmanager
async def beside(folder: Path, **settings: str) -> AsyncIterator[Beside]:
    keep(folder, ENTRY, LONG_ENTRY)
    async with on_scene(folder, **(QUICK | settings)) as scene:
        scene.web.routes |= {"/story": retold(), "/copy": long_copy()}
        quiet = scene.workspace.channel("quiet", scene.anna, scene.ben)
        try:
            yield Beside(scene=scene, quiet=quiet)
        except BaseException:
            await scene.bot.kill()  # it may not hear a signal
            raise


async def test_an_entry_with_long_but_allowed_fields_is_answered_with_and_costs_nobody_else(
    tmp_path: Path,
) -> None:
    async with beside(tmp_path) as here:
        await here.probe()
        asked = await here.scene.anna.post(here.scene.room, "@caveat http://copy.example/copy")
        await here.probe()
        assert LONG_ENTRY.original.publisher in await here.hear(asked)
        unasked = await here.scene.anna.post(here.quiet, "http://another.example/copy")
        await here.probe()
        assert LONG_ENTRY.original.publisher in await here.hear(unasked)
        assert await here.stop() == 0


async def test_links_to_sites_that_never_answer_keep_nobody_waiting(tmp_path: Path) -> None:
    fault = mute_links(16, patience=8)
    async with beside(tmp_path, **fault.settings) as here:
        here.scene.web.routes |= fault.routes
        await here.probe()
        for post in fault.turned(0):
            await here.scene.anna.post(here.scene.room, post)
        for _ in range(3):
            await here.probe()
        asked = await here.scene.anna.post(here.scene.room, f"@caveat {fault.asked}")
        assert await here.hear(asked)
        for post in fault.turned(1):
            await here.scene.anna.post(here.scene.room, post)
        await here.probe()
        assert await here.stop() == 0
