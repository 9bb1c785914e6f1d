"""One frozen Settings, read from the environment and from a file of `CAVEAT_…` lines; secrets are masked."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as SourceError
from sqlalchemy import make_url

from bot.errors import SettingsError
from bot.model import Policy

_HOME = Path.home() / ".local" / "share" / "caveat"


_FOR_TESTS = {"CAVEAT_TEST_DATA", "CAVEAT_SYNAPSE_PYTHON"}  # read by tests, and no setting of the bot


class Settings(BaseSettings):
    """Every setting; the descriptions become `deploy/env.example`."""

    model_config = SettingsConfigDict(
        env_prefix="CAVEAT_", env_file="caveat.env", extra="ignore", frozen=True, env_ignore_empty=True
    )

    data_dir: Path = Field(_HOME, description="Folder for the database, the work queue and platform state.")
    database_url: str = Field(
        "", description="SQLAlchemy address of the database. Empty: caveat.db in the data folder."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="debug, info, warning or error."
    )
    log_format: Literal["text", "json"] = Field("text", description="text or json.")

    matrix_homeserver: str = Field(
        "", description="Address of the Matrix homeserver, such as https://matrix.example."
    )
    matrix_user: str = Field(
        "", description="Full Matrix user id of the bot, such as @caveat:matrix.example."
    )
    matrix_password: SecretStr = Field(
        SecretStr(""), description="Password of the bot's account; or give a token."
    )
    matrix_token: SecretStr = Field(
        SecretStr(""), description="Access token of the bot, in place of the password."
    )
    matrix_device_id: str = Field("", description="Device id that belongs to the access token.")
    matrix_pickle_key: SecretStr = Field(
        SecretStr(""),
        description="Key that protects the encryption keys on disk; needed for encrypted rooms.",
    )
    slack_mode: Literal["socket", "http"] = Field(
        "socket",
        description="socket: no public address is needed. http: Slack calls a public address of yours.",
    )
    slack_bot_token: SecretStr = Field(SecretStr(""), description="Bot token of one workspace (xoxb-…).")
    slack_app_token: SecretStr = Field(SecretStr(""), description="App-level token for socket mode (xapp-…).")
    slack_signing_secret: SecretStr = Field(SecretStr(""), description="Signing secret, for http mode.")
    slack_port: int = Field(8080, ge=0, le=65535, description="Port that http mode listens on, on loopback.")
    slack_client_id: str = Field("", description="Client id, for installing in many workspaces by OAuth.")
    slack_client_secret: SecretStr = Field(SecretStr(""), description="Client secret, for the same.")
    slack_token_key: SecretStr = Field(
        SecretStr(""), description="Key that encrypts the workspaces' tokens in the database, for the same."
    )
    slack_unfurl_domains: tuple[str, ...] = Field(
        (),
        description='Domains that the app has registered for unfurling, as JSON: ["example.com"].',
    )
    slack_api_url: str = Field(
        "https://slack.com/api/", description="Address of Slack's API; tests change it."
    )

    model: str = Field(
        "all-MiniLM-L6-v2",
        description="Embedding model: the packaged default; the folder or the Hugging Face name of another "
        "sentence-transformers model with safetensors; or `hash` (no model: for tests).",
    )
    model_sha256: str = Field(
        "", description="sha256 of another model's model.safetensors; empty: not checked."
    )

    cutoff: float = Field(0.55, ge=0, le=1, description="Matches scored lower are not even suggested.")
    page_threshold: float = Field(
        0.8, ge=0, le=1, description="Score from which a page counts as the same story as an entry."
    )
    words_threshold: float = Field(
        0.7, ge=0, le=1, description="Score from which the words of a mention count as the same story."
    )
    gap: float = Field(0.05, ge=0, le=1, description="Lead over the runner-up that a clear match needs.")

    policy: Policy = Field(
        Policy.PASSIVE, description="What the bot does in a channel: passive, mention, shadow, off."
    )
    channel_policies: dict[str, Policy] = Field(
        {}, description='Channels with a policy of their own, as JSON: {"!room:matrix.example": "mention"}.'
    )
    repeat_hours: float = Field(
        24.0, ge=0, description="One entry is not repeated in a channel within this time."
    )
    links_per_message: int = Field(3, ge=1, le=10, description="How many links of one message are looked at.")

    contact_url: str = Field(
        "", description="Where site owners can read about this bot; put into the user agent."
    )
    fetch_timeout: float = Field(
        8.0, gt=0, le=60, description="Seconds for fetching one page, redirects included."
    )
    fetch_max_bytes: int = Field(
        5 * 2**20, gt=0, description="Size limit of one page, before and after inflation."
    )

    keep_answers_days: int = Field(90, ge=31, description="How long given answers are remembered.")
    keep_missed_days: int = Field(30, ge=1, description="How long links without a match are counted.")
    keep_work_days: int = Field(
        7, ge=1, description="How long handled events (ids and links) stay in the queue."
    )

    @model_validator(mode="after")
    def _cutoff_is_lowest(self) -> Self:
        if self.cutoff > min(self.page_threshold, self.words_threshold):
            raise ValueError(
                "CAVEAT_CUTOFF must not lie above CAVEAT_PAGE_THRESHOLD and CAVEAT_WORDS_THRESHOLD"
            )
        return self

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @property
    def database_address(self) -> str:
        """The database's SQLAlchemy address."""
        return self.database_url or f"sqlite:///{self.data_dir / 'caveat.db'}"

    @property
    def shown_database_address(self) -> str:
        """The database's address without its password, for people to read."""
        return make_url(self.database_address).render_as_string(hide_password=True)

    @property
    def has_matrix(self) -> bool:
        """Whether Matrix is set up."""
        return bool(self.matrix_homeserver or self.matrix_user)

    @property
    def has_slack(self) -> bool:
        """Whether Slack is set up."""
        secrets = (self.slack_bot_token, self.slack_app_token, self.slack_signing_secret)
        return bool(self.slack_client_id) or any(secret.get_secret_value() for secret in secrets)

    def policy_of(self, channel: str) -> Policy:
        """What the bot may do in a channel."""
        return self.channel_policies.get(channel, self.policy)


def load_settings(**overrides: object) -> Settings:
    """Read the settings. Raises SettingsError that lists every wrong one, and names that are no setting."""
    known = {f"CAVEAT_{name}".upper() for name in Settings.model_fields} | _FOR_TESTS
    for name in sorted(set(os.environ) - known):
        if name.startswith("CAVEAT_"):
            meant = get_close_matches(name, known, n=1)
            raise SettingsError(f"{name} is no setting{f'; is {meant[0]} meant?' if meant else ''}")
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks them
    except SourceError as error:
        raise SettingsError(
            f'{error}: it must be JSON, such as {{"!room:matrix.example": "mention"}}'
        ) from error
    except ValidationError as error:
        lines = [_told(tuple(details["loc"]), details["msg"]) for details in error.errors()]
        raise SettingsError("; ".join(lines)) from error


def _told(place: tuple[int | str, ...], message: str) -> str:
    name = f"CAVEAT_{'.'.join(map(str, place)).upper()}: " if place else ""
    return name + message.removeprefix("Value error, ")
