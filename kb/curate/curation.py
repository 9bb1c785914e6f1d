"""The only write path to entries: add, edit, review, publish, retire, supersede, undo, redact, import.

Chat, console and command line all call these actions; nothing here knows of a platform. Who acts is an id
such as `slack:T123/U456` (kb/entries/people.py); what a step takes is the table in lifecycle.py; what a text
must be is kb/entries/editorial.py. Every action is one transaction and one revision, or nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from kb.curate import four_eyes, lifecycle
from kb.curate.duplicates import Duplicates
from kb.curate.overview import Overview
from kb.curate.proposals import Proposed, propose
from kb.entries.editorial import SourceRead, bars, warnings_about
from kb.entries.entry import Entry, Status
from kb.entries.people import Role, Roster
from kb.entries.revision import NewRevision, Revision, Saved, Step, Trail
from kb.errors import CurationError, DuplicateError, EntryError, Problem
from kb.store.entries import Store
from kb.store.flags import Flags
from kb.store.originals import Originals
from kb.store.roles import People
from kb.text.fingerprint import fingerprint


@dataclass(frozen=True, kw_only=True)
class Done:
    """What an action led to: the entry's revisions with the new one as the last, and what to look at.

    `problems` are what still bars publication (a draft may have some), `warnings` never bar anything.
    """

    trail: Trail
    warnings: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def revision(self) -> Revision:
        """The new revision; its `number` is the `base` of what follows on it."""
        return self.trail.revisions[-1]


class Curation(Overview):
    """What curators do. Synchronous: call it off the event loop.

    `four_eyes` is None to have it on as soon as two people may review. Each action takes `by`, the id of who
    acts, and `why`, which is kept in the history. `base`, where given, is the number of the revision that the
    person has seen: if the entry is further by now, nothing is done. Each raises NotAllowedError (role;
    four-eyes), StaleError (the entry changed; says what), CurationError (not possible in this state, or no
    such entry), EntryError (the text breaks editorial rules) and StoreError.
    """

    def __init__(
        self,
        store: Store,
        people: People,
        originals: Originals,
        flags: Flags,
        *,
        four_eyes: bool | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(store, originals, flags, now=now)
        self.people, self._four_eyes = people, four_eyes

    def check(self, entry: Entry, *, read: SourceRead | None = None) -> Done:
        """Tell what bars the publication of a text, and what to look at, such as doubles; saves nothing."""
        return self._findings(entry, read, Trail(entry.id), self.duplicates(entry))

    def add(
        self, entry: Entry, *, by: str, why: str = "", read: SourceRead | None = None, anyway: bool = False
    ) -> Done:
        """Keep a new entry as a draft. Raises DuplicateError where there seems to be one, unless `anyway`."""
        duplicates = self.duplicates(entry)

        def decide(trail: Trail) -> NewRevision:
            self.people.roster().require(by, Role.CURATOR, to="add an entry")
            if trail.revisions and not trail.tombstone:
                raise CurationError(f"{entry.id} is there already; give another id, or edit that entry.")
            if trail.tombstone:
                lifecycle.working_text(trail)
            if duplicates and not anyway:
                raise DuplicateError(duplicates)
            return NewRevision(entry=lifecycle.drafted(entry), step=Step.ADD, by=by, note=why)

        return self._done(self.store.step(entry.id, decide), read, duplicates=duplicates)

    def edit(
        self, entry: Entry, *, by: str, base: int, why: str = "", read: SourceRead | None = None
    ) -> Done:
        """Keep a changed text as a draft, beside the published one if there is one."""

        def change(_: Roster, trail: Trail, now: Entry) -> Entry:
            draft = lifecycle.drafted(entry)
            if lifecycle.same_text(draft, now):
                raise CurationError(f"Nothing in {trail.entry_id} would change, so nothing was saved.")
            return draft

        trail = self._take(Step.EDIT, entry.id, change, by=by, why=why, base=base)
        return self._done(trail, read, duplicates=self.duplicates(entry))

    def submit(
        self,
        entry_id: str,
        *,
        by: str,
        why: str = "",
        base: int | None = None,
        read: SourceRead | None = None,
    ) -> Done:
        """Send a draft to review. Raises EntryError with all that bars its publication."""

        def change(_: Roster, __: Trail, now: Entry) -> Entry:
            self._require_sound(now, read)
            return lifecycle.in_review(now)

        return self._done(self._take(Step.SUBMIT, entry_id, change, by=by, why=why, base=base), read)

    def approve(
        self,
        entry_id: str,
        *,
        by: str,
        why: str = "",
        base: int | None = None,
        read: SourceRead | None = None,
    ) -> Done:
        """Publish a text that is in review. Raises EntryError as `submit` does."""
        return self._publish(Step.APPROVE, entry_id, by=by, why=why, base=base, read=read)

    def publish(
        self,
        entry_id: str,
        *,
        by: str,
        why: str = "",
        base: int | None = None,
        read: SourceRead | None = None,
    ) -> Done:
        """Publish a draft, or a text in review, at once. Raises EntryError as `submit` does."""
        return self._publish(Step.PUBLISH, entry_id, by=by, why=why, base=base, read=read)

    def send_back(self, entry_id: str, *, by: str, why: str, base: int | None = None) -> Done:
        """Make a text in review a draft again; `why` is for its writer."""
        trail = self._take(
            Step.SEND_BACK, entry_id, lambda _, __, now: lifecycle.drafted(now), by=by, why=why, base=base
        )
        return Done(trail=trail)

    def retire(self, entry_id: str, *, by: str, why: str, base: int | None = None) -> Done:
        """Take an entry out of use; readers of old answers are told why. A waiting draft stays in history."""
        return Done(trail=self._withdraw(Step.RETIRE, entry_id, by=by, why=why, base=base))

    def supersede(
        self, entry_id: str, *, successor: str, by: str, why: str = "", base: int | None = None
    ) -> Done:
        """Retire an entry in favour of another one, which must be published."""
        taken = self.store.get(successor)
        if successor == entry_id or taken is None or taken.status is not Status.PUBLISHED:
            raise CurationError(f"{successor} is no other published entry, so it cannot take over.")
        trail = self._withdraw(Step.SUPERSEDE, entry_id, by=by, why=why, base=base, successor=successor)
        return Done(trail=trail)

    def undo(
        self, entry_id: str, *, by: str, why: str = "", base: int | None = None, to: int | None = None
    ) -> Done:
        """Restore an earlier text as a new revision: that of revision `to`, or else the one before the last.

        It becomes a draft, or, where readers have just that text, what was pending is dropped.
        """

        def change(_: Roster, trail: Trail, now: Entry) -> Entry:
            return lifecycle.restored(trail, lifecycle.to_restore(trail, to), now)

        return self._done(self._take(Step.UNDO, entry_id, change, by=by, why=why, base=base), None)

    def redact(self, entry_id: str, *, by: str, why: str) -> Done:
        """Erase every text of an entry and what was derived from them; who, when and why stay."""

        def decide(trail: Trail) -> NewRevision:
            lifecycle.permitted(Step.REDACT, trail, self.people.roster(), by=by, why=why, base=None)
            return NewRevision(entry=None, step=Step.REDACT, by=by, note=why)

        return Done(trail=self.store.step(entry_id, decide))

    def import_entries(
        self, entries: Collection[Entry], *, by: str, why: str = "", named: str = ""
    ) -> tuple[Saved, tuple[Problem, ...]]:
        """Keep entries just as their files say, published ones too: all, or on an error none.

        For admins, since nobody reviews them. `named` stands in the history in place of `by`. Gives the
        counts, and warnings about duplicates.
        """
        self.people.roster().require(by, Role.ADMIN, to="import entries")
        duplicates = Duplicates(self.store.outlines()).among(entries)
        return self.store.save(entries, by=named or by, note=why), duplicates

    def propose(self, entries: Collection[Entry], *, by: str, why: str = "") -> Proposed:
        """Keep entries of another publisher's as drafts, never published by themselves; again is no change.

        One that curators have worked on since is left alone and told of.
        """
        self.people.roster().require(by, Role.ADMIN, to="import entries")
        return propose(self.store, entries, by=by, why=why)

    def _publish(
        self, step: Step, entry_id: str, *, by: str, why: str, base: int | None, read: SourceRead | None
    ) -> Done:
        def change(roster: Roster, trail: Trail, now: Entry) -> Entry:
            strict = four_eyes.is_on(roster, self._four_eyes)
            if strict:
                four_eyes.require_another(trail, roster, by=by)
            self._require_sound(now, read)
            approvals = lifecycle.TWO_PEOPLE if strict else lifecycle.ONE_PERSON
            name = roster.name(by) or "a reviewer"
            return lifecycle.published(now, approvals=approvals, name=name, today=self.today)

        return self._done(self._take(step, entry_id, change, by=by, why=why, base=base), read)

    def _withdraw(
        self, step: Step, entry_id: str, *, by: str, why: str, base: int | None, successor: str | None = None
    ) -> Trail:
        def change(_: Roster, trail: Trail, now: Entry) -> Entry:
            live = trail.settled.entry if trail.settled and trail.settled.entry else now
            if live.status is Status.RETIRED:
                raise CurationError(f"{entry_id} is retired already.")
            return lifecycle.retired(live, successor=successor)

        return self._take(step, entry_id, change, by=by, why=why, base=base)

    def _take(
        self, step: Step, entry_id: str, change: _Changing, *, by: str, why: str, base: int | None
    ) -> Trail:
        def decide(trail: Trail) -> NewRevision:
            roster = self.people.roster()
            now = lifecycle.permitted(step, trail, roster, by=by, why=why, base=base)
            return NewRevision(entry=change(roster, trail, now), step=step, by=by, note=why)

        return self.store.step(entry_id, decide)

    def _require_sound(self, entry: Entry, read: SourceRead | None) -> None:
        if problems := bars(entry, read, today=self.today):
            raise EntryError(problems)

    def _done(self, trail: Trail, read: SourceRead | None, *, duplicates: tuple[Problem, ...] = ()) -> Done:
        """Tell of the text that was just saved; what was read of its original is kept as far as allowed."""
        entry = trail.revisions[-1].entry
        if entry is None:
            return Done(trail=trail)
        if read is not None:
            self.originals.keep(entry.original.url, read)
        return self._findings(entry, read, trail, duplicates)

    def _findings(
        self, entry: Entry, read: SourceRead | None, trail: Trail, duplicates: tuple[Problem, ...]
    ) -> Done:
        state = read.state if read else self.originals.state(entry.original.url)
        return Done(
            trail=trail,
            problems=bars(entry, read, today=self.today),
            warnings=(*duplicates, *warnings_about(entry, state, read)),
        )


_Changing = Callable[[Roster, Trail, Entry], Entry]


def open_curation(
    engine: Engine,
    *,
    admins: Iterable[str] = (),
    operator: str | None = None,
    four_eyes: bool | None = None,
) -> Curation:
    """Curating on a database; `operator` is whoever is at the machine's command line, nobody else."""
    return Curation(
        Store(engine),
        People(engine, admins=admins, operator=operator),
        Originals(engine, fingerprint=fingerprint),
        Flags(engine),
        four_eyes=four_eyes,
    )
