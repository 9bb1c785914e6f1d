"""One frozen Settings, read from the environment and from a file of `CAVEAT_…` lines; secrets are masked."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url

from bot.addresses import read_address, read_page_address
from bot.model import Policy
from bot.pages.fetch.egress import HostLists, Proxy, read_host, read_proxy
from bot.platforms.matrix.invitations import is_inviter
from kb.entries.people import is_person

_HOME = Path.home() / ".local" / "share" / "caveat"

_CONTACT = re.compile(r"(?:https?://|mailto:)[!-~]+")  # it becomes part of a header

_SHAPES: dict[str, tuple[Callable[[str], object], str]] = {
    "admins": (is_person, "id of a person, such as slack:T123/U456"),
    "curators_channels": (
        re.compile(r"!\S+|[A-Z0-9]+/[A-Z0-9]+").fullmatch,
        "channel, such as !room:matrix.example or T0001/C0002",
    ),
    "matrix_invites_from": (is_inviter, "server or user, such as matrix.example or @ana:matrix.example"),
}


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
    matrix_invites_from: tuple[str, ...] = Field(
        (),
        description="Servers and people whose invitations into rooms are accepted, as JSON: "
        '["matrix.example", "@ana:other.example"]. Empty: everybody\'s.',
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

    cutoff: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Matches less probable than this are not even suggested. Empty: measured.",
    )
    page_threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Probability from which a page counts as the same story as an entry. Empty: measured.",
    )
    words_threshold: float | None = Field(
        None, ge=0, le=1, description="Probability from which the words of a mention do. Empty: measured."
    )
    gap: float | None = Field(
        None, ge=0, le=1, description="Lead over the runner-up that a clear match needs. Empty: measured."
    )

    policy: Policy = Field(
        Policy.PASSIVE, description="What the bot does in a channel: passive, mention, shadow, off."
    )
    channel_policies: dict[str, Policy] = Field(
        {}, description='Channels with a policy of their own, as JSON: {"!room:matrix.example": "mention"}.'
    )
    repeat_hours: float = Field(
        24.0, ge=0, description="One entry is not repeated in a channel within this time."
    )
    links_per_message: int = Field(
        3, ge=1, le=10, description="How many links of one message are looked at, its edits included."
    )
    person_per_minute: int = Field(
        30, ge=10, description="How many links and questions of one person are looked at in a minute."
    )
    channel_per_minute: int = Field(
        120, ge=10, description="How many links and questions of one channel are, those asked about apart."
    )
    site_per_minute: int = Field(
        30, ge=1, description="How many pages of one site (a registrable domain) are fetched in a minute."
    )
    link_seconds: float = Field(
        20.0, gt=0, le=300, description="Seconds after which one link, or one question, is given up."
    )
    message_seconds: float = Field(
        45.0, gt=0, le=300, description="Seconds after which the links of one message are."
    )

    admins: tuple[str, ...] = Field(
        (),
        description="The first admins, who give curators and reviewers their roles, by platform id, as JSON: "
        '["slack:T123/U456", "matrix:@ana:matrix.example"].',
    )
    curators_channels: tuple[str, ...] = Field(
        (),
        description="Channels in which curators work: drafts are announced there, and entries may be changed "
        'from there, as JSON: ["!room:matrix.example", "T0001/C0002"].',
    )
    four_eyes: Literal["auto", "on", "off"] = Field(
        "auto",
        description="Whether nobody may approve their own text: on, off, or auto (as soon as two people may "
        "review).",
    )

    contact_url: str = Field(
        "", description="Where site owners can read about this bot; put into the user agent."
    )
    fetch_timeout: float = Field(
        8.0, gt=0, le=60, description="Seconds for fetching one page, redirects included."
    )
    fetch_max_bytes: int = Field(
        5 * 2**20, gt=0, description="Size limit of one page, before and after inflation."
    )
    fetch_allow_hosts: tuple[str, ...] = Field(
        (),
        description="The only hosts that pages are fetched from, with all below them, as JSON: "
        '["example.com"]. Empty: every public host.',
    )
    fetch_deny_hosts: tuple[str, ...] = Field(
        (),
        description="Hosts that pages are never fetched from, in the same way; this goes before the "
        "other list.",
    )
    fetch_proxy: SecretStr = Field(
        SecretStr(""),
        description="Egress proxy that pages are fetched through, such as http://proxy.example:4750; it has "
        "to refuse private addresses itself, as Smokescreen does. Empty: none; the environment's is never "
        "used.",
    )
    fetch_proxy_resolves: bool = Field(
        False, description="Whether names that this machine cannot look up may be handed to that proxy."
    )

    keep_answers_days: int = Field(90, ge=31, description="How long given answers are remembered.")
    keep_unmatched_days: int = Field(30, ge=1, description="How long links without a match are counted.")
    keep_subscriptions_days: int = Field(
        90, ge=1, description="How long somebody who wants to be told of an entry is waited with."
    )
    keep_work_days: int = Field(
        7, ge=1, description="How long handled events (ids and links) stay in the queue."
    )

    @model_validator(mode="after")
    def _cutoff_is_lowest(self) -> Self:
        chosen = [
            threshold for threshold in (self.page_threshold, self.words_threshold) if threshold is not None
        ]
        if self.cutoff is not None and self.cutoff > min(chosen, default=1.0):
            raise ValueError(
                "CAVEAT_CUTOFF must not lie above CAVEAT_PAGE_THRESHOLD and CAVEAT_WORDS_THRESHOLD"
            )
        return self

    @field_validator("contact_url")
    @classmethod
    def _contact(cls, address: str) -> str:
        if address and not _CONTACT.fullmatch(address):
            raise ValueError("it must be an address such as https://example.com/about-our-bot")
        return read_page_address(address)

    @field_validator("matrix_homeserver", "slack_api_url")
    @classmethod
    def _server(cls, address: str) -> str:
        return read_address(address) if address else address

    @field_validator("fetch_allow_hosts", "fetch_deny_hosts")
    @classmethod
    def _hosts(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(read_host(name) for name in names)

    @field_validator("fetch_proxy")
    @classmethod
    def _proxy(cls, address: SecretStr) -> SecretStr:
        if address.get_secret_value():
            read_proxy(address.get_secret_value())
        return address

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, folder: Path) -> Path:
        return folder.expanduser().absolute()

    @property
    def fetch_hosts(self) -> HostLists:
        """The hosts that pages are fetched from, and those that they never are."""
        return HostLists(allowed=self.fetch_allow_hosts, denied=self.fetch_deny_hosts)

    @property
    def egress_proxy(self) -> Proxy | None:
        """The proxy that pages are fetched through, if there is one."""
        address = self.fetch_proxy.get_secret_value()
        return read_proxy(address, resolves=self.fetch_proxy_resolves) if address else None

    @field_validator(*_SHAPES)
    @classmethod
    def _are_names(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        fits, what = _SHAPES[info.field_name or ""]
        for name in names:
            if not fits(name):
                raise ValueError(f"{name!r} is no {what}")
        return names

    @property
    def four_eyes_on(self) -> bool | None:
        """Whether four-eyes is on; None: as soon as two people may review."""
        return {"auto": None, "on": True, "off": False}[self.four_eyes]

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
