"""The way to a server that is not there yet: nobody listens, then a proxy excuses itself, then it is open."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Self

BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 20\r\nConnection: close\r\n\r\n<h1>Not yet</h1>"
"""What a reverse proxy says while what is behind it starts; its body is cut short, too."""

HUNG_UP = b""
"""The connection ends without an answer."""


@dataclass(kw_only=True)
class Door:
    """A loopback port that leads to `target`, a port as well.

    For `seconds` nobody listens there; then each of `excuses` is said to somebody, once. `asked` is set when
    the first one is.
    """

    target: int
    seconds: float
    excuses: Sequence[bytes] = ()
    port: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def address(self) -> str:
        """The address of what is behind it."""
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Hold a port, and listen there when the time has come."""
        self._left = list(self.excuses)
        with socket.socket() as held:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            held.bind(("127.0.0.1", 0))  # bound and not listening: whoever calls is refused
            self.port = held.getsockname()[1]
            opening = asyncio.create_task(self._open(held))
            try:
                yield self
            finally:
                for task in (opening, *self._tasks):
                    task.cancel()
                await asyncio.gather(opening, *self._tasks, return_exceptions=True)

    async def _open(self, held: socket.socket) -> None:
        await asyncio.sleep(self.seconds)  # this is the story, not a wait for something
        async with await asyncio.start_server(self._let_in, sock=held) as server:
            await server.serve_forever()

    async def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            if self._left:
                excuse = self._left.pop(0)
                await reader.readuntil(b"\r\n\r\n")
                self.asked.set()
                writer.write(excuse)
                await writer.drain()
            else:
                there, back = await asyncio.open_connection("127.0.0.1", self.target)
                await asyncio.gather(_pour(reader, back), _pour(there, writer))
        writer.close()


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while piece := await source.read(2**16):
            target.write(piece)
            await target.drain()
    finally:
        target.close()
