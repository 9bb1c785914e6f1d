"""Writing an entry in a modal: opened at once, filled in beside, answered within Slack's three seconds."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.values import Caller, Command, CommandReply, Draft, Verb
from bot.commands.wording import BARRED
from bot.model import Reply
from bot.platforms.slack.actions.announcements import settle
from bot.platforms.slack.actions.safe_dispatch import SafeDispatch, caller
from bot.platforms.slack.actions.telling import ACK_SECONDS, Shown, acknowledge, update_modal
from bot.platforms.slack.views import modals, wording
from bot.platforms.slack.views.entry_form import fields_of, kept, own_problems
from bot.platforms.slack.views.entry_view import (
    Sheet,
    entry_view,
    errors,
    merge,
    names_of,
    open_sheet,
    read_view,
)
from kb.errors import Problem

Json = dict[str, Any]

_REMEMBERED = 200


@dataclass(frozen=True, kw_only=True)
class Editing:
    """Entries in modals. A submission that comes twice is carried out once."""

    dispatcher: SafeDispatch
    ack_seconds: float = ACK_SECONDS
    _submitted: dict[str, asyncio.Future[Shown]] = field(default_factory=dict)

    async def fill(
        self,
        view_id: str,
        command: Command,
        who: Caller,
        client: AsyncWebClient,
        at: tuple[str, str] | None = None,
    ) -> None:
        """Put the form for a page or an entry into an open modal, once these are read.

        `at` is the channel and the timestamp of the message with the button that was pressed.
        """
        result = await self.dispatcher.run(command, who)
        if result.draft is None:
            view = modals.answer(result.replies)
        else:
            unread = result.draft.unread
            notices = (wording.UNREAD_PAGE.format(reason=unread),) if unread else ()
            view = entry_view(open_sheet(result.draft, who.channel, at), notices=notices)
        await update_modal(client, view_id, view)

    async def submitted(
        self, ack: AsyncAck, body: Json, view: Json, client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """A form was sent: errors at its inputs, or what came of it, at once or when the original is read."""
        sheet, team, user = read_view(view), context.team_id or "", body["user"]["id"]
        who = replace(caller(team, "", user), channel=sheet.channel, base=sheet.base)
        typed = json.dumps(view.get("state"), sort_keys=True)
        work = self.once(f"{view['id']}:{view['hash']}:{typed}", lambda: self._saved(sheet, who, client))
        meanwhile = modals.waiting(wording.SAVING)
        await acknowledge(ack, client, view["id"], work, meanwhile=meanwhile, seconds=self.ack_seconds)

    def once(self, key: str, carry: Callable[[], Awaitable[Shown]]) -> asyncio.Future[Shown]:
        """Begin what a submission asks for or, where just it came before, give what comes or came of that.

        One that came to nothing may be sent again.
        """
        known = self._submitted.get(key)
        if known is not None and _counts(known):
            return known
        for old in [*self._submitted][:-_REMEMBERED]:
            del self._submitted[old]
        work = self._submitted[key] = asyncio.ensure_future(carry())
        return work

    async def _saved(self, sheet: Sheet, who: Caller, client: AsyncWebClient) -> Shown:
        shown = await self._save(sheet, who)
        if shown.done and sheet.at:
            user = who.person.rpartition("/")[2]
            await settle(client, *sheet.at, user=user, verb=Verb.EDIT)
        return shown

    async def _save(self, sheet: Sheet, who: Caller) -> Shown:
        fields, problems = fields_of(sheet.texts)
        latest = await self._latest(sheet, who) if sheet.hidden else None
        if sheet.hidden and latest is None:  # what is not shown must not get lost
            return Shown(view=entry_view(sheet, notices=(wording.FAILED,)))
        fields = kept(latest.fields, sheet.hidden) | fields if latest else fields
        if sheet.base is not None:
            fields["id"] = sheet.entry_id
        if problems:  # nothing is saved of what cannot be read
            return _wrong(sheet, (*problems, *own_problems(fields, problems)))
        is_unseen = sheet.has_new_link and not sheet.anyway
        if is_unseen and (look_at := await self.dispatcher.check(fields, who)):
            return _before_saving(sheet, wording.LOOK_FIRST, look_at)
        return await self._came_of(await self.dispatcher.save(fields, who, anyway=sheet.anyway), sheet, who)

    async def _came_of(self, result: CommandReply, sheet: Sheet, who: Caller) -> Shown:
        if result.again:
            return _before_saving(sheet, wording.DOUBLE, result.problems)
        if not result.done and result.problems:
            return _wrong(sheet, result.problems)
        if not result.done:
            return await self._refused(sheet, who, result)
        if not result.problems:
            return Shown(view=modals.answer(result.replies), done=True)
        notices = (wording.FOR_PUBLICATION, *_warnings(result))
        view = entry_view(_as_saved(sheet, result), notices=notices, problems=result.problems)
        return Shown(view=view, done=True)

    async def _refused(self, sheet: Sheet, who: Caller, result: CommandReply) -> Shown:
        """Say why not; where the entry changed meanwhile, in its latest text with what was typed put in."""
        notices = [*_words(result.replies)]
        latest = await self._latest(sheet, who)
        if latest is not None and latest.base != sheet.base:
            sheet, both = merge(sheet, open_sheet(latest, sheet.channel, sheet.at))
            notices += [
                wording.MERGED,
                *([wording.BOTH_CHANGED.format(names=names_of(both))] if both else []),
            ]
        return Shown(view=entry_view(sheet, notices=notices))

    async def _latest(self, sheet: Sheet, who: Caller) -> Draft | None:
        if sheet.base is None:
            return None
        return (await self.dispatcher.run(Command(verb=Verb.EDIT, entry=sheet.entry_id), who)).draft


def _counts(work: asyncio.Future[Shown]) -> bool:
    """Whether what was begun goes on, or was done."""
    if not work.done():
        return True
    return not work.cancelled() and work.exception() is None and work.result().done


def _wrong(sheet: Sheet, problems: tuple[Problem, ...]) -> Shown:
    view = entry_view(sheet, notices=(wording.NOT_SAVED,), problems=problems)
    return Shown(view=view, errors=errors(problems, sheet))


def _before_saving(sheet: Sheet, lead: str, look_at: Iterable[Problem]) -> Shown:
    """Tell what to look at, and how to go on."""
    notices = (lead, *map(str, look_at), wording.SAVE_ANYWAY_HOW)
    return Shown(view=entry_view(replace(sheet, anyway=True), notices=notices))


def _as_saved(sheet: Sheet, result: CommandReply) -> Sheet:
    """The same texts, now as a revision of the entry."""
    texts = {name: text for name, text in sheet.texts.items() if name != "id"}
    return replace(sheet, base=result.revision, texts=texts, marks={}, anyway=False)


def _warnings(result: CommandReply) -> Iterable[str]:
    """What is told beside the problems, which stand at their inputs."""
    told = {BARRED, *map(str, result.problems)}
    return (line for reply in result.replies for line in reply.lines if line not in told)


def _words(replies: Iterable[Reply]) -> Iterable[str]:
    for reply in replies:
        yield from (reply.lead, *reply.lines)
