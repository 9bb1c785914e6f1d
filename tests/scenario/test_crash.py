"""Kill -9 at any point, lose the queue, restore an older one: every message has exactly one answer."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.servers.chat_server import BotProcess, ChatServer, python_module

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[2]
KILLS = 20

# In the order in which a message meets them: between them lie all the moments at which a process can die.
POINTS = {
    "accepted": "in the queue, the feed's place not saved",
    "fetch": "fetching",
    "post": "fetched, in the middle of posting, not stored",
    "stored": "in the middle of posting, stored, not told so",
    "unrecorded": "posted, not on record",
    "unfinished": "on record, the work not finished",
}


@pytest.fixture
async def server() -> AsyncIterator[ChatServer]:
    async with ChatServer().running() as running:
        yield running


@pytest.fixture
async def bot(server: ChatServer, tmp_path: Path) -> AsyncIterator[BotProcess]:
    process = BotProcess(python_module("tests.servers.crash_bot", server.url, str(tmp_path)), cwd=REPOSITORY)
    yield process
    await process.kill()


async def finished(folder: Path, *events: str) -> None:
    """Wait until the queue holds these events, and no work that is not done."""
    wanted = {f"chat:room:{event}" for event in events}
    work = outcomes(folder / "work.db")
    while not (wanted <= set(work) and set(work.values()) <= {"SUCCESS"}):
        await asyncio.sleep(0.05)  # another process's file tells nobody that it changed
        work = outcomes(folder / "work.db")


def outcomes(queue: Path) -> dict[str, str]:
    """Read what the queue holds; nothing, while the bot has not made it yet."""
    with (
        suppress(sqlite3.OperationalError),
        closing(sqlite3.connect(f"file:{queue}?mode=ro", uri=True)) as connection,
    ):
        return dict(connection.execute("SELECT workflow_uuid, status FROM workflow_status"))
    return {}


async def kill_at(bot: BotProcess, server: ChatServer, points: Mapping[str, str]) -> None:
    """Start the bot, and kill it when it has come with each of these messages to its point."""
    pauses = [server.pause_at(point, message) for message, point in points.items()]
    await bot.start()
    await bot.until(asyncio.gather(*(pause.reached() for pause in pauses)))
    await bot.kill()
    for pause in pauses:
        pause.drop()


async def run_until_finished(bot: BotProcess, folder: Path, *events: str) -> None:
    """Start the bot, and stop it when nothing is left to do."""
    await bot.start()
    await bot.until(finished(folder, *events))
    assert await bot.stop() == 0


def answer_counts(server: ChatServer, messages: list[str]) -> dict[str, int]:
    return {message: len(server.answers_to(message)) for message in messages}


def lose(queue: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        queue.with_name(queue.name + suffix).unlink(missing_ok=True)


async def test_killed_twenty_times_the_bot_answers_each_message_once(
    server: ChatServer, bot: BotProcess, tmp_path: Path
) -> None:
    messages = [f"m{n}" for n in range(KILLS)]
    bystanders = [f"b{n}" for n in range(KILLS)]
    for n, message in enumerate(messages):
        await server.say(message, bystanders[n])
        await kill_at(bot, server, {message: list(POINTS)[n % len(POINTS)]})
    everything = messages + bystanders
    await run_until_finished(bot, tmp_path, *(f"message:{message}" for message in everything))
    assert answer_counts(server, everything) == dict.fromkeys(everything, 1)
    assert len(server.posts) == 2 * KILLS


async def test_one_message_killed_at_every_point_in_turn_is_answered_once(
    server: ChatServer, bot: BotProcess, tmp_path: Path
) -> None:
    await server.say("m")
    for point in ("accepted", "fetch", "post", "post", "stored", "unrecorded", "unfinished"):
        await kill_at(bot, server, {"m": point})
    await run_until_finished(bot, tmp_path, "message:m")
    assert answer_counts(server, ["m"]) == {"m": 1}


@pytest.mark.parametrize("loss", ["deleted", "an older copy"])
async def test_a_lost_or_older_queue_makes_the_bot_say_nothing_twice(
    server: ChatServer, bot: BotProcess, tmp_path: Path, loss: str
) -> None:
    """The queue is lost with everything that was in it; the platform delivers everything once more."""
    queue, backup = tmp_path / "work.db", tmp_path / "backup.db"
    await server.say("early")
    await kill_at(bot, server, {"early": "stored"})
    with closing(sqlite3.connect(queue)) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)  # a copy in which the work on "early" is not done
    await server.say("middle")
    await run_until_finished(bot, tmp_path, "message:early", "message:middle")
    late = {point: point for point in POINTS if point != "accepted"}  # that point holds up the feed
    await server.say(*late)
    await kill_at(bot, server, late)
    lose(queue)
    if loss == "an older copy":
        shutil.copy(backup, queue)
    await server.deliver_again()
    messages = ["early", "middle", *late]
    fetched = server.asked_for.count("early")
    await run_until_finished(bot, tmp_path, *(f"message:{message}" for message in messages))
    assert server.asked_for.count("early") > fetched, "the queue did not forget: nothing was tested"
    assert answer_counts(server, messages) == dict.fromkeys(messages, 1)


async def test_no_answer_stands_to_a_question_deleted_while_the_bot_was_down(
    server: ChatServer, bot: BotProcess, tmp_path: Path
) -> None:
    deleted = {point: point for point in POINTS if point != "accepted"}
    await server.say("kept", *deleted)
    await kill_at(bot, server, deleted)
    assert {message for message in deleted if server.answers_to(message)} == {
        "stored",
        "unrecorded",
        "unfinished",
    }
    await server.delete(*deleted)
    events = [f"{kind}:{message}" for message in deleted for kind in ("message", "deletion")]
    await run_until_finished(bot, tmp_path, "message:kept", *events)
    assert answer_counts(server, ["kept", *deleted]) == {"kept": 1} | dict.fromkeys(deleted, 0)
