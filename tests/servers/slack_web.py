"""The Web API over HTTP: arguments, tokens, scopes, faults, and the journal of what was called."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.servers import slack_apps, slack_chat, slack_conversations, slack_views
from tests.servers.slack_call import ApiError, Call, Method
from tests.servers.slack_events import Events
from tests.servers.slack_faults import Failure
from tests.servers.slack_socket import Sockets
from tests.servers.slack_state import Grant, Json, Team
from tests.servers.slack_world import Called, World

METHODS: Mapping[str, Method] = {
    **slack_apps.METHODS,
    **slack_chat.METHODS,
    **slack_conversations.METHODS,
    **slack_views.METHODS,
}
_DEAD = {"revoked": "token_revoked", "inactive": "account_inactive"}


class WebApi:
    """Answers `/api/<method>`."""

    def __init__(self, world: World, events: Events, sockets: Sockets) -> None:
        self._world = world
        self._events = events
        self._sockets = sockets

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one call."""
        name = request.match_info["method"]
        called = Called(method=name, arguments={}, token=None, team=None, at=self._world.clock.now())
        self._world.calls.append(called)
        try:
            called.arguments, called.token = await _arguments(request)
            known = self._world.grant_of(called.token or "")
            called.team = known[0].id if known else None
            self._world.changes.tell()
            await self._world.faults.hold(name, done=False)
            failure = self._world.faults.next_failure(
                name, called.arguments.get("channel"), self._world.clock.now()
            )
            if failure is not None:
                return self._fail(called, failure)
            answer: Json = {"ok": True} | self._run(called, known)
        except ApiError as refusal:
            answer = {"ok": False, "error": refusal.error} | refusal.details
        self._note(called, 200, answer.get("error"))
        await self._world.faults.hold(name, done=True)
        return web.json_response(answer, headers=self._headers(called))

    def _run(self, called: Called, known: tuple[Team, Grant] | None) -> Json:
        method = METHODS.get(called.method)
        if method is None:
            raise ApiError("unknown_method", req_method=called.method)
        team, grant = self._authorized(method, called.token, known)
        call = Call(
            world=self._world,
            events=self._events,
            sockets=self._sockets,
            arguments=called.arguments,
            team=team,
            grant=grant,
        )
        if method.scopes:
            call.require(*method.scopes)
        return method.run(call)

    def _authorized(
        self, method: Method, token: str | None, known: tuple[Team, Grant] | None
    ) -> tuple[Team, Grant] | tuple[None, None]:
        if method.token == "none":
            return None, None
        if not token:
            raise ApiError("not_authed")
        of_app = token == self._world.app.app_token
        if not of_app and known is None:
            raise ApiError("invalid_auth")
        if of_app != (method.token == "app"):
            raise ApiError("not_allowed_token_type")
        if known and known[1].state != "active":
            raise ApiError(_DEAD[known[1].state])
        return known or (None, None)

    def _fail(self, called: Called, failure: Failure) -> web.Response:
        self._note(called, failure.status, failure.error or "")
        headers = self._headers(called)
        if failure.retry_after is not None:
            headers["Retry-After"] = str(failure.retry_after)
        if failure.error is None:
            page = "<html>no healthy upstream</html>"
            return web.Response(status=failure.status, text=page, content_type="text/html")
        answer = {"ok": False, "error": failure.error}
        return web.json_response(answer, status=failure.status, headers=headers)

    def _note(self, called: Called, status: int, error: str | None) -> None:
        called.status, called.error = status, error
        self._world.changes.tell()

    def _headers(self, called: Called) -> dict[str, str]:
        headers = {"x-slack-req-id": f"{len(self._world.calls):032x}"}
        known = self._world.grant_of(called.token or "")
        if known:
            headers["x-oauth-scopes"] = ",".join(sorted(known[1].scopes))
        method = METHODS.get(called.method)
        if method and method.scopes:
            headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
        return headers


async def _arguments(request: web.Request) -> tuple[Json, str | None]:
    """Read arguments from query, form or JSON, and the token from the header or, without JSON, from these."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    arguments: dict[str, Any] = dict(request.query)
    token = credentials if scheme.lower() == "bearer" else None
    if request.content_type == "application/json":
        arguments |= _decoded(await request.text())
    elif request.method == "POST":
        arguments |= {name: str(value) for name, value in (await request.post()).items()}
        token = token or arguments.get("token")
    if scheme.lower() == "basic":
        arguments |= _basic(credentials)
    return {name: value for name, value in arguments.items() if name != "token"}, token


def _decoded(body: str) -> Json:
    try:
        decoded = json.loads(body) if body else {}
    except ValueError as error:
        raise ApiError("invalid_json") from error
    if not isinstance(decoded, dict):
        raise ApiError("json_not_object")
    return decoded


def _basic(credentials: str) -> Json:
    try:
        name, _, secret = base64.b64decode(credentials).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ApiError("invalid_auth") from error
    return {"client_id": name, "client_secret": secret}
