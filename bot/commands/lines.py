"""Entries, histories and queues as lines for curators, in chat and on the command line. Pure.

Whoever shows a line escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.commands import wording
from bot.commands.values import Preview
from bot.model import Action, Choice, Decision, Reply
from bot.replies.compose import compose
from bot.storage.unmatched import Unmatched
from kb.curate.lifecycle import working_text
from kb.curate.review_queue import QueueItem, Reason
from kb.entries.brief import credit
from kb.entries.entry import Entry, Figure, Status
from kb.entries.field_changes import FieldChange
from kb.entries.people import Role, Roster
from kb.entries.revision import Revision, Trail
from kb.errors import Problem
from kb.match.query import Basis, Hit

MOST = 20
"""So many lines are listed; what is beyond is counted."""


def entry_lines(entry: Entry) -> tuple[str, ...]:
    """An entry as a reviewer reads it."""
    return tuple(_entry(entry))


def _entry(entry: Entry) -> Iterator[str]:
    if entry.example:
        yield "An example, not verified by a person."
    yield f"Original: “{entry.original.title}”, {credit(entry.original)}"
    yield f"Link: {entry.original.url}"
    if entry.rating:
        yield f"Rating: {entry.rating.label}"
    yield f"Summary: {entry.summary}"
    yield from (f"Caveat: {caveat}" for caveat in entry.caveats)
    yield from (f"Figure: {_figure(figure)}" for figure in entry.figures)
    yield from (f"Quote: “{quote.text}”, {quote.speaker}" for quote in entry.quotes)
    yield from (f"Claim: “{claim.text}”" for claim in entry.claims)
    yield from (f"Known page ({page.kind.value}): {page.url}" for page in entry.appearances)
    if entry.sensitive:
        yield f"Content note: {entry.content_note or 'sensitive content'}"
    if entry.review_by:
        yield f"Review by: {entry.review_by.isoformat()}"


def _figure(figure: Figure) -> str:
    attributed = f", according to {figure.attributed_to}" if figure.attributed_to else ""
    source = f" (on record at {figure.source.publisher})" if figure.source else ""
    return f"“{figure.as_stated}” {figure.what}{attributed}{source}"


def about(entry_id: str, title: str, status: Status | None = None) -> str:
    """Which entry is meant and, if it is asked for, how it stands."""
    return f"“{title}” ({entry_id})" + (f", {wording.STATUSES[status.value]}" if status else "")


def working(trail: Trail, roster: Roster, changes: Iterable[FieldChange]) -> Reply:
    """The latest text, and what it changes where readers have another one. Raises CurationError for none."""
    entry, number = working_text(trail), trail.revisions[-1].number
    lead = wording.WAITS.format(
        about=about(entry.id, entry.title, entry.status), number=number, writer=writer_of(trail, roster)
    )
    told = tuple(str(each) for each in changes if each.of_text) if trail.pending and trail.settled else ()
    lines = (*entry_lines(entry), *((wording.CHANGES, *told) if told else ()))
    return Reply(lead=lead, lines=lines, choices=_choices(entry, number))


def as_it_looks(entry: Entry, *, today: date) -> Reply:
    """The reply to a page that tells the story, without asking whether it was helpful."""
    hit = Hit(entry=entry, score=1.0, basis=Basis.SAME_STORY)
    decision = Decision(action=Action.REPLY, reason="preview", hits=(hit,))
    return replace(compose(decision, today=today), feedback=False)


def history_lines(trail: Trail, roster: Roster) -> tuple[str, ...]:
    """Every step of an entry's life, the last one first."""
    return tuple(_revision(each, roster) for each in reversed(trail.revisions))


def _revision(revision: Revision, roster: Roster) -> str:
    why = f": {revision.note}" if revision.note else ""
    step = revision.step.value.replace("_", " ")
    return f"{revision.number}, {moment(revision.at)}, {step} by {roster.shown(revision.by)}{why}"


def matched(found: Preview) -> str:
    """How many recent links without an answer an entry would match."""
    told = wording.MATCHED_LATEST if found.latest else wording.MATCHED
    return told.format(count=len(found.matched), all=found.pages, days=found.days)


def writer_of(trail: Trail, roster: Roster) -> str:
    """Who wrote what curators work on."""
    writers = trail.writers or tuple(each.by for each in trail.revisions[-1:])
    return roster.shown(writers[-1]) if writers else "nobody"


def waiting_line(item: QueueItem, roster: Roster) -> str:
    """One thing in the queue."""
    named = about(item.entry_id, item.title)
    if item.reason is Reason.IN_REVIEW:
        note = f" “{item.note}”" if item.note else ""
        by = f" by {roster.shown(item.by)}" if item.by else ""
        return f"{named}: in review since {moment(item.since)}{by}{note}; review {item.entry_id}"
    return f"{named}: {item.note}"


def unmatched_line(item: Unmatched) -> str:
    """One page that no entry answered."""
    near = ", ".join(f"{each.entry_id} {each.score:.2f}" for each in item.nearest)
    days = f"{item.first_seen:%Y-%m-%d} to {item.last_seen:%Y-%m-%d}"
    return f"{item.count}×, {days}: {item.url}" + (f" (nearest: {near})" if near else "")


def problem_lines(problems: Iterable[Problem]) -> tuple[str, ...]:
    """What is to be mended, each with its line and field."""
    return tuple(map(str, problems))


def warning_lines(warnings: Iterable[Problem]) -> tuple[str, ...]:
    """What bars nothing."""
    return tuple(wording.LOOK_AT.format(text=each) for each in warnings)


def listed(heading: str, empty: str, lines: Sequence[str]) -> Reply:
    """A list under its heading, cut where it gets long."""
    if not lines:
        return Reply(lead=empty)
    more = (wording.MORE.format(count=len(lines) - MOST),) if len(lines) > MOST else ()
    return Reply(lead=heading.format(count=len(lines)), lines=(*lines[:MOST], *more))


def role_lines(roster: Roster) -> tuple[str, ...]:
    """Everybody who has a role, with all their ids."""
    return tuple(
        ", also ".join((f"{roster.shown(each)}: {roster.roles[each].value}", *ids_of(roster, each)[1:]))
        for each in roster.having(Role.CURATOR)
    )


def ids_of(roster: Roster, person: str) -> tuple[str, ...]:
    """All ids of a person, the one that the role is kept under first."""
    return (person, *sorted(each for each, one in roster.joined.items() if one == person))


def _choices(entry: Entry, number: int) -> tuple[Choice, ...]:
    if entry.status is Status.IN_REVIEW:
        return review_choices(entry.id, number)
    return draft_choices(entry.id, number) if entry.status is Status.DRAFT else ()


def review_choices(entry_id: str, base: int) -> tuple[Choice, ...]:
    """What a reviewer may do with a text in review."""
    return (
        Choice(label=wording.APPROVE, command=f"approve {entry_id}", base=base),
        Choice(
            label=wording.SEND_BACK, command=f"send-back {entry_id}", base=base, note=wording.NOTE_SEND_BACK
        ),
        Choice(label=wording.PREVIEW, command=f"preview {entry_id}"),
        Choice(label=wording.EDIT, command=f"edit {entry_id}", base=base),
    )


def draft_choices(entry_id: str, base: int) -> tuple[Choice, ...]:
    """What may be done with a text that nobody waits for yet."""
    return (
        Choice(label=wording.PUBLISH, command=f"publish {entry_id}", base=base),
        Choice(label=wording.EDIT, command=f"edit {entry_id}", base=base),
    )


def moment(when: datetime) -> str:
    """A time as curators read it."""
    return f"{when:%Y-%m-%d %H:%M} UTC"
