"""The platforms that the settings ask for, as adapters that are not connected yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Engine

from bot import __version__
from bot.answering.lookup import PersonalLookUp
from bot.app.services import BotServices
from bot.app.tending import listening
from bot.background.supervisor import Loop
from bot.errors import SettingsError
from bot.platforms.matrix.platform import MatrixPlatform
from bot.platforms.matrix.session import Credentials
from bot.platforms.slack.actions import surfaces
from bot.platforms.slack.actions.curating import curating_at
from bot.platforms.slack.oauth.installs import Installs, oauth_settings
from bot.platforms.slack.oauth.tokens import TokenCipher
from bot.platforms.slack.platform import SlackPlatform
from bot.ports import Accept, EditingPlatform
from bot.settings import Settings
from bot.storage.installations import InstallationRows
from bot.storage.ledger import Ledger
from bot.threads import in_thread
from kb.entries.entry import Status
from kb.store.entries import Store


@dataclass(frozen=True, kw_only=True)
class Adapters:
    """The adapters that the settings ask for, not connected yet; with `installs`, Slack's is for many
    workspaces."""

    matrix: MatrixPlatform | None = None
    slack: SlackPlatform | None = None
    installs: Installs | None = None

    @property
    def by_name(self) -> dict[str, EditingPlatform]:
        """Each of them, under its platform's name."""
        return {adapter.name: adapter for adapter in (self.matrix, self.slack) if adapter}

    def listening(self, accept: Accept, seen: surfaces.Surfaces) -> Iterator[Loop]:
        """The loops that listen to them; `seen` is what Slack shows beside the answers."""
        if self.matrix:
            yield listening(self.matrix.name, partial(self.matrix.listen, accept))
        if self.slack:
            register = partial(surfaces.register, surfaces=seen)
            yield listening(self.slack.name, partial(self.slack.listen, accept, register=register))


async def adapters(settings: Settings, engine: Engine, ledger: Ledger) -> Adapters:
    """Every platform that is set up. Raises SettingsError, also when there is none."""
    if not settings.has_matrix and not settings.has_slack:
        raise SettingsError("no platform is set up; see deploy/env.example, or try `caveat chat`")
    matrix = matrix_platform(settings, ledger) if settings.has_matrix else None
    installs = await slack_installs(settings, engine) if settings.has_slack else None
    slack = slack_platform(settings, installs) if settings.has_slack else None
    return Adapters(matrix=matrix, slack=slack, installs=installs)


def matrix_platform(settings: Settings, ledger: Ledger) -> MatrixPlatform:
    """The Matrix adapter. Raises SettingsError."""
    return MatrixPlatform(
        credentials=Credentials(
            homeserver=settings.matrix_homeserver,
            user=settings.matrix_user,
            password=settings.matrix_password.get_secret_value(),
            token=settings.matrix_token.get_secret_value(),
            device_id=settings.matrix_device_id,
            pickle_key=settings.matrix_pickle_key.get_secret_value(),
        ),
        store=settings.data_dir / "matrix",
        invites_from=settings.matrix_invites_from,
        state=ledger,
    )


def slack_platform(settings: Settings, installs: Installs | None) -> SlackPlatform:
    """The Slack adapter, for one workspace by its token or, with `installs`, many. Raises SettingsError."""
    return SlackPlatform(
        mode=settings.slack_mode,
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        port=settings.slack_port,
        unfurl_domains=settings.slack_unfurl_domains,
        api_url=settings.slack_api_url,
        authorize=_oauth(settings, installs) if installs else None,
        token_for=installs.token_for if installs else None,
    )


def surfaces_of(services: BotServices, installs: Installs | None) -> surfaces.Surfaces:
    """What people see of the bot in Slack beside its answers."""
    channels, store = services.records.channels, services.admin.services.curation.store
    return surfaces.Surfaces(
        look_up=PersonalLookUp(services.answering, store.get),
        rules=partial(channels.rules, "slack"),
        paused_by=lambda: channels.paused_by,
        version=__version__,
        entries=partial(in_thread, _published, store),
        installs=installs,
        curating=curating_at(services.admin),
    )


async def slack_installs(settings: Settings, engine: Engine) -> Installs | None:
    """The workspaces that installed the app by OAuth; None where the app is for one, by its token."""
    if not settings.slack_client_id:
        return None
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
