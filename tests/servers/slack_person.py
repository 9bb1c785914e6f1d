"""Somebody else in a workspace: what they do in Slack's own client, as methods for tests."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from tests.servers import slack_text
from tests.servers.slack_delivery import Delivery
from tests.servers.slack_events import Events
from tests.servers.slack_interaction import Interactions
from tests.servers.slack_state import Channel, Json, Message, Team, User, View
from tests.servers.slack_views import input_blocks, state_of
from tests.servers.slack_wire import message_json
from tests.servers.slack_world import World


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member of a workspace, human or bot. What they type is escaped and marked up as Slack does it."""

    world: World
    events: Events
    interactions: Interactions
    team: Team
    user: User

    @property
    def id(self) -> str:
        """Their user id."""
        return self.user.id

    async def post(
        self, channel: Channel, text: str, thread_ts: str | None = None, *, stored: bool = False
    ) -> Message:
        """Post a message; with `stored` the text is as Slack stores it: `<https://…|label>`, `&amp;`."""
        if self.id not in channel.members:
            raise AssertionError(f"{self.user.name} is not in {channel.name or channel.id}")
        bot = self.world.bot_profile(self.team, self.user)
        message = Message(
            channel=channel.id,
            ts=self.world.clock.stamp(),
            user=self.id,
            text=text if stored else self._typed(text),
            thread_ts=thread_ts,
            bot=bot,
            extra={} if bot else {"client_msg_id": str(uuid.uuid4())},
        )
        message.blocks = [slack_text.rich_text(message.text, self.world.ids.new("b"))]
        channel.messages[message.ts] = message
        self.events.posted(self.team, message)
        self.world.changes.tell()
        return message

    async def edit(self, message: Message, text: str, *, stored: bool = False) -> None:
        """Change the text of their message."""
        self._check_own(message)
        before = message_json(self.team, message)
        message.text = text if stored else self._typed(text)
        message.blocks = [slack_text.rich_text(message.text, self.world.ids.new("b"))]
        message.edited = {"user": self.id, "ts": self.world.clock.stamp()}
        self.events.changed(self.team, message, before)
        self.world.changes.tell()

    async def delete(self, message: Message) -> None:
        """Delete their message; where a thread hangs below, Slack leaves a tombstone."""
        self._check_own(message)
        self.events.deleted(self.team, message)
        self.world.changes.tell()

    async def compose(self, text: str) -> Message:
        """Write a message without sending it; gives the draft, below which previews appear in `unfurls`."""
        return self.events.composed(self.team, self.id, slack_text.links(self._typed(text)))

    async def react(self, message: Message, name: str) -> None:
        """React with an emoji."""
        message.reactions.setdefault(name, []).append(self.id)
        self.events.reacted(self.team, message, self.id, name)

    async def join(self, channel: Channel) -> None:
        """Join a channel."""
        await self.let_in(channel, self.user)

    async def invite_app(self, channel: Channel) -> None:
        """Invite the app to a channel."""
        await self.let_in(channel, self.team.bot)

    async def let_in(self, channel: Channel, user: User) -> None:
        """Let somebody into a channel, on whose own behalf or by invitation; Slack says so in the channel."""
        channel.members.add(user.id)
        inviter = None if user == self.user else self.id
        self.events.joined(self.team, channel, user.id, inviter)
        told = Message(
            channel=channel.id,
            ts=self.world.clock.stamp(),
            user=user.id,
            text=f"<@{user.id}> has joined the channel",
            subtype="channel_join",
            extra={"inviter": inviter} if inviter else {},
        )
        channel.messages[told.ts] = told
        self.events.posted(self.team, told)
        self.world.changes.tell()

    async def remove_app(self, channel: Channel) -> None:
        """Remove the app from a channel."""
        channel.members.discard(self.team.bot.id)
        self.events.left(self.team, channel, self.team.bot.id)
        self.world.changes.tell()

    async def command(self, channel: Channel, name: str, text: str = "") -> Delivery:
        """Send a slash command, as `/caveat`; gives how it was acknowledged."""
        stored = self._named(self._typed(text)) if self.world.app.escapes_commands else text
        return await self.interactions.command(self.team, self.user, channel, name, stored)

    async def shortcut(self, message: Message, callback_id: str) -> Delivery:
        """Choose a message shortcut."""
        return await self.interactions.shortcut(self.team, self.user, message, callback_id)

    async def press(self, message: Message, action_id: str) -> Delivery:
        """Press a button below a message."""
        return await self.interactions.press(self.team, self.user, message, action_id)

    async def press_in_view(self, view: View, action_id: str) -> Delivery:
        """Press a button in a modal or in the App Home."""
        return await self.interactions.press_in_view(self.team, self.user, view, action_id)

    async def submit(self, view: View, values: Json | None = None) -> Delivery:
        """Submit a modal; `values` maps block id → action id → state."""
        return await self.interactions.submit(self.team, self.user, view, values or {})

    def fill(self, view: View, texts: Mapping[str, str]) -> None:
        """Put something into inputs of a modal: block id → a text, a date, or the value of an option."""
        blocks = {block["block_id"]: block for block in input_blocks(view)}
        for block_id, text in texts.items():
            element = blocks[block_id]["element"]
            view.typed[block_id] = {element["action_id"]: state_of(element, text)}

    async def close(self, view: View) -> Delivery | None:
        """Close a modal; None where the app did not ask to hear of it."""
        return await self.interactions.close(self.team, self.user, view)

    async def open_home(self) -> None:
        """Look at the app's home."""
        channel = self.world.open_direct(self.team, self.team.bot.id, self.id)
        self.events.home_opened(self.team, self.id, channel, self.team.homes.get(self.id))

    def _typed(self, text: str) -> str:
        users = {user.name: user.id for user in self.team.users.values()}
        channels = {channel.name: channel.id for channel in self.team.channels.values() if channel.name}
        return slack_text.typed(text, users=users, channels=channels)

    def _named(self, stored: str) -> str:
        """In commands, people come with their names."""
        for user in self.team.users.values():
            stored = stored.replace(f"<@{user.id}>", f"<@{user.id}|{user.name}>")
        return stored

    def _check_own(self, message: Message) -> None:
        if message.user != self.id:
            raise AssertionError(f"message {message.ts} is not {self.user.name}'s")
