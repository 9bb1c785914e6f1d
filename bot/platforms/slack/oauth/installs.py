"""Many workspaces by OAuth: their bot tokens, sealed in the database, and the way they come and go."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import structlog
from slack_bolt.authorization.async_authorize import AsyncInstallationStoreAuthorize
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from yarl import URL

from bot.clock import Clock, now_utc
from bot.errors import BotError, SettingsError
from bot.platforms.slack.oauth.scopes import SCOPES
from bot.platforms.slack.oauth.tokens import TokenCipher
from bot.threads import in_thread
from kb.errors import KbError

log = structlog.get_logger(__name__)

_SKEW = timedelta(minutes=1)  # between Slack's clock and ours; to install again takes people longer
_STATE_SECONDS = 600


class Rows(Protocol):
    """Where sealed installations are kept durably, one a workspace. Its methods raise StoreError."""

    async def keep(self, team: str, sealed: str) -> None:
        """Keep a workspace's installation, in place of an earlier one."""

    async def load(self, team: str) -> str | None:
        """Give what is kept for a workspace; None when nothing is."""

    async def every(self) -> dict[str, str]:
        """Give what is kept, by workspace."""

    async def forget(self, team: str, *, kept_until: datetime | None = None) -> bool:
        """Delete what is kept for a workspace, unless it was kept after `kept_until`; says if it did."""


class Installs(AsyncInstallationStore):
    """Bolt's installation store: bot tokens only, not who installed the app; sealed before they are kept."""

    def __init__(self, rows: Rows, cipher: TokenCipher) -> None:
        self._rows = rows
        self._cipher = cipher

    @property
    def logger(self) -> logging.Logger:
        """Bolt's own messages go here."""
        return logging.getLogger(__name__)

    async def check(self) -> int:
        """Open everything that is kept; gives how many workspaces there are. Raises SettingsError."""
        kept = await self._rows.every()
        for team, sealed in kept.items():
            await self._opened(team, sealed)
        return len(kept)

    async def token_for(self, team: str) -> str | None:
        """Give a workspace's bot token; None when the app is not installed there.

        Raises SettingsError when the key is another one than it was stored with.
        """
        kept = await self._load(team)
        return kept["token"] if kept else None

    async def forget(self, team: str, *, told_at: datetime) -> bool:
        """Delete a workspace's token because Slack told of its end at `told_at`; says if there was one.

        A token that came later stays: the workspace has installed the app again, and the event was late.
        """
        return await self._rows.forget(team, kept_until=told_at + _SKEW)

    async def async_save(self, installation: Installation) -> None:
        """Keep a new installation. Raises BoltError, which tells the installer that it failed."""
        await self.async_save_bot(installation.to_bot())

    async def async_save_bot(self, bot: Bot) -> None:
        """Keep a workspace's bot token. Raises BoltError."""
        if bot.is_enterprise_install or not bot.team_id:
            raise BoltError("Organisation-wide installation is not supported; install the app in a workspace")
        if bot.bot_refresh_token or not bot.bot_token:
            raise BoltError("Token rotation is not supported; switch it off in the app's settings at Slack")
        kept = {
            "team": bot.team_id,
            "token": bot.bot_token,
            "scopes": list(bot.bot_scopes or ()),
            "app_id": bot.app_id,
            "bot_id": bot.bot_id,
            "bot_user_id": bot.bot_user_id,
            "installed_at": bot.installed_at,
        }
        try:
            sealed = await in_thread(self._cipher.seal, json.dumps(kept))
            await self._rows.keep(bot.team_id, sealed)
        except KbError as error:
            log.error("slack_installation_lost", team=bot.team_id, error=str(error))
            raise BoltError("The installation could not be stored; try again later") from error
        log.info("slack_installed", team=bot.team_id)

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,  # noqa: ARG002 - Bolt's signature
        team_id: str | None,
        is_enterprise_install: bool | None = False,  # noqa: ARG002 - Bolt's signature
    ) -> Bot | None:
        """Find a workspace's bot; None when the app is not installed there."""
        try:
            kept = await self._load(team_id or "")
        except (BotError, KbError) as error:
            log.error("slack_token_unreadable", team=team_id, error=str(error))  # Bolt would hide it
            return None
        if kept is None:
            return None
        return Bot(
            app_id=kept["app_id"],
            team_id=kept["team"],
            bot_token=kept["token"],
            bot_id=kept["bot_id"],
            bot_user_id=kept["bot_user_id"],
            bot_scopes=kept["scopes"],
            installed_at=kept["installed_at"],
        )

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:  # noqa: ARG002 - Bolt's signature
        """Delete a workspace's bot token."""
        await self._rows.forget(team_id or "")

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """Delete what is kept of one installer's own: nothing is, so there is nothing to do."""

    async def _load(self, team: str) -> dict[str, Any] | None:
        sealed = await self._rows.load(team)
        return await self._opened(team, sealed) if sealed else None

    async def _opened(self, team: str, sealed: str) -> dict[str, Any]:
        kept: dict[str, Any] = json.loads(await in_thread(self._cipher.open, sealed))
        if kept["team"] != team:
            raise SettingsError(f"The stored token of workspace {team} belongs to another one; install again")
        return kept


class OAuthStates(AsyncOAuthStateStore):
    """States of an installation that was begun: signed, good for ten minutes, once, in this process.

    Bolt ties each to the installer's browser by a cookie besides.
    """

    def __init__(self, secret: str, *, clock: Clock = now_utc) -> None:
        self._secret = hashlib.sha256(b"caveat oauth state:" + secret.encode()).digest()
        self._clock = clock
        self._used: dict[str, int] = {}

    @property
    def logger(self) -> logging.Logger:
        """Bolt's own messages go here."""
        return logging.getLogger(__name__)

    async def async_issue(self, *_args: Any, **_kwargs: Any) -> str:
        """Give a new state."""
        content = f"{self._now()}-{secrets.token_hex(16)}"
        return f"{content}-{self._signature(content)}"

    async def async_consume(self, state: str) -> bool:
        """Say whether a state is ours, recent, and used for the first time."""
        content, _, signature = state.rpartition("-")
        if not hmac.compare_digest(self._signature(content).encode(), signature.encode()):
            return False
        now, issued = self._now(), int(content.partition("-")[0])
        self._used = {each: at for each, at in self._used.items() if now - at <= _STATE_SECONDS}
        if content in self._used or not 0 <= now - issued <= _STATE_SECONDS:
            return False
        self._used[content] = issued
        return True

    def _now(self) -> int:
        return int(self._clock().timestamp())

    def _signature(self, content: str) -> str:
        return hmac.new(self._secret, content.encode(), hashlib.sha256).hexdigest()


def oauth_settings(
    *, client_id: str, client_secret: str, installs: Installs, api_url: str, clock: Clock = now_utc
) -> AsyncOAuthSettings:
    """Set up Bolt's OAuth flow: `/slack/install` and `/slack/oauth_redirect`. Raises SettingsError."""
    if not client_id or not client_secret:
        raise SettingsError(
            "CAVEAT_SLACK_CLIENT_ID and CAVEAT_SLACK_CLIENT_SECRET are needed to install by OAuth"
        )
    settings = AsyncOAuthSettings(
        client_id=client_id,
        client_secret=client_secret,
        scopes=list(SCOPES),
        user_scopes=[],
        authorization_url=str(URL(api_url).join(URL("/oauth/v2/authorize"))),
        installation_store=installs,
        installation_store_bot_only=True,
        state_store=OAuthStates(client_secret, clock=clock),
        state_expiration_seconds=_STATE_SECONDS,
    )
    if isinstance(settings.authorize, AsyncInstallationStoreAuthorize):
        settings.authorize.cache_enabled = True  # else each event costs a call of auth.test before its ack
    return settings


def moment_of(body: dict[str, Any], clock: Clock) -> datetime:
    """When Slack says that an event happened; now, if it does not say."""
    told = body.get("event_time")
    return datetime.fromtimestamp(told, UTC) if isinstance(told, int) else clock()
