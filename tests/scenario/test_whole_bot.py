"""Whole stories: the bot as a process, in rooms of a real Synapse, with pages from a loopback web server."""

from __future__ import annotations

import asyncio
import html
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.app.run import open_database
from kb.entries.entry import parse_entry
from kb.store.entries import Store
from tests.servers.chat_server import BotProcess
from tests.servers.proxy import Point, Proxy
from tests.servers.synapse import Account, Synapse, User
from tests.servers.web import Answer, WebServer
from tests.servers.whole_bot import ROOT, all_handled, command, environment, with_starter_entries

pytestmark = pytest.mark.slow

PAGES = ROOT / "tests" / "pages"
ORIGINAL = "Ukraine is scanning faces of dead Russians, then contacting the mothers"
ORIGINAL_URL = "https://www.washingtonpost.com/technology/2022/04/15/ukraine-facial-recognition-warfare/"


@pytest.fixture(scope="module")
def synapse() -> Iterator[Synapse]:
    with Synapse() as server:
        yield server


FURNITURE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | The Site</title>
<script>var tracking = 1;</script></head><body>
<header><a href="/">The Site</a><nav><a href="/world">World</a>
<a href="/sport">Sport</a></nav></header>
<div class="cookie-banner">We use cookies. <button>Accept</button></div>
<main><article><h1>{title}</h1>{paragraphs}</article></main>
<aside><h2>Most read</h2><ul><li><a href="/1">Ten soups for a cold evening</a></li>
<li><a href="/2">Ferry timetable changes</a></li></ul></aside>
<footer>Newsletter. Sign up for our daily digest. All rights reserved.</footer></body></html>"""


def furnished(text: str) -> Answer:
    """An article as a news site serves it, with everything around it that is not the article."""
    title, _, rest = text.partition("\n")
    paragraphs = "".join(f"<p>{html.escape(part.strip())}</p>" for part in rest.split("\n") if part.strip())
    return Answer(body=FURNITURE.format(title=html.escape(title), paragraphs=paragraphs))


def page(name: str) -> Answer:
    return furnished((PAGES / f"{name}.txt").read_text(encoding="utf-8"))


@dataclass(kw_only=True)
class Scene:
    """A room with the running bot and two users."""

    bot: BotProcess
    account: Account
    folder: Path
    web: WebServer
    anna: User
    ben: User
    room: str

    async def answer_to(self, message: str) -> dict[str, Any]:
        """Wait for the bot's reply in the thread of a message."""

        def is_answer(event: dict[str, Any]) -> bool:
            relation = event.get("content", {}).get("m.relates_to", {})
            return bool(event["sender"] == self.account.user_id and relation.get("event_id") == message)

        return await self.bot.until(self.anna.wait_for(self.room, is_answer, seconds=40))

    async def settled(self) -> None:
        """Wait until everything posted so far was handled: it was taken in before a mention is answered."""
        probe = await self.ben.send(
            self.room, "@caveat help", m__mentions={"user_ids": [self.account.user_id]}
        )
        await self.answer_to(probe)
        await all_handled(self.folder)

    async def answers(self, message: str) -> list[dict[str, Any]]:
        """What stands in the thread of a message now, from the bot."""
        thread = await self.anna.thread(self.room, message)
        return [event for event in thread if event["sender"] == self.account.user_id and event["content"]]


@asynccontextmanager
async def on_scene(
    synapse: Synapse, folder: Path, *, homeserver: Proxy | None = None, **settings: str
) -> AsyncIterator[Scene]:
    account = synapse.register(f"caveat-{secrets.token_hex(4)}", display_name="Caveat")
    with_starter_entries(folder)
    web = WebServer()
    names = [f"{name}-{secrets.token_hex(4)}" for name in ("anna", "ben")]
    async with (
        web.running(),
        User(synapse.register(names[0])) as anna,
        User(synapse.register(names[1])) as ben,
    ):
        if homeserver:
            settings["MATRIX_HOMESERVER"] = homeserver.address
        bot = BotProcess(command(web.port), cwd=ROOT, env=environment(account, folder, **settings))
        await bot.start()
        room = await anna.create_room(ben.id, account.user_id)
        await ben.join(room)
        try:
            await bot.until(anna.wait_for_member(room, account.user_id))
            yield Scene(bot=bot, account=account, folder=folder, web=web, anna=anna, ben=ben, room=room)
        finally:
            await bot.stop()


async def test_the_seed_page_gets_the_posts_report_and_its_caveats_in_the_thread(
    synapse: Synapse, tmp_path: Path, test_data: Path
) -> None:
    seed = next((test_data / "seed").glob("*.txt")).read_text(encoding="utf-8")
    async with on_scene(synapse, tmp_path) as scene:
        scene.web.routes["/seed"] = furnished(seed)
        message = await scene.ben.send(scene.room, "look at this http://news.example/seed")
        answer = await scene.answer_to(message)
        body, formatted = answer["content"]["body"], answer["content"]["formatted_body"]
        for told in (
            ORIGINAL,
            ORIGINAL_URL,
            "The Washington Post",
            "15 April 2022",
            "8,600",
            "582",
            "Same story",
        ):
            assert told in body
        assert "Nobody has confirmed" in body or "nobody has confirmed" in body
        assert ORIGINAL_URL in formatted
        assert "This page: “2 million”. On record (Reuters, March 2022): “more than 2 billion”" in body
        assert "This page: “Practically 9,000”. On record (The Washington Post, April 2022)" in body
        assert "(Stephanie Hare)" in body
        assert "reads like an automatic rewrite" in body
        assert body.count("This page") == 4
        assert "New York Times" not in body
        assert "news.example" not in body + formatted
        assert answer["content"]["msgtype"] == "m.notice"


async def test_a_conversation_gets_one_right_answer_or_silence(synapse: Synapse, tmp_path: Path) -> None:
    """Link, the same link again, an unrelated link, mentions with and without a link, a page that is gone."""
    async with on_scene(synapse, tmp_path) as scene:
        scene.web.routes |= {
            "/report": page("report-faces-of-the-dead"),
            "/opinion": page("opinion-machines-and-mourning"),
        }
        mention = {"m__mentions": {"user_ids": [scene.account.user_id]}}

        first = await scene.anna.send(scene.room, "http://news.example/report")
        assert ORIGINAL in (await scene.answer_to(first))["content"]["body"]

        again = await scene.ben.send(scene.room, "http://news.example/report?utm_source=x")
        opinion = await scene.ben.send(scene.room, "http://news.example/opinion")
        gone = await scene.ben.send(scene.room, "http://news.example/gone")
        await scene.settled()
        for silent in (again, opinion, gone):
            assert await scene.answers(silent) == []

        asked = await scene.ben.reply(scene.room, again, "@caveat is this true?", **mention)
        assert ORIGINAL in (await scene.answer_to(asked))["content"]["body"]

        unknown = await scene.ben.send(
            scene.room, "@caveat is the harbour bakery going to open again next week?", **mention
        )
        assert "Nothing verified on this yet" in (await scene.answer_to(unknown))["content"]["body"]

        unread = await scene.ben.send(scene.room, "@caveat http://news.example/gone", **mention)
        assert "Could not read that page: " in (await scene.answer_to(unread))["content"]["body"]
        assert "404" in (await scene.answer_to(unread))["content"]["body"]

        original = await scene.ben.send(scene.room, f"@caveat {ORIGINAL_URL}", **mention)
        body = (await scene.answer_to(original))["content"]["body"]
        assert "This is the original report" in body
        assert ORIGINAL_URL not in body


async def test_an_edit_adds_a_link_and_a_deleted_question_takes_its_answer_along(
    synapse: Synapse, tmp_path: Path
) -> None:
    async with on_scene(synapse, tmp_path) as scene:
        scene.web.routes["/report"] = page("report-times")
        message = await scene.anna.send(scene.room, "wait, I have a link")
        await scene.anna.edit(scene.room, message, "here: http://news.example/report")
        answer = await scene.answer_to(message)
        await scene.anna.edit(scene.room, message, "here it is: http://news.example/report")
        await scene.settled()
        assert len(await scene.answers(message)) == 1
        await scene.anna.redact(scene.room, message)
        await scene.bot.until(
            scene.anna.wait_for(
                scene.room,
                lambda event: (
                    event["type"] == "m.room.redaction" and event.get("redacts") == answer["event_id"]
                ),
            )
        )


async def test_an_entry_that_is_published_while_the_bot_runs_is_answered_with(
    synapse: Synapse, tmp_path: Path
) -> None:

    async with on_scene(synapse, tmp_path) as scene:
        await scene.settled()
        url = "https://gazette.example/harbour"
        original = {"publisher": "The Harbour Gazette", "title": "Harbour closed", "url": url}
        data = {
            "id": "harbour",
            "title": "Harbour",
            "summary": "It closed.",
            "original": original,
            "caveats": ["An estimate."],
        }
        engine = open_database(f"sqlite:///{tmp_path / 'caveat.db'}")
        Store(engine).save([parse_entry(data)], by="a curator")
        engine.dispose()

        async def asked() -> str:
            mention = {"m__mentions": {"user_ids": [scene.account.user_id]}}
            message = await scene.ben.send(scene.room, f"@caveat {url}", **mention)
            return str((await scene.answer_to(message))["content"]["body"])

        for _ in range(20):
            if "An estimate." in await asked():
                return
        pytest.fail("the entry was not found by the running bot")


async def test_killed_again_and_again_between_fetch_and_post_each_message_gets_one_reply(
    synapse: Synapse, tmp_path: Path
) -> None:
    """SIGKILL before the page is there, before the post arrives, and before its answer returns; now and then
    the queue is replaced by an older copy."""
    quick = {"MODEL": "hash", "PAGE_THRESHOLD": "0.3", "CUTOFF": "0.2", "REPEAT_HOURS": "0", "GAP": "0"}
    proxy = Proxy(target=synapse.address)
    async with proxy.running(), on_scene(synapse, tmp_path, homeserver=proxy, **quick) as scene:
        older = tmp_path / "older"
        messages = []
        for round_ in range(9):
            path = f"/report/{round_}"
            proxy.stopped.clear()
            proxy.stop_at = (Point.BEFORE, Point.AFTER, None)[round_ % 3]
            if proxy.stop_at is None:
                scene.web.routes[path], reached = page_that_waits()
            else:
                scene.web.routes[path], reached = page("report-times"), proxy.stopped
            messages.append(await scene.anna.send(scene.room, f"http://news.example{path}"))
            await scene.bot.until(reached.wait())
            await scene.bot.kill()
            scene.web.routes[path] = page("report-times")
            disturb_queue(tmp_path, older, round_)
            await scene.bot.start()
            await scene.answer_to(messages[-1])
        await scene.settled()
        for message in messages:
            assert len(await scene.answers(message)) == 1


def page_that_waits() -> tuple[Any, Any]:

    asked_for = asyncio.Event()

    async def behave(_request: object, _writer: object) -> None:
        asked_for.set()
        await asyncio.Event().wait()

    return behave, asked_for


def disturb_queue(folder: Path, older: Path, round_: int) -> None:
    """Every sixth time keep a copy of the queue; three rounds later put it in the present one's place."""
    if round_ % 6 == 2:
        older.mkdir(exist_ok=True)
        for file in folder.glob("queue.db*"):
            shutil.copy(file, older)
    elif round_ % 6 == 5:
        for file in folder.glob("queue.db*"):
            file.unlink()
        for file in older.glob("queue.db*"):
            shutil.copy(file, folder)
