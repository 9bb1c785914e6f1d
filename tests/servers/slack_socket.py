"""Socket Mode: tickets, connections, envelopes and their acks."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.servers.slack_delivery import Attempt, Delivery, Pace
from tests.servers.slack_state import Json
from tests.servers.slack_world import World

_MOST = 10  # connections of one app
_CLOSE_SECONDS = 0.2  # for the other side to say goodbye; a dead one never does


@dataclass(kw_only=True, eq=False)
class Connection:
    """One open socket; a frozen one neither reads nor writes, as behind a dead network."""

    socket: web.WebSocketResponse
    request: web.Request
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    pings: int = 0
    envelopes: int = 0
    frozen: bool = False

    async def send(self, message: Json) -> None:
        """Send a message, unless frozen or gone."""
        if not self.frozen and not self.socket.closed:
            await self.socket.send_str(json.dumps(message))


class Sockets:
    """All connections of the app; an envelope goes to one of them, in turn."""

    def __init__(self, world: World, pace: Pace) -> None:
        self.connections: list[Connection] = []
        self.opened = 0
        self._world = world
        self._pace = pace
        self._tickets: set[str] = set()
        self._turn = 0
        self._forgets = False

    def forget_tickets(self, *, no_more: bool = False) -> None:
        """Take no ticket that is given out from now on, as if each had grown too old; `no_more` ends that."""
        self._forgets = not no_more

    def new_url(self) -> str:
        """Give an address for one connection."""
        ticket = str(uuid.uuid4())
        if not self._forgets:
            self._tickets.add(ticket)
        address = self._world.url.replace("http", "ws", 1)
        return f"{address}/link/?ticket={ticket}&app_id={self._world.app.id}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="the ticket is unknown or was used")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False, timeout=_CLOSE_SECONDS)
        await socket.prepare(request)
        connection = Connection(socket=socket, request=request)
        if len(self.connections) >= _MOST:
            await connection.send(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        self.connections.append(connection)
        self.opened += 1
        try:
            await connection.send(self._hello())
            self._world.changes.tell()
            await self._listen(connection)
        finally:
            self._forget(connection)
        return socket

    async def attempt(self, delivery: Delivery, number: int, reason: str | None) -> Attempt:
        """Try once, on the next connection."""
        about: dict[str, Any] = {"number": number, "reason": reason, "at": time.monotonic()}
        if not self.connections:
            return Attempt(failure="timeout", **about)
        self._turn += 1
        connection = self.connections[self._turn % len(self.connections)]
        connection.envelopes += 1
        envelope_id = str(uuid.uuid4())
        acked = connection.waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._pace.ack_seconds):
                await connection.send(_envelope(envelope_id, delivery, number, reason))
                answer = await acked
        except (TimeoutError, ConnectionError):
            return Attempt(failure="timeout", **about)
        finally:
            connection.waiting.pop(envelope_id, None)
        return Attempt(answer=answer, **about)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to go: a `warning` comes ahead, any other reason closes at once."""
        for connection in list(self.connections):
            await connection.send(_disconnect(reason))
            if reason != "warning":
                self._forget(connection)
                await connection.socket.close()

    def drop(self) -> None:
        """Tear every connection, without a word."""
        for connection in list(self.connections):
            self._forget(connection)
            if connection.request.transport is not None:
                connection.request.transport.abort()

    def freeze(self) -> None:
        """Let every connection that is open now go dead, though it stays open."""
        for connection in self.connections:
            connection.frozen = True

    async def ping(self) -> None:
        """Ping every connection, as Slack does every few seconds."""
        for connection in self.connections:
            await connection.socket.ping(b"Ping from the test Slack")

    async def close(self) -> None:
        """Close everything."""
        for connection in list(self.connections):
            await connection.socket.close()

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if connection.frozen:
                continue
            if message.type is WSMsgType.PING:
                connection.pings += 1
                await connection.socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._take(connection, json.loads(message.data))
            self._world.changes.tell()

    def _take(self, connection: Connection, ack: Json) -> None:
        waiting = connection.waiting.get(ack.get("envelope_id", ""))
        if waiting is not None and not waiting.done():
            waiting.set_result(ack.get("payload"))

    def _forget(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        for waiting in connection.waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionError("the socket is gone"))
        self._world.changes.tell()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self._world.app.id},
            "debug_info": {
                "host": f"applink-{secrets.token_hex(2)}",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
        }


def _envelope(envelope_id: str, delivery: Delivery, number: int, reason: str | None) -> Json:
    envelope = {"envelope_id": envelope_id, "type": delivery.kind, "payload": delivery.payload}
    if delivery.kind == "events_api":
        retry = {"retry_attempt": number, "retry_reason": reason or ""}
        return envelope | {"accepts_response_payload": False} | retry
    return envelope | {"accepts_response_payload": True}


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-0"}}
