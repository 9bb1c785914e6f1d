"""A correction run over a thousand answers is killed, and each answer is edited once nevertheless."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.answers import Intent
from bot.app.run import open_database
from bot.background.corrections import cited_revision
from bot.model import Action, Place, Reply
from bot.platforms.slack.platform import SlackPlatform
from bot.storage.citations import Citations
from bot.storage.ledger import Ledger
from kb.store.entries import Store
from tests.servers.chat_server import BotProcess, python_module
from tests.servers.slack import SlackServer, Workspace
from tests.unit.kb.make_entries import make_entry

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[2]
ANSWERS, KILLS = 1000, (150, 500)


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server


def edits(slack: SlackServer) -> Counter[str]:
    """How often each message was edited."""
    return Counter(str(call.arguments["ts"]) for call in slack.calls_of("chat.update") if call.error is None)


async def answered(slack: SlackServer, workspace: Workspace, ledger: Ledger, store: Store) -> list[str]:
    """Let the bot's answers stand in a thread, on record; gives their ids."""
    entry = make_entry("a", caveats=["A reason."])
    store.save([entry], by="ana")
    person = workspace.person("ann")
    room = workspace.channel("general", person)
    question = await person.post(room, "https://copy.example/a")
    place = Place(channel=f"{workspace.id}/{room.id}", message_id=question.ts)
    platform = SlackPlatform(
        bot_token=workspace.token, app_token="xapp-none", api_url=slack.api_url, post_seconds=0
    )
    messages = []
    for number in range(ANSWERS):
        intent = Intent(
            key=f"key {number}",
            platform="slack",
            place=place,
            action=Action.REPLY,
            entry_id="a",
            cited=cited_revision(store, entry),
            basis="same_story",
        )
        await ledger.begin(intent)
        receipt = await platform.post(place, Reply(lead="An answer."), intent.key)
        await ledger.posted(intent.key, receipt)
        messages.append(receipt.message_id)
    return messages


async def test_a_thousand_answers_are_edited_once_each_through_kills(
    slack: SlackServer, tmp_path: Path
) -> None:
    workspace = slack.workspace("news")
    database = f"sqlite:///{tmp_path}/caveat.db"
    engine = open_database(database)
    store = Store(engine)
    messages = await answered(slack, workspace, Ledger(engine), store)
    store.save([make_entry("a", caveats=["Another reason."])], by="ana")
    command = python_module("tests.servers.correcting_bot", slack.api_url, workspace.token, database)
    bot = BotProcess(command, cwd=REPOSITORY)
    for count in KILLS:
        await bot.start()
        await bot.until(slack.wait_for(lambda count=count: len(edits(slack)) >= count, seconds=100))  # type: ignore[misc]  # mypy cannot infer such a lambda
        await bot.kill()
    await bot.start()
    await bot.until(slack.wait_for(lambda: len(edits(slack)) >= ANSWERS, seconds=100))
    while (await Citations(engine).oldest())["a"] < store.revision():  # noqa: ASYNC110  # no event crosses processes
        await asyncio.sleep(0.05)
    await bot.kill()
    assert edits(slack) == dict.fromkeys(messages, 1)
    assert await Citations(engine).not_corrected() == ()
    engine.dispose()
