"""What curators, reviewers and admins do in Slack: commands, buttons, notes, and one reply less."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.grammar import parse
from bot.commands.registry import COMMANDS
from bot.commands.values import Caller, Command, CommandError, CommandReply, Verb
from bot.model import Choice, Reply
from bot.platforms.slack.actions.announcements import SETTLING, outdate, settle
from bot.platforms.slack.actions.commands import message, typed
from bot.platforms.slack.actions.editing import Editing
from bot.platforms.slack.actions.place import PressedAt
from bot.platforms.slack.actions.safe_dispatch import Dispatch, SafeDispatch, caller
from bot.platforms.slack.actions.telling import Shown, acknowledge, open_modal, send, send_all, update_modal
from bot.platforms.slack.oauth.scopes import REMOVE
from bot.platforms.slack.views import modals, wording
from bot.platforms.slack.views.choices import BUTTONS, read_choice, write_choice
from bot.platforms.slack.views.entry_view import ENTRY
from kb.entries.people import Role

Json = dict[str, Any]

_FORMS = frozenset({Verb.ADD, Verb.EDIT})
_REMEMBERED = 500


@dataclass(frozen=True, kw_only=True)
class Curating:
    """Commands and buttons, answered to the one who used them; what may be changed is for it to say."""

    dispatcher: SafeDispatch
    editing: Editing
    _taken: OrderedDict[str, None] = field(default_factory=OrderedDict)

    async def command(self, ack: AsyncAck, body: Json, respond: AsyncRespond, client: AsyncWebClient) -> bool:
        """Carry out what was typed after `/caveat`; False when it was no command of these."""
        try:
            command = parse(typed(body.get("text") or ""))
        except CommandError as error:
            await ack(**message(str(error)))
            return True
        if command is None or command.verb is Verb.HELP:
            return False
        await ack()
        if not self._is_new(body["trigger_id"]):
            return True
        who = caller(body["team_id"], body["channel_id"], body["user_id"])
        if command.verb not in _FORMS:
            await send_all(respond, (await self.dispatcher.run(command, who)).replies)
        elif opened := await open_modal(client, body, modals.waiting(_meanwhile(command))):
            await self.editing.fill(opened, command, who, client)
        else:
            await send(respond, message(wording.TOO_SLOW))
        return True

    async def usage(self, who: Caller) -> str:
        """What else somebody may type: nothing for who has no role."""
        if not await self.dispatcher.may(who, Role.CURATOR):
            return ""
        lines = [f"/caveat {each.written}: {each.does}" for each in COMMANDS.values()]
        return "\n".join([wording.COMMANDS_HEADING, *lines])

    async def pressed(self, ack: AsyncAck, body: Json, action: Json, context: AsyncBoltContext) -> None:
        """Carry out what a button stands for, or ask for the note that it needs first."""
        await ack()
        choice, place = read_choice(action.get("value")), PressedAt.of(body)
        if choice is None:
            return
        if choice.note:
            about = {"choice": write_choice(replace(choice, note=None))} | place.carried
            await _put(modals.note(choice.note, about), place, body, context)
            return
        command = parse(choice.command)
        who = place.caller(context.team_id or "", body["user"]["id"], choice.base)
        if command is None:
            return
        if command.verb in _FORMS:
            if opened := await _put(modals.waiting(_meanwhile(command)), place, body, context):
                await self.editing.fill(opened, command, who, _client(context), place.at)
            return
        result = await self.dispatcher.run(command, who)
        await _show(result, command, place, body, context)
        if not result.done and place.at and await self.dispatcher.is_further(command.entry, choice.base):
            await outdate(_client(context), *place.at)

    async def noted(self, ack: AsyncAck, body: Json, view: Json, context: AsyncBoltContext) -> None:
        """A note was given: carry out what it was for, and say in the modal what came of it."""
        about = modals.read_about(view.get("private_metadata"))
        choice, place = read_choice(about.get("choice")), PressedAt.kept(about)
        note = view["state"]["values"][modals.NOTE][modals.NOTE].get("value") or ""
        command, why_not = _noted(choice, note)
        who = place.caller(context.team_id or "", body["user"]["id"], choice.base if choice else None)

        async def carry() -> Shown:
            result = await self.dispatcher.run(command, who) if command else _said(why_not)
            kept = () if result.done else (Reply(lead=wording.YOUR_NOTE.format(note=note)),)
            shown = Shown(view=modals.answer((*result.replies, *kept)), done=result.done)
            if command and shown.done and command.verb in SETTLING and place.at:
                user = body["user"]["id"]
                await settle(_client(context), *place.at, user=user, verb=command.verb, note=note)
            return shown

        await self._in_time(ack, view, carry, context)

    async def remove_asked(self, ack: AsyncAck, shortcut: Json, context: AsyncBoltContext) -> None:
        """*Remove this reply* on a message: ask whether that is meant, where it is one of ours."""
        await ack()
        about = shortcut["message"]
        at = {"channel": shortcut["channel"]["id"], "message": about["ts"]}
        ours = about.get("user") == context.bot_user_id
        view = modals.removal(at) if ours else modals.answer(_said(wording.NOT_MINE).replies)
        await open_modal(_client(context), shortcut, view)

    async def remove_confirmed(
        self, ack: AsyncAck, body: Json, view: Json, context: AsyncBoltContext
    ) -> None:
        """It was meant: have the reply removed, and say what came of it."""
        carry = partial(self._removed, view.get("private_metadata"), body, context)
        await self._in_time(ack, view, carry, context)

    async def remove_pressed(
        self, ack: AsyncAck, body: Json, action: Json, context: AsyncBoltContext
    ) -> None:
        """The button in *Why this match?*, which asked already."""
        await ack()
        shown = await self._removed(action.get("value"), body, context)
        await update_modal(_client(context), body["view"]["id"], shown.view)

    async def _removed(self, stored: object, body: Json, context: AsyncBoltContext) -> Shown:
        place = PressedAt.kept(modals.read_about(stored))
        who = place.caller(context.team_id or "", body["user"]["id"], None)
        result = await self.dispatcher.run(Command(verb=Verb.REMOVE), who)
        return Shown(view=modals.answer(result.replies), done=result.done)

    async def _in_time(
        self, ack: AsyncAck, view: Json, carry: Callable[[], Awaitable[Shown]], context: AsyncBoltContext
    ) -> None:
        work = self.editing.once(f"{view['id']}:{view['hash']}", carry)
        meanwhile = modals.waiting(wording.WORKING)
        seconds = self.editing.ack_seconds
        await acknowledge(ack, _client(context), view["id"], work, meanwhile=meanwhile, seconds=seconds)

    def _is_new(self, name: str) -> bool:
        """Whether a delivery is seen for the first time."""
        if name in self._taken:
            return False
        self._taken[name] = None
        while len(self._taken) > _REMEMBERED:
            self._taken.popitem(last=False)
        return True


def curating_at(dispatcher: Dispatch) -> Curating:
    """Let people curate."""
    front = SafeDispatch(dispatcher=dispatcher)
    return Curating(dispatcher=front, editing=Editing(dispatcher=front))


def register(app: AsyncApp, curating: Curating) -> None:
    """Add the listeners of buttons, modals and the shortcut; the command comes through the app's own."""
    app.action(BUTTONS)(curating.pressed)
    app.action(REMOVE)(curating.remove_pressed)
    app.view(ENTRY)(curating.editing.submitted)
    app.view(modals.NOTE)(curating.noted)
    app.view(REMOVE)(curating.remove_confirmed)
    app.message_shortcut(REMOVE)(curating.remove_asked)


async def _put(view: Json, place: PressedAt, body: Json, context: AsyncBoltContext) -> str | None:
    """Show a modal: in the place of the one with the button, where it stands in one. Gives its id."""
    if place.is_modal:
        await update_modal(_client(context), place.view_id, view)
        return place.view_id
    return await open_modal(_client(context), body, view)


async def _show(
    result: CommandReply, command: Command, place: PressedAt, body: Json, context: AsyncBoltContext
) -> None:
    """Tell what came of a button where it was pressed, and take the buttons away that are used up."""
    if place.view_id:
        await _put(modals.answer(result.replies), place, body, context)
        return
    settles = result.done and command.verb in SETTLING
    if respond := context.respond:
        await send_all(respond, result.replies, instead=settles and place.private)
    if settles and place.at:
        await settle(_client(context), *place.at, user=body["user"]["id"], verb=command.verb)


def _client(context: AsyncBoltContext) -> AsyncWebClient:
    client: AsyncWebClient = context.client
    return client


def _meanwhile(command: Command) -> str:
    return wording.READING_PAGE if command.verb is Verb.ADD else wording.OPENING


def _noted(choice: Choice | None, note: str) -> tuple[Command | None, str]:
    """The command that a choice becomes with its note, or why there is none."""
    try:
        command = parse(f"{choice.command} {note}") if choice else None
    except CommandError as error:
        return None, str(error)
    return command, "" if command else wording.FAILED


def _said(sentence: str) -> CommandReply:
    return CommandReply(replies=(Reply(lead=sentence),))
