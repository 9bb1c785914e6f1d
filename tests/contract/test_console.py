"""The terminal keeps the promises of the port, but one: what is typed there cannot be deleted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.model import Place
from bot.platforms.console import ConsolePlatform
from tests.contract.platform_suite import REPLY, Accepted, PlatformSuite, listening


@dataclass(kw_only=True)
class ConsoleStage:
    """A terminal with somebody who types."""

    lines: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    shown_lines: list[str] = field(default_factory=list)
    typed: int = 0
    unknown_id: str = "no such line"
    accepted: Accepted
    platform: ConsolePlatform

    @property
    def channel(self) -> str:
        """The terminal's own room."""
        return self.platform.channel

    async def say(self, text: str) -> str:
        """Type a line."""
        self.typed += 1
        await self.lines.put(text)
        return str(self.typed)

    async def delete(self, message_id: str) -> None:
        """Nobody can."""
        raise AssertionError(f"line {message_id} stays in the terminal")

    async def answers(self, place: Place) -> list[str]:
        """What was printed and not withdrawn."""
        return [name for name, post in self.platform.posts.items() if post.place.channel == place.channel]

    async def shown(self, message_id: str) -> tuple[str, int]:
        """The terminal's last word on the only answer."""
        return self.shown_lines[-1], sum("has changed" in lines for lines in self.shown_lines)


async def _typed(lines: asyncio.Queue[str]) -> AsyncIterator[str]:
    while True:
        yield await lines.get()


@asynccontextmanager
async def on_stage() -> AsyncIterator[ConsoleStage]:
    lines: asyncio.Queue[str] = asyncio.Queue()
    shown: list[str] = []
    platform = ConsolePlatform(lines=_typed(lines), write=shown.append)
    async with listening(platform) as accepted:
        yield ConsoleStage(lines=lines, shown_lines=shown, accepted=accepted, platform=platform)


class TestConsole(PlatformSuite):
    """The suite that every platform passes."""

    @pytest.fixture
    async def stage(self) -> AsyncIterator[ConsoleStage]:
        """A terminal of its own for each test."""
        async with on_stage() as stage:
            yield stage

    async def test_a_deleted_message_is_told_and_cannot_be_read(  # type: ignore[override]  # a stage of its own
        self, stage: ConsoleStage, place: Place
    ) -> None:
        """Instead: a withdrawal cannot take a line back either, so it is said."""
        receipt = await stage.platform.post(place, REPLY, "key 1")
        await stage.platform.withdraw(receipt)
        assert "withdrawn" in stage.shown_lines[-1]


async def test_a_short_question_is_about_the_last_link_and_a_claim_about_itself() -> None:
    async with on_stage() as stage:
        link = await stage.say("https://news.example/story")
        short = await stage.accepted.message(await stage.say("@caveat is this true?"))
        claim = await stage.accepted.message(
            await stage.say("caveat: they say that the old harbour was closed by a flood last May")
        )
        assert (short.asked, short.reply_to, short.text) == (True, link, "is this true?")
        assert (claim.asked, claim.reply_to) == (True, None)


async def test_talk_that_is_not_for_the_bot_is_explained_and_not_handed_over() -> None:
    async with on_stage() as stage:
        hello = await stage.say("hello")
        await stage.accepted.message(await stage.say("https://news.example/story"))
        assert hello not in {message.id for message in stage.accepted.messages}
        assert "no link and no @caveat" in stage.shown_lines[0]


async def test_quit_ends_the_talk() -> None:
    async with on_stage() as stage:
        await stage.say("quit")
        assert stage.accepted.listener is not None
        await asyncio.wait_for(asyncio.shield(stage.accepted.listener), 10)


async def test_commands_begin_with_a_stroke_or_the_bots_name_and_forms_are_one_message() -> None:
    async with on_stage() as stage:
        slashed = await stage.accepted.message(await stage.say("/queue"))
        named = await stage.accepted.message(await stage.say("@caveat retire harbour it is wrong"))
        assert [(each.command, each.direct, each.text) for each in (slashed, named)] == [
            (True, True, "queue"),
            (True, True, "retire harbour it is wrong"),
        ]
        for line in ("```", "# A new entry.", "id: harbour", "original:", "  publisher: Paper"):
            await stage.lines.put(line)
        form = await stage.accepted.message(await stage.say("```"))
        assert form.command
        assert form.text == "```\n# A new entry.\nid: harbour\noriginal:\n  publisher: Paper\n```"
