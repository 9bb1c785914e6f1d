"""A proxy before the homeserver: it can stop a post before it arrives, or before the answer returns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

import aiohttp
from aiohttp import web

_MESSAGES = "/send/m.room.message/"
_OWN_HEADERS = {"host", "content-length", "transfer-encoding", "content-encoding", "connection"}


class Point(StrEnum):
    """Where a post is stopped: the homeserver has not seen it, or has it and its answer does not return."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(kw_only=True)
class Proxy:
    """Forwards every call to `target`; the next post of a message is stopped at `stop_at`.

    While `away` is a status, it is what everybody gets, with a page in HTML; `asked` says that somebody did.
    """

    target: str
    away: int | None = None
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    stop_at: Point | None = None
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    address: str = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """Serve on a free loopback port."""
        self._go = asyncio.Event()
        application = web.Application(client_max_size=2**24)
        application.router.add_route("*", "/{path:.*}", self._forward)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession(auto_decompress=False) as self._session:
            try:
                yield self
            finally:
                self._go.set()
                await runner.cleanup()

    async def _forward(self, request: web.Request) -> web.Response:
        stop = self.stop_at if _MESSAGES in request.path else None
        body = await request.read()
        if self.away is not None:
            self.asked.set()
            return web.Response(status=self.away, text="<h1>Away</h1>", content_type="text/html")
        if stop is Point.BEFORE:
            await self._hold()
            return web.Response(status=502)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _OWN_HEADERS}
        url = self.target + request.raw_path
        async with self._session.request(request.method, url, data=body, headers=headers) as answer:
            content = await answer.read()
        if stop is Point.AFTER:
            await self._hold()
        kept = {name: value for name, value in answer.headers.items() if name.lower() not in _OWN_HEADERS}
        return web.Response(status=answer.status, body=content, headers=kept)

    async def _hold(self) -> None:
        self.stop_at = None
        self.stopped.set()
        await self._go.wait()
