"""The events that things cause: which of them the app gets to hear of, and in what shape."""

from __future__ import annotations

import secrets
import uuid

from tests.servers import slack_text as text
from tests.servers.slack_delivery import Dispatcher
from tests.servers.slack_state import EVENT_SCOPES, Channel, Json, Message, Team, View
from tests.servers.slack_wire import message_json, tombstone, view_json
from tests.servers.slack_world import World

_SUBSCRIPTIONS = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


class Events:
    """Tells the app what happened: what it subscribed to, has the scope for and may see."""

    def __init__(self, world: World, dispatcher: Dispatcher) -> None:
        self._world = world
        self._dispatcher = dispatcher

    def posted(self, team: Team, message: Message) -> None:
        """A message was posted: `message`, `app_mention` and `link_shared`, as the case may be."""
        channel = team.channels[message.channel]
        self._message(team, channel, message_json(team, message))
        if message.subtype:
            return
        self._mention(team, channel, message)
        self._links(team, channel, message)

    def changed(self, team: Team, message: Message, before: Json) -> None:
        """A message looks otherwise than `before`: it was edited, unfurled, or deleted above its thread."""
        channel = team.channels[message.channel]
        event = {"subtype": "message_changed", "hidden": True, "previous_message": before}
        event |= {"message": message_json(team, message), "ts": self._world.clock.stamp()}
        self._message(team, channel, {"type": "message"} | event)
        if message.edited and message.edited != before.get("edited"):
            if not text.mentions(before["text"], team.bot.id):
                self._mention(team, channel, message)
            self._links(team, channel, message)

    def deleted(self, team: Team, message: Message) -> None:
        """A message is deleted, here and now: above a thread, a tombstone is left."""
        channel = team.channels[message.channel]
        before = message_json(team, message)
        if channel.replies(message.ts):
            channel.messages[message.ts] = tombstone(message)
            self.changed(team, channel.messages[message.ts], before)
            return
        del channel.messages[message.ts]
        event = {"type": "message", "subtype": "message_deleted", "hidden": True, "deleted_ts": message.ts}
        self._message(team, channel, event | {"previous_message": before, "ts": self._world.clock.stamp()})

    def composed(self, team: Team, user: str, urls: list[str]) -> Message:
        """A person has links in the message that they are writing; gives the draft."""
        name = f"{user}-{uuid.uuid4()}-{secrets.token_hex(16)}"
        draft = Message(channel="COMPOSER", ts=name, user=user, text=" ".join(urls))
        registered = [url for url in urls if self._world.app.unfurls(text.host(url))]
        if not registered:
            return draft
        draft.links = dict.fromkeys(registered, name)
        team.drafts[name] = draft
        event = {"channel": "COMPOSER", "is_bot_user_member": True, "source": "composer", "unfurl_id": name}
        self._link_shared(team, user, name, registered, event)
        return draft

    def joined(self, team: Team, channel: Channel, user: str, inviter: str | None) -> None:
        """Somebody has joined a channel."""
        event = self._membership("member_joined_channel", team, channel, user)
        self._emit(team, channel, event | ({"inviter": inviter} if inviter else {}))

    def left(self, team: Team, channel: Channel, user: str) -> None:
        """Somebody has left a channel; the app hears of its own leaving too."""
        event = self._membership("member_left_channel", team, channel, user)
        self._emit(team, None if user == team.bot.id else channel, event)

    def reacted(self, team: Team, message: Message, user: str, name: str) -> None:
        """Somebody has reacted to a message."""
        item = {"type": "message", "channel": message.channel, "ts": message.ts}
        event: Json = {"type": "reaction_added", "user": user, "reaction": name}
        event |= {"item_user": message.user, "item": item, "event_ts": self._world.clock.stamp()}
        self._emit(team, team.channels[message.channel], event)

    def home_opened(self, team: Team, user: str, channel: Channel, view: View | None) -> None:
        """Somebody looks at the app's home."""
        event = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": "home"}
        shown = {"view": view_json(team, view)} if view else {}
        self._emit(team, None, event | {"event_ts": self._world.clock.stamp()} | shown)

    def uninstalled(self, team: Team) -> None:
        """The app was removed from a workspace."""
        self._emit(team, None, {"type": "app_uninstalled"})
        self.tokens_revoked(team)

    def tokens_revoked(self, team: Team) -> None:
        """The app's tokens no longer work."""
        event = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot.id]}}
        self._emit(team, None, event | {"event_ts": self._world.clock.stamp()})

    def _message(self, team: Team, channel: Channel, message: Json) -> None:
        shown = {name: value for name, value in message.items() if name != "reactions"}
        event = shown | {"channel": channel.id, "channel_type": channel.kind, "event_ts": message["ts"]}
        self._emit(team, channel, event, subscription=_SUBSCRIPTIONS[channel.kind])

    def _mention(self, team: Team, channel: Channel, message: Message) -> None:
        if channel.kind == "im" or not text.mentions(message.text, team.bot.id):
            return
        if message.by_app == self._world.app.id:
            return
        event = message_json(team, message) | {"type": "app_mention", "channel": channel.id}
        self._emit(team, channel, event | {"event_ts": message.ts})

    def _links(self, team: Team, channel: Channel, message: Message) -> None:
        if message.by_app == self._world.app.id:
            return
        registered = [url for url in text.links(message.text) if self._world.app.unfurls(text.host(url))]
        fresh = [url for url in registered if url not in message.links]
        if not fresh:
            return
        unfurl_id = f"{channel.id}.{message.ts}.{secrets.token_hex(32)}"
        message.links |= dict.fromkeys(fresh, unfurl_id)
        event = {"channel": channel.id, "is_bot_user_member": team.bot.id in channel.members}
        event |= {"source": "conversations_history", "unfurl_id": unfurl_id}
        event |= {"thread_ts": message.thread_ts} if message.thread_ts else {}
        self._link_shared(team, message.user, message.ts, fresh, event)

    def _link_shared(self, team: Team, user: str, ts: str, urls: list[str], about: Json) -> None:
        links = [{"url": url, "domain": text.host(url)} for url in urls]
        event = {"type": "link_shared", "user": user, "message_ts": ts, "links": links}
        self._emit(team, None, event | about | {"event_ts": self._world.clock.stamp()})

    def _membership(self, kind: str, team: Team, channel: Channel, user: str) -> Json:
        letter = "C" if channel.kind == "channel" else "G"
        about = {"channel_type": letter, "team": team.id, "event_ts": self._world.clock.stamp()}
        return {"type": kind, "user": user, "channel": channel.id} | about

    def _emit(self, team: Team, channel: Channel | None, event: Json, *, subscription: str = "") -> None:
        """Send what the app is to hear; a `channel` means that it must be a member there."""
        name = subscription or event["type"]
        if name not in self._world.app.events or not team.grants:
            return
        grant = team.grants[-1]
        ending = event["type"] in ("app_uninstalled", "tokens_revoked")
        scope = EVENT_SCOPES[name]
        if channel and channel.kind == "group" and scope == "channels:read":
            scope = "groups:read"
        permitted = ending or (grant.state == "active" and (not scope or scope in grant.scopes))
        if permitted and (not channel or team.bot.id in channel.members):
            self._dispatcher.send(self._envelope(team, event))

    def _envelope(self, team: Team, event: Json) -> Json:
        authorization = {"enterprise_id": None, "team_id": team.id, "user_id": team.bot.id}
        return {
            "token": self._world.app.verification_token,
            "team_id": team.id,
            "context_team_id": team.id,
            "context_enterprise_id": None,
            "api_app_id": self._world.app.id,
            "event": event,
            "type": "event_callback",
            "event_id": self._world.ids.new("Ev"),
            "event_time": int(self._world.clock.now()),
            "authorizations": [authorization | {"is_bot": True, "is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_urlsafe(24)}",
        }
