"""Slack's requests over HTTP: signed, of bounded size, on loopback behind a proxy that speaks TLS."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
import uvicorn
from slack_bolt.adapter.starlette.async_handler import (
    AsyncSlackRequestHandler,
    to_async_bolt_request,
    to_starlette_response,
)
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.errors import SettingsError

log = structlog.get_logger(__name__)

PATH = "/slack/events"
_HOST = "127.0.0.1"
_MOST_BYTES = 2**20
_GRACE_SECONDS = 3
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_GROUPS = ("event", "view", "container", "message")
_LISTS = ("actions", "authorizations")


async def serve_http(app: AsyncApp, signing_secret: str, *, port: int, ready: Callable[[str], None]) -> None:
    """Serve until cancelled; `ready` is told the address. Raises SettingsError when the port is taken."""
    listener = _bind(port)
    config = uvicorn.Config(
        _site(app, SignatureVerifier(signing_secret)),
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    ready(f"http://{_HOST}:{listener.getsockname()[1]}{PATH}")  # it takes connections since it was bound
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await asyncio.wait({serving})
        listener.close()


class _Server(uvicorn.Server):
    """Leaves the process's signals alone: the bot has its own way to end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take no signal."""
        yield


def _site(app: AsyncApp, verifier: SignatureVerifier) -> Starlette:
    pages = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        try:
            body = await _body(request)
        except ClientDisconnect:
            return _refused(400, "it broke off")
        if body is None:
            return _refused(413, "it is too large")
        if not _is_signed(verifier, request, body):
            return _refused(401, "its signature is wrong or stale")
        asked = _read(request, body)
        if asked is None:
            return _refused(400, "its body cannot be read")
        try:
            return to_starlette_response(await app.async_dispatch(asked))
        except Exception as error:  # noqa: BLE001 - the edge: Slack delivers it again, the next one is served
            log.error("slack: could not take what was delivered", error=type(error).__name__)
            return Response(status_code=500)

    async def oauth(request: Request) -> Response:
        return await pages.handle(request)

    routes = [Route(PATH, events, methods=["POST"])]
    if app.oauth_flow is not None:
        paths = (app.oauth_flow.install_path, app.oauth_flow.redirect_uri_path)
        routes += [Route(path, oauth, methods=["GET"]) for path in paths]
    return Starlette(routes=routes)


async def _body(request: Request) -> bytes | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            return None
    return body


def _refused(status: int, reason: str) -> Response:
    log.warning("slack: a request was refused", reason=reason)
    return Response(status_code=status)


def _is_signed(verifier: SignatureVerifier, request: Request, body: bytes) -> bool:
    timestamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    if not _TIMESTAMP.fullmatch(timestamp):
        return False
    try:
        return verifier.is_valid(body, timestamp, signature)
    except (ValueError, TypeError):
        return False


def _read(request: Request, body: bytes) -> AsyncBoltRequest | None:
    """Read what Bolt understands; None for what has another shape than anything that Slack sends."""
    try:
        asked = to_async_bolt_request(request, body)
    except Exception:  # noqa: BLE001 - the edge: a body may be anything, nested as deep as it is long
        return None
    groups = [asked.body.get(name) for name in _GROUPS]
    lists = [asked.body.get(name) for name in _LISTS]
    named = [each.get("type") for each in (asked.body, *groups) if isinstance(each, dict)]
    fits = (
        all(each is None or isinstance(each, dict) for each in groups)
        and all(each is None or isinstance(each, list) for each in lists)
        and all(isinstance(part, dict) for each in lists for part in each or ())
        and all(each is None or isinstance(each, str) for each in (*named, asked.body.get("team_id")))
    )
    return asked if fits else None


def _bind(port: int) -> socket.socket:
    try:
        return socket.create_server((_HOST, port), backlog=512)
    except OSError as error:
        raise SettingsError(
            f"CAVEAT_SLACK_PORT: cannot listen on {_HOST}:{port}: {error.strerror or error}"
        ) from error
