"""The whole bot beside a fault, in rooms of a real Synapse, and how long somebody else waits for an answer.

    async with on_scene(synapse, folder, fault) as scene:
        before = await scene.probe()
        async with scene.beside(fault):
            during = await scene.probe()

The scenarios and the bench play the same scenes.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.app.run import open_database
from kb.entries.entry import Entry
from kb.store.entries import Store
from tests.servers.chat_server import BotProcess
from tests.servers.hostile_web import ENTRY, Fault, retold
from tests.servers.processes import descendants, is_running
from tests.servers.synapse import Account, Synapse, User
from tests.servers.web import Behaviour, Request, WebServer
from tests.servers.whole_bot import ROOT, all_handled, command, environment

WITHIN = 60.0
"""Seconds that tell an answer from a bot that hangs; how fast it is, the bench tells."""

STOPS_WITHIN = 10.0
"""Seconds after SIGTERM at which those who started a process, Docker say, kill it."""

QUICK = {"MODEL": "hash", "PAGE_THRESHOLD": "0.3", "CUTOFF": "0.2", "WORDS_THRESHOLD": "0.3", "GAP": "0"}
"""No model: what it costs is not what the scenarios are about."""


@dataclass(kw_only=True)
class Scene:
    """A crowded room, where anna posts, and a quiet one, where ben asks; the running bot is in both.

    `hear` gives the bot's answer to a message, `probe` how many seconds one of ben's took.
    """

    bot: BotProcess
    account: Account
    folder: Path
    web: WebServer
    anna: User
    ben: User
    crowded: str
    quiet: str
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    async def ask(self, who: User, room: str, text: str) -> str:
        """Mention the bot; gives the message's id."""
        return await who.send(room, f"@caveat {text}", m__mentions={"user_ids": [self.account.user_id]})

    async def answer(self, who: User, room: str, message: str, *, within: float = WITHIN) -> dict[str, Any]:
        """Wait for the bot's reply to a message."""

        def is_it(event: dict[str, Any]) -> bool:
            relation = event.get("content", {}).get("m.relates_to", {})
            answered = {relation.get("event_id"), relation.get("m.in_reply_to", {}).get("event_id")}
            mine = event["sender"] == self.account.user_id and event["type"] == "m.room.message"
            return bool(mine and message in answered)

        return await self.bot.until(who.wait_for(room, is_it, seconds=within + 1), seconds=within)

    async def hear(self, who: User, room: str, message: str, *, within: float = WITHIN) -> str:
        """Wait for that reply; gives its text, which is never empty."""
        told = str((await self.answer(who, room, message, within=within))["content"]["body"])
        assert told.strip()
        return told

    async def answers(self, who: User, room: str, message: str) -> list[str]:
        """What stands in the thread of a message now, from the bot."""
        thread = await who.thread(room, message)
        return [
            str(event["content"]["body"])
            for event in thread
            if event["sender"] == self.account.user_id and event["content"]
        ]

    async def probe(self, room: str = "", *, within: float = WITHIN) -> float:
        """Let ben ask about a page of a site of its own; gives the seconds until the right answer is there.

        That is in the quiet room, if no other is given.
        """
        room = room or self.quiet
        started = time.perf_counter()
        question = await self.ask(self.ben, room, f"http://paper{next(self._numbers)}.example/story")
        told = await self.hear(self.ben, room, question, within=within)
        assert ENTRY.original.title in told
        return time.perf_counter() - started

    @asynccontextmanager
    async def beside(self, fault: Fault) -> AsyncIterator[Sequence[str]]:
        """Post the fault and wait until the bot has met it; gives the messages' ids."""
        self.reached.clear()
        turn = next(self._numbers)
        messages = [await self.anna.send(self.crowded, post) for post in fault.turned(turn)]
        if fault.routes:
            await self.bot.until(self.reached.wait(), seconds=WITHIN)
        yield messages

    async def ask_about(self, fault: Fault, *, within: float = WITHIN) -> str:
        """Let anna ask about the fault itself; gives what she hears."""
        question = await self.ask(self.anna, self.crowded, fault.asked)
        return await self.hear(self.anna, self.crowded, question, within=within)

    async def settled(self, *, within: float = WITHIN) -> None:
        """Wait until the bot has handled all that it has accepted; nothing tells of it but its ledger."""
        async with asyncio.timeout(within):
            await all_handled(self.folder)

    async def stop(self) -> int:
        """SIGTERM; gives the exit status once the bot and all that it started have ended.

        Raises TimeoutError where that takes too long.
        """
        started = descendants(self.bot.pid)
        async with asyncio.timeout(STOPS_WITHIN):
            status = await self.bot.stop()
            while any(map(is_running, started)):  # noqa: ASYNC110  # they are nobody's children by now
                await asyncio.sleep(0.1)
        return status


@asynccontextmanager
async def on_scene(
    synapse: Synapse,
    folder: Path,
    fault: Fault | None = None,
    *,
    routes: Mapping[str, Behaviour] | None = None,
    settings: Mapping[str, str] = QUICK,
    ben_is_admin: bool = False,
) -> AsyncIterator[Scene]:
    """Start the bot with the fault's entries and settings; nobody has posted it yet.

    `routes` are further pages. On leaving, the bot is killed if it does not end in time.
    """
    account = synapse.register(f"caveat-{secrets.token_hex(4)}", display_name="Caveat")
    keep(folder, ENTRY, *(fault.entries if fault else ()))
    web, reached = WebServer(), asyncio.Event()
    hostile = {path: _telling(reached, behave) for path, behave in (fault.routes if fault else {}).items()}
    web.routes |= {"/story": retold()} | dict(routes or {}) | hostile
    async with web.running(), somebody(synapse, "anna") as anna, somebody(synapse, "ben") as ben:
        given = {**settings, **(fault.settings if fault else {})}
        if ben_is_admin:
            given["ADMINS"] = json.dumps([f"matrix:{ben.id}"])
        env = environment(account, folder, **given)
        bot = BotProcess(command(web.port), cwd=ROOT, env=env)
        await bot.start()
        try:
            rooms = [
                await anna.create_room(ben.id, account.user_id, name=name) for name in ("Crowd", "Quiet")
            ]
            for room in rooms:
                await ben.join(room)
                await bot.until(anna.wait_for_member(room, account.user_id))
            yield Scene(
                bot=bot,
                account=account,
                folder=folder,
                web=web,
                anna=anna,
                ben=ben,
                crowded=rooms[0],
                quiet=rooms[1],
                reached=reached,
            )
        finally:
            await end(bot)


def somebody(synapse: Synapse, name: str) -> User:
    """A person with an account of their own; for `async with`."""
    return User(synapse.register(f"{name}-{secrets.token_hex(4)}"))


def keep(folder: Path, *entries: Entry) -> None:
    """Put entries into the store of a bot that keeps everything in a folder."""
    engine = open_database(f"sqlite:///{folder / 'caveat.db'}")
    Store(engine).save(list({entry.id: entry for entry in entries}.values()), by="a test")
    engine.dispose()


async def end(bot: BotProcess) -> None:
    """Let a bot end, and kill it if it does not."""
    try:
        async with asyncio.timeout(STOPS_WITHIN):
            await bot.stop()
    except TimeoutError:
        await bot.kill()


def _telling(reached: asyncio.Event, behave: Behaviour) -> Behaviour:
    async def behave_and_tell(request: Request, writer: asyncio.StreamWriter) -> None:
        reached.set()
        await behave(request, writer)

    return behave_and_tell
