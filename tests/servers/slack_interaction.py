"""Commands, shortcuts, buttons and modals: what a person's click sends to the app, and what comes of it."""

from __future__ import annotations

from tests.servers.slack_answers import Answers
from tests.servers.slack_delivery import Delivery, Dispatcher
from tests.servers.slack_state import Channel, Json, Message, Team, User, View, elements
from tests.servers.slack_views import input_blocks, states
from tests.servers.slack_wire import message_json, view_json
from tests.servers.slack_world import Hook, World


class Interactions:
    """Sends what people click, waits for the ack, and carries out the answer in it."""

    def __init__(self, world: World, dispatcher: Dispatcher, answers: Answers) -> None:
        self._world = world
        self._dispatcher = dispatcher
        self._answers = answers

    async def command(self, team: Team, user: User, channel: Channel, name: str, text: str) -> Delivery:
        """A slash command was sent."""
        url = self._world.new_hook(team, channel.id, user.id)
        payload = {
            "token": self._world.app.verification_token,
            "api_app_id": self._world.app.id,
            "team_id": team.id,
            "team_domain": team.name,
            "channel_id": channel.id,
            "channel_name": _spoken_name(channel),
            "user_id": user.id,
            "user_name": user.name,
            "command": name,
            "text": text,
            "is_enterprise_install": "false",
            "response_url": url,
            "trigger_id": self._world.new_trigger(team, user.id),
        }
        delivery = await self._dispatcher.ask("slash_commands", payload)
        if delivery.acked:
            self._answers.acknowledge(self._hook(url), delivery.answer)
        return delivery

    async def shortcut(self, team: Team, user: User, message: Message, callback_id: str) -> Delivery:
        """A message shortcut was chosen."""
        channel = team.channels[message.channel]
        payload = {
            "type": "message_action",
            "callback_id": callback_id,
            "action_ts": self._world.clock.stamp(),
            "message_ts": message.ts,
            "message": message_json(team, message),
            "channel": {"id": channel.id, "name": _spoken_name(channel)},
            "response_url": self._world.new_hook(team, channel.id, user.id),
            "trigger_id": self._world.new_trigger(team, user.id),
        }
        return await self._dispatcher.ask("interactive", payload | self._who(team, user))

    async def press(self, team: Team, user: User, message: Message, action_id: str) -> Delivery:
        """A button in a message, or in its unfurl, was pressed."""
        channel = team.channels[message.channel]
        pressed = _pressed(message.buttons, action_id, f"message {message.ts}")
        place = {"message_ts": message.ts, "channel_id": channel.id, "is_ephemeral": bool(message.seen_by)}
        unfurl = _unfurl_with(message, action_id)
        if unfurl:
            place |= {"type": "message_attachment", "is_app_unfurl": True, "attachment_id": unfurl["id"]}
            place |= {"app_unfurl_url": unfurl["app_unfurl_url"]}
        else:
            place |= {"type": "message"}
        if message.thread_ts:
            place |= {"thread_ts": message.thread_ts}
        payload = {
            "type": "block_actions",
            "container": place,
            "channel": {"id": channel.id, "name": _spoken_name(channel)},
            "state": {"values": {}},
            "actions": [pressed | {"action_ts": self._world.clock.stamp()}],
            "response_url": self._world.new_hook(team, channel.id, user.id, message),
            "trigger_id": self._world.new_trigger(team, user.id),
        }
        payload |= {"app_unfurl": unfurl} if unfurl else {}
        payload |= {} if message.seen_by else {"message": message_json(team, message)}
        return await self._dispatcher.ask("interactive", payload | self._who(team, user))

    async def press_in_view(self, team: Team, user: User, view: View, action_id: str) -> Delivery:
        """A button in a modal or in the App Home was pressed."""
        pressed = _pressed(elements(view.content["blocks"]), action_id, f"view {view.id}")
        payload = {
            "type": "block_actions",
            "container": {"type": "view", "view_id": view.id},
            "view": view_json(team, view),
            "actions": [pressed | {"action_ts": self._world.clock.stamp()}],
            "trigger_id": self._world.new_trigger(team, user.id),
        }
        return await self._dispatcher.ask("interactive", payload | self._who(team, user))

    async def submit(self, team: Team, user: User, view: View, values: Json) -> Delivery:
        """A modal was submitted with these values (block id → action id → its state), else as it stands."""
        empty = [block["block_id"] for block in input_blocks(view) if not block.get("optional")]
        stand = states(view) | values
        lacking = [each for each in empty if not any(_filled(state) for state in stand[each].values())]
        if lacking:
            raise AssertionError(f"Slack's client does not send it without {lacking}")
        payload = {
            "type": "view_submission",
            "view": view_json(team, view, values=stand),
            "trigger_id": self._world.new_trigger(team, user.id),
            "response_urls": [],
        }
        view.errors = {}
        delivery = await self._dispatcher.ask("interactive", payload | self._who(team, user))
        if delivery.acked:
            self._answers.settle(view, delivery.answer)
        return delivery

    async def close(self, team: Team, user: User, view: View) -> Delivery | None:
        """A modal was closed: the app hears of it only where it asked to (`notify_on_close`)."""
        view.opened = False
        if not view.content.get("notify_on_close"):
            return None
        payload = {"type": "view_closed", "view": view_json(team, view), "is_cleared": False}
        return await self._dispatcher.ask("interactive", payload | self._who(team, user))

    def _hook(self, url: str) -> Hook:
        return self._world.hooks[url.rpartition("/")[2]]

    def _who(self, team: Team, user: User) -> Json:
        return {
            "token": self._world.app.verification_token,
            "api_app_id": self._world.app.id,
            "team": {"id": team.id, "domain": team.name},
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": team.id},
            "enterprise": None,
            "is_enterprise_install": False,
        }


def _filled(state: Json) -> bool:
    return any(value for name, value in state.items() if name != "type")


def _spoken_name(channel: Channel) -> str:
    return {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)


def _pressed(buttons: list[Json], action_id: str, place: str) -> Json:
    found = next((each for each in buttons if each["action_id"] == action_id), None)
    if found is None:
        there = [each["action_id"] for each in buttons]
        raise AssertionError(f"{place} has no button {action_id!r}; it has {there}")
    kept = ("type", "action_id", "block_id", "text", "value", "style")
    return {name: found[name] for name in kept if name in found}


def _unfurl_with(message: Message, action_id: str) -> Json | None:
    for attachment in message.shown:
        if any(each["action_id"] == action_id for each in elements(attachment.get("blocks", []))):
            return attachment if attachment.get("is_app_unfurl") else None
    return None
