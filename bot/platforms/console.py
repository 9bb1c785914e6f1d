"""A terminal as a chat room: each line is a message, answers appear below it. Nothing of it is kept."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime
from uuid import uuid4

from bot.answering.links import find_links
from bot.commands.grammar import is_command
from bot.model import Message, Place, Receipt, Reply
from bot.platforms.memory import MemoryPlatform
from bot.replies import wording
from bot.replies.plain import render

NAME = "console"
_MENTION = re.compile(r"@caveat\b[:,]?|^\s*caveat\s*[:,]", re.IGNORECASE)
_PREFIX = "@caveat "
_FENCE = "```"
_TELLING_WORDS = 8  # a shorter question without a link is about the last one: "@caveat is this true?"
_LEAVE = {"quit", "exit", "/quit", "/exit"}


class ConsolePlatform(MemoryPlatform):
    """The platform in memory, as text: `lines` default to standard input, `write` to standard output."""

    def __init__(
        self, *, lines: AsyncIterator[str] | None = None, write: Callable[[str], None] | None = None
    ) -> None:
        super().__init__(NAME, self._messages(lines or _standard_input()))
        self._write = write or _print
        self.channel = f"chat-{uuid4().hex}"  # a room of its own each time, so that no earlier chat counts
        self._last_link: str | None = None

    async def post(self, place: Place, reply: Reply, key: str) -> Receipt:
        """Print an answer."""
        self._write(render(reply, prefix=_PREFIX))
        return await super().post(place, reply, key)

    async def amend(self, receipt: Receipt, reply: Reply, key: str, edition: int) -> None:
        """Print what an answer says now, once for each edition; what is printed above stays printed."""
        before = self.posts.get(receipt.message_id)
        await super().amend(receipt, reply, key, edition)
        if self.posts[receipt.message_id] != before:
            self._write(f"(an answer above has changed)\n{render(reply)}")

    async def withdraw(self, receipt: Receipt) -> None:
        """Say that an answer is taken back: what is printed stays printed."""
        if receipt.message_id in self.posts:
            self._write("(the answer above was withdrawn)")
        await super().withdraw(receipt)

    async def _messages(self, lines: AsyncIterator[str]) -> AsyncIterator[Message]:
        """Give every line that asks or holds a link; ends with the input, or at `quit`."""
        async for line in _in_blocks(lines):
            if line.strip().lower() in _LEAVE:
                return
            message = self._message(line)
            self.messages[message.id] = message
            if message.links:
                self._last_link = message.id
            if message.asked or message.links or message.command:
                yield message
            elif line.strip():
                self._write(wording.NOT_ASKED)

    def _message(self, line: str) -> Message:
        number = str(len(self.messages) + 1)
        text, links = _MENTION.sub(" ", line).strip(), find_links(line)
        asked, slashed = bool(_MENTION.search(line)), line.strip().removeprefix("/")
        if slashed != line.strip() and is_command(slashed, asked=True, within=False):
            text, asked = slashed, True
        command = is_command(text, asked=asked, within=self._last_link is not None)
        about_last = (asked or command) and text and not links and len(text.split()) < _TELLING_WORDS
        return Message(
            platform=NAME,
            channel=self.channel,
            id=number,
            event=number,
            sender="you",
            text=text,
            links=links,
            asked=asked,
            reply_to=self._last_link if about_last else None,
            direct=True,
            command=command,
            sent_at=datetime.now(UTC),
        )


async def _in_blocks(lines: AsyncIterator[str]) -> AsyncIterator[str]:
    """Put the lines of a code block together: a form that is pasted is one message."""
    held: list[str] = []
    fences = 0
    async for line in lines:
        held.append(line.rstrip("\n"))
        fences += line.count(_FENCE)
        if fences % 2 == 0:
            yield "\n".join(held)
            held.clear()
    if held:
        yield "\n".join(held)


def _print(text: str) -> None:
    print(f"\n{text}\n", flush=True)  # noqa: T201 - the terminal is the platform


async def _standard_input() -> AsyncIterator[str]:
    """Read lines in a thread of their own: a terminal cannot be waited for otherwise on every system."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()

    def pump(source: Iterable[str]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed while a line was awaited
            for line in source:
                loop.call_soon_threadsafe(lines.put_nowait, line)
            loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=pump, args=(sys.stdin,), name="standard input", daemon=True).start()
    while (line := await lines.get()) is not None:
        yield line
