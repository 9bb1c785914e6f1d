"""Giving things to the app as Slack does: signed or in envelopes, with a deadline, and retries for events."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp

from tests.servers.slack_state import Json
from tests.servers.slack_world import World

RETRY_WAITS = (0.0, 60.0, 300.0)  # Slack's own: at once, after a minute, after five more


@dataclass(kw_only=True)
class Pace:
    """How long Slack waits for an answer, and by what its waits between retries are multiplied.

    A test may change both at any time.
    """

    ack_seconds: float
    retry_scale: float


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try: `failure` is None when the app took it; `reason` is what made Slack try again.

    `at` and `ended` are readings of the monotonic clock.
    """

    number: int
    reason: str | None
    at: float
    failure: str | None = None
    status: int | None = None
    answer: Any = None
    final: bool = False
    ended: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """How long the app took."""
        return self.ended - self.at


@dataclass(kw_only=True, eq=False)
class Delivery:
    """Something for the app: an event, a slash command or an interaction, and how it went so far."""

    kind: str
    payload: Json
    attempts: list[Attempt] = field(default_factory=list)
    over: bool = False

    @property
    def acked(self) -> bool:
        """Whether the app took it."""
        return any(attempt.failure is None for attempt in self.attempts)

    @property
    def answer(self) -> Any:
        """What the app answered, when it took it: a JSON object, a text, or None."""
        return next((attempt.answer for attempt in self.attempts if attempt.failure is None), None)

    @property
    def event(self) -> Json:
        """The event inside; empty for a command or an interaction."""
        event: Json = self.payload.get("event", {})
        return event


class Transport(Protocol):
    """A way to the app."""

    async def attempt(self, delivery: Delivery, number: int, reason: str | None) -> Attempt:
        """Try once, and wait for the answer no longer than the pace says."""


def signature(secret: str, body: bytes, timestamp: str) -> str:
    """Sign a request body as Slack does (v0)."""
    text = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def body_of(kind: str, payload: Json) -> tuple[bytes, str]:
    """Give body and content type of a request: events are JSON, everything else is a form."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    fields = {"payload": json.dumps(payload)} if kind == "interactive" else payload
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


class Http:
    """Posts to the app's request URL."""

    def __init__(self, world: World, pace: Pace) -> None:
        self._world = world
        self._pace = pace
        self._session: aiohttp.ClientSession | None = None

    async def post(
        self,
        kind: str,
        payload: Json,
        *,
        headers: Mapping[str, str] | None = None,
        secret: str | None = None,
        age: float = 0.0,
    ) -> tuple[int, Any, bool]:
        """Post once; gives status, answer, and whether the app forbids retries.

        With another `secret` the signature is wrong, with an `age` in seconds the timestamp is stale.
        Raises TimeoutError and aiohttp.ClientError.
        """
        app = self._world.app
        if app.request_url is None:
            raise ValueError("the app has no request_url: it is in Socket Mode")
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        body, content_type = body_of(kind, payload)
        timestamp = str(int(time.time() - age))
        sent = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(secret or app.signing_secret, body, timestamp),
        }
        limit = aiohttp.ClientTimeout(total=self._pace.ack_seconds)
        async with self._session.post(
            app.request_url,
            data=body,
            headers=sent | dict(headers or {}),
            timeout=limit,
            allow_redirects=False,
        ) as response:
            text = await response.text()
            answer = json.loads(text) if response.content_type == "application/json" and text else text
            return response.status, answer or None, response.headers.get("X-Slack-No-Retry") == "1"

    async def attempt(self, delivery: Delivery, number: int, reason: str | None) -> Attempt:
        """Try once."""
        about: dict[str, Any] = {"number": number, "reason": reason, "at": time.monotonic()}
        retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason or ""} if number else {}
        try:
            status, answer, final = await self.post(delivery.kind, delivery.payload, headers=retry)
        except TimeoutError:
            return Attempt(failure="http_timeout", **about)
        except aiohttp.ClientError:
            return Attempt(failure="connection_failed", **about)
        failure = None if 200 <= status < 300 else "http_error"
        return Attempt(failure=failure, status=status, answer=answer, final=final, **about)

    async def close(self) -> None:
        """End the session."""
        if self._session is not None:
            await self._session.close()


class Dispatcher:
    """Delivers through whichever way the app is configured for, and keeps record."""

    def __init__(self, world: World, http: Transport, sockets: Transport, pace: Pace) -> None:
        self.deliveries: list[Delivery] = []
        self._world = world
        self._http = http
        self._sockets = sockets
        self._pace = pace
        self._tasks: set[asyncio.Task[None]] = set()

    def send(self, payload: Json) -> Delivery:
        """Deliver an event in the background, with retries."""
        delivery = self._new("events_api", payload)
        task = asyncio.get_running_loop().create_task(self._try_all(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return delivery

    async def ask(self, kind: str, payload: Json) -> Delivery:
        """Deliver a command or an interaction: once, and wait for the answer."""
        delivery = self._new(kind, payload)
        await self._try(delivery, 0, None)
        self._end(delivery)
        return delivery

    async def again(self, delivery: Delivery) -> Attempt:
        """Deliver an event once more as the retry that a lost ack causes."""
        reason = "http_timeout" if self._world.app.request_url else "timeout"
        return await self._try(delivery, len(delivery.attempts), reason)

    async def close(self) -> None:
        """Give up what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _new(self, kind: str, payload: Json) -> Delivery:
        delivery = Delivery(kind=kind, payload=payload)
        self.deliveries.append(delivery)
        return delivery

    async def _try_all(self, delivery: Delivery) -> None:
        attempt = await self._try(delivery, 0, None)
        for number, wait in enumerate(RETRY_WAITS, 1):
            if attempt.failure is None or attempt.final:
                break
            await asyncio.sleep(wait * self._pace.retry_scale)
            attempt = await self._try(delivery, number, attempt.failure)
        self._end(delivery)

    async def _try(self, delivery: Delivery, number: int, reason: str | None) -> Attempt:
        way = self._http if self._world.app.request_url else self._sockets
        attempt = await way.attempt(delivery, number, reason)
        delivery.attempts.append(attempt)
        self._world.changes.tell()
        return attempt

    def _end(self, delivery: Delivery) -> None:
        delivery.over = True
        self._world.changes.tell()
