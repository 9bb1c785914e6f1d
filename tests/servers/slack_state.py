"""What the test Slack remembers: its app, teams, people, channels, messages and views. No I/O here."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

KINDS = ("channel", "group", "im", "mpim")  # as `channel_type` names them; a group is a private channel

EVENT_SCOPES: dict[str, str | None] = {
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "app_mention": "app_mentions:read",
    "link_shared": "links:read",
    "reaction_added": "reactions:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "app_home_opened": None,
    "app_uninstalled": None,
    "tokens_revoked": None,
}

ALL_SCOPES = frozenset(
    f"{kind}:{right}" for kind in ("channels", "groups", "im", "mpim") for right in ("history", "read")
) | {
    "app_mentions:read",
    "chat:write",
    "commands",
    "im:write",
    "links:read",
    "links:write",
    "mpim:write",
    "reactions:read",
    "reactions:write",
    "users:read",
}

_DOMAINS = 5


class Clock:
    """Time as Slack sees it; a test may put it forward. `stamp` never gives the same value twice."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._last = 0

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Put the clock forward."""
        self._ahead += seconds

    def stamp(self) -> str:
        """Give the `ts` of a new message or event: unique and increasing, at the start of its second."""
        self._last = max(self._last + 100, int(self.now()) * 1_000_000 + 100)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


class Ids:
    """Ids in Slack's style: a letter that says what it is, then capitals and digits."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def new(self, prefix: str) -> str:
        """Give an id that was not given before."""
        return f"{prefix}0{next(self._numbers):08X}"


@dataclass(kw_only=True)
class App:
    """The app as it is configured at Slack. Change the fields before or during a test.

    `escapes_commands` is the manifest's `should_escape`. With `request_url` everything goes there over HTTP,
    without it through Socket Mode. `events` are the subscriptions; `scopes` is what an installation is
    granted.
    """

    id: str
    app_token: str
    signing_secret: str
    verification_token: str
    client_id: str
    client_secret: str
    name: str = "caveat"
    scopes: frozenset[str] = ALL_SCOPES
    events: frozenset[str] = frozenset(EVENT_SCOPES)
    unfurl_domains: tuple[str, ...] = ()
    escapes_commands: bool = True
    request_url: str | None = None

    def unfurls(self, host: str) -> bool:
        """Whether a host is one of the registered domains, or below one."""
        if len(self.unfurl_domains) > _DOMAINS:
            raise ValueError(f"Slack takes {_DOMAINS} unfurl domains at most: {self.unfurl_domains}")
        return any(host == domain or host.endswith(f".{domain}") for domain in self.unfurl_domains)


@dataclass(frozen=True, kw_only=True)
class User:
    """A member of a team; bots have a bot id and the id of their app besides."""

    id: str
    name: str
    bot_id: str | None = None
    app_id: str | None = None


@dataclass(kw_only=True, eq=False)
class Grant:
    """A bot token; `state` is active, revoked, or inactive (the app was uninstalled)."""

    token: str
    scopes: set[str]
    state: str = "active"


@dataclass(kw_only=True, eq=False)
class Message:
    """A message as it stands now. `seen_by` is set for an ephemeral one, and names the only reader.

    `links` maps each URL of which the app was told to its unfurl id; `unfurls` each URL to its attachment.
    """

    channel: str
    ts: str
    user: str
    text: str
    thread_ts: str | None = None
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    bot: Json | None = None
    edited: Json | None = None
    subtype: str | None = None
    extra: Json = field(default_factory=dict)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    unfurls: dict[str, Json] = field(default_factory=dict)
    seen_by: str | None = None

    @property
    def by_app(self) -> str | None:
        """The id of the app that posted it, if one did."""
        return str(self.bot["app_id"]) if self.bot else None

    @property
    def buttons(self) -> list[Json]:
        """Every button in its blocks and unfurls, each with the `block_id` that it stands in."""
        blocks = [*self.blocks, *(each for unfurl in self.shown for each in unfurl.get("blocks", []))]
        return elements(blocks)

    @property
    def shown(self) -> list[Json]:
        """The attachments that stand under it, its unfurls included."""
        every = [*self.attachments, *self.unfurls.values()]
        return [attachment | {"id": number} for number, attachment in enumerate(every, 1)]


def elements(blocks: Iterable[Json]) -> list[Json]:
    """List what can be pressed in blocks, each with the `block_id` that it stands in."""
    found = []
    for block in blocks:
        parts = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        found += [part | {"block_id": block["block_id"]} for part in parts if part and "action_id" in part]
    return found


@dataclass(kw_only=True, eq=False)
class Channel:
    """A conversation of one of the `KINDS`; a deleted message is no longer in `messages`."""

    id: str
    name: str
    kind: str
    creator: str
    created: int
    members: set[str]
    archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)

    def replies(self, root: str) -> list[Message]:
        """The messages of a thread, oldest first, without its root."""
        return [each for each in self.messages.values() if each.thread_ts == root and each.ts != root]


@dataclass(kw_only=True, eq=False)
class View:
    """A modal or an App Home; `content` is what the app gave, `errors` what it found wrong when submitted.

    `typed` is what somebody put into its inputs: block id → action id → state.
    """

    id: str
    hash: str
    user: str
    content: Json
    opened: bool = True
    errors: Json = field(default_factory=dict)
    typed: Json = field(default_factory=dict)


@dataclass(kw_only=True, eq=False)
class Team:
    """A workspace; `bot` is the app's own user there, which exists before the app is installed."""

    id: str
    name: str
    bot: User
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    ephemerals: list[Message] = field(default_factory=list)
    views: dict[str, View] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    drafts: dict[str, Message] = field(default_factory=dict)

    @property
    def grant(self) -> Grant | None:
        """The newest token that works; None where the app is not installed."""
        return next((each for each in reversed(self.grants) if each.state == "active"), None)

    def direct(self, *users: str) -> Channel | None:
        """The direct conversation between exactly these users, if there is one."""
        wanted = set(users)
        direct = (each for each in self.channels.values() if each.kind in ("im", "mpim"))
        return next((each for each in direct if each.members == wanted), None)
