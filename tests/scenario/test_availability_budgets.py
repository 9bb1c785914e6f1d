"""Whoever posts much is answered as much as anybody, and costs nobody else an answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.beside import QUICK, on_scene
from tests.servers.hostile_web import ENTRY, mute_links, retold
from tests.servers.synapse import Synapse
from tests.servers.web import Held

pytestmark = pytest.mark.slow

LINKS = 3
"""How many links of one message are looked at, by default."""


@pytest.fixture(scope="module")
def synapse() -> Iterator[Synapse]:
    with Synapse() as server:
        yield server


@pytest.mark.parametrize("asked", ["@caveat ", ""], ids=["asked", "unasked"])
async def test_edits_of_a_message_share_its_links(synapse: Synapse, tmp_path: Path, asked: str) -> None:
    """Twenty edits, each with another link, get three answers at most, and at most one word about it."""
    settings = {**QUICK, "REPEAT_HOURS": "0"}
    async with on_scene(synapse, tmp_path, settings=settings) as scene:
        message = await scene.anna.send(scene.crowded, f"{asked}http://copy0.example/story")
        await scene.hear(scene.anna, scene.crowded, message)
        for number in range(1, 21):
            await scene.anna.edit(scene.crowded, message, f"{asked}http://copy{number}.example/story")
        await scene.probe(scene.crowded)
        await scene.settled()
        answers = await scene.answers(scene.anna, scene.crowded, message)
        about_it = [each for each in answers if ENTRY.original.title in each]
        assert 1 <= len(about_it) <= LINKS
        assert len(answers) <= LINKS + 1
        assert await scene.stop() == 0


async def test_a_site_is_spared_however_often_people_link_to_it(synapse: Synapse, tmp_path: Path) -> None:
    """120 links to one site, below many names, within seconds: it is called about thirty times a minute."""
    async with on_scene(synapse, tmp_path) as scene:
        await scene.probe()
        for number in range(40):
            links = [f"http://www{number}-{part}.busy.example/story" for part in range(LINKS)]
            await scene.anna.send(scene.crowded, " ".join(links))
        await scene.probe()
        await scene.settled()
        question = await scene.ask(scene.ben, scene.crowded, "http://www.busy.example/story")
        await scene.hear(scene.ben, scene.crowded, question)
        called = [request for request in scene.web.requests if request.host.endswith("busy.example")]
        assert 1 <= len(called) <= 60
        assert await scene.stop() == 0


async def test_one_persons_flood_does_not_keep_others_in_the_channel_from_an_answer(
    synapse: Synapse, tmp_path: Path
) -> None:
    """Not even where each of its messages is a question."""
    fault = mute_links(16, patience=20)
    async with on_scene(synapse, tmp_path, fault) as scene:
        await scene.probe(scene.crowded)
        for post in fault.turned(0):
            await scene.ask(scene.anna, scene.crowded, post)
        await scene.bot.until(scene.reached.wait())
        await scene.probe(scene.crowded)
        await scene.probe()
        assert await scene.stop() == 0


async def test_a_pause_takes_effect_while_slow_messages_are_handled(synapse: Synapse, tmp_path: Path) -> None:
    """The admin is told at once, and what was in the making is not said any more, nor after a restart."""
    fault, held = mute_links(16, patience=60), Held(retold())
    async with on_scene(synapse, tmp_path, fault, routes={"/held": held}, ben_is_admin=True) as scene:
        await scene.probe()
        copy = await scene.anna.send(scene.crowded, "http://held.example/held")
        await scene.bot.until(held.asked_for.wait())
        async with scene.beside(fault):
            pause = await scene.ask(scene.ben, scene.quiet, "pause")
            assert "Paused" in await scene.hear(scene.ben, scene.quiet, pause)
            held.go_on.set()
            assert await scene.stop() == 0
        await scene.bot.start()
        resume = await scene.ask(scene.ben, scene.quiet, "resume")
        await scene.hear(scene.ben, scene.quiet, resume)
        await scene.probe()
        assert await scene.answers(scene.anna, scene.crowded, copy) == []
