"""Strangers with a homeserver of their own may talk to the bot, and silence nothing for others."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.servers.beside import QUICK, Scene, on_scene, somebody
from tests.servers.hostile_web import ENTRY
from tests.servers.synapse import Synapse, User

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home() -> Iterator[Synapse]:
    with Synapse(federates=True) as server:
        yield server


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Synapse]:
    with Synapse(federates=True) as server:
        yield server


@asynccontextmanager
async def three_of(server: Synapse) -> AsyncIterator[list[User]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(somebody(server, name)) for name in ("uma", "vito", "wanda")]


async def vote_against(scene: Scene, people: list[User], room: str, link: str) -> None:
    """Let the first of them ask about a link, and all call the answer another story."""
    question = await scene.ask(people[0], room, link)
    answer = await scene.answer(people[0], room, question)
    await scene.settled()  # nobody votes within the milliseconds before an answer is recorded
    for each in people:
        vote = {"rel_type": "m.annotation", "event_id": answer["event_id"], "key": "👎"}
        await each.send_event(room, "m.reaction", {"m.relates_to": vote})
        after = await scene.ask(each, room, link)  # what is answered was read after the vote
        await scene.hear(each, room, after)


async def room_of(scene: Scene, people: list[User]) -> str:
    """A room that the first of them makes, with the bot in it."""
    maker, *others = people
    room = await maker.create_room(*(each.id for each in others), scene.account.user_id)
    for each in others:
        await each.join(room)
    await scene.bot.until(maker.wait_for_member(room, scene.account.user_id))
    return room


async def test_three_strangers_cannot_mute_an_entry_for_others(
    home: Synapse, elsewhere: Synapse, tmp_path: Path
) -> None:
    """Three people of the bot's own homeserver can."""
    settings = {**QUICK, "REPEAT_HOURS": "0"}
    async with (
        on_scene(home, tmp_path, settings=settings) as scene,
        three_of(elsewhere) as strangers,
        three_of(home) as colleagues,
    ):
        before = await scene.anna.send(scene.crowded, "http://before.example/story")
        assert ENTRY.original.title in await scene.hear(scene.anna, scene.crowded, before)

        theirs = await room_of(scene, strangers)
        await vote_against(scene, strangers, theirs, "http://theirs.example/story")
        await scene.probe()
        unasked = await scene.anna.send(scene.crowded, "http://after.example/story")
        assert ENTRY.original.title in await scene.hear(scene.anna, scene.crowded, unasked)

        ours = await room_of(scene, colleagues)
        await vote_against(scene, colleagues, ours, "http://ours.example/story")
        muted = await scene.anna.send(scene.crowded, "http://muted.example/story")
        await scene.probe()
        await scene.settled()
        assert await scene.answers(scene.anna, scene.crowded, muted) == []
        assert await scene.stop() == 0
