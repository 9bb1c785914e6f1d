"""Which step an entry may take, from where, through whom: one table. Pure; four_eyes.py has one rule more.

    (new) ──add──▶ draft ──submit──▶ in review ──approve──▶ published ──retire, supersede──▶ retired
                     ▲  ◀──send back───┘                       │                               │
                     └───────────────edit, undo────────────────┴───────────────────────────────┘

An edit of a published entry starts a draft beside it; readers keep the published text until the draft is
approved. `publish` is submit and approve in one. `redact` leads out of every state and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kb.entries.entry import Entry, Status
from kb.entries.field_changes import StaleError, differences
from kb.entries.fields import BY_STEPS
from kb.entries.people import Role, Roster
from kb.entries.revision import Step, Trail
from kb.errors import CurationError

_ANY = frozenset(Status)
_WORDS = {
    Status.DRAFT: "a draft",
    Status.IN_REVIEW: "in review",
    Status.PUBLISHED: "published",
    Status.RETIRED: "retired",
}
ONE_PERSON, TWO_PEOPLE = 1, 2


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a step takes: a role, one of these statuses of the working text, and perhaps a reason."""

    act: str
    role: Role
    working: frozenset[Status] = _ANY
    needs_why: bool = False


RULES = {
    Step.EDIT: Rule(act="edit an entry", role=Role.CURATOR),
    Step.UNDO: Rule(act="undo a step", role=Role.CURATOR),
    Step.SUBMIT: Rule(act="send a draft to review", role=Role.CURATOR, working=frozenset({Status.DRAFT})),
    Step.APPROVE: Rule(act="approve a text", role=Role.REVIEWER, working=frozenset({Status.IN_REVIEW})),
    Step.SEND_BACK: Rule(
        act="send a text back", role=Role.REVIEWER, working=frozenset({Status.IN_REVIEW}), needs_why=True
    ),
    Step.PUBLISH: Rule(
        act="publish a text", role=Role.REVIEWER, working=frozenset({Status.DRAFT, Status.IN_REVIEW})
    ),
    Step.RETIRE: Rule(act="retire an entry", role=Role.REVIEWER, needs_why=True),
    Step.SUPERSEDE: Rule(act="supersede an entry", role=Role.REVIEWER),
    Step.REDACT: Rule(act="redact an entry", role=Role.ADMIN, needs_why=True),
}


def permitted(step: Step, trail: Trail, roster: Roster, *, by: str, why: str, base: int | None) -> Entry:
    """Give the working text if `by` may take this step from it.

    Raises NotAllowedError for the role, CurationError for the state or a missing reason, StaleError when
    `base` is not the latest revision.
    """
    rule = RULES[step]
    abandons = step is Step.RETIRE and trail.settled is None
    roster.require(by, Role.CURATOR if abandons else rule.role, to=rule.act)
    entry = working_text(trail)
    if base is not None and trail.latest and base != trail.latest.number:
        raise _stale(trail, base)
    if entry.status not in rule.working:
        needed = " or ".join(_WORDS[status] for status in Status if status in rule.working)
        raise CurationError(
            f"{trail.entry_id} is {_WORDS[entry.status]}; to {rule.act}, it must be {needed}."
        )
    if rule.needs_why and not why.strip():
        raise CurationError(f"To {rule.act}, say why: the reason is kept in the entry's history.")
    return entry


def working_text(trail: Trail) -> Entry:
    """Give what curators work on. Raises CurationError when there is no such entry (any more)."""
    if gone := trail.tombstone:
        raise CurationError(
            f"{trail.entry_id} was redacted on {gone.at:%Y-%m-%d} by {gone.by} ({gone.note}); its texts are "
            "erased and its id is not used again."
        )
    if trail.latest is None or trail.latest.entry is None:
        raise CurationError(f"There is no entry {trail.entry_id!r}; search for it, or list them all.")
    return trail.latest.entry


def drafted(entry: Entry) -> Entry:
    """The same text as a draft: what only a publication may say of it is taken off."""
    return entry.model_copy(update={**_UNSET, "status": Status.DRAFT})


def in_review(entry: Entry) -> Entry:
    """The same text, waiting for a reviewer."""
    return entry.model_copy(update={"status": Status.IN_REVIEW})


def published(entry: Entry, *, approvals: int, name: str, today: date) -> Entry:
    """The same text, verified by `name` today; `approvals` is how many people stand behind it."""
    verified = {"verified_by": name, "verified_on": today, "approvals": approvals}
    return entry.model_copy(update={**_UNSET, **verified, "status": Status.PUBLISHED})


def retired(entry: Entry, *, successor: str | None = None) -> Entry:
    """The same text, out of use; `successor` is the entry that took its place."""
    return entry.model_copy(update={"status": Status.RETIRED, "superseded_by": successor})


def restored(trail: Trail, earlier: Entry, now: Entry) -> Entry:
    """An earlier text as a draft; where readers have just that text, it drops what was pending instead.

    Raises CurationError when nothing would change.
    """
    live = trail.settled.entry if trail.settled else None
    if live and live.status is Status.PUBLISHED and same_text(live, earlier):
        if trail.pending is None:
            raise CurationError(
                f"{trail.entry_id}: readers have just that text. Name another revision, or retire the entry."
            )
        return live
    draft = drafted(earlier)
    if draft == now:
        raise CurationError(f"{trail.entry_id} has just that text already; name another revision.")
    return draft


def to_restore(trail: Trail, number: int | None) -> Entry:
    """The text that an undo restores: of revision `number`, or else the one before the last step.

    A publication is undone by the text that was published before it. Raises CurationError.
    """
    if number is not None:
        return text_of(trail, number)
    last = trail.revisions[-1]
    earlier = trail.revisions[:-1]
    if last.step in {Step.APPROVE, Step.PUBLISH}:
        earlier = tuple(
            revision for revision in earlier if revision.entry and revision.entry.status is Status.PUBLISHED
        )
    if not earlier or earlier[-1].entry is None:
        raise CurationError(
            f"{trail.entry_id} has nothing earlier to go back to; retire the entry to take it out of use."
        )
    return earlier[-1].entry


def text_of(trail: Trail, number: int) -> Entry:
    """The text of one revision. Raises CurationError when the entry has no such revision."""
    revision = trail.revision(number)
    if revision is None or revision.entry is None:
        known = ", ".join(str(other.number) for other in trail.revisions)
        raise CurationError(f"{trail.entry_id} has no revision {number}; it has {known}.")
    return revision.entry


def same_text(one: Entry, other: Entry) -> bool:
    """Whether two entries differ in nothing but what their publication says of them."""
    return drafted(one) == drafted(other)


_UNSET: dict[str, None] = dict.fromkeys(BY_STEPS)


def _stale(trail: Trail, base: int) -> StaleError:
    """Tell who changed what since revision `base`; nothing of either text is lost."""
    latest, seen = trail.revisions[-1], trail.revision(base)
    before, now = (seen.entry if seen else None), latest.entry
    since = f"revision {base}" if seen else f"revision {base} (which is none of this entry's)"
    return StaleError(
        f"{trail.entry_id} changed after {since}: it is at revision {latest.number} now, by {latest.by} at "
        f"{latest.at:%Y-%m-%d %H:%M} UTC. Nothing was saved; put your changes into the new text.",
        latest=latest.number,
        changes=differences(before, now) if before and now else (),
    )
