"""The whole bot as a process: it waits for what will come, bears what breaks, and ends when it is told to.

It has ten seconds to end, whatever hangs.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest

from tests.servers import broken_bot
from tests.servers.chat_server import BotProcess
from tests.servers.proxy import Proxy
from tests.servers.slack import SlackServer
from tests.servers.synapse import Account, Synapse, User
from tests.servers.whole_bot import ROOT, command, environment, variables, with_starter_entries

pytestmark = pytest.mark.slow

TO_END = 10.0
NO_WEB = 9  # nothing is fetched here
QUICK = {"MODEL": "hash"}
WAITS = "waiting_before_another_try"
LOOPS = (
    "watchdog",
    "commits",
    "parked events",
    "index",
    "health file",
    "database files",
    "purge",
    "announcements",
    "follow-ups",
    "originals",
    "corrections",
    "matrix",
)


@pytest.fixture(scope="module")
def synapse() -> Iterator[Synapse]:
    with Synapse() as server:
        yield server


@pytest.fixture
def account(synapse: Synapse) -> Account:
    return synapse.register(f"caveat-{secrets.token_hex(4)}", display_name="Caveat")


@asynccontextmanager
async def a_bot(
    account: Account, folder: Path, *, start: Sequence[str] | None = None, **settings: str
) -> AsyncIterator[BotProcess]:
    """The bot, started; it is killed at the end if it is still there."""
    env = environment(account, folder, **(QUICK | settings))
    bot = BotProcess(start or command(NO_WEB), cwd=ROOT, env=env)
    await bot.start()
    try:
        yield bot
    finally:
        await bot.kill()


async def ends(bot: BotProcess) -> int:
    """Tell it to end; gives its exit status."""
    async with asyncio.timeout(TO_END):
        return await bot.stop()


async def answers(synapse: Synapse, account: Account, bot: BotProcess) -> None:
    """Invite the bot, ask it something, and wait for the answer."""
    async with User(synapse.register(f"anna-{secrets.token_hex(4)}")) as anna:
        room = await anna.create_room(account.user_id)
        await bot.until(anna.wait_for_member(room, account.user_id))
        await anna.send(room, "@caveat help", m__mentions={"user_ids": [account.user_id]})
        await bot.until(anna.wait_for(room, lambda event: bool(event["sender"] == account.user_id)))


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another process writes to a database and does not come to an end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        yield


def told_in_one_line(bot: BotProcess, *words: str) -> None:
    lines = [line for line in bot.output.splitlines() if line.startswith("caveat: ")]
    assert len(lines) == 1, bot.output
    assert all(each in lines[0] for each in words), lines
    before, trace, after = bot.output.partition("Traceback")
    assert not trace, before[-500:] + trace + after[:3000]


async def test_one_platform_that_waits_does_not_hold_up_the_other(
    synapse: Synapse, account: Account, tmp_path: Path, unused_tcp_port: int
) -> None:
    async with SlackServer(port=unused_tcp_port) as slack:
        given = {
            "SLACK_BOT_TOKEN": slack.workspace("newsroom").token,
            "SLACK_APP_TOKEN": slack.app.app_token,
            "SLACK_API_URL": f"http://127.0.0.1:{unused_tcp_port}/api/",
        }
        slack.faults.break_down("auth.test", times=10_000)
        async with a_bot(account, tmp_path, **given) as bot:
            await answers(synapse, account, bot)
            assert WAITS in bot.output
            slack.faults.due.clear()
            await bot.until(slack.connected())
            assert await ends(bot) == 0


async def test_a_wrong_password_ends_it_once_the_homeserver_is_there(
    synapse: Synapse, account: Account, tmp_path: Path
) -> None:
    proxy = Proxy(target=synapse.address, away=503)
    async with proxy.running():
        wrong = {"MATRIX_HOMESERVER": proxy.address, "MATRIX_PASSWORD": "wrong"}
        async with a_bot(account, tmp_path, **wrong) as bot:
            await bot.says(WAITS)
            proxy.away = None
            assert await bot.ended() == 2
            told_in_one_line(bot, "CAVEAT_MATRIX_PASSWORD")


async def test_an_address_that_is_no_homeserver_ends_it_with_status_2(
    account: Account, tmp_path: Path
) -> None:
    proxy = Proxy(target="http://nobody.example", away=404)
    async with proxy.running(), a_bot(account, tmp_path, MATRIX_HOMESERVER=proxy.address) as bot:
        assert await bot.ended() == 2
        told_in_one_line(bot, "CAVEAT_MATRIX_HOMESERVER")


async def test_a_refused_token_of_slack_ends_it_with_status_2(tmp_path: Path) -> None:
    async with SlackServer() as slack:
        given = {"SLACK_BOT_TOKEN": "xoxb-unknown", "SLACK_APP_TOKEN": slack.app.app_token}
        env = variables(tmp_path, **QUICK, **given, SLACK_API_URL=slack.api_url)
        bot = BotProcess(command(NO_WEB), cwd=ROOT, env=env)
        await bot.start()
        assert await bot.ended() == 2
        told_in_one_line(bot, "CAVEAT_SLACK_BOT_TOKEN")


@pytest.mark.parametrize("name", ["queue.db", "caveat.db"])
async def test_a_database_that_is_locked_at_the_start_is_waited_for(
    synapse: Synapse, account: Account, tmp_path: Path, name: str
) -> None:
    with_starter_entries(tmp_path)
    async with a_bot(account, tmp_path) as first:
        await first.says("started")
        assert await ends(first) == 0
    with closing(sqlite3.connect(tmp_path / name, isolation_level=None)) as behind:
        behind.execute("PRAGMA journal_mode=DELETE")  # so that a lock keeps readers out as well
    async with a_bot(account, tmp_path) as bot:
        with held(tmp_path / name):
            await bot.says(WAITS)
        await answers(synapse, account, bot)


@pytest.mark.parametrize("name", ["queue.db", "caveat.db"])
async def test_told_to_end_while_a_database_hangs_it_ends(
    account: Account, synapse: Synapse, tmp_path: Path, name: str
) -> None:
    async with a_bot(account, tmp_path) as bot, User(synapse.register(f"ben-{secrets.token_hex(4)}")) as ben:
        room = await ben.create_room(account.user_id)
        await bot.until(ben.wait_for_member(room, account.user_id))
        with held(tmp_path / name):
            for number in range(3):
                await ben.send(room, f"@caveat is number {number} true?")
            await bot.says("matrix: ", "started")
            await ends(bot)


async def test_told_to_end_before_a_database_can_be_opened_it_ends(account: Account, tmp_path: Path) -> None:
    with_starter_entries(tmp_path)
    with closing(sqlite3.connect(tmp_path / "caveat.db", isolation_level=None)) as behind:
        behind.execute("PRAGMA journal_mode=DELETE")
    with held(tmp_path / "caveat.db"):
        async with a_bot(account, tmp_path) as bot:
            await bot.says(WAITS)
            assert await ends(bot) == 0


@pytest.mark.parametrize("how", ["hangs in a thread", "cannot be cancelled"])
async def test_told_to_end_while_a_loop_hangs_it_ends(account: Account, tmp_path: Path, how: str) -> None:
    async with a_bot(account, tmp_path, start=broken_bot.command(NO_WEB, how)) as bot:
        await bot.says("matrix: logged in")
        assert await ends(bot) == 0


async def test_told_to_end_while_nothing_turns_any_more_it_ends(account: Account, tmp_path: Path) -> None:
    async with a_bot(account, tmp_path, start=broken_bot.command(NO_WEB, "blocks")) as bot:
        await bot.says("now nothing turns any more")
        await ends(bot)


async def test_every_loop_that_an_unforeseen_error_stops_is_back_and_the_bot_answers(
    synapse: Synapse, account: Account, tmp_path: Path
) -> None:
    settings = {"CURATORS_CHANNELS": json.dumps(["!desk:caveat.test"]), "LOG_FORMAT": "json"}
    start = broken_bot.command(NO_WEB, "fails once")
    async with a_bot(account, tmp_path, start=start, **settings) as bot:
        await answers(synapse, account, bot)
        for name in set(LOOPS) - {"matrix"}:  # a listener's round has no end
            await bot.says(f'"loop": "{name}", "failures": 1, "event": "loop_is_well_again"')
        assert await ends(bot) == 0
    events = [json.loads(line) for line in bot.output.splitlines() if line.startswith("{")]
    failed = {event["loop"]: event for event in events if event["event"] == "loop_failed"}
    assert set(failed) == set(LOOPS)
    assert all(event["error"] == "TypeError" for event in failed.values())
    assert all("broken_bot.py" in event["traceback"] for event in failed.values())
    assert "what somebody said in confidence" not in bot.output


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("queue.db", "overwritten"),
        ("caveat.db", "overwritten"),
        ("queue.db", "replaced"),
        ("caveat.db", "removed"),
    ],
)
async def test_a_database_that_is_changed_under_it_ends_it_and_it_can_be_started_again(
    synapse: Synapse, account: Account, tmp_path: Path, name: str, how: str
) -> None:
    """With status 1: whoever started it starts it again, and it reads what is there."""
    with_starter_entries(tmp_path)
    async with a_bot(account, tmp_path) as first:
        await first.says("matrix: logged in")
        assert await ends(first) == 0
    path = tmp_path / name
    shutil.copyfile(path, tmp_path / "older")
    async with a_bot(account, tmp_path) as bot:
        await answers(synapse, account, bot)
        match how:
            case "overwritten":
                shutil.copyfile(tmp_path / "older", path)
            case "replaced":
                (tmp_path / "older").replace(path)
            case _:
                path.unlink()
        assert await bot.ended() == 1
        told_in_one_line(bot, str(path), "was")  # a file that was removed may be there again, made by SQLite
    for end in ("wal", "shm"):
        path.with_name(f"{name}-{end}").unlink(missing_ok=True)
    async with a_bot(account, tmp_path) as again:
        await answers(synapse, account, again)
