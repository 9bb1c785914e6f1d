"""What all parts of the test Slack share: state, clock, journal, faults, and who waits for what."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.servers.slack_faults import Faults
from tests.servers.slack_state import App, Channel, Clock, Grant, Ids, Json, Message, Team, User, View

Found = TypeVar("Found")
TRIGGER_SECONDS = 3.0
HOOK_SECONDS = 30 * 60.0


@dataclass(kw_only=True, eq=False)
class Called:
    """One call of the Web API: `error` is None while it is being answered and when it went well."""

    method: str
    arguments: Json
    token: str | None
    team: str | None
    at: float
    status: int | None = None
    error: str | None = None


@dataclass(kw_only=True, eq=False)
class Trigger:
    """Leave to open one modal, within three seconds."""

    team: str
    user: str
    at: float
    used: bool = False


@dataclass(kw_only=True, eq=False)
class Hook:
    """A response_url: five answers within half an hour; `original` is the message that was acted on."""

    team: str
    channel: str
    user: str
    at: float
    original: Message | None = None
    uses: int = 0


@dataclass(kw_only=True, eq=False)
class Code:
    """An OAuth code, for one exchange."""

    team: str
    user: str
    scopes: frozenset[str]
    redirect_uri: str | None
    used: bool = False


class Changes:
    """Wakes whoever waits, at every change of anything."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def tell(self) -> None:
        """Say that something changed."""
        for each in self._waiting:
            if not each.done():
                each.set_result(None)

    async def wait_for(self, found: Callable[[], Found], *, seconds: float) -> Found:
        """Give the first true value of `found`, which is asked now and at every change.

        It may look for the first or last of something that is not there yet: a LookupError means "not yet".
        """
        async with asyncio.timeout(seconds):
            while not (result := _if_there(found)):
                change = asyncio.get_running_loop().create_future()
                self._waiting.add(change)
                try:
                    await change
                finally:
                    self._waiting.discard(change)
        return result


def _if_there(found: Callable[[], Found]) -> Found | None:
    try:
        return found()
    except LookupError:
        return None


@dataclass(kw_only=True)
class World:
    """Everything there is; `url` is where the server listens."""

    app: App
    url: str = ""
    clock: Clock = field(default_factory=Clock)
    ids: Ids = field(default_factory=Ids)
    changes: Changes = field(default_factory=Changes)
    faults: Faults = field(default_factory=Faults)
    teams: dict[str, Team] = field(default_factory=dict)
    calls: list[Called] = field(default_factory=list)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    hooks: dict[str, Hook] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)

    def add_team(self, name: str) -> Team:
        """Found a workspace, into which the app is not yet installed."""
        bot = User(id=self.ids.new("U"), name=self.app.name, bot_id=self.ids.new("B"), app_id=self.app.id)
        team = Team(id=self.ids.new("T"), name=name, bot=bot, users={bot.id: bot})
        self.teams[team.id] = team
        return team

    def add_user(self, team: Team, name: str, *, bot: bool = False) -> User:
        """Let somebody join a workspace."""
        app = {"bot_id": self.ids.new("B"), "app_id": self.ids.new("A")} if bot else {}
        user = User(id=self.ids.new("U"), name=name, **app)
        team.users[user.id] = user
        return user

    def add_channel(self, team: Team, name: str, kind: str, members: set[str], creator: str) -> Channel:
        """Found a conversation."""
        prefix = {"channel": "C", "group": "C", "im": "D", "mpim": "G"}[kind]
        channel = Channel(
            id=self.ids.new(prefix),
            name=name,
            kind=kind,
            creator=creator,
            created=int(self.clock.now()),
            members=members,
        )
        team.channels[channel.id] = channel
        return channel

    def open_direct(self, team: Team, *users: str) -> Channel:
        """Give the direct conversation between these users, a new one if need be."""
        known = team.direct(*users)
        if known:
            return known
        names = sorted(team.users[user].name for user in users)
        kind = "im" if len(users) == 2 else "mpim"
        name = "" if kind == "im" else f"mpdm-{'--'.join(names)}-1"
        return self.add_channel(team, name, kind, set(users), creator=users[0])

    def install(self, team: Team, scopes: frozenset[str] | None = None) -> Grant:
        """Install the app: a new bot token."""
        number = len(team.grants) + 1
        token = f"xoxb-{team.id}-{number}-{secrets.token_hex(6)}"
        grant = Grant(token=token, scopes=set(self.app.scopes if scopes is None else scopes))
        team.grants.append(grant)
        return grant

    def grant_of(self, token: str) -> tuple[Team, Grant] | None:
        """Find whose token it is."""
        grants = ((team, grant) for team in self.teams.values() for grant in team.grants)
        return next((each for each in grants if each[1].token == token), None)

    def new_trigger(self, team: Team, user: str) -> str:
        """Give leave to open a modal."""
        now = self.clock.now()
        trigger_id = f"{int(now)}.{len(self.triggers) + 1}.{secrets.token_hex(16)}"
        self.triggers[trigger_id] = Trigger(team=team.id, user=user, at=now)
        return trigger_id

    def new_hook(self, team: Team, channel: str, user: str, original: Message | None = None) -> str:
        """Give a response_url."""
        name = secrets.token_urlsafe(18)
        now = self.clock.now()
        self.hooks[name] = Hook(team=team.id, channel=channel, user=user, at=now, original=original)
        return f"{self.url}/actions/{team.id}/{name}"

    def new_view(self, user: str, content: Json) -> View:
        """Make a view of what the app gave."""
        return View(id=self.ids.new("V"), hash=self.new_hash(), user=user, content=content)

    def new_hash(self) -> str:
        """Give the hash of a view's new state."""
        return f"{int(self.clock.now())}.{secrets.token_hex(4)}"

    def bot_profile(self, team: Team, user: User) -> Json | None:
        """What a bot's messages say of it; None for a person."""
        if user.bot_id is None:
            return None
        facts: dict[str, Any] = {"deleted": False, "name": user.name, "updated": int(self.clock.now())}
        return {"id": user.bot_id, "app_id": user.app_id, "user_id": user.id, "team_id": team.id, **facts}
