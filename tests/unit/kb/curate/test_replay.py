"""Whatever curators do: what readers have is the replay of the revisions, and every index agrees."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import text

from kb.entries.editorial import LinkState, SourceRead
from kb.entries.entry import Entry, Status
from kb.entries.revision import SETTLED, WRITING, Revision, Step, replay
from kb.errors import CurationError, EntryError
from kb.search.embedder import HashEmbedder
from kb.search.index import Index
from kb.store.database import connect, reading, upgrade
from kb.store.entries import Store
from tests.unit.kb.curate.curating import ADMIN, OTHER, REVIEWER, WRITER, Clock, curation_on, sound

_ids = st.sampled_from(["a", "b"])
_people = st.sampled_from([WRITER, REVIEWER, OTHER, ADMIN, "slack:T1/STRANGER"])
_entries = st.builds(
    lambda id_, title, sound_: sound(id_, title=title, review_by="2030-01-01" if sound_ else None),
    _ids,
    st.sampled_from(["The harbour", "The bridge", "The ferry"]),
    st.booleans(),
)
_acts = st.sampled_from(["submit", "approve", "publish", "send_back", "retire", "undo"])
_LATE = 8
_bases = st.one_of(st.none(), st.integers(1, 12))


def _with_earlier(revisions: tuple[Revision, ...]) -> Iterator[tuple[Revision, tuple[Revision, ...]]]:
    return ((each, revisions[:place]) for place, each in enumerate(revisions))


class Curating(RuleBasedStateMachine):
    """Curators, reviewers, an admin and a stranger act in any order; some of it is refused."""

    @initialize(four_eyes=st.sampled_from([None, True, False]))
    def begin(self, four_eyes: bool | None) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.engine = connect(f"sqlite:///{Path(self.folder.name)}/caveat.db")
        upgrade(self.engine, "kb.store")
        self.store = Store(self.engine, now=Clock())
        self.curation = curation_on(self.store, four_eyes=four_eyes, reviewers=(REVIEWER, OTHER))
        self.index = Index(self.store, HashEmbedder())

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.engine.dispose()
            self.folder.cleanup()

    @rule(entry=_entries, by=_people)
    def add(self, entry: Entry, by: str) -> None:
        with suppress(CurationError):
            self.curation.add(entry, by=by, anyway=True)

    @rule(entry=_entries, by=_people, base=st.integers(1, 12), current=st.booleans())
    def edit(self, entry: Entry, by: str, base: int, current: bool) -> None:
        revisions = self.store.history(entry.id)
        number = revisions[-1].number if revisions and current else base
        with suppress(CurationError):
            self.curation.edit(entry, by=by, base=number)

    @rule(act=_acts, id_=_ids, by=_people, base=_bases)
    def act(self, act: str, id_: str, by: str, base: int | None) -> None:
        with suppress(CurationError, EntryError):
            getattr(self.curation, act)(id_, by=by, why="because", base=base)

    @rule(act=_acts, id_=_ids, by=st.sampled_from([REVIEWER, OTHER]))
    def move_on(self, act: str, id_: str, by: str) -> None:
        """As `act`, by somebody who may: else most steps would be refused and little would happen."""
        with suppress(CurationError, EntryError):
            getattr(self.curation, act)(id_, by=by, why="because")

    @rule(entry=_entries, by=st.sampled_from([WRITER, REVIEWER, OTHER]), until=st.integers(0, 2))
    def write(self, entry: Entry, by: str, until: int) -> None:
        """A change as it is meant to be made, up to its publication or not so far."""
        read = SourceRead(state=LinkState.OK, text="The report.")
        revisions = self.store.history(entry.id)
        with suppress(CurationError, EntryError):
            if revisions:
                self.curation.edit(entry, by=by, base=revisions[-1].number)
            else:
                self.curation.add(entry, by=by, anyway=True)
            if until > 0:
                self.curation.submit(entry.id, by=by, read=read)
            if until > 1:
                self.curation.approve(entry.id, by=OTHER, read=read)

    @rule(id_=_ids, by=st.sampled_from([REVIEWER, ADMIN]))
    def redact(self, id_: str, by: str) -> None:
        """Seldom, for nothing follows it."""
        if self.store.revision() > _LATE:
            with suppress(CurationError):
                self.curation.redact(id_, by=by, why="because")

    @rule(id_=_ids, to=st.integers(1, 12), by=_people)
    def undo_to(self, id_: str, to: int, by: str) -> None:
        with suppress(CurationError):
            self.curation.undo(id_, to=to, by=by)

    @rule(by=_people)
    def supersede(self, by: str) -> None:
        with suppress(CurationError):
            self.curation.supersede("a", successor="b", by=by)

    @rule(entries=st.lists(_entries, unique_by=lambda entry: entry.id), status=st.sampled_from(Status))
    def import_(self, entries: list[Entry], status: Status) -> None:
        with suppress(EntryError):
            given = [entry.model_copy(update={"status": status}) for entry in entries]
            self.curation.import_entries(given, by=ADMIN)

    @rule(entry=_entries)
    def propose(self, entry: Entry) -> None:
        self.curation.propose([entry], by=ADMIN)

    @rule()
    def follow(self) -> None:
        """An index looks now and then, and others of the same store at other times."""
        self.index.follow()

    @invariant()
    def what_readers_have_is_the_replay_of_the_revisions(self) -> None:
        for id_ in ("a", "b"):
            revision = replay(self.store.history(id_))
            assert self.store.get(id_) == (revision.entry if revision else None)

    @invariant()
    def readers_never_lose_what_was_published_to_a_draft(self) -> None:
        for id_ in ("a", "b"):
            trail = self.store.trail(id_)
            settled = [each for each in trail.revisions if each.entry and each.entry.status in SETTLED]
            imported = [each for each in trail.revisions if each.step is Step.IMPORT]
            if (
                settled
                and not trail.tombstone
                and (not imported or settled[-1].number >= imported[-1].number)
            ):
                assert trail.live == settled[-1]

    @invariant()
    def with_four_eyes_whoever_publishes_did_not_write_it_last(self) -> None:
        for id_ in ("a", "b"):
            for each, earlier in _with_earlier(self.store.history(id_)):
                if each.entry and each.step in {Step.APPROVE, Step.PUBLISH} and each.entry.approvals == 2:
                    writers = [before.by for before in earlier if before.step in WRITING]
                    assert writers[-1:] != [each.by]

    @invariant()
    def every_index_agrees(self) -> None:
        fresh = Index(self.store, HashEmbedder())
        fresh.follow()
        fresh.encode(100)
        later = self.index
        later.follow()
        later.encode(100)
        published = {entry.id for entry in self.store.entries(Status.PUBLISHED)}
        for index in (fresh, later):
            assert set(index._rows) == published
            assert len(index) == len(published)
            assert max(index.revision, 0) == self.store.revision()

    @invariant()
    def what_was_redacted_is_nowhere(self) -> None:
        for id_ in ("a", "b"):
            trail = self.store.trail(id_)
            if trail.tombstone:
                assert all(each.entry is None for each in trail.revisions)
                assert trail.revisions[-1] == trail.tombstone
                with reading(self.engine) as connection:
                    query = text("SELECT count(*) FROM revisions WHERE entry_id = :id AND body <> ''")
                    assert connection.execute(query, {"id": id_}).scalar() == 0


Curating.TestCase.settings = settings(
    max_examples=20, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestCurating = Curating.TestCase
