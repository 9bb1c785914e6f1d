"""A workspace as a test sees it: its people, its channels, what stands in them, the app's token."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from tests.servers.slack_apps import uninstall
from tests.servers.slack_events import Events
from tests.servers.slack_interaction import Interactions
from tests.servers.slack_person import Person
from tests.servers.slack_state import Channel, Grant, Message, Team, View
from tests.servers.slack_wire import message_json
from tests.servers.slack_world import Code, World


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """One workspace; several live in one server, each with its own token."""

    world: World
    events: Events
    interactions: Interactions
    team: Team

    @property
    def id(self) -> str:
        """The team id."""
        return self.team.id

    @property
    def bot(self) -> str:
        """The user id of the app's bot user."""
        return self.team.bot.id

    @property
    def grant(self) -> Grant:
        """The token that works, with its scopes, which a test may change."""
        grant = self.team.grant
        if grant is None:
            raise AssertionError(f"the app is not installed in {self.team.name}")
        return grant

    @property
    def token(self) -> str:
        """The bot token that works."""
        return self.grant.token

    def person(self, name: str, *, bot: bool = False) -> Person:
        """Let somebody join: a person, or the bot of another app."""
        user = self.world.add_user(self.team, name, bot=bot)
        return Person(
            world=self.world, events=self.events, interactions=self.interactions, team=self.team, user=user
        )

    def channel(self, name: str, *members: Person, private: bool = False, app: bool = True) -> Channel:
        """Found a channel with these members and, unless `app` is False, with the app in it."""
        ids = {member.id for member in members} | ({self.bot} if app else set())
        creator = members[0].id if members else self.bot
        return self.world.add_channel(self.team, name, "group" if private else "channel", ids, creator)

    def direct(self, *people: Person, app: bool = True) -> Channel:
        """Give the direct conversation of these people and, unless `app` is False, the app."""
        ids = [person.id for person in people]
        return self.world.open_direct(self.team, *ids, *([self.bot] if app else []))

    def thread(self, root: Message) -> list[Message]:
        """The replies below a message, oldest first."""
        return self.team.channels[root.channel].replies(root.ts)

    def by_app(self, channel: Channel) -> list[Message]:
        """What the app has posted in a channel and not deleted, oldest first."""
        return [each for each in channel.messages.values() if each.by_app == self.world.app.id]

    def ephemerals(self, reader: Person) -> list[Message]:
        """The messages that one person alone sees, oldest first."""
        return [each for each in self.team.ephemerals if each.seen_by == reader.id]

    def views(self, user: Person) -> list[View]:
        """The modals that stand open before somebody, oldest first."""
        return [view for view in self.team.views.values() if view.user == user.id and view.opened]

    def home(self, user: Person) -> View | None:
        """What somebody sees in the App Home."""
        return self.team.homes.get(user.id)

    def show_preview(self, message: Message, title: str) -> None:
        """Let Slack's own preview of a link arrive: the message changes, though nobody edited it."""
        before = message_json(self.team, message)
        message.attachments = [*message.attachments, {"title": title, "fallback": title}]
        self.events.changed(self.team, message, before)

    def install(self) -> str:
        """Install the app, as with the button in its settings; gives the bot token."""
        return self.world.install(self.team).token

    def authorize(self, by: Person, *, redirect_uri: str | None = None) -> str:
        """Let somebody agree to an installation; gives the OAuth code."""
        code = secrets.token_urlsafe(12)
        self.world.codes[code] = Code(
            team=self.team.id, user=by.id, scopes=self.world.app.scopes, redirect_uri=redirect_uri
        )
        return code

    def uninstall(self) -> None:
        """Remove the app: its tokens die, it leaves every channel, and it is told."""
        uninstall(self.team, self.events)

    def revoke(self) -> None:
        """Revoke the bot token without uninstalling the app."""
        self.grant.state = "revoked"
        self.events.tokens_revoked(self.team)
