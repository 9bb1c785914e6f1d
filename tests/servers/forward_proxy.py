"""An egress proxy on loopback for tests, in the manner of Smokescreen: GET, CONNECT and refusals."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

_REASON = "X-Smokescreen-Error"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a client asked for; `target` is an absolute address or, for CONNECT, host:port."""

    method: str
    target: str
    headers: Mapping[str, str]


@dataclass(kw_only=True)
class ForwardProxy:
    """Leads what it lets through to one loopback port, whatever its host; `asked` lists all that came.

    `refused` gives, by host, the status that it refuses with. With a `login` ("user:password"), nobody else
    is served.
    """

    upstream: int
    refused: Mapping[str, int] = field(default_factory=dict)
    login: str = ""
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def address(self) -> str:
        """Where it is, for the settings."""
        return f"http://{self.login}{'@' if self.login else ''}127.0.0.1:{self.port}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Serve on a free loopback port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            await self._handle(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # a side left, or the test is over
        finally:
            writer.close()

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        self.asked.append(Asked(method=method, target=target, headers=headers))
        host = urlsplit(target if method != "CONNECT" else f"//{target}").hostname or ""
        if status := self._refusal(host, headers):
            writer.write(
                f"HTTP/1.1 {status} No\r\n{_REASON}: {host} is 10.0.0.5\r\nContent-Length: 0\r\n\r\n".encode()
            )
            await writer.drain()
            return
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        try:
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                up_writer.write(_origin_form(method, target, headers))
            await asyncio.gather(_pump(reader, up_writer), _pump(up_reader, writer))
        finally:
            up_writer.close()

    def _refusal(self, host: str, headers: Mapping[str, str]) -> int | None:
        wanted = "Basic " + base64.b64encode(self.login.encode()).decode()
        if self.login and headers.get("proxy-authorization") != wanted:
            return 407
        return self.refused.get(host)


def _origin_form(method: str, target: str, headers: Mapping[str, str]) -> bytes:
    parts = urlsplit(target)
    lines = [f"{method} {parts.path or '/'}{'?' if parts.query else ''}{parts.query} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items() if not name.startswith("proxy-")]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(65_536):
        writer.write(piece)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
