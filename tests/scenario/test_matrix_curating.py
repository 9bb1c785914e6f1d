"""Curating from Matrix rooms: the bot as a process, a real Synapse, pages from a loopback web server."""

from __future__ import annotations

import html
import json
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.matrix.pills import put_together
from tests.servers.chat_server import BotProcess
from tests.servers.synapse import Account, Synapse, User
from tests.servers.web import Answer, WebServer
from tests.servers.whole_bot import ROOT, command, environment

pytestmark = pytest.mark.slow

QUICK = {"MODEL": "hash", "PAGE_THRESHOLD": "0.3", "CUTOFF": "0.2", "REPEAT_HOURS": "0", "GAP": "0"}
ORIGINAL = "http://gazette.example/harbour"
TITLE = "Harbour closed after the flood"
STORY = f"""{TITLE}
The old harbour of Lesser Wick was closed on Tuesday after a flood tore away 340 metres of its quay wall.
“Nobody will load a ship here before the spring,” the harbour master, Ola Brandt, told reporters on the pier.
Engineers of the county said that the repair would cost about 12 million crowns and take seven months or more.
Fishing boats were moved to the northern basin, where divers are still looking for cracks below the waterline.
The county had warned in two reports that the wall was undermined; neither of them was published at that time.
"""
COPY = STORY.replace("after a flood tore away", "when a flood swept away").replace("or more", "at the least")


@pytest.fixture(scope="module")
def synapse() -> Iterator[Synapse]:
    with Synapse() as server:
        yield server


def article(text: str) -> Answer:
    title, _, rest = text.partition("\n")
    paragraphs = "".join(f"<p>{html.escape(each)}</p>" for each in rest.splitlines())
    meta = f'<meta charset="utf-8"><title>{html.escape(title)}</title>'
    head = f'<!doctype html><html lang="en"><head>{meta}</head>'
    return Answer(
        body=f"{head}<body><main><article><h1>{title}</h1>{paragraphs}</article></main></body></html>"
    )


@dataclass(kw_only=True)
class Newsroom:
    """A curators' room and a news room with the running bot; anna is an admin, the others are nobody yet."""

    bot: BotProcess
    account: Account
    web: WebServer
    anna: User
    ben: User
    cleo: User
    dora: User
    curators: str
    news: str

    async def answer(self, user: User, room: str, message: str, words: str = "") -> dict[str, Any]:
        """Wait for a reply of the bot's to a message, with these words in it."""

        def is_it(event: dict[str, Any]) -> bool:
            relation = event.get("content", {}).get("m.relates_to", {})
            answered = relation.get("m.in_reply_to", {}).get("event_id") == message
            mine = event["sender"] == self.account.user_id and event["type"] == "m.room.message"
            return bool(mine and answered and words in event["content"]["body"])

        return await self.bot.until(user.wait_for(room, is_it, seconds=30))

    async def told(self, user: User, room: str, message: str, words: str = "") -> str:
        """The text of that reply."""
        return str((await self.answer(user, room, message, words))["content"]["body"])

    async def edited(self, user: User, room: str, answer: str, words: str) -> str:
        """Wait until one of the bot's replies says something else, with these words in it; gives its text."""

        def is_it(event: dict[str, Any]) -> bool:
            content = event.get("content", {})
            replaced = content.get("m.relates_to", {}).get("rel_type") == "m.replace"
            return bool(
                replaced
                and content["m.relates_to"]["event_id"] == answer
                and words in content["m.new_content"]["body"]
            )

        event = await self.bot.until(user.wait_for(room, is_it, seconds=30))
        return str(event["content"]["m.new_content"]["body"])

    async def tell(self, user: User, room: str, command_: str) -> str:
        """Say a command and wait for its reply."""
        return await self.told(user, room, await user.send(room, f"!caveat {command_}"))

    async def ask(self, user: User, text: str) -> str:
        """Mention the bot in the news room; gives the message's id."""
        mention = {"m__mentions": {"user_ids": [self.account.user_id]}}
        return await user.send(self.news, f"@caveat {text}", **mention)

    async def noted(self, words: str) -> dict[str, Any]:
        """Wait for a note of the bot's in the curators' room, outside of all threads."""

        def is_it(event: dict[str, Any]) -> bool:
            content = event.get("content", {})
            return bool(
                event["sender"] == self.account.user_id
                and "m.relates_to" not in content
                and words in content.get("body", "")
            )

        return await self.bot.until(self.anna.wait_for(self.curators, is_it, seconds=30))


@asynccontextmanager
async def at_work(synapse: Synapse, folder: Path) -> AsyncIterator[Newsroom]:
    account = synapse.register(f"caveat-{secrets.token_hex(4)}", display_name="Caveat")
    web = WebServer(routes={"/harbour": article(STORY), "/copy": article(COPY)})
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(web.running())
        names = [f"{name}-{secrets.token_hex(4)}" for name in ("anna", "ben", "cleo", "dora")]
        users = [await stack.enter_async_context(User(synapse.register(name))) for name in names]
        anna, *others = users
        rooms = [await anna.create_room(account.user_id, *(each.id for each in others)) for _ in range(2)]
        for user in others:
            for room in rooms:
                await user.join(room)
        settings = {
            "ADMINS": json.dumps([f"matrix:{anna.id}"]),
            "CURATORS_CHANNELS": json.dumps(rooms[:1]),
            **QUICK,
        }
        bot = BotProcess(command(web.port), cwd=ROOT, env=environment(account, folder, **settings))
        await bot.start()
        try:
            for room in rooms:
                await bot.until(anna.wait_for_member(room, account.user_id))
            named = dict(zip(("anna", "ben", "cleo", "dora"), users, strict=True))
            yield Newsroom(bot=bot, account=account, web=web, curators=rooms[0], news=rooms[1], **named)
        finally:
            await bot.stop()


def form_in(text: str) -> str:
    """The form in a reply, without its code block."""
    found = re.search(r"```\n(.*?)\n```", text, re.DOTALL)
    assert found, text
    return found[1]


def filled_in(form: str, **given: str) -> str:
    """The form with empty fields filled in."""
    for name, value in given.items():
        form, count = re.subn(rf"^{name}:.*$", f"{name}: {value}", form, flags=re.MULTILINE)
        assert count == 1, f"{name} is no line of {form}"
    return form


async def test_an_entry_goes_from_a_link_to_a_reply_through_two_people(
    synapse: Synapse, tmp_path: Path
) -> None:
    async with at_work(synapse, tmp_path) as office:
        room = office.curators
        for who, role in ((office.ben, "curator"), (office.cleo, "reviewer")):
            assert f"is {role} from now on" in await office.tell(
                office.anna, room, f"role give {who.id} {role}"
            )

        question = await office.ask(office.dora, "http://copy.example/copy")
        assert "tell me" in await office.told(
            office.dora, office.news, question, "Nothing verified on this yet"
        )
        waits = await office.dora.send_in_thread(office.news, question, "tell me")
        assert "I will say so in this thread" in await office.told(office.dora, office.news, waits)

        root = await office.ben.send(room, f"!caveat add {ORIGINAL}")
        form = form_in(await office.told(office.ben, room, root))
        assert TITLE in form
        given = {"id": "harbour", "summary": "A flood closed the harbour.", "sensitive": "false"}
        wrong = filled_in(form, **given, caveats="\n- The cost is an estimate.\nfigures:\n- value: many")
        sent = await office.ben.send_in_thread(room, root, f"```\n{wrong}\n```")
        assert re.search(
            r"line \d+: figures\[0\]\.value: ", await office.told(office.ben, room, sent, "Not saved")
        )
        right = filled_in(form, **given, caveats="\n- The cost is an estimate.")
        sent = await office.ben.send_in_thread(room, root, f"```\n{right}\n```")
        await office.told(office.ben, room, sent, "Sent to review")

        note = await office.noted("second pair of eyes")
        assert "!caveat approve harbour" in note["content"]["body"]
        assert "reviewer" in await office.tell(office.ben, room, "approve harbour")
        review = await office.cleo.send(room, "!caveat review harbour")
        await office.told(office.cleo, room, review, "The reply as it will look")
        assert "matched 1 of the 1 links" in await office.told(
            office.cleo,
            room,
            await office.cleo.send(room, "!caveat preview harbour"),
            "links without an answer",
        )
        assert "Published" in await office.tell(office.cleo, room, "approve harbour looks right")

        news = await office.told(office.dora, office.news, waits, "There is an answer now")
        assert "The cost is an estimate." in news
        copy = await office.ben.send(office.news, "have you seen http://mirror.example/copy")
        answer = await office.answer(office.ben, office.news, copy)
        assert "The cost is an estimate." in answer["content"]["body"]
        history = await office.tell(office.cleo, room, "history harbour")
        assert re.search(r"approve by .*looks right", history)

        form = form_in(await office.tell(office.cleo, room, "edit harbour"))
        changed = form.replace("The cost is an estimate.", "The cost is twice the estimate.")
        sent = await office.cleo.send(room, f"```\n{changed}\n```")
        await office.told(office.cleo, room, sent, "Sent to review")
        assert "your own text" in await office.tell(office.cleo, room, "approve harbour")
        assert "Published" in await office.tell(office.anna, room, "approve harbour")
        corrected = await office.edited(office.ben, office.news, answer["event_id"], "twice the estimate")
        assert "Updated on" in corrected
        assert "Retired" in await office.tell(office.cleo, room, "retire harbour the harbour is open again")
        assert "ithdrawn" in await office.edited(office.ben, office.news, answer["event_id"], "open again")


async def test_who_has_no_role_is_refused_and_an_admin_pauses_everything(
    synapse: Synapse, tmp_path: Path
) -> None:
    async with at_work(synapse, tmp_path) as office:
        refusal = await office.tell(office.dora, office.curators, f"add {ORIGINAL}")
        assert "Sorry" in refusal
        assert f"matrix:{office.anna.id}" in put_together(refusal)
        assert "curators' channel" in await office.tell(office.anna, office.news, f"add {ORIGINAL}")
        assert "What you can tell me" in await office.told(
            office.dora, office.news, await office.ask(office.dora, "help")
        )

        assert "Paused" in await office.tell(office.anna, office.news, "pause")
        unanswered = await office.ask(office.dora, "http://copy.example/copy")
        also_unanswered = await office.ask(office.dora, "help")
        assert "I speak again" in await office.tell(office.anna, office.news, "resume")
        answered = await office.ask(office.dora, "http://copy.example/copy")
        await office.told(office.dora, office.news, answered, "Nothing verified")
        for message in (unanswered, also_unanswered):
            assert await office.anna.thread(office.news, message) == []

        removed = await office.anna.send_in_thread(office.news, answered, "@caveat remove")
        assert "Removed" in await office.told(office.anna, office.news, removed)
