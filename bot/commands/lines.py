"""Entries, histories and queues as lines for curators. Pure; renderers escape every line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.commands import wording
from bot.model import Action, Choice, Decision, Reply
from bot.replies.compose import compose
from bot.storage.unmatched import Unmatched
from kb.curate.review_queue import Reason, Waiting
from kb.entries.brief import credit
from kb.entries.entry import Entry, Figure
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
    source = f" (on record at {figure.source.publisher})" if figure.source else ""
    return f"“{figure.as_stated}” {figure.what}{source}"


def as_it_looks(entry: Entry, *, today: date) -> Reply:
    """The reply to a page that tells the story, without asking whether it was helpful."""
    hit = Hit(entry=entry, score=1.0, basis=Basis.SAME_STORY)
    decision = Decision(action=Action.REPLY, reason="preview", hits=(hit,))
    return replace(compose(decision, today=today), feedback=False)


def revision_line(revision: Revision, roster: Roster) -> str:
    """One step of an entry's life."""
    why = f": {revision.note}" if revision.note else ""
    step = revision.step.value.replace("_", " ")
    return f"{revision.number}, {moment(revision.at)}, {step} by {roster.shown(revision.by)}{why}"


def writer_of(trail: Trail, roster: Roster) -> str:
    """Who wrote what curators work on."""
    writers = trail.writers or tuple(each.by for each in trail.revisions[-1:])
    return roster.shown(writers[-1]) if writers else "nobody"


def waiting_line(item: Waiting, roster: Roster) -> str:
    """One thing in the queue."""
    about = f"“{item.title}” ({item.entry_id})"
    if item.reason is Reason.IN_REVIEW:
        note = f" “{item.note}”" if item.note else ""
        by = f" by {roster.shown(item.by)}" if item.by else ""
        return f"{about}: in review since {moment(item.since)}{by}{note}; review {item.entry_id}"
    return f"{about}: {item.note}"


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
    """Everybody who has a role."""
    return tuple(f"{roster.shown(each)}: {roster.roles[each].value}" for each in roster.having(Role.CURATOR))


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
