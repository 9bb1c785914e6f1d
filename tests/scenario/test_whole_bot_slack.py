"""Whole stories on Slack: the bot as a process, in Socket Mode, against a Slack of our own on loopback."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.app.run import open_database
from bot.storage.votes import FeedbackBook, Votes
from tests.scenario.test_whole_bot import ORIGINAL, ORIGINAL_URL, furnished, page
from tests.servers.chat_server import BotProcess
from tests.servers.slack import Channel, Message, Person, SlackServer, Workspace
from tests.servers.web import WebServer
from tests.servers.whole_bot import ROOT, all_handled, command, variables, with_starter_entries

pytestmark = pytest.mark.slow

REGISTERED = "registered.example"
QUICK = {"MODEL": "hash", "PAGE_THRESHOLD": "0.3", "CUTOFF": "0.2", "WORDS_THRESHOLD": "0.3", "GAP": "0"}


@dataclass(kw_only=True)
class Scene:
    """A workspace with two people and the running bot in a channel."""

    bot: BotProcess
    slack: SlackServer
    workspace: Workspace
    web: WebServer
    anna: Person
    ben: Person
    room: Channel
    folder: Path

    async def until(self, condition: Callable[[], Any]) -> Any:
        """Wait for something in Slack while the bot lives."""
        return await self.bot.until(self.slack.wait_for(condition, seconds=40))

    async def answer_to(self, message: Message) -> Message:
        """Wait for the first reply in the thread of a message."""
        answers: list[Message] = await self.until(lambda: self.answers(message))
        return answers[0]

    def answers(self, message: Message) -> list[Message]:
        """What the app has said in the thread of a message."""
        return [each for each in self.workspace.thread(message) if each.by_app]

    async def settled(self) -> None:
        """Wait until everything posted so far was handled: it was taken in before a question is answered."""
        await self.answer_to(await self.ben.post(self.room, "@caveat"))
        await all_handled(self.folder)


@asynccontextmanager
async def on_scene(folder: Path, **settings: str) -> AsyncIterator[Scene]:
    with_starter_entries(folder)
    web = WebServer()
    async with web.running(), SlackServer(retry_scale=0.1) as slack:
        slack.app.unfurl_domains = (REGISTERED,)
        workspace = slack.workspace("newsroom")
        anna, ben = workspace.person("anna"), workspace.person("ben")
        room = workspace.channel("general", anna, ben)
        given = {
            "SLACK_BOT_TOKEN": workspace.token,
            "SLACK_APP_TOKEN": slack.app.app_token,
            "SLACK_API_URL": slack.api_url,
            "SLACK_UNFURL_DOMAINS": json.dumps([REGISTERED]),
        }
        bot = BotProcess(command(web.port), cwd=ROOT, env=variables(folder, **(given | settings)))
        await bot.start()
        try:
            await bot.until(slack.connected())
            yield Scene(
                bot=bot,
                slack=slack,
                workspace=workspace,
                web=web,
                anna=anna,
                ben=ben,
                room=room,
                folder=folder,
            )
        finally:
            await bot.stop()


def said(message: Message) -> str:
    return json.dumps(message.blocks, ensure_ascii=False) + message.text


async def test_the_seed_page_gets_the_posts_report_in_the_thread_and_once_a_day(
    tmp_path: Path, test_data: Path
) -> None:
    seed = next((test_data / "seed").glob("*.txt")).read_text(encoding="utf-8")
    async with on_scene(tmp_path) as scene:
        scene.web.routes["/seed"] = furnished(seed)
        message = await scene.anna.post(scene.room, "look: http://news.example/seed")
        answer = await scene.answer_to(message)
        for told in (ORIGINAL, ORIGINAL_URL, "The Washington Post", "8,600", "582", "Same story"):
            assert told in said(answer)
        assert "news.example" not in said(answer)
        again = await scene.ben.post(scene.room, "http://news.example/seed?utm_source=x")
        await scene.settled()
        assert scene.answers(again) == []
        asked = await scene.ben.post(scene.room, "@caveat is this true?", thread_ts=message.ts)
        await scene.until(lambda: len(scene.answers(message)) == 2)
        assert ORIGINAL in said(scene.answers(message)[1])
        assert asked.thread_ts == message.ts


async def test_each_link_gets_one_answer_however_it_came(tmp_path: Path) -> None:
    """Two links in a message, one added by an edit, a delivery that comes four times, a deleted question."""
    async with on_scene(tmp_path, **QUICK) as scene:
        scene.web.routes |= {"/a": page("report-minister"), "/b": page("report-times")}
        both = await scene.anna.post(scene.room, "http://news.example/a and http://news.example/b")
        await scene.until(lambda: len(scene.answers(both)) == 2)

        edited = await scene.anna.post(scene.room, "@caveat wait")
        await scene.answer_to(edited)
        await scene.anna.edit(edited, "@caveat http://news.example/a")
        await scene.until(lambda: len(scene.answers(edited)) == 2)

        four_times = await scene.anna.post(scene.room, "@caveat http://news.example/b")
        await scene.answer_to(four_times)
        for delivery in list(scene.slack.events_of("message")):
            await scene.slack.deliver_again(delivery, times=3)
        await scene.settled()
        assert len(scene.answers(four_times)) == 1
        assert len(scene.answers(both)) == 2

        await scene.anna.delete(four_times)
        await scene.until(lambda: scene.answers(four_times) == [])


async def test_a_registered_link_is_answered_by_its_preview_only(tmp_path: Path) -> None:
    async with on_scene(tmp_path, **QUICK) as scene:
        scene.web.routes["/a"] = page("report-minister")
        message = await scene.anna.post(scene.room, f"http://{REGISTERED}/a")
        await scene.until(lambda: scene.room.messages[message.ts].unfurls)
        await scene.settled()
        assert scene.answers(message) == []
        await scene.anna.compose(f"http://{REGISTERED}/a?draft=1")
        await scene.until(lambda: len(scene.slack.calls_of("chat.unfurl")) == 2)


async def test_limits_and_torn_sockets_lose_and_repeat_nothing(tmp_path: Path) -> None:
    async with on_scene(tmp_path, **QUICK) as scene:
        scene.web.routes["/a"] = page("report-minister")
        scene.slack.faults.limit("chat.postMessage", times=2, retry_after=1)
        limited = await scene.anna.post(scene.room, "@caveat http://news.example/a")
        await scene.answer_to(limited)
        scene.slack.sockets.drop()
        torn = await scene.anna.post(scene.room, "@caveat http://news.example/a?torn")
        await scene.answer_to(torn)
        await scene.settled()
        assert [len(scene.answers(message)) for message in (limited, torn)] == [1, 1]


async def test_killed_before_and_in_the_middle_of_posting_each_message_gets_one_reply(tmp_path: Path) -> None:
    async with on_scene(tmp_path, **QUICK) as scene:
        scene.web.routes["/a"] = page("report-minister")
        messages = []
        for round_ in range(4):
            pause = scene.slack.faults.pause("chat.postMessage", done=round_ % 2 == 1)
            messages.append(await scene.anna.post(scene.room, f"@caveat http://news.example/a?{round_}"))
            await scene.bot.until(pause.reached())
            await scene.bot.kill()
            pause.drop() if round_ % 2 == 0 else pause.go()
            await scene.bot.start()
            await scene.bot.until(scene.slack.connected())
            await scene.answer_to(messages[-1])
        await scene.settled()
        assert [len(scene.answers(message)) for message in messages] == [1] * 4


async def test_a_press_of_helpful_is_counted(tmp_path: Path) -> None:
    async with on_scene(tmp_path, **QUICK) as scene:
        scene.web.routes["/a"] = page("report-minister")
        answer = await scene.answer_to(await scene.anna.post(scene.room, "@caveat http://news.example/a"))
        await scene.settled()  # nobody presses within the milliseconds before an answer is recorded
        await scene.ben.press(answer, "caveat_helpful")
        await scene.slack.settled()
        engine = open_database(f"sqlite:///{tmp_path / 'caveat.db'}")
        (votes,) = await FeedbackBook(engine).votes()
        engine.dispose()
        assert votes == Votes(entry_id=votes.entry_id, helpful=1, not_same_story=0)
