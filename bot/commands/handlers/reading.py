"""What curators read: an entry, its life, what waits, what is missing, and what publishing would do."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import wording
from bot.commands.lines import (
    MOST,
    as_it_looks,
    draft_choices,
    entry_lines,
    listed,
    review_choices,
    revision_line,
    unmatched_line,
    waiting_line,
    writer_of,
)
from bot.commands.services import CommandServices
from bot.commands.values import Caller, Command, CommandReply
from bot.model import Choice, Reply
from bot.threads import in_thread
from kb.entries.entry import Entry, Status
from kb.entries.people import Role
from kb.entries.revision import Revision, Trail
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
    latest, entry = _latest(trail)
    text, before = await _working(trail, services), await foreseen(entry, services)
    text = replace(text, lines=(*text.lines, before.lead, *before.lines[:_MATCHED]))
    looks = _looks(entry, services, wording.AS_IT_WILL_LOOK)
    return CommandReply(replies=(looks, text), revision=latest.number)


async def preview(command: Command, _: Caller, services: CommandServices) -> CommandReply:
    """Tell which recent links an entry would match, and show the reply as it will look."""
    latest, entry = _latest(await services.trail(command.entry))
    looks = _looks(entry, services, wording.AS_IT_WILL_LOOK)
    return CommandReply(replies=(looks, await foreseen(entry, services)), revision=latest.number)


async def history(command: Command, _: Caller, services: CommandServices) -> CommandReply:
    """Tell every step of an entry, the last one first."""
    roster = await services.roster()
    trail = await services.trail(command.entry)
    lines = [revision_line(each, roster) for each in reversed(trail.revisions)]
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
    found = {hit.entry.id: f"“{hit.entry.title}” ({hit.entry.id})" for hit in hits}
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


async def foreseen(entry: Entry, services: CommandServices) -> Reply:
    """Tell which of the recent links without an answer an entry would match."""
    try:
        found = await services.foresee(entry)
    except ModelError as error:
        return Reply(lead=wording.NO_PREVIEW.format(reason=error))
    told = wording.MATCHED_LATEST if found.latest else wording.MATCHED
    lead = told.format(count=len(found.matched), all=found.pages, days=found.days)
    return listed(lead, lead, found.matched)


def _looks(entry: Entry, services: CommandServices, heading: str = "") -> Reply:
    reply = as_it_looks(entry, today=services.research.now().date())
    return reply.with_lead(f"{heading} {reply.lead}") if heading else reply


async def _working(trail: Trail, services: CommandServices) -> Reply:
    """The latest text, and what it changes where readers have another one."""
    roster = await services.roster()
    latest, entry = _latest(trail)
    lead = wording.WAITS.format(
        title=entry.title,
        id=entry.id,
        status=wording.STATUSES[entry.status.value],
        number=latest.number,
        writer=writer_of(trail, roster),
    )
    changed: tuple[str, ...] = ()
    if trail.pending is not None and trail.settled is not None:
        changes = await in_thread(services.curation.diff, trail.entry_id)
        changed = (wording.CHANGES, *(str(each) for each in changes if each.of_text))
    return Reply(lead=lead, lines=(*entry_lines(entry), *changed), choices=_choices(entry, latest))


def _choices(entry: Entry, latest: Revision) -> tuple[Choice, ...]:
    if entry.status is Status.IN_REVIEW:
        return review_choices(entry.id, latest.number)
    return draft_choices(entry.id, latest.number) if entry.status is Status.DRAFT else ()


def _latest(trail: Trail) -> tuple[Revision, Entry]:
    if trail.latest is None or trail.latest.entry is None:
        raise CurationError(wording.REDACTED)
    return trail.latest, trail.latest.entry


def _titled(services: CommandServices, words: str) -> list[tuple[str, str]]:
    """Entries, published or not, whose id or title holds the words."""
    wanted = words.casefold()
    return [
        (each.id, f"“{each.title}” ({each.id}), {wording.STATUSES[each.status.value]}")
        for each in services.curation.store.outlines()
        if wanted in each.id.casefold() or wanted in each.title.casefold()
    ]
