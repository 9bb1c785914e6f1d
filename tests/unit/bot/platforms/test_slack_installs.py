"""Many workspaces: installing by OAuth, tokens sealed in the database, gone when the workspace goes."""

from __future__ import annotations

import asyncio
import base64
import html
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import Engine

from bot.clock import now_utc
from bot.errors import SettingsError
from bot.model import ChannelRules, Incoming, Message, Policy, Reply
from bot.platforms.slack.actions import surfaces
from bot.platforms.slack.oauth.installs import Installs, OAuthStates, oauth_settings
from bot.platforms.slack.oauth.scopes import COMMAND, EVENTS, SCOPES
from bot.platforms.slack.oauth.tokens import TokenCipher
from bot.platforms.slack.platform import SlackPlatform
from bot.ports import Recent
from bot.storage.installations import InstallationRows
from kb.errors import StoreError
from kb.store.database import connect, upgrade
from tests.servers.slack import SlackServer, Workspace

# slack_sdk 3.47 still calls it when a code is exchanged
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
PASSPHRASE = "a long secret that somebody chose"
START = datetime(2026, 1, 10, 12, tzinfo=UTC)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class Silence:
    """A look-up that knows one sentence."""

    async def replies(self, message: Message) -> tuple[Reply, ...]:
        return (Reply(lead="Nothing verified on this yet."),)

    async def recent(self, platform: str, channel_prefix: str, limit: int) -> tuple[Recent, ...]:
        return ()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = connect(f"sqlite:///{tmp_path}/caveat.db")
    upgrade(made, "bot.storage")
    yield made
    made.dispose()


class WatchedRows(InstallationRows):
    """The real table, which may fail at first, with an event for when something was forgotten."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.forgotten = asyncio.Event()
        self.failures = 0

    async def forget(self, team: str, *, kept_until: datetime | None = None) -> bool:
        if self.failures:
            self.failures -= 1
            raise StoreError("The database is locked.")
        forgotten = await super().forget(team, kept_until=kept_until)
        self.forgotten.set()
        return forgotten


@pytest.fixture
def rows(engine: Engine) -> WatchedRows:
    return WatchedRows(engine)


@pytest.fixture
def installs(rows: WatchedRows) -> Installs:
    return Installs(rows, TokenCipher(KEY))


def installation(
    team: str | None = "T1", token: str | None = "xoxb-secret-1", **more: object
) -> Installation:
    """An installation as Bolt hands it in."""
    about = {"bot_id": "B1", "bot_user_id": "U1", "user_id": "U7INSTALLER", "bot_scopes": ["chat:write"]}
    return Installation(team_id=team, bot_token=token, **(about | more))  # type: ignore[arg-type]  # one case each


# Tokens at rest


@pytest.mark.parametrize("key", [KEY, PASSPHRASE])
def test_what_is_sealed_opens_in_a_later_run_with_the_same_key(key: str) -> None:
    sealed = TokenCipher(key).seal("xoxb-1")
    assert "xoxb" not in sealed
    assert TokenCipher(key).open(sealed) == "xoxb-1"


@pytest.mark.parametrize("other", ["another long secret", base64.urlsafe_b64encode(b"x" * 32).decode()])
@pytest.mark.parametrize("key", [KEY, PASSPHRASE])
def test_another_key_is_told_plainly(key: str, other: str) -> None:
    with pytest.raises(SettingsError, match="CAVEAT_SLACK_TOKEN_KEY"):
        TokenCipher(other).open(TokenCipher(key).seal("xoxb-1"))


@pytest.mark.parametrize("damaged", ["", "x", "zz:x", ":", "00:gAAAA"])
def test_a_damaged_row_is_told_like_another_key(damaged: str) -> None:
    with pytest.raises(SettingsError, match="CAVEAT_SLACK_TOKEN_KEY"):
        TokenCipher(KEY).open(damaged)


@pytest.mark.parametrize("key", ["", "short", "fifteen letters"])
def test_a_key_that_is_missing_or_short_is_refused(key: str) -> None:
    with pytest.raises(SettingsError, match="CAVEAT_SLACK_TOKEN_KEY"):
        TokenCipher(key)


# The store


async def test_a_workspaces_token_is_found_again_and_others_are_not(installs: Installs) -> None:
    await installs.async_save(installation())
    await installs.async_save(installation("T2", "xoxb-secret-2"))
    assert await installs.token_for("T1") == "xoxb-secret-1"
    assert await installs.token_for("T3") is None
    bot = await installs.async_find_bot(enterprise_id=None, team_id="T2")
    assert bot is not None
    assert (bot.bot_token, bot.bot_id, bot.bot_user_id) == ("xoxb-secret-2", "B1", "U1")
    assert await installs.check() == 2


async def test_installing_again_replaces_the_token(installs: Installs) -> None:
    await installs.async_save(installation())
    await installs.async_save(installation(token="xoxb-secret-3"))
    assert await installs.token_for("T1") == "xoxb-secret-3"
    assert await installs.check() == 1


def everything_in(folder: Path) -> bytes:
    """The bytes of the database and its log."""
    return b"".join(path.read_bytes() for path in folder.glob("caveat.db*"))


async def test_neither_the_token_nor_the_installer_stands_in_the_file(
    installs: Installs, engine: Engine, tmp_path: Path
) -> None:
    await installs.async_save(installation())
    engine.dispose()
    written = everything_in(tmp_path)
    assert b"xoxb-secret" not in written
    assert b"U7INSTALLER" not in written


async def test_another_key_is_noticed_before_anything_is_answered(installs: Installs, engine: Engine) -> None:
    await installs.async_save(installation())
    other = Installs(InstallationRows(engine), TokenCipher(PASSPHRASE))
    with pytest.raises(SettingsError, match="CAVEAT_SLACK_TOKEN_KEY"):
        await other.check()
    assert await other.async_find_bot(enterprise_id=None, team_id="T1") is None


async def test_a_row_that_was_moved_to_another_workspace_is_not_used(
    installs: Installs, tmp_path: Path
) -> None:
    await installs.async_save(installation())
    with closing(sqlite3.connect(tmp_path / "caveat.db")) as connection:
        connection.execute("UPDATE slack_installations SET team_id = 'T9'")
        connection.commit()
    with pytest.raises(SettingsError, match="T9"):
        await installs.token_for("T9")


@pytest.mark.parametrize(
    "unfit",
    [
        pytest.param(installation(is_enterprise_install=True), id="a whole organisation"),
        pytest.param(installation(None), id="no workspace"),
        pytest.param(installation(bot_refresh_token="xoxe-1"), id="rotated tokens"),
        pytest.param(installation(token=None), id="no bot token"),
    ],
)
async def test_what_is_not_supported_is_refused_as_it_is_installed(
    installs: Installs, unfit: Installation
) -> None:
    with pytest.raises(BoltError, match="not supported"):
        await installs.async_save(unfit)
    assert await installs.check() == 0


async def test_a_late_event_does_not_delete_a_newer_installation(engine: Engine) -> None:
    clock = Clock()
    installs = Installs(InstallationRows(engine, clock=clock), TokenCipher(KEY))
    await installs.async_save(installation())
    assert not await installs.forget("T1", told_at=START - timedelta(minutes=5))
    assert await installs.token_for("T1") == "xoxb-secret-1"
    assert await installs.forget("T1", told_at=START)
    assert await installs.token_for("T1") is None
    assert not await installs.forget("T1", told_at=START)


async def test_bolts_own_ways_to_delete_delete(installs: Installs) -> None:
    await installs.async_save(installation())
    await installs.async_save(installation("T2", "xoxb-secret-2"))
    await installs.async_delete_installation(enterprise_id=None, team_id="T1", user_id="U7INSTALLER")
    assert await installs.token_for("T1") == "xoxb-secret-1"
    await installs.async_delete_all(enterprise_id=None, team_id="T1")
    assert await installs.token_for("T1") is None
    assert await installs.token_for("T2") == "xoxb-secret-2"


# States


async def test_a_state_is_good_once_and_for_ten_minutes() -> None:
    clock = Clock()
    states = OAuthStates("client secret", clock=clock)
    first, second = await states.async_issue(), await states.async_issue()
    assert await states.async_consume(first)
    assert not await states.async_consume(first)
    clock.now += timedelta(seconds=601)
    assert not await states.async_consume(second)


@pytest.mark.parametrize("forged", ["", "-", "1-2-3", "1768046400-ab-é", "x" * 5000])
async def test_a_forged_state_is_refused(forged: str) -> None:
    assert not await OAuthStates("client secret", clock=Clock()).async_consume(forged)


async def test_a_state_of_another_app_is_refused() -> None:
    clock = Clock()
    state = await OAuthStates("another secret", clock=clock).async_issue()
    assert not await OAuthStates("client secret", clock=clock).async_consume(state)


# From the install button to the uninstall


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """A Slack that grants and tells the app what its manifest asks for, and nothing else."""
    async with SlackServer() as server:
        server.app.scopes, server.app.events = frozenset(SCOPES), frozenset(EVENTS)
        yield server


@pytest.fixture
async def address(slack: SlackServer, installs: Installs) -> AsyncIterator[str]:
    """The whole adapter over HTTP, with its two OAuth pages; gives where it is."""
    settings = oauth_settings(
        client_id=slack.app.client_id,
        client_secret=slack.app.client_secret,
        installs=installs,
        api_url=slack.api_url,
    )

    def register(app: AsyncApp) -> None:
        seen = surfaces.Surfaces(
            look_up=Silence(),
            rules=lambda _: ChannelRules(policy=Policy.PASSIVE),
            version="9.9.9",
            installs=installs,
            clock=now_utc,
        )
        surfaces.register(app, seen)

    platform = SlackPlatform(
        mode="http",
        signing_secret=slack.app.signing_secret,
        api_url=slack.api_url,
        authorize={"oauth_settings": settings},
        token_for=installs.token_for,
    )
    listening = asyncio.create_task(platform.listen(take_nothing, register=register))
    await asyncio.wait_for(platform.until_ready(), 10)
    await slack.use_http(platform.request_url)
    yield platform.request_url.removesuffix("/slack/events")
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def take_nothing(incoming: Incoming) -> None:
    """Accept what is not for the surfaces, and leave it."""


async def install(address: str, workspace: Workspace, *, state: str | None = None) -> int:
    """Install the app as a person does in a browser; gives the last page's HTTP status."""
    async with aiohttp.ClientSession() as browser:
        async with browser.get(f"{address}/slack/install", params={"team": workspace.id}) as page:
            cookie = page.cookies["slack-app-oauth-state"].value
            found = re.search(r'href="(http[^"]+)"', await page.text())
            assert found
        async with browser.get(html.unescape(found[1]), allow_redirects=False) as agreed:
            asked = parse_qs(urlsplit(agreed.headers["Location"]).query)
        query = {"code": asked["code"][0], "state": state or asked["state"][0]}
        headers = {"Cookie": f"slack-app-oauth-state={state or cookie}"}
        async with browser.get(f"{address}/slack/oauth_redirect", params=query, headers=headers) as done:
            return done.status


async def test_two_workspaces_install_and_each_is_answered_with_its_own_token(
    slack: SlackServer, address: str, installs: Installs
) -> None:
    for name in ("newsroom", "school"):
        workspace = slack.workspace(name, installed=False)
        ann = workspace.person("ann")
        assert await install(address, workspace) == 200
        assert await installs.token_for(workspace.id) == workspace.token
        assert workspace.grant.scopes == set(SCOPES)
        await ann.open_home()
        await slack.wait_for(partial(workspace.home, ann))
        assert slack.calls_of("views.publish")[-1].token == workspace.token


async def test_a_forged_state_installs_nothing(slack: SlackServer, address: str, installs: Installs) -> None:
    workspace = slack.workspace("newsroom", installed=False)
    workspace.person("ann")
    assert await install(address, workspace, state="forged") == 401
    assert await installs.check() == 0


@pytest.mark.parametrize("end", ["uninstall", "revoke"])
async def test_an_uninstall_or_a_revoked_token_deletes_it(
    slack: SlackServer, address: str, installs: Installs, rows: WatchedRows, end: str
) -> None:
    workspace, other = (slack.workspace(name, installed=False) for name in ("newsroom", "school"))
    for each in (workspace, other):
        each.person("ann")
        assert await install(address, each) == 200
    getattr(workspace, end)()
    await slack.settled()
    assert all(each.acked for each in slack.deliveries)
    await asyncio.wait_for(rows.forgotten.wait(), 10)
    assert await installs.token_for(workspace.id) is None
    assert await installs.token_for(other.id) == other.token


async def test_a_token_that_could_not_be_deleted_is_deleted_when_slack_tells_again(
    slack: SlackServer, address: str, installs: Installs, rows: WatchedRows
) -> None:
    workspace = slack.workspace("newsroom", installed=False)
    workspace.person("ann")
    await install(address, workspace)
    rows.failures = 1
    workspace.revoke()
    await slack.settled()
    [told] = slack.events_of("tokens_revoked")
    assert [each.status for each in told.attempts] == [500, 200]
    assert await installs.token_for(workspace.id) is None


async def test_a_workspace_that_installs_again_works_again(
    slack: SlackServer, address: str, rows: WatchedRows
) -> None:
    workspace = slack.workspace("newsroom", installed=False)
    ann = workspace.person("ann")
    general = workspace.channel("general", ann)
    await install(address, workspace)
    first = workspace.token
    workspace.uninstall()
    await asyncio.wait_for(rows.forgotten.wait(), 10)
    assert await install(address, workspace) == 200
    assert workspace.token != first
    await ann.command(general, COMMAND, "check https://copy.example/a")
    await slack.wait_for(lambda: workspace.ephemerals(ann)[1:])


def test_the_consent_page_is_beside_the_api(installs: Installs) -> None:
    settings = oauth_settings(
        client_id="1", client_secret="2", installs=installs, api_url="https://slack.com/api/"
    )
    assert settings.authorization_url == "https://slack.com/oauth/v2/authorize"


@pytest.mark.parametrize(("client_id", "client_secret"), [("", "2"), ("1", "")])
def test_half_a_client_is_told(installs: Installs, client_id: str, client_secret: str) -> None:
    with pytest.raises(SettingsError, match="CAVEAT_SLACK_CLIENT_SECRET"):
        oauth_settings(
            client_id=client_id,
            client_secret=client_secret,
            installs=installs,
            api_url="https://slack.com/api/",
        )
