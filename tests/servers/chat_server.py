"""A small chat server on loopback whose answers a test can hold back, and a bot process it can kill.

The server tells a test when a request has come to a named point, and waits there: so a SIGKILL lands exactly
between two steps, without any sleeping. It stores every post it is asked to store, twice if asked twice.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

DEADLINE = 30.0
Result = TypeVar("Result")


@dataclass(eq=False)
class Pause:
    """One request, held at one point until the test lets it go or lets it fall."""

    point: str
    message: str
    _reached: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    _dropped: bool = False

    async def reached(self) -> None:
        """Wait until the request is there."""
        await self._reached.wait()

    def go(self) -> None:
        """Let the request go on."""
        self._ended.set()

    def drop(self) -> None:
        """Let the request fall: nothing further happens to it."""
        self._dropped = True
        self._ended.set()

    @property
    def taken(self) -> bool:
        """Whether a request has come; the next one passes."""
        return self._reached.is_set()

    async def hold(self) -> None:
        """Stand at the point, for as long as the test wants. For the server only."""
        self._reached.set()
        await self._ended.wait()
        if self._dropped:
            raise web.HTTPServiceUnavailable


@dataclass(frozen=True, kw_only=True)
class Post:
    """An answer that stands in a thread."""

    id: str
    message: str
    key: str
    text: str


class ChatServer:
    """Keeps a feed of events, which it gives again when asked to, and the posts of one bot.

    Points to pause at: `fetch` (a page was asked for), `post` (a post came in, and is not stored), `stored`
    (it is stored, and the bot does not know yet), and any name that a bot passes to `/checkpoint`.
    """

    def __init__(self) -> None:
        self.url = ""
        self.posts: dict[str, Post] = {}
        self.asked_for: list[str] = []
        self._feed: list[dict[str, Any]] = []
        self._fed = asyncio.Condition()
        self._pauses: list[Pause] = []
        self._number = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[ChatServer]:
        """Serve on a free loopback port."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/events", self._events),
                web.get("/page/{message}", self._page),
                web.post("/posts", self._post),
                web.get("/posts/{key}", self._find),
                web.delete("/posts/{id}", self._withdraw),
                web.post("/checkpoint/{point}/{message}", self._checkpoint),
            ]
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        try:
            yield self
        finally:
            for pause in self._pauses:
                pause.drop()
            await runner.cleanup()

    async def say(self, *messages: str) -> None:
        """Let somebody post messages."""
        await self._feed_more([{"kind": "message", "id": message} for message in messages])

    async def delete(self, *messages: str) -> None:
        """Let somebody delete messages."""
        await self._feed_more([{"kind": "deletion", "id": message} for message in messages])

    async def deliver_again(self) -> None:
        """Give everything out once more, as platforms do when they are unsure."""
        await self._feed_more(list(self._feed))

    def pause_at(self, point: str, message: str) -> Pause:
        """Hold the next request that comes to that point for that message."""
        pause = Pause(point=point, message=message)
        self._pauses.append(pause)
        return pause

    def answers_to(self, message: str) -> list[Post]:
        """Give the posts that stand in a message's thread."""
        return [post for post in self.posts.values() if post.message == message]

    async def _feed_more(self, events: list[dict[str, Any]]) -> None:
        async with self._fed:
            self._feed += events
            self._fed.notify_all()

    async def _hold(self, point: str, message: str) -> None:
        for pause in self._pauses:
            if (pause.point, pause.message) == (point, message) and not pause.taken:
                await pause.hold()
                return

    async def _events(self, request: web.Request) -> web.Response:
        after = int(request.query["after"])
        async with self._fed:
            await self._fed.wait_for(lambda: len(self._feed) > after)
        return web.json_response({"next": len(self._feed), "events": self._feed[after:]})

    async def _page(self, request: web.Request) -> web.Response:
        message = request.match_info["message"]
        self.asked_for.append(message)
        await self._hold("fetch", message)
        return web.json_response({"title": f"The page behind {message}"})

    async def _post(self, request: web.Request) -> web.Response:
        data = await request.json()
        await self._hold("post", data["message"])
        self._number += 1
        post = Post(id=f"p{self._number}", message=data["message"], key=data["key"], text=data["text"])
        self.posts[post.id] = post
        await self._hold("stored", post.message)
        return web.json_response({"id": post.id})

    async def _find(self, request: web.Request) -> web.Response:
        found = [post.id for post in self.posts.values() if post.key == request.match_info["key"]]
        return web.json_response({"ids": found})

    async def _withdraw(self, request: web.Request) -> web.Response:
        self.posts.pop(request.match_info["id"], None)
        return web.json_response({})

    async def _checkpoint(self, request: web.Request) -> web.Response:
        await self._hold(request.match_info["point"], request.match_info["message"])
        return web.json_response({})


class BotProcess:
    """A bot as a process of its own: any command, killed by its own id and started again."""

    def __init__(self, command: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None) -> None:
        self._command = command
        self._cwd = cwd
        self._env = env
        self._process: asyncio.subprocess.Process | None = None
        self._output = b""
        self._spoke = asyncio.Event()
        self._reader: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """The id of the running process."""
        assert self._process is not None
        return self._process.pid

    @property
    def said(self) -> str:
        """What it has written so far."""
        return self._output.decode(errors="replace")

    async def start(self) -> None:
        """Start it; it may still be getting ready on return."""
        self._output = b""
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            cwd=self._cwd,
            env=self._env,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reader = asyncio.create_task(self._read(self._process))

    async def until(self, condition: Awaitable[Result], *, seconds: float = DEADLINE) -> Result:
        """Wait for a condition while the process lives; fails with its output when it ends, or too late."""
        assert self._process is not None
        waiting = asyncio.ensure_future(condition)
        ended = asyncio.create_task(self._process.wait())
        try:
            await asyncio.wait({waiting, ended}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done():
                why = "did not get there in time"
                if ended.done() and self._reader is not None:
                    why = f"ended with status {ended.result()}"
                    await self._reader
                raise AssertionError(f"the bot {why}; it said:\n{self.said}")
            return waiting.result()
        finally:
            waiting.cancel()
            ended.cancel()
            await asyncio.gather(waiting, ended, return_exceptions=True)

    @property
    def output(self) -> str:
        """What it has said since it was started."""
        return self._output.decode(errors="replace")

    async def says(self, *words: str) -> None:
        """Wait until it has said all of these words."""

        async def said() -> None:
            while not all(each in self.output for each in words):
                self._spoke.clear()
                await self._spoke.wait()

        await self.until(said())

    async def ended(self) -> int:
        """Wait until it ends by itself; gives the exit status."""
        assert self._process is not None
        assert self._reader is not None
        async with asyncio.timeout(DEADLINE):
            status = await self._process.wait()
            await self._reader
        self._process = None
        return status

    async def kill(self) -> None:
        """SIGKILL, at once; on return it is gone."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """Ask it to end, and wait; gives the exit status."""
        return await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> int:
        if self._process is None or self._reader is None:
            return 0
        if self._process.returncode is None:
            self._process.send_signal(how)
        async with asyncio.timeout(DEADLINE):
            status = await self._process.wait()
            await self._reader
        self._process = None
        return status

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self._output += line
            self._spoke.set()


def python_module(name: str, *arguments: str) -> list[str]:
    """Give the command that runs a module with this interpreter."""
    return [sys.executable, "-m", name, *arguments]
