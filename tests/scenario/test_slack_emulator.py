"""What the bot sends to Slack, on an emulator by other people: npm's `emulate`, where Node is present."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.model import Citation, Place, Policy, Receipt, Reply
from bot.platforms.slack.oauth.scopes import SCOPES
from bot.platforms.slack.platform import SlackPlatform
from bot.platforms.slack.views import modals
from bot.platforms.slack.views.blocks import render
from bot.platforms.slack.views.home import home

PACKAGE = "emulate@0.12.2"  # pinned: other versions are other packages
OLDEST_NODE = 20
BOT, ANN = "xoxb-caveat", "xoxp-ann"
SEED = {
    "slack": {
        "team": {"name": "Newsroom", "domain": "newsroom"},
        "users": [
            {"name": "ann", "real_name": "Ann", "email": "ann@newsroom.example"},
            {"name": "caveat", "real_name": "Caveat", "email": "caveat@newsroom.example", "is_bot": True},
        ],
        "channels": [{"name": "questions"}],
        "tokens": [
            {"token": BOT, "type": "bot", "user": "caveat", "scopes": list(SCOPES)},
            {"token": ANN, "type": "user", "user": "ann", "scopes": ["chat:write"]},
        ],
        "strict_scopes": True,
    }
}
SCRIPT = """
import { createEmulator } from 'emulate'
const seed = JSON.parse(process.argv[2])
const slack = await createEmulator({ service: 'slack', port: 0, seed })
console.log(slack.url)
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
"""
REPLY = Reply(
    lead="Same story: this page retells a report by The Example Post.",
    original=Citation(
        title="Harbour & <!channel> bakery",
        url="https://post.example/harbour?a=1&b=2",
        publisher="The Example Post",
        published=date(2026, 1, 2),
    ),
    summary="A bakery closed.",
    caveats=("Nobody confirmed it.",),
    evidence=("It has the same figure: 12.",),
    feedback=True,
)

pytestmark = pytest.mark.slow


@dataclass(frozen=True, kw_only=True)
class Emulated:
    """A workspace in the emulator."""

    api_url: str
    team: str
    channel: str
    ann: AsyncWebClient
    bot: AsyncWebClient
    platform: SlackPlatform

    async def ask(self) -> Place:
        """Let Ann post a link; gives the place of its answer."""
        asked = await self.ann.chat_postMessage(channel=self.channel, text="https://copy.example/a")
        return Place(channel=f"{self.team}/{self.channel}", message_id=asked["ts"])

    async def thread(self, place: Place) -> list[dict[str, Any]]:
        """What stands below a message."""
        found = await self.bot.api_call(
            "conversations.replies", data={"channel": self.channel, "ts": place.message_id}
        )
        return [each for each in found["messages"] if each["ts"] != place.message_id]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the emulator in it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("Node is not installed: the emulator runs on it")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True)
    if int(version.stdout.strip().lstrip("v").partition(".")[0]) < OLDEST_NODE:
        pytest.skip(f"Node {version.stdout.strip()} is too old for the emulator")
    folder = tmp_path_factory.mktemp("emulator")
    command = [
        npm,
        "install",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--fetch-retries=1",
        "--fetch-timeout=20000",
        "--prefix",
        str(folder),
        PACKAGE,
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"{PACKAGE} could not be installed within two minutes")
    if done.returncode:
        pytest.skip(f"{PACKAGE} could not be installed: {done.stderr.strip()[-200:]}")
    (folder / "start.mjs").write_text(SCRIPT)
    return folder


@pytest.fixture(autouse=True)
def arguments_in_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let slack_sdk send all arguments in the body: Slack takes them from the query too, the emulator not."""
    call = AsyncWebClient.api_call

    async def call_with_body(client: AsyncWebClient, api_method: str, **options: Any) -> Any:
        if params := options.pop("params", None):
            options["data"] = {**(options.get("data") or {}), **params}
        return await call(client, api_method, **options)

    monkeypatch.setattr(AsyncWebClient, "api_call", call_with_body)


@pytest.fixture
async def emulated(installed: Path) -> AsyncIterator[Emulated]:
    """The emulator with one workspace, Ann and the bot in it."""
    process = await asyncio.create_subprocess_exec(
        "node",
        "start.mjs",
        json.dumps(SEED),
        cwd=installed,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    try:
        url = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
        api_url = url.replace("localhost", "127.0.0.1") + "/api/"
        bot = AsyncWebClient(token=BOT, base_url=api_url)
        about = await bot.auth_test()
        channels = await bot.api_call("conversations.list")
        yield Emulated(
            api_url=api_url,
            team=about["team_id"],
            channel=next(each["id"] for each in channels["channels"] if each["name"] == "questions"),
            ann=AsyncWebClient(token=ANN, base_url=api_url),
            bot=bot,
            platform=SlackPlatform(bot_token=BOT, app_token="xapp-unused", api_url=api_url, post_seconds=0.0),
        )
    finally:
        process.stdin.close()
        await asyncio.wait_for(process.wait(), 10)


async def test_an_answer_stands_in_the_thread_with_its_blocks_and_its_key(emulated: Emulated) -> None:
    place = await emulated.ask()
    receipt = await emulated.platform.post(place, REPLY, "caveat-1")
    [answer] = await emulated.thread(place)
    assert receipt == Receipt(channel=place.channel, message_id=answer["ts"])
    assert answer["thread_ts"] == place.message_id
    assert answer["blocks"] == render(REPLY)
    assert answer["metadata"]["event_payload"] == {"key": "caveat-1"}
    assert "<!channel>" not in json.dumps(answer)


async def test_a_posted_answer_is_found_by_its_key_and_by_no_other(emulated: Emulated) -> None:
    place = await emulated.ask()
    assert await emulated.platform.find(place, "caveat-1") is None
    receipt = await emulated.platform.post(place, REPLY, "caveat-1")
    assert await emulated.platform.find(place, "caveat-1") == receipt
    assert await emulated.platform.find(place, "caveat-2") is None


async def test_a_withdrawn_answer_is_gone_and_may_be_withdrawn_again(emulated: Emulated) -> None:
    place = await emulated.ask()
    receipt = await emulated.platform.post(place, REPLY, "caveat-1")
    await emulated.platform.withdraw(receipt)
    assert await emulated.thread(place) == []
    assert await emulated.platform.find(place, "caveat-1") is None
    await emulated.platform.withdraw(receipt)


async def test_a_question_is_read_again(emulated: Emulated) -> None:
    first, second = await emulated.ask(), await emulated.ask()
    for place in (first, second):
        read = await emulated.platform.read(place.channel, place.message_id)
        assert read
        assert read.id == place.message_id
    assert await emulated.platform.read(first.channel, "1.000000") is None


async def test_the_modals_and_the_home_are_taken(emulated: Emulated) -> None:
    about = await emulated.ann.auth_test()
    trigger = await emulated.bot.api_call("views.generateTriggerId", json={"user_id": about["user_id"]})
    waiting = modals.waiting("Looking it up …")
    opened = await emulated.bot.views_open(trigger_id=trigger["trigger_id"], view=waiting)
    updated = await emulated.bot.views_update(view_id=opened["view"]["id"], view=modals.answer([REPLY]))
    assert len(updated["view"]["blocks"]) == len(modals.answer([REPLY])["blocks"])
    view = home(Policy.PASSIVE, (), version="9.9.9")
    published = await emulated.bot.views_publish(user_id=about["user_id"], view=view)
    assert published["view"]["type"] == "home"
