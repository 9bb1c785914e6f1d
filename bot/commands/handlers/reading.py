"""What curators read: an entry, its life, what waits, what is missing, and what publishing would do."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import wording
from bot.commands.lines import (
    MOST,
    about,
    as_it_looks,
    history_lines,
    listed,
    matched,
    unmatched_line,
    waiting_line,
    working,
)
from bot.commands.services import CommandServices
from bot.commands.values import Caller, Command, CommandReply
from bot.model import Reply
from bot.threads import in_thread
from kb.curate.lifecycle import working_text
from kb.entries.entry import Entry, Status
from kb.entries.people import Role
from kb.entries.revision import Trail
from kb.errors import CurationError, ModelError
from kb.match.query import Query

_MATCHED = 3


async def show(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Read an entry: everybody what is published, curators in their channel also what is not."""
    roster = await services.roster()
    if services.is_curators(caller) and roster.may(caller.person, Role.CURATOR):
        return CommandReply(replies=(await _working(await services.trail(command.entry), services),))
    entry = await in_thread(services.curation.store.get, command.entry)
    if entry is None or entry.status is not Status.PUBLISHED:
        raise CurationError(wording.NO_ENTRY.format(id=command.entry))
    return CommandReply(replies=(_looks(entry, services),))


async def review(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Read what waits for a reviewer, what it changes, and the reply as it will look; else all that waits."""
    if not command.entry:
        return await queue(command, caller, services)
    trail = await services.trail(command.entry)
    entry = working_text(trail)
    text, before = await _working(trail, services), await previewed(entry, services)
    text = replace(text, lines=(*text.lines, before.lead, *before.lines[:_MATCHED]))
    looks = _looks(entry, services, wording.AS_IT_WILL_LOOK)
    return CommandReply(replies=(looks, text), revision=trail.revisions[-1].number)


async def preview(command: Command, _: Caller, services: CommandServices) -> CommandReply:
    """Tell which recent links an entry would match, and show the reply as it will look."""
    trail = await services.trail(command.entry)
    entry = working_text(trail)
    looks = _looks(entry, services, wording.AS_IT_WILL_LOOK)
    return CommandReply(
        replies=(looks, await previewed(entry, services)), revision=trail.revisions[-1].number
    )


async def history(command: Command, _: Caller, services: CommandServices) -> CommandReply:
    """Tell every step of an entry, the last one first."""
    lines = history_lines(await services.trail(command.entry), await services.roster())
    return CommandReply(replies=(listed(wording.HISTORY.format(id=command.entry), "", lines),))


async def diff(command: Command, _: Caller, services: CommandServices) -> CommandReply:
    """Tell what the latest text changes for readers or, where nothing waits, what the last step changed."""
    changes = await in_thread(services.curation.diff, command.entry)
    lines = tuple(map(str, changes))
    lead = wording.DIFF.format(id=command.entry) if lines else wording.NOTHING_CHANGED
    return CommandReply(replies=(Reply(lead=lead, lines=lines),))


async def search(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Find entries by words and meaning; for curators in their channel also those that are not published."""
    roster = await services.roster()
    query = Query(text=command.text)
    reading = await services.research.reader.read_query(query)
    hits = await services.research.matcher.match(query, reading)
    found = {hit.entry.id: about(hit.entry.id, hit.entry.title) for hit in hits}
    if services.is_curators(caller) and roster.may(caller.person, Role.CURATOR):
        for each in await in_thread(_titled, services, command.text):
            found.setdefault(*each)
    return CommandReply(replies=(listed(wording.FOUND, wording.NOT_FOUND, tuple(found.values())),))


async def queue(_: Command, __: Caller, services: CommandServices) -> CommandReply:
    """List what waits for a person."""
    roster = await services.roster()
    waiting = await in_thread(services.curation.queue)
    lines = [waiting_line(each, roster) for each in waiting]
    return CommandReply(replies=(listed(wording.QUEUE, wording.QUEUE_EMPTY, lines),))


async def unmatched(_: Command, __: Caller, services: CommandServices) -> CommandReply:
    """List the links that no entry answered."""
    lines = [unmatched_line(each) for each in await services.unmatched.most(MOST)]
    return CommandReply(replies=(listed(wording.UNMATCHED, wording.UNMATCHED_NONE, lines),))


async def previewed(entry: Entry, services: CommandServices) -> Reply:
    """Tell which of the recent links without an answer an entry would match."""
    try:
        found = await services.preview(entry)
    except ModelError as error:
        return Reply(lead=wording.NO_PREVIEW.format(reason=error))
    return listed(matched(found), matched(found), found.matched)


def _looks(entry: Entry, services: CommandServices, heading: str = "") -> Reply:
    reply = as_it_looks(entry, today=services.research.now().date())
    return reply.with_lead(f"{heading} {reply.lead}") if heading else reply


async def _working(trail: Trail, services: CommandServices) -> Reply:
    changes = await in_thread(services.curation.diff, trail.entry_id) if trail.settled else ()
    return working(trail, await services.roster(), changes)


def _titled(services: CommandServices, words: str) -> list[tuple[str, str]]:
    """Entries, published or not, whose id or title holds the words."""
    wanted = words.casefold()
    return [
        (each.id, about(each.id, each.title, each.status))
        for each in services.curation.store.outlines()
        if wanted in each.id.casefold() or wanted in each.title.casefold()
    ]
