"""Slack's requests over HTTP: signed, of bounded size, on loopback behind a proxy that speaks TLS."""

from __future__ import annotations

import asyncio
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
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.errors import SettingsError

log = structlog.get_logger(__name__)

PATH = "/slack/events"
_HOST = "127.0.0.1"
_MOST_BYTES = 2**20
_GRACE_SECONDS = 3


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
        body = await _body(request)
        if body is None:
            log.warning("slack: a request was refused", reason="it is too large")
            return Response(status_code=413)
        if not _is_signed(verifier, request, body):
            log.warning("slack: a request was refused", reason="its signature is wrong or stale")
            return Response(status_code=401)
        try:
            asked = to_async_bolt_request(request, body)
        except (ValueError, TypeError, AttributeError, KeyError):
            log.warning("slack: a request was refused", reason="its body cannot be read")
            return Response(status_code=400)
        return to_starlette_response(await app.async_dispatch(asked))

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


def _is_signed(verifier: SignatureVerifier, request: Request, body: bytes) -> bool:
    timestamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    try:
        return verifier.is_valid(body, timestamp, signature)
    except (ValueError, TypeError):
        return False


def _bind(port: int) -> socket.socket:
    try:
        return socket.create_server((_HOST, port), backlog=512)
    except OSError as error:
        raise SettingsError(
            f"CAVEAT_SLACK_PORT: cannot listen on {_HOST}:{port}: {error.strerror or error}"
        ) from error
