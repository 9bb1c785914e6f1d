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
from bot.errors import GoneError
from bot.model import Message, Place, Receipt, Reply
from bot.ports import Accept
from bot.replies import wording
from bot.replies.plain import render

NAME = "console"
_MENTION = re.compile(r"@caveat\b[:,]?|^\s*caveat\s*[:,]", re.IGNORECASE)
_PREFIX = "@caveat "
_FENCE = "```"
_TELLING_WORDS = 8  # a shorter question without a link is about the last one: "@caveat is this true?"
_LEAVE = {"quit", "exit", "/quit", "/exit"}


class ConsolePlatform:
    """The `Platform` port on lines of text; `lines` default to standard input, `write` to standard output."""

    name = NAME

    def __init__(
        self, *, lines: AsyncIterator[str] | None = None, write: Callable[[str], None] | None = None
    ) -> None:
        self._lines = lines
        self._write = write or _print
        self.channel = f"chat-{uuid4().hex}"  # a room of its own each time, so that no earlier chat counts
        self._messages: dict[str, Message] = {}
        self._last_link: str | None = None
        self._posted: dict[str, Receipt] = {}
        self._editions: dict[str, int] = {}

    async def listen(self, accept: Accept) -> None:
        """Hand every line that asks or holds a link to `accept`; ends with the input, or at `quit`."""
        async for line in _in_blocks(self._lines or _standard_input()):
            if line.strip().lower() in _LEAVE:
                return
            message = self._message(line)
            self._messages[message.id] = message
            if message.links:
                self._last_link = message.id
            if message.asked or message.links or message.command:
                await accept(message)
            elif line.strip():
                self._write(wording.NOT_ASKED)

    async def read(self, channel: str, message_id: str) -> Message | None:
        """Give a line back; None for another channel or an unknown line."""
        return self._messages.get(message_id) if channel == self.channel else None

    async def find(self, place: Place, key: str) -> Receipt | None:  # noqa: ARG002 - the port's shape
        """Look for an answer that was printed."""
        return self._posted.get(key)

    async def post(self, place: Place, reply: Reply, key: str) -> Receipt:
        """Print an answer."""
        self._write(render(reply, prefix=_PREFIX))
        receipt = Receipt(channel=place.channel, message_id=f"answer-{len(self._posted) + 1}")
        self._posted[key] = receipt
        return receipt

    async def amend(self, receipt: Receipt, reply: Reply, key: str, edition: int) -> None:
        """Print what an answer says now, once for each edition; what is printed above stays printed."""
        if self._posted.get(key) != receipt:
            raise GoneError("the answer was withdrawn")
        if self._editions.get(key, 0) < edition:
            self._editions[key] = edition
            self._write(f"(an answer above has changed)\n{render(reply)}")

    async def withdraw(self, receipt: Receipt) -> None:
        """Say that an answer is taken back: what is printed stays printed."""
        for key in [key for key, posted in self._posted.items() if posted == receipt]:
            del self._posted[key]
            self._write("(the answer above was withdrawn)")

    @property
    def posted(self) -> tuple[Receipt, ...]:
        """The answers that were printed and not withdrawn, oldest first."""
        return tuple(self._posted.values())

    def _message(self, line: str) -> Message:
        number = str(len(self._messages) + 1)
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
