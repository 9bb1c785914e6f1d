"""The test Slack itself: Bolt's own OAuth flow installs an app into several workspaces of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp, AsyncSay
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from tests.servers.slack import SlackServer

# slack_sdk 3.47 sends the client's secret with a class that aiohttp 3.14 deprecates
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@asynccontextmanager
async def installable(slack: SlackServer, folder: Path) -> AsyncIterator[str]:
    """Run a Bolt app that anybody may install, and that answers every message; gives its address."""
    app: AsyncApp | None = None

    async def events(request: web.Request) -> web.Response:
        assert app
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    async def install(request: web.Request) -> web.Response:
        assert app
        assert app.oauth_flow
        given = await to_bolt_request(request)
        begin = request.path == "/slack/install"
        flow = app.oauth_flow
        return await to_aiohttp_response(
            await (flow.handle_installation(given) if begin else flow.handle_callback(given))
        )

    site = web.Application()
    site.add_routes([web.post("/slack/events", events), web.get("/slack/{step}", install)])
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    app = _app(slack, folder, f"http://{host}:{port}")
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


def _app(slack: SlackServer, folder: Path, address: str) -> AsyncApp:
    settings = AsyncOAuthSettings(
        client_id=slack.app.client_id,
        client_secret=slack.app.client_secret,
        scopes=sorted(slack.app.scopes),
        redirect_uri=f"{address}/slack/oauth_redirect",
        authorization_url=f"{slack.url}/oauth/v2/authorize",
        installation_store=FileInstallationStore(base_dir=str(folder)),
        state_store=FileOAuthStateStore(expiration_seconds=600, base_dir=str(folder)),
        install_page_rendering_enabled=False,
    )
    app = AsyncApp(
        signing_secret=slack.app.signing_secret,
        client=AsyncWebClient(base_url=slack.api_url),
        oauth_settings=settings,
    )

    async def reply(event: dict[str, Any], say: AsyncSay) -> None:
        if "subtype" not in event:
            await say(text="Hello.", thread_ts=event["ts"])

    app.event("message")(reply)
    return app


async def install(address: str, team: str) -> None:
    """Install the app in a workspace, as somebody does in their browser."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        async with browser.get(f"{address}/slack/install", allow_redirects=False) as begun:
            consent = f"{begun.headers['Location']}&team={team}"
            state = begun.headers["Set-Cookie"].partition(";")[0]  # "secure", so no jar sends it to loopback
        async with browser.get(consent, allow_redirects=False) as agreed:
            back = agreed.headers["Location"]
        async with browser.get(back, headers={"Cookie": state}) as installed:
            assert installed.status == 200


async def test_an_app_that_was_installed_by_oauth_answers_in_each_workspace_with_its_token(
    slack: SlackServer, tmp_path: Path
) -> None:
    async with installable(slack, tmp_path) as address:
        await slack.use_http(f"{address}/slack/events")
        for name in ("north", "south"):
            workspace = slack.workspace(name, installed=False)
            await install(address, workspace.id)
            person = workspace.person("ann")
            question = await person.post(workspace.channel("general", person), "Hello?")
            [answer] = await slack.wait_for(lambda: workspace.thread(question))  # noqa: B023 - awaited here
            assert answer.user == workspace.bot
            assert slack.calls_of("chat.postMessage")[-1].token == workspace.token
        await slack.settled()
        assert all(each.acked for each in slack.deliveries)
