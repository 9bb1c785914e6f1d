"""Curating from Slack: the bot as a process, a Slack of our own, pages from a loopback web server."""

from __future__ import annotations

import html
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.servers.chat_server import BotProcess
from tests.servers.slack import Channel, Message, Person, SlackServer, View, Workspace
from tests.servers.web import Answer, WebServer
from tests.servers.whole_bot import ROOT, command, variables

pytestmark = pytest.mark.slow

QUICK = {"MODEL": "hash", "PAGE_THRESHOLD": "0.3", "CUTOFF": "0.2", "REPEAT_HOURS": "0", "GAP": "0"}
ORIGINAL = "http://gazette.example/mill"
TITLE = "Old paper mill burns down in Lower Ashby"
STORY = f"""{TITLE}
The paper mill of Lower Ashby burned to its walls on Thursday night; 47 families left their homes for a day.
“We saved the archive and nothing else,” the fire chief, Tove Lind, said in the yard in the early morning.
An insurer put the damage at 9 million crowns at first, and by Friday at 12 million, as more floors were seen.
Twenty crews from the county pumped water out of the river until noon, and divers looked for a lost oil tank.
The council will meet on Monday to decide whether the chimney, which leans towards the road, has to come down.
"""
COPY = STORY.replace("burned to its walls", "was burned to the ground").replace("saved", "have rescued")


def article(text: str) -> Answer:
    title, _, rest = text.partition("\n")
    paragraphs = "".join(f"<p>{html.escape(each)}</p>" for each in rest.splitlines())
    head = f'<meta charset="utf-8"><title>{html.escape(title)}</title>'
    body = f"<main><article><h1>{title}</h1>{paragraphs}</article></main>"
    return Answer(body=f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>')


@dataclass(kw_only=True)
class Newsroom:
    """A curators' channel and a news channel with the bot; anna is an admin, the others nobody yet."""

    bot: BotProcess
    slack: SlackServer
    workspace: Workspace
    web: WebServer
    people: tuple[Person, ...]
    curators: Channel
    news: Channel

    async def until(self, condition: Callable[[], Any]) -> Any:
        """Wait for something in Slack while the bot lives."""
        return await self.bot.until(self.slack.wait_for(condition, seconds=40))

    async def tell(self, person: Person, text: str, words: str) -> None:
        """Type a command, and wait for a private answer with these words."""
        assert (await person.command(self.curators, "/caveat", text)).acked
        await self.privately(person, words)

    async def privately(self, person: Person, words: str) -> None:
        await self.until(lambda: any(words in said(each) for each in self.workspace.ephemerals(person)))

    async def view(self, person: Person, words: str) -> View:
        """Wait for an open modal with these words."""

        def found() -> View | None:
            views = self.workspace.views(person)
            return next((each for each in views if words in words_of(each.content)), None)

        view: View = await self.until(found)
        return view

    async def announced(self, number: int, words: str) -> Message:
        """Wait for the n-th note in the curators' channel."""
        notes: list[Message] = await self.until(lambda: self.workspace.by_app(self.curators)[number:])
        assert words in said(notes[0])
        return notes[0]

    async def press(self, person: Person, message: Message, label: str) -> None:
        [button] = [each for each in message.buttons if each["text"]["text"] == label]
        assert (await person.press(message, button["action_id"])).acked

    async def answer_to(self, message: Message, words: str) -> Message:
        """Wait for a reply with these words in the thread of a message."""

        def found() -> Message | None:
            thread = [each for each in self.workspace.thread(message) if each.by_app]
            return next((each for each in thread if words in said(each)), None)

        answer: Message = await self.until(found)
        return answer

    def edits_of(self, message: Message) -> int:
        """How often a message was changed."""
        calls = self.slack.calls_of("chat.update")
        return sum(call.arguments["ts"] == message.ts and not call.error for call in calls)


def said(message: Message) -> str:
    return words_of(message.blocks) + message.text


def words_of(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False)


@asynccontextmanager
async def at_work(folder: Path) -> AsyncIterator[Newsroom]:
    web = WebServer(routes={"/mill": article(STORY), "/copy": article(COPY)})
    async with web.running(), SlackServer(retry_scale=0.1) as slack:
        workspace = slack.workspace("newsroom")
        people = tuple(workspace.person(name) for name in ("anna", "ben", "cleo", "dora"))
        curators, news = workspace.channel("curators", *people[:3]), workspace.channel("news", *people)
        settings = {
            "SLACK_BOT_TOKEN": workspace.token,
            "SLACK_APP_TOKEN": slack.app.app_token,
            "SLACK_API_URL": slack.api_url,
            "ADMINS": json.dumps([f"slack:{workspace.id}/{people[0].id}"]),
            "CURATORS_CHANNELS": json.dumps([f"{workspace.id}/{curators.id}"]),
            **QUICK,
        }
        bot = BotProcess(command(web.port), cwd=ROOT, env=variables(folder, **settings))
        await bot.start()
        try:
            await bot.until(slack.connected())
            yield Newsroom(
                bot=bot,
                slack=slack,
                workspace=workspace,
                web=web,
                people=people,
                curators=curators,
                news=news,
            )
        finally:
            await bot.stop()


async def test_an_entry_from_a_link_to_a_reply_to_its_correction_and_its_end(tmp_path: Path) -> None:
    """A curator adds, a second one approves, a third person is answered; old replies follow the entry."""
    async with at_work(tmp_path) as office:
        anna, ben, cleo, dora = office.people
        await ben.command(office.curators, "/caveat", f"add {ORIGINAL}")
        await office.view(ben, "Sorry, to add an entry takes the role of curator")
        await office.tell(anna, "role give @ben curator", "is curator from now on")
        await office.tell(anna, "role give @cleo reviewer", "is reviewer from now on")

        asked = await dora.post(office.news, "@caveat is it so? http://copy.example/copy")
        nothing = await office.answer_to(asked, "Nothing verified on this yet")
        await office.answer_to(await dora.post(office.news, "@caveat"), "")  # so that the first is recorded
        await office.press(dora, nothing, "Tell me")
        await office.privately(dora, "I will say so in this thread")

        await _add(office, ben)
        announced = await office.announced(0, "second pair of eyes")
        await office.press(ben, announced, "Approve")
        await office.privately(ben, "takes the role of reviewer")
        await office.press(cleo, announced, "Preview")
        await office.privately(cleo, "matched 1 of the 1 links")
        await office.press(cleo, announced, "Approve")
        await office.until(lambda: f"Approved by <@{cleo.id}>" in said(announced) and not announced.buttons)

        await office.answer_to(asked, "There is an answer now")
        question = await dora.post(office.news, "look at http://mirror.example/copy")
        answer = await office.answer_to(question, "Nobody confirmed the damage.")
        assert ORIGINAL in said(answer)

        await _correct(office, ben, "9 million", "12 million")
        second = await office.announced(1, "second pair of eyes")
        await office.tell(anna, "approve mill the insurer said so", "Published")
        await office.until(lambda: "Updated on" in said(answer))
        assert "12 million" in said(answer)
        await office.press(cleo, second, "Approve")
        await office.until(lambda: not second.buttons)
        await office.privately(cleo, "mill changed after revision")

        await office.tell(anna, "retire mill The insurer took its figure back", "Retired")
        await office.until(lambda: "The insurer took its figure back" in said(answer))
        assert "Nobody confirmed" not in said(answer)
        assert office.edits_of(answer) == 2

        await cleo.shortcut(answer, "caveat_remove")
        await cleo.submit(await office.view(cleo, "deleted for everybody"))
        await office.view(cleo, "Removed.")
        assert answer.ts not in office.news.messages


async def _add(office: Newsroom, ben: Person) -> None:
    """Add the mill's entry by modal, wrong at first."""
    await ben.command(office.curators, "/caveat", f"add {ORIGINAL}")
    form = await office.view(ben, "Title of the original")
    shown = words_of(form.content)
    assert TITLE in shown
    assert "9 million" in shown
    given = {
        "id": "mill",
        "summary": "A paper mill burned down.",
        "caveats": "Nobody confirmed the damage.\nThe cause is not known.",
        "sensitive": "no",
    }
    ben.fill(form, given | {"figures": "- value: many", "quotes": ""})
    await ben.submit(form)
    assert "value: must be a plain number" in form.errors["figures"]
    ben.fill(form, {"figures": "- value: 9000000\n  what: damage in crowns\n  as_stated: 9 million"})
    await ben.submit(form)
    await office.view(ben, "Sent to review")
    await ben.close(form)


async def _correct(office: Newsroom, ben: Person, before: str, after: str) -> None:
    """Change what the entry has of the damage."""
    await ben.command(office.curators, "/caveat", "edit mill")
    form = await office.view(ben, f"as_stated: {before}")
    figures = f"- value: 12000000\n  what: damage in crowns\n  as_stated: {after}"
    ben.fill(form, {"figures": figures})
    await ben.submit(form)
    await office.view(ben, "Sent to review")
