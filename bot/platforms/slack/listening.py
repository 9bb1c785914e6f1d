"""Takes what Slack delivers, durably and then acknowledged: by Socket Mode or over HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from re import compile as pattern
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import LoginError
from bot.faults import kind_of
from bot.patience import Patience
from bot.platforms.slack.calls import APP_METHOD, RefusedError, call, sdk_logger
from bot.platforms.slack.inbound import Me, read_body
from bot.ports import Accept

log = structlog.get_logger(__name__)

_EVERYTHING = pattern(".*")
_CANCEL_TIMES, _CANCEL_SECONDS = 5, 0.5
_CLOSE_SECONDS = 3.0  # a dead connection never says goodbye
_FRESH_SECONDS = 20.0  # Slack's addresses are good for one connection, and for half a minute

Next = Callable[[], Awaitable[None]]
Register = Callable[[AsyncApp], None]


def build_app(
    accept: Accept,
    *,
    client: AsyncWebClient,
    signing_secret: str,
    options: dict[str, Any],
    unfurl_domains: frozenset[str] = frozenset(),
    register: Register | None = None,
) -> AsyncApp:
    """Build the app: events go to `accept` before they are acknowledged, and none is left unacknowledged.

    `options` say how Bolt authorizes; `register` adds listeners of its own.
    """
    app = AsyncApp(
        client=client, signing_secret=signing_secret, logger=sdk_logger(), name="caveat", **options
    )

    async def take(body: dict[str, Any], context: AsyncBoltContext, next_: Next) -> None:
        if context.team_id and context.bot_user_id:
            me = Me(team=context.team_id, user=context.bot_user_id, unfurl_domains=unfurl_domains)
            for incoming in read_body(body, me):
                await accept(incoming)
        await next_()

    app.use(take)
    app.error(_tell)
    if register is not None:
        register(app)
    app.event(_EVERYTHING)(_done)  # last: Slack delivers what nobody acknowledges four times
    app.action(_EVERYTHING)(_acknowledge)
    return app


async def _done() -> None:
    """Bolt has acknowledged the event already."""


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


async def _tell(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """Log a failure without what was said, and let Slack deliver again."""
    log.error("slack: could not take what was delivered", kind=_kind(body), error=kind_of(error))
    return BoltResponse(status=500, body="")


def _kind(body: dict[str, Any]) -> str:
    event = body.get("event")
    return str((event if isinstance(event, dict) else body).get("type"))


@dataclass(frozen=True, kw_only=True)
class SocketMode:
    """As which app to connect, how often to ask whether the line is alive, and how to wait for Slack."""

    app_token: str = field(repr=False)
    ping_seconds: float
    patience: Patience


async def run_socket(app: AsyncApp, way: SocketMode, *, ready: Callable[[], None]) -> None:
    """Listen by Socket Mode until cancelled. Raises LoginError when Slack refuses the app-level token."""
    refused: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    async with _connecting(app, way, refused) as client:
        connecting = asyncio.ensure_future(client.connect())  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
        try:
            await asyncio.wait({connecting, refused}, return_when=asyncio.FIRST_COMPLETED)
            if not refused.done():
                connecting.result()  # raises what ended it: nothing would connect any more
                ready()
            await refused
        finally:
            connecting.cancel()


@asynccontextmanager
async def _connecting(
    app: AsyncApp, way: SocketMode, refused: asyncio.Future[None]
) -> AsyncIterator[SocketModeClient]:
    client = _Socket(app, way, refused)

    async def handle(socket: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        response = await run_async_bolt_app(app, request)
        await send_async_response(socket, request, response, 0.0)

    client.socket_mode_request_listeners.append(handle)
    try:
        yield client
    finally:
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await client.close()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
        tasks = (client.message_processor, client.current_session_monitor, client.message_receiver)
        await _end([task for task in tasks if task is not None])


async def _end(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """Cancel tasks of the SDK until they end: its `wait_for` may swallow the first time (Python < 3.12)."""
    left, ended = set(tasks), set[asyncio.Future[Any]]()
    for _ in range(_CANCEL_TIMES):
        for task in left:
            task.cancel()
        if left:
            ended, left = await asyncio.wait(left, timeout=_CANCEL_SECONDS)
        await asyncio.gather(*ended, return_exceptions=True)  # else asyncio complains of what they raised


class _Socket(SocketModeClient):
    """Reconnects by itself, and tells when the token is refused, which trying again does not mend."""

    def __init__(self, app: AsyncApp, way: SocketMode, refused: asyncio.Future[None]) -> None:
        super().__init__(
            app_token=way.app_token,
            logger=sdk_logger(),
            web_client=app.client,
            ping_interval=way.ping_seconds,
        )
        self._refused = refused
        self._patience = way.patience

    @property  # type: ignore[override]  # the SDK's own is a plain attribute, which it also sets to None
    def wss_uri(self) -> str | None:
        """The address of the next connection, while it is fresh: the SDK would try a stale one for ever."""
        return self._address if time.monotonic() - self._addressed_at < _FRESH_SECONDS else None

    @wss_uri.setter
    def wss_uri(self, address: str | None) -> None:
        self._address, self._addressed_at = address, time.monotonic()

    async def issue_new_wss_url(self) -> str:
        """Ask for the address of the next connection, for as long as it takes."""
        try:
            return await self._patience.until_done(self._new_address, what="Slack's Socket Mode")
        except (LoginError, RefusedError) as error:
            if not self._refused.done():
                self._refused.set_exception(LoginError(str(error)))
            raise

    async def _new_address(self) -> str:
        answer = await call(APP_METHOD, self.web_client.apps_connections_open(app_token=self.app_token))
        return str(answer["url"])
