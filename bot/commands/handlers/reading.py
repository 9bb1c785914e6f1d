"""What curators read: an entry, its life, what waits, what is missing, and what publishing would do."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import wording
from bot.commands.grammar import Command
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
from bot.commands.services import Office
from bot.commands.values import AdminReply, Caller
from bot.model import Choice, Reply
from bot.threads import in_thread
from kb.entries.entry import Entry, Status
from kb.entries.people import Role
from kb.entries.revision import Revision, Trail
from kb.errors import CurationError, ModelError
from kb.match.query import Query

_MATCHED = 3


async def show(command: Command, caller: Caller, office: Office) -> AdminReply:
    """Read an entry: everybody what is published, curators in their channel also what is not."""
    roster = await office.roster()
    if office.is_curators(caller) and roster.may(caller.person, Role.CURATOR):
        return AdminReply(replies=(await _working(await office.trail(command.entry), office),))
    entry = await in_thread(office.curation.store.get, command.entry)
    if entry is None or entry.status is not Status.PUBLISHED:
        raise CurationError(wording.NO_ENTRY.format(id=command.entry))
    return AdminReply(replies=(_looks(entry, office),))


async def review(command: Command, caller: Caller, office: Office) -> AdminReply:
    """Read what waits for a reviewer, what it changes, and the reply as it will look."""
    await office.require(caller, Role.CURATOR, to="read what waits for review")
    trail = await office.trail(command.entry)
    latest, entry = _latest(trail)
    text, before = await _working(trail, office), await foreseen(entry, office)
    text = replace(text, lines=(*text.lines, before.lead, *before.lines[:_MATCHED]))
    looks = _looks(entry, office, wording.AS_IT_WILL_LOOK)
    return AdminReply(replies=(looks, text), revision=latest.number)


async def preview(command: Command, caller: Caller, office: Office) -> AdminReply:
    """Tell which recent links an entry would match, and show the reply as it will look."""
    await office.require(caller, Role.CURATOR, to="preview an entry")
    latest, entry = _latest(await office.trail(command.entry))
    looks = _looks(entry, office, wording.AS_IT_WILL_LOOK)
    return AdminReply(replies=(looks, await foreseen(entry, office)), revision=latest.number)


async def history(command: Command, caller: Caller, office: Office) -> AdminReply:
    """Tell every step of an entry, the last one first."""
    roster = await office.require(caller, Role.CURATOR, to="read an entry's history")
    trail = await office.trail(command.entry)
    lines = [revision_line(each, roster) for each in reversed(trail.revisions)]
    return AdminReply(replies=(listed(wording.HISTORY.format(id=command.entry), "", lines),))


async def diff(command: Command, caller: Caller, office: Office) -> AdminReply:
    """Tell what the latest text changes for readers or, where nothing waits, what the last step changed."""
    await office.require(caller, Role.CURATOR, to="read an entry's history")
    changes = await in_thread(office.curation.diff, command.entry)
    lines = tuple(map(str, changes))
    lead = wording.DIFF.format(id=command.entry) if lines else wording.NOTHING_CHANGED
    return AdminReply(replies=(Reply(lead=lead, lines=lines),))


async def search(command: Command, caller: Caller, office: Office) -> AdminReply:
    """Find entries by words and meaning; for curators in their channel also those that are not published."""
    roster = await office.roster()
    query = Query(text=command.text)
    reading = await office.research.reader.read_query(query)
    hits = await office.research.matcher.match(query, reading)
    found = {hit.entry.id: f"“{hit.entry.title}” ({hit.entry.id})" for hit in hits}
    if office.is_curators(caller) and roster.may(caller.person, Role.CURATOR):
        for each in await in_thread(_titled, office, command.text):
            found.setdefault(*each)
    return AdminReply(replies=(listed(wording.FOUND, wording.NOT_FOUND, tuple(found.values())),))


async def queue(_: Command, caller: Caller, office: Office) -> AdminReply:
    """List what waits for a person."""
    roster = await office.require(caller, Role.CURATOR, to="read the queue")
    waiting = await in_thread(office.curation.queue)
    lines = [waiting_line(each, roster) for each in waiting]
    return AdminReply(replies=(listed(wording.QUEUE, wording.QUEUE_EMPTY, lines),))


async def unmatched(_: Command, caller: Caller, office: Office) -> AdminReply:
    """List the links that no entry answered."""
    await office.require(caller, Role.CURATOR, to="read which links had no answer")
    lines = [unmatched_line(each) for each in await office.unmatched.most(MOST)]
    return AdminReply(replies=(listed(wording.UNMATCHED, wording.UNMATCHED_NONE, lines),))


async def foreseen(entry: Entry, office: Office) -> Reply:
    """Tell which of the recent links without an answer an entry would match."""
    try:
        found = await office.foresee(entry)
    except ModelError as error:
        return Reply(lead=wording.NO_PREVIEW.format(reason=error))
    told = wording.MATCHED_LATEST if found.latest else wording.MATCHED
    lead = told.format(count=len(found.matched), all=found.pages, days=found.days)
    return listed(lead, lead, found.matched)


def _looks(entry: Entry, office: Office, heading: str = "") -> Reply:
    reply = as_it_looks(entry, today=office.research.now().date())
    return reply.with_lead(f"{heading} {reply.lead}") if heading else reply


async def _working(trail: Trail, office: Office) -> Reply:
    """The latest text, and what it changes where readers have another one."""
    roster = await office.roster()
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
        changes = await in_thread(office.curation.diff, trail.entry_id)
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


def _titled(office: Office, words: str) -> list[tuple[str, str]]:
    """Entries, published or not, whose id or title holds the words."""
    wanted = words.casefold()
    return [
        (each.id, f"“{each.title}” ({each.id}), {wording.STATUSES[each.status.value]}")
        for each in office.curation.store.outlines()
        if wanted in each.id.casefold() or wanted in each.title.casefold()
    ]
