"""The platforms that the settings ask for, as adapters that are not connected yet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import Engine

from bot import __version__
from bot.errors import SettingsError
from bot.platforms.matrix.platform import MatrixPlatform
from bot.platforms.slack.actions import surfaces
from bot.platforms.slack.actions.curating import curating_at
from bot.platforms.slack.actions.front_desk import CuratorDesk
from bot.platforms.slack.oauth.installs import Installs, oauth_settings
from bot.platforms.slack.oauth.tokens import TokenCipher
from bot.platforms.slack.platform import SlackPlatform
from bot.ports import EditingPlatform, LookUp
from bot.settings import Settings
from bot.storage.channels import ChannelBook
from bot.storage.installations import InstallationRows
from bot.storage.ledger import Ledger
from bot.threads import in_thread
from kb.entries.entry import Status
from kb.store.entries import Store


async def platforms(
    settings: Settings,
    engine: Engine,
    look_up: LookUp,
    channels: ChannelBook,
    admin: CuratorDesk | None = None,
) -> dict[str, EditingPlatform]:
    """Every platform that is set up, by its name. Raises SettingsError, also when there is none."""
    adapters: list[EditingPlatform] = []
    if settings.has_matrix:
        adapters.append(matrix_platform(settings, Ledger(engine)))
    if settings.has_slack:
        adapters.append(await slack_platform(settings, engine, look_up, channels, admin))
    if not adapters:
        raise SettingsError("no platform is set up; see deploy/env.example, or try `caveat chat`")
    return {adapter.name: adapter for adapter in adapters}


def matrix_platform(settings: Settings, ledger: Ledger) -> MatrixPlatform:
    """The Matrix adapter. Raises SettingsError."""
    return MatrixPlatform(
        homeserver=settings.matrix_homeserver,
        user=settings.matrix_user,
        password=settings.matrix_password.get_secret_value(),
        token=settings.matrix_token.get_secret_value(),
        device_id=settings.matrix_device_id,
        pickle_key=settings.matrix_pickle_key.get_secret_value(),
        store=settings.data_dir / "matrix",
        invites_from=settings.matrix_invites_from,
        state=ledger,
    )


async def slack_platform(
    settings: Settings,
    engine: Engine,
    look_up: LookUp,
    channels: ChannelBook,
    admin: CuratorDesk | None = None,
) -> SlackPlatform:
    """The Slack adapter, for one workspace by its token or for many by OAuth. Raises SettingsError."""
    installs = await _installs(settings, engine) if settings.slack_client_id else None
    store = Store(engine)
    seen = surfaces.Surfaces(
        look_up=look_up,
        rules=partial(channels.rules, "slack"),
        paused_by=lambda: channels.paused_by,
        version=__version__,
        entries=partial(in_thread, _published, store),
        installs=installs,
        curating=curating_at(admin) if admin else None,
    )
    return SlackPlatform(
        mode=settings.slack_mode,
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        port=settings.slack_port,
        unfurl_domains=settings.slack_unfurl_domains,
        api_url=settings.slack_api_url,
        register=lambda app, _accept: surfaces.register(app, seen),
        authorize=_oauth(settings, installs) if installs else None,
        token_for=installs.token_for if installs else None,
    )


async def _installs(settings: Settings, engine: Engine) -> Installs:
    installs = Installs(InstallationRows(engine), TokenCipher(settings.slack_token_key.get_secret_value()))
    await installs.check()
    return installs


def _oauth(settings: Settings, installs: Installs) -> Mapping[str, Any]:
    return {
        "oauth_settings": oauth_settings(
            client_id=settings.slack_client_id,
            client_secret=settings.slack_client_secret.get_secret_value(),
            installs=installs,
            api_url=settings.slack_api_url,
        )
    }


def _published(store: Store) -> int:
    return sum(1 for _ in store.entries(Status.PUBLISHED))
