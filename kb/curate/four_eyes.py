"""Four eyes: nobody publishes what they wrote a part of and nobody else who may review has seen. Pure.

It follows the texts of an entry, not the steps since its last publication: a text that comes back, by an undo
after a retirement or by an old form that is saved again, is still the text of whoever wrote it.
"""

from __future__ import annotations

from kb.curate.lifecycle import drafted
from kb.entries.entry import Entry
from kb.entries.people import Role, Roster
from kb.entries.revision import SETTLED, Revision, Step, Trail
from kb.errors import NotAllowedError

_Persons = frozenset[str]
_NOBODY: _Persons = frozenset()
_FROM = 2


def is_on(roster: Roster, setting: bool | None) -> bool:
    """Whether the rule holds: as set or, with None, as soon as two people may review."""
    return len(roster.having(Role.REVIEWER)) >= _FROM if setting is None else setting


def require_another(trail: Trail, roster: Roster, *, by: str) -> None:
    """Raise NotAllowedError if `by` would approve a text of which some part is theirs alone."""
    own = unseen(trail, roster)
    if roster.person(by) not in own:
        return
    others = [
        roster.shown(person) for person in roster.having(Role.REVIEWER) if roster.person(person) not in own
    ]
    ask = f"Please ask {' or '.join(others)}." if others else roster.whom_to_ask()
    raise NotAllowedError(
        f"Sorry, this is your own text, and four-eyes is on: somebody else has to approve it. {ask}"
    )


def unseen(trail: Trail, roster: Roster) -> _Persons:
    """The people who wrote a part of the latest text that nobody else who may review has seen.

    Seen is what somebody edited further or approved. To send a text on or back, to retire or to restore it is
    not to read it. Who may review, and which ids are one person's, is asked as of now.
    """
    texts: dict[Entry, _Persons] = {}
    own = _NOBODY
    for revision in trail.revisions:
        if revision.entry is None:
            return _NOBODY
        text = drafted(revision.entry)
        own = _unseen_then(revision, own, texts.get(text), roster)
        texts[text] = own
    return own


def _unseen_then(step: Revision, before: _Persons, earlier: _Persons | None, roster: Roster) -> _Persons:
    """The same after one step; `before` it, and when just this text was there `earlier` (None: never)."""
    me = frozenset({roster.person(step.by)})
    known = earlier or _NOBODY
    settled = step.entry is not None and step.entry.status in SETTLED
    match step.step:
        case Step.EDIT:
            others = before if earlier is None else earlier
            return me if roster.may(step.by, Role.REVIEWER) else me | others
        case Step.IMPORT if settled:  # readers get it at once, and nobody reviews it: the operator's word
            return _NOBODY
        case Step.ADD | Step.PROPOSE | Step.IMPORT:
            return known | me
        case Step.APPROVE | Step.PUBLISH:  # alone, where four-eyes was off
            return known & me
        case Step.UNDO if not known and not settled:  # what was seen once; that it comes back was not
            return me
        case _:
            return known
