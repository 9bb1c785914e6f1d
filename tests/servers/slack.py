"""A Slack of our own on loopback, with state: Web API, Events API, Socket Mode, interactions, response_url.

    async with SlackServer() as slack:
        workspace = slack.workspace("newsroom")
        ann = workspace.person("ann")
        general = workspace.channel("general", ann)
        client = AsyncWebClient(token=workspace.token, base_url=slack.api_url)
        message = await ann.post(general, "Have you seen https://news.example/story ?")
        await slack.wait_for(lambda: workspace.thread(message))

What it covers and what it does not is in docs/slack-test-server.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlencode

from aiohttp import web

from tests.servers.slack_answers import Answers
from tests.servers.slack_delivery import Attempt, Delivery, Dispatcher, Http, Pace
from tests.servers.slack_events import Events
from tests.servers.slack_faults import Faults, Pause
from tests.servers.slack_interaction import Interactions
from tests.servers.slack_person import Person
from tests.servers.slack_socket import Sockets
from tests.servers.slack_state import App, Channel, Clock, Message, View
from tests.servers.slack_web import WebApi
from tests.servers.slack_workspace import Workspace
from tests.servers.slack_world import Called, Code, World

__all__ = [
    "App",
    "Attempt",
    "Called",
    "Channel",
    "Delivery",
    "Message",
    "Pause",
    "Person",
    "SlackServer",
    "View",
    "Workspace",
]

Found = TypeVar("Found")


class SlackServer:
    """One Slack with one app; every server has state, secrets and, unless told, a port of its own."""

    def __init__(self, *, ack_seconds: float = 3.0, retry_scale: float = 0.001, port: int = 0) -> None:
        self._port = port
        self.pace = pace = Pace(ack_seconds=ack_seconds, retry_scale=retry_scale)
        self.app = _new_app()
        self._world = World(app=self.app)
        self.http = Http(self._world, pace)
        self.sockets = Sockets(self._world, pace)
        self._dispatcher = Dispatcher(self._world, self.http, self.sockets, pace)
        self._events = Events(self._world, self._dispatcher)
        self._answers = Answers(self._world, self._events)
        self._interactions = Interactions(self._world, self._dispatcher, self._answers)
        self._web = WebApi(self._world, self._events, self.sockets)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        site = web.Application(client_max_size=2**20)
        site.add_routes(
            [
                web.route("*", "/api/{method}", self._web.handle),
                web.get("/link/", self.sockets.handle),
                web.post("/actions/{team}/{hook}", self._answers.handle),
                web.get("/oauth/v2/authorize", self._authorize),
            ]
        )
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        host, port = self._runner.addresses[0][:2]
        self._world.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pause in self.faults.pauses:
            pause.drop()
        await self._dispatcher.close()
        await self.sockets.close()
        await self.http.close()
        if self._runner:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._world.url

    @property
    def api_url(self) -> str:
        """The `base_url` for slack_sdk's clients."""
        return f"{self._world.url}/api/"

    @property
    def clock(self) -> Clock:
        """Its clock, which a test may put forward."""
        return self._world.clock

    @property
    def faults(self) -> Faults:
        """What is to go wrong."""
        return self._world.faults

    @property
    def calls(self) -> list[Called]:
        """Every call of the Web API, oldest first."""
        return self._world.calls

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything that was sent to the app, oldest first."""
        return self._dispatcher.deliveries

    def calls_of(self, method: str) -> list[Called]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    def events_of(self, kind: str) -> list[Delivery]:
        """The deliveries of one type of event, oldest first."""
        return [each for each in self.deliveries if each.event.get("type") == kind]

    def workspace(self, name: str, *, installed: bool = True) -> Workspace:
        """Found a workspace, with the app installed in it unless told otherwise."""
        team = self._world.add_team(name)
        if installed:
            self._world.install(team)
        return Workspace(world=self._world, events=self._events, interactions=self._interactions, team=team)

    async def wait_for(self, found: Callable[[], Found], *, seconds: float = 30.0) -> Found:
        """Give the first true value of `found`, which is asked now and at every change of anything here.

        Raises TimeoutError, which tells what was called and delivered.
        """
        try:
            return await self._world.changes.wait_for(found, seconds=seconds)
        except TimeoutError:
            called = [f"{call.method}: {call.error or call.status}" for call in self.calls]
            sent = [
                f"{each.event.get('type') or each.kind}: {len(each.attempts)} attempts, acked: {each.acked}"
                for each in self.deliveries
            ]
            raise TimeoutError(f"not within {seconds} s; called: {called}; delivered: {sent}") from None

    async def settled(self, *, seconds: float = 30.0) -> None:
        """Wait until everything that was sent to the app is acknowledged or given up."""
        await self.wait_for(lambda: all(each.over for each in self.deliveries), seconds=seconds)

    async def connected(self, *, count: int = 1, seconds: float = 30.0) -> None:
        """Wait until so many Socket Mode connections are open."""
        await self.wait_for(lambda: len(self.sockets.connections) >= count, seconds=seconds)

    async def use_http(self, request_url: str) -> None:
        """Send everything to a request URL from now on; it must answer the challenge as Slack wants it."""
        before, self.app.request_url = self.app.request_url, request_url
        challenge = secrets.token_urlsafe(32)
        payload = {"type": "url_verification", "token": self.app.verification_token, "challenge": challenge}
        status, answer, _ = await self.http.post("events_api", payload)
        given = answer.get("challenge") if isinstance(answer, dict) else answer
        if status != 200 or given != challenge:
            self.app.request_url = before
            raise AssertionError(f"{request_url} failed the challenge: {status} {answer!r}")

    async def deliver_again(self, delivery: Delivery, *, times: int = 1) -> None:
        """Deliver an event again although it was acknowledged, as Slack does when an ack is lost."""
        for _ in range(times):
            await self._dispatcher.again(delivery)

    async def _authorize(self, request: web.Request) -> web.Response:
        """The page on which somebody agrees to install the app; here they always do, in the team named."""
        asked: Mapping[str, str] = request.query
        team = self._world.teams.get(asked.get("team", "")) or next(iter(self._world.teams.values()), None)
        if team is None or asked.get("client_id") != self.app.client_id:
            return web.Response(status=400, text="invalid_client_id or no workspace")
        scopes = frozenset(filter(None, asked.get("scope", "").split(",")))
        code = secrets.token_urlsafe(12)
        user = next((user.id for user in team.users.values() if user.bot_id is None), team.bot.id)
        redirect_uri = asked.get("redirect_uri")
        self._world.codes[code] = Code(team=team.id, user=user, scopes=scopes, redirect_uri=redirect_uri)
        back = urlencode({"code": code, "state": asked.get("state", "")})
        return web.Response(status=302, headers={"Location": f"{redirect_uri or self.url}?{back}"})


def _new_app() -> App:
    number = secrets.token_hex(4).upper()
    return App(
        id=f"A{number}",
        app_token=f"xapp-1-A{number}-{secrets.token_hex(12)}",
        signing_secret=secrets.token_hex(16),
        verification_token=secrets.token_urlsafe(18),
        client_id=f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}",
        client_secret=secrets.token_hex(16),
    )
