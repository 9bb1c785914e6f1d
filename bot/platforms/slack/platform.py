"""The Slack platform: the `Platform` port on one app, in one workspace or in many."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import LoginError, SettingsError
from bot.model import Message, Place, Receipt, Reply
from bot.patience import Patience
from bot.platforms.slack import inbound, outbound
from bot.platforms.slack.calls import APP_METHOD, Pace, RefusedError, call, web_client
from bot.platforms.slack.inbound import Me
from bot.platforms.slack.listening import Register, SocketMode, build_app, run_socket
from bot.platforms.slack.oauth.scopes import SCOPES
from bot.platforms.slack.outbound import team_id
from bot.platforms.slack.serving import serve_http
from bot.ports import Accept

_log = structlog.get_logger(__name__)

TokenFor = Callable[[str], Awaitable[str | None]]
"""Gives the bot token of a workspace; None where the app is not installed."""

_UNFURLING = frozenset({"links:read", "links:write"})


@dataclass(kw_only=True, eq=False)
class SlackPlatform:
    """One app. A channel is "TEAM/CHANNEL", a message's id its timestamp.

    With `bot_token` it serves that token's workspace; else `authorize` (arguments for Bolt's AsyncApp) and
    `token_for` know the workspaces that installed it. `port` 0 is any free one. Raises SettingsError for
    settings that cannot be meant.
    """

    name = inbound.PLATFORM

    mode: Literal["socket", "http"] = "socket"
    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    port: int = 0
    unfurl_domains: Iterable[str] = ()
    api_url: str = "https://slack.com/api/"
    authorize: Mapping[str, Any] | None = field(default=None, repr=False)
    token_for: TokenFor | None = None
    post_seconds: float = 1.0
    ping_seconds: float = 5.0
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        self._check_settings()
        self._unfurl_domains = frozenset(domain.lower().strip(".") for domain in self.unfurl_domains)
        self._pace = Pace(self.post_seconds)
        self._known: dict[str, Me] = {}
        self._own_team: str | None = None
        self._ready = asyncio.Event()
        self.request_url = ""

    async def check(self) -> str:
        """Try the tokens and say as whom. Raises LoginError, PlatformError, or SettingsError for scopes."""
        way = "Socket Mode" if self.mode == "socket" else f"HTTP on port {self.port}"
        if self.mode == "socket":
            client = web_client(self.api_url)
            await call(APP_METHOD, client.apps_connections_open(app_token=self.app_token))
        if not self.bot_token:
            return f"installed by OAuth, {way}"
        answer = await call("auth.test", web_client(self.api_url, self.bot_token).auth_test())
        self._check_scopes(answer.headers)
        return f"{answer.get('user')} in {answer.get('team')} ({answer.get('team_id')}), {way}"

    async def listen(self, accept: Accept, *, register: Register | None = None) -> None:
        """Take events until cancelled; a Slack that is away is waited for, at the start as later.

        `register` adds listeners to the same app.
        Raises LoginError when a token is refused, SettingsError when the port is taken.
        """
        app = build_app(
            accept,
            client=web_client(self.api_url),
            signing_secret=self.signing_secret or "socket mode needs none",
            options=await self._authorization(),
            unfurl_domains=self._unfurl_domains,
            register=register,
        )
        try:
            if self.mode == "socket":
                way = SocketMode(
                    app_token=self.app_token, ping_seconds=self.ping_seconds, patience=self.patience
                )
                await run_socket(app, way, ready=self._is_ready)
            else:
                await serve_http(app, self.signing_secret, port=self.port, ready=self._is_ready)
        finally:
            self._ready.clear()

    async def until_ready(self) -> None:
        """Wait until `listen` takes events; over HTTP `request_url` then says where."""
        await self._ready.wait()

    def is_own(self, channel: str) -> bool:
        """Whether a channel is of the one workspace that the bot token is for; with OAuth none is."""
        return self._own_team is not None and team_id(channel) == self._own_team

    async def read(self, channel: str, message_id: str) -> Message | None:
        """Read a message again; None also for what the bot or another app said, and where it may not read."""
        client = await self.client(team_id(channel))
        return await outbound.read(client, channel, message_id, await self._me(team_id(channel), client))

    async def find(self, place: Place, key: str) -> Receipt | None:
        """Look for our message that carries `key`; a preview counts as never posted: it replaces itself."""
        client = await self.client(team_id(place.channel))
        return await outbound.find(client, place, key, await self._me(team_id(place.channel), client))

    async def post(self, place: Place, reply: Reply, key: str) -> Receipt:
        """Post in the thread, at most one message a second in a channel, or show a preview below the link.

        Raises PlatformError; RefusedError and LoginError where another try would not help.
        """
        client = await self.client(team_id(place.channel))
        if place.unfurl is not None:
            return await outbound.unfurl(client, place, place.unfurl, reply)
        await self._pace.turn(place.channel)
        return await outbound.post(client, place, reply, key)

    async def amend(self, receipt: Receipt, reply: Reply, key: str, edition: int) -> None:
        """Change an answer in place, at the pace of posting; a preview below a link cannot be changed."""
        client = await self.client(team_id(receipt.channel))
        await self._pace.turn(receipt.channel)
        await outbound.amend(client, receipt, reply, key, edition)

    async def withdraw(self, receipt: Receipt) -> None:
        """Delete an answer; one that is gone already is success."""
        await outbound.withdraw(await self.client(team_id(receipt.channel)), receipt)

    async def client(self, team: str) -> AsyncWebClient:
        """The web client for a workspace. Raises LoginError where the app is not installed."""
        token = self.bot_token or (await self.token_for(team) if self.token_for else None)
        if not token:
            raise LoginError(f"The app is not installed in the Slack workspace {team} any more")
        return web_client(self.api_url, token)

    def _check_settings(self) -> None:
        many = self.authorize is not None and self.token_for is not None
        lacking = {
            "CAVEAT_SLACK_BOT_TOKEN (or the settings for installing by OAuth)": not (self.bot_token or many),
            "CAVEAT_SLACK_APP_TOKEN": self.mode == "socket" and not self.app_token,
            "CAVEAT_SLACK_SIGNING_SECRET": self.mode == "http" and not self.signing_secret,
        }
        if names := [name for name, is_lacking in lacking.items() if is_lacking]:
            raise SettingsError(f"For Slack in {self.mode} mode, {' and '.join(names)} must be set")

    def _is_ready(self, request_url: str = "") -> None:
        self.request_url = request_url
        self._ready.set()
        _log.info("slack: listening", mode=self.mode, request_url=request_url)

    async def _me(self, team: str, client: AsyncWebClient) -> Me:
        if team not in self._known:
            answer = await call("auth.test", client.auth_test())
            self._known[team] = Me(team=team, user=str(answer.get("user_id")))
        return self._known[team]

    async def _authorization(self) -> dict[str, Any]:
        """How Bolt shall authorize what comes in: for one workspace without asking Slack each time."""
        if not self.bot_token:
            return dict(self.authorize or {})
        try:
            answer = await self.patience.until_done(
                lambda: call("auth.test", web_client(self.api_url, self.bot_token).auth_test()),
                what="the login at Slack",
            )
        except RefusedError as error:
            raise LoginError(str(error)) from error
        own = answer.get("team_id")
        self._own_team = own
        result = AuthorizeResult(
            enterprise_id=answer.get("enterprise_id"),
            team_id=own,
            bot_user_id=answer.get("user_id"),
            bot_id=answer.get("bot_id"),
            bot_token=self.bot_token,
        )

        async def authorize(team_id: str | None) -> AuthorizeResult | None:
            if team_id == own:
                return result
            _log.warning("slack: the token is not for the workspace of an event", team=team_id, token_for=own)
            return None

        return {"authorize": authorize}

    def _check_scopes(self, headers: Mapping[str, str]) -> None:
        granted = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), None)
        needed = set(SCOPES) - (set() if self._unfurl_domains else _UNFURLING)
        lacking = needed - {scope.strip() for scope in (granted or "").split(",")}
        if granted is not None and lacking:
            raise SettingsError(
                f"The Slack app lacks the scopes {', '.join(sorted(lacking))}: add them under OAuth & "
                "Permissions (deploy/slack-manifest.yaml has them all) and install the app again"
            )
