"""Answers to interactions: through a response_url, in the body of an ack, and to a submitted modal."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from tests.servers.slack_blocks import check_blocks, check_view
from tests.servers.slack_call import ApiError
from tests.servers.slack_events import Events
from tests.servers.slack_state import Json, Message, Team, View
from tests.servers.slack_views import input_blocks, put
from tests.servers.slack_wire import message_json
from tests.servers.slack_world import HOOK_SECONDS, Hook, World

_USES = 5


class Answers:
    """Carries out what the app answers to a command, a button or a modal."""

    def __init__(self, world: World, events: Events) -> None:
        self._world = world
        self._events = events

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a POST to a response_url."""
        try:
            hook = self._usable(request.match_info["team"], request.match_info["hook"])
            self.respond(hook, _body(await request.text()))
        except ApiError as refusal:
            return web.json_response({"ok": False, "error": refusal.error}, status=404)
        hook.uses += 1
        return web.Response(text="ok")

    def _usable(self, team: str, name: str) -> Hook:
        hook = self._world.hooks.get(name)
        if hook is None or hook.team != team:
            raise ApiError("invalid_url")
        if self._world.clock.now() - hook.at > HOOK_SECONDS:
            raise ApiError("expired_url")
        if hook.uses >= _USES:
            raise ApiError("used_url")
        return hook

    def respond(self, hook: Hook, answer: Json) -> None:
        """Post, replace or delete; ephemeral unless the answer says otherwise. Raises ApiError."""
        team = self._world.teams[hook.team]
        if _yes(answer.get("delete_original")):
            if hook.original is None:
                raise ApiError("no_original")
            self._delete(team, hook.original)
        elif _yes(answer.get("replace_original")) and hook.original is not None:
            self._replace(team, hook.original, answer)
        else:
            self._post(team, hook, answer)
        self._world.changes.tell()

    def acknowledge(self, hook: Hook, answer: Any) -> None:
        """Take the body of a slash command's ack, which is an answer as to a response_url, or a bare text."""
        if isinstance(answer, str):
            answer = {"text": answer}
        if isinstance(answer, dict) and (answer.get("text") or answer.get("blocks")):
            self.respond(hook, answer)

    def settle(self, view: View, answer: Any) -> None:
        """Take the body of a submission's ack: errors keep the modal open, an update shows another one."""
        action = answer.get("response_action") if isinstance(answer, dict) else None
        if action == "errors":
            there = {block["block_id"] for block in input_blocks(view)}
            if not answer["errors"] or set(answer["errors"]) - there:
                raise AssertionError(f"errors at {[*answer['errors']]}, but the inputs are {sorted(there)}")
            view.errors = answer["errors"]
        elif action in ("update", "push"):
            put(view, check_view(answer["view"], ("modal",)), self._world.new_hash())
        else:
            view.opened = False
        self._world.changes.tell()

    def _post(self, team: Team, hook: Hook, answer: Json) -> None:
        message = self._message(team, hook, answer)
        if answer.get("response_type") != "in_channel":
            message.seen_by = hook.user
            team.ephemerals.append(message)
            return
        team.channels[hook.channel].messages[message.ts] = message
        self._events.posted(team, message)

    def _message(self, team: Team, hook: Hook, answer: Json) -> Message:
        blocks = check_blocks(answer.get("blocks") or [])
        if not (answer.get("text") or blocks or answer.get("attachments")):
            raise ApiError("no_text")
        return Message(
            channel=hook.channel,
            ts=self._world.clock.stamp(),
            user=team.bot.id,
            text=str(answer.get("text") or ""),
            thread_ts=answer.get("thread_ts"),
            blocks=blocks,
            attachments=answer.get("attachments") or [],
            bot=self._world.bot_profile(team, team.bot),
        )

    def _replace(self, team: Team, original: Message, answer: Json) -> None:
        before = message_json(team, original)
        original.text = str(answer.get("text") or "")
        original.blocks = check_blocks(answer.get("blocks") or [])
        if original.seen_by is None:
            original.edited = {"user": team.bot.bot_id, "ts": self._world.clock.stamp()}
            self._events.changed(team, original, before)

    def _delete(self, team: Team, original: Message) -> None:
        if original.seen_by is not None:
            team.ephemerals.remove(original)
        elif original.ts in team.channels[original.channel].messages:
            self._events.deleted(team, original)


def _yes(value: object) -> bool:
    return str(value).lower() == "true"


def _body(text: str) -> Json:
    try:
        body = json.loads(text)
    except ValueError as error:
        raise ApiError("invalid_payload") from error
    if not isinstance(body, dict):
        raise ApiError("invalid_payload")
    return body
