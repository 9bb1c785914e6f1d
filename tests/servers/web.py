"""A small web server on loopback for tests, hostile behaviour included, and the way to it past the guard.

No test may loosen the guard. `PublicWeb` gives reserved names public addresses and leads the dial, the very
last step, to the loopback server: the policy judges the public address in between.
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

PUBLIC = "93.184.216.34"

Behaviour = Callable[["Request", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a client sent."""

    host: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A well-behaved answer."""

    body: bytes | str = ""
    status: str = "200 OK"
    content_type: str | None = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()

    async def __call__(self, _: Request, writer: asyncio.StreamWriter) -> None:
        body = self.body.encode() if isinstance(self.body, str) else self.body
        lines = [f"HTTP/1.1 {self.status}"]
        if self.content_type is not None:
            lines.append(f"Content-Type: {self.content_type}")
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()


def redirect(location: str, status: str = "302 Found") -> Answer:
    """Send the client elsewhere."""
    return Answer(status=status, headers=(("Location", location),))


def packed(body: bytes, encoding: str = "gzip") -> Answer:
    """Claim that a body is packed."""
    return Answer(body=body, headers=(("Content-Encoding", encoding),))


def bomb(mebibytes: int) -> bytes:
    """Pack that many MiB of blanks."""
    return gzip.compress(b" " * (mebibytes * 2**20), compresslevel=9)


def raw(*pieces: bytes) -> Behaviour:
    """Write the very bytes."""

    async def behave(_: Request, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return behave


def endless(head: bytes, piece: bytes, seconds: float = 0) -> Behaviour:
    """Write `piece` until the client goes away, waiting `seconds` in between."""

    async def behave(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(seconds)

    return behave


def large(mebibytes: int, head: bytes) -> Behaviour:
    """Write `head` and a body of that many MiB."""

    async def behave(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        for _piece in range(mebibytes):
            writer.write(b"x" * 2**20)
            await writer.drain()

    return behave


async def mute(_: Request, writer: asyncio.StreamWriter) -> None:
    """Never answer."""
    await writer.drain()
    await asyncio.get_running_loop().create_future()


@dataclass(frozen=True)
class Held:
    """Give `answer` once the test says so: `asked_for` is set when somebody came, `go_on` lets them go."""

    answer: Behaviour
    asked_for: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.asked_for.set()
        await self.go_on.wait()
        await self.answer(request, writer)


@dataclass(kw_only=True)
class WebServer:
    """Answers by path, or by "host/path"; `requests` lists what came, `busiest` how many at one time."""

    routes: dict[str, Behaviour] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    port: int = 0
    busiest: int = 0
    tls: ssl.SSLContext | None = None
    _now: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._now += 1
        self.busiest = max(self.busiest, self._now)
        try:
            request = await _read(reader)
            self.requests.append(request)
            path = request.path.partition("?")[0]
            missing = Answer(body="nothing here", status="404 Not Found")
            behave = self.routes.get(request.host + path) or self.routes.get(path) or missing
            await behave(request, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client left, or the test is over
        finally:
            self._now -= 1
            writer.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[WebServer]:
        """Serve on a free loopback port."""
        server = await asyncio.start_server(self._handle, "127.0.0.1", 0, ssl=self.tls)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await server.wait_closed()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Request(host=headers.get("host", ""), path=first.split(" ")[1], headers=headers)


@dataclass(kw_only=True)
class PublicWeb:
    """The public web for a test: names to addresses, every dial written down and led to one loopback port.

    A name with several lists of addresses gives the next one at each look-up, and the last one from then on.
    """

    port: int
    names: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    dialled: list[tuple[str, int]] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)

    def resolve(self, host: str) -> Sequence[str]:
        """Answer for a host as the test wants it; any name below .example that is not listed is public."""
        turn = self.looked_up.count(host)
        self.looked_up.append(host)
        if host in self.names:
            answers = self.names[host]
            return answers[min(turn, len(answers) - 1)]
        if host.endswith(".example"):
            return [PUBLIC]
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    def dial(self, host: str, port: int) -> tuple[str, int]:
        """Write down what would have been dialled, and lead it to the loopback server."""
        self.dialled.append((host, port))
        return "127.0.0.1", self.port
