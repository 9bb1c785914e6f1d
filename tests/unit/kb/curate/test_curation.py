from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from kb.curate.curation import Curation
from kb.curate.review_queue import Reason
from kb.entries.editorial import LinkState, SourceRead
from kb.entries.entry import Entry, Status
from kb.entries.field_changes import StaleError
from kb.entries.people import Role
from kb.entries.revision import Step
from kb.errors import CurationError, DuplicateError, EntryError, NotAllowedError
from kb.store.entries import Store
from tests.unit.kb.curate.curating import ADMIN, OTHER, REVIEWER, WRITER, curation_on, sound

ELSEWHERE = {"original": {"publisher": "P", "title": "T", "url": "https://elsewhere.example/x"}}


@pytest.fixture
def curation(store: Store) -> Curation:
    """One reviewer: four-eyes is off."""
    return curation_on(store, reviewers=(REVIEWER,))


@pytest.fixture
def strict(store: Store) -> Curation:
    """Two reviewers: four-eyes is on."""
    return curation_on(store, reviewers=(REVIEWER, OTHER))


def live(curation: Curation, id_: str = "a") -> Entry | None:
    return curation.store.get(id_)


def publish(curation: Curation, entry: Entry) -> None:
    """By a writer and a reviewer, step by step."""
    curation.add(entry, by=WRITER)
    curation.submit(entry.id, by=WRITER)
    curation.approve(entry.id, by=REVIEWER)


def test_an_entry_goes_from_draft_to_review_to_readers_and_out_of_use(curation: Curation) -> None:
    statuses = []
    curation.add(sound(), by=WRITER, why="seen in the channel")
    steps: tuple[Callable[[], object], ...] = (
        lambda: curation.submit("a", by=WRITER),
        lambda: curation.send_back("a", by=REVIEWER, why="which day?"),
        lambda: curation.submit("a", by=WRITER),
        lambda: curation.approve("a", by=REVIEWER),
        lambda: curation.retire("a", by=REVIEWER, why="it was withdrawn"),
    )
    for step in steps:
        entry = live(curation)
        assert entry
        statuses.append(entry.status)
        step()
    entry = live(curation)
    assert entry
    assert [*statuses, entry.status] == ["draft", "in_review", "draft", "in_review", "published", "retired"]
    told = [(each.step, each.by, each.note) for each in curation.trail("a").revisions]
    assert told == [
        (Step.ADD, WRITER, "seen in the channel"),
        (Step.SUBMIT, WRITER, ""),
        (Step.SEND_BACK, REVIEWER, "which day?"),
        (Step.SUBMIT, WRITER, ""),
        (Step.APPROVE, REVIEWER, ""),
        (Step.RETIRE, REVIEWER, "it was withdrawn"),
    ]


def test_a_publication_says_who_verified_it_when_and_how_many_stand_behind_it(curation: Curation) -> None:
    curation.people.call(REVIEWER, "Harbour Desk", by=ADMIN)
    publish(curation, sound(verified_by="somebody", approvals=9))
    entry = live(curation)
    assert entry
    assert (entry.verified_by, entry.verified_on, entry.approvals) == ("Harbour Desk", date(2026, 11, 22), 1)
    curation.people.give(OTHER, Role.REVIEWER, by=ADMIN)
    publish(curation, sound("b", title="Quite another story"))
    entry = live(curation, "b")
    assert entry
    assert entry.approvals == 2


def test_with_four_eyes_nobody_approves_their_own_text(strict: Curation) -> None:
    strict.add(sound(), by=REVIEWER)
    strict.submit("a", by=REVIEWER)
    for act in (strict.approve, strict.publish):
        with pytest.raises(NotAllowedError, match=rf"your own text.*ask {OTHER}"):
            act("a", by=REVIEWER)
    strict.approve("a", by=OTHER)
    entry = live(strict)
    assert entry
    assert (entry.status, entry.approvals) == (Status.PUBLISHED, 2)


def test_what_waits_when_a_second_reviewer_comes_needs_them(curation: Curation) -> None:
    curation.add(sound(), by=REVIEWER)
    curation.submit("a", by=REVIEWER)
    curation.people.give(OTHER, Role.REVIEWER, by=ADMIN)
    with pytest.raises(NotAllowedError, match="your own text"):
        curation.approve("a", by=REVIEWER)
    curation.approve("a", by=OTHER)


def test_four_eyes_see_through_a_second_account(strict: Curation) -> None:
    strict.people.join("cli:ana", OTHER, by=ADMIN)
    strict.add(sound(), by="cli:ana")
    with pytest.raises(NotAllowedError, match="your own text"):
        strict.publish("a", by=OTHER)


def test_two_accounts_of_one_person_are_one_reviewer(store: Store) -> None:
    curation = curation_on(store, reviewers=(REVIEWER, OTHER))
    curation.people.join(OTHER, REVIEWER, by=ADMIN)
    curation.add(sound(), by=OTHER)
    curation.publish("a", by=REVIEWER)
    entry = live(curation)
    assert entry
    assert entry.approvals == 1


def test_a_text_that_another_reviewer_worked_on_is_no_longer_only_ones_own(strict: Curation) -> None:
    strict.add(sound(), by=REVIEWER)
    base = strict.edit(sound(title="With a comma"), by=WRITER, base=1).revision.number
    with pytest.raises(NotAllowedError, match="your own text"):
        strict.publish("a", by=REVIEWER)  # a writer is not a second reviewer
    strict.edit(sound(title="With two commas"), by=OTHER, base=base)
    with pytest.raises(NotAllowedError, match="your own text"):
        strict.publish("a", by=OTHER)
    strict.publish("a", by=REVIEWER)


def test_four_eyes_can_be_set_either_way(store: Store) -> None:
    alone = curation_on(store, four_eyes=True, reviewers=(REVIEWER,))
    alone.add(sound(), by=REVIEWER)
    with pytest.raises(NotAllowedError, match="your own text"):
        alone.publish("a", by=REVIEWER)
    curation_on(store, four_eyes=False, reviewers=(REVIEWER, OTHER)).publish("a", by=REVIEWER)


def test_readers_keep_the_published_text_until_the_changed_one_is_approved(curation: Curation) -> None:
    publish(curation, sound())
    before, seen = live(curation), curation.store.revision()
    done = curation.edit(
        sound(summary="Corrected."), by=WRITER, base=curation.trail("a").revisions[-1].number
    )
    curation.submit("a", by=WRITER)
    assert live(curation) == before
    assert list(curation.store.changes(seen)) == []
    assert [item.entry_id for item in curation.queue() if item.reason is Reason.IN_REVIEW] == ["a"]
    assert [str(change) for change in curation.diff("a") if change.of_text] == [
        "summary: was “A summary.”, now “Corrected.”"
    ]
    curation.approve("a", by=REVIEWER)
    now = live(curation)
    assert now
    assert now.summary == "Corrected."
    assert [change.entry for change in curation.store.changes(seen)] == [now]
    assert curation.trail("a").pending is None
    assert done.trail.pending is not None


def test_a_stale_edit_is_refused_with_what_changed_and_nothing_is_lost(curation: Curation) -> None:
    curation.add(sound(), by=WRITER)
    curation.edit(sound(title="First", tags=["harbour"]), by=REVIEWER, base=1)
    with pytest.raises(StaleError) as refused:
        curation.edit(sound(title="Second"), by=WRITER, base=1)
    assert refused.value.latest == 2
    assert [str(change) for change in refused.value.changes] == [
        "title: was “Title of a”, now “First”",
        "tag: added “harbour”",
    ]
    assert REVIEWER in str(refused.value)
    assert "title: was “Title of a”, now “First”" in str(refused.value)
    assert len(curation.trail("a").revisions) == 2


def test_a_reviewer_approves_what_they_have_seen_or_nothing(curation: Curation) -> None:
    curation.add(sound(), by=WRITER)
    seen = curation.submit("a", by=WRITER).revision.number
    later = curation.edit(sound(title="Slipped in"), by=WRITER, base=seen).revision.number
    curation.submit("a", by=WRITER, base=later)
    with pytest.raises(StaleError, match="Slipped in"):
        curation.approve("a", by=REVIEWER, base=seen)


def test_an_edit_that_changes_nothing_makes_no_revision(curation: Curation) -> None:
    publish(curation, sound())
    entry = live(curation)
    assert entry
    with pytest.raises(CurationError, match="Nothing in a would change"):
        curation.edit(entry, by=WRITER, base=3)


@pytest.mark.parametrize(
    ("step", "who", "role"),
    [
        (lambda it, who: it.add(sound("b"), by=who), "cli:nobody", "curator"),
        (lambda it, who: it.edit(sound(title="x"), by=who, base=1), "cli:nobody", "curator"),
        (lambda it, who: it.submit("a", by=who), "cli:nobody", "curator"),
        (lambda it, who: it.undo("a", by=who), "cli:nobody", "curator"),
        (lambda it, who: it.approve("a", by=who), WRITER, "reviewer"),
        (lambda it, who: it.publish("a", by=who), WRITER, "reviewer"),
        (lambda it, who: it.send_back("a", by=who, why="x"), WRITER, "reviewer"),
        (lambda it, who: it.redact("a", by=who, why="x"), REVIEWER, "admin"),
        (lambda it, who: it.import_entries([sound()], by=who), REVIEWER, "admin"),
        (lambda it, who: it.propose([sound()], by=who), REVIEWER, "admin"),
    ],
)
def test_who_may_not_is_told_politely_and_whom_to_ask(
    curation: Curation, step: object, who: str, role: str
) -> None:
    curation.people.give("slack:T1/UBOSS", Role.ADMIN, by=ADMIN)
    curation.people.call("slack:T1/UBOSS", "The boss", by=ADMIN)
    curation.add(sound(), by=WRITER)
    with pytest.raises(NotAllowedError) as refused:
        step(curation, who)  # type: ignore[operator]  # a table of functions
    assert str(refused.value).startswith("Sorry, ")
    assert f"takes the role of {role}" in str(refused.value)
    assert str(refused.value).endswith("Please ask an admin: The boss (slack:T1/UBOSS).")
    assert len(curation.trail("a").revisions) == 1


def test_only_a_reviewer_retires_what_readers_have_and_a_curator_drops_a_draft(curation: Curation) -> None:
    publish(curation, sound())
    with pytest.raises(NotAllowedError, match="reviewer"):
        curation.retire("a", by=WRITER, why="x")
    curation.add(sound("b", title="Quite another story"), by=WRITER)
    curation.retire("b", by=WRITER, why="not worth it")
    with pytest.raises(CurationError, match="retired already"):
        curation.retire("b", by=REVIEWER, why="x")


def test_steps_out_of_order_say_what_is_needed(curation: Curation) -> None:
    curation.add(sound(), by=WRITER)
    with pytest.raises(CurationError, match="a is a draft; to approve a text, it must be in review"):
        curation.approve("a", by=REVIEWER)
    with pytest.raises(CurationError, match="no entry 'x'"):
        curation.submit("x", by=WRITER)
    with pytest.raises(CurationError, match="say why"):
        curation.retire("a", by=REVIEWER, why=" ")
    with pytest.raises(CurationError, match="a is there already"):
        curation.add(sound(), by=WRITER)


def test_an_unsound_text_is_kept_as_a_draft_and_cannot_be_sent_to_review(curation: Curation) -> None:
    done = curation.add(sound(summary="One. Two. Three.", review_by=None, sensitive=None), by=WRITER)
    assert [problem.field for problem in done.problems] == ["summary", "review_by", "sensitive"]
    for act, who in ((curation.submit, WRITER), (curation.publish, REVIEWER)):
        with pytest.raises(EntryError, match="has 3 sentences"):
            act("a", by=who)


def test_what_does_not_occur_in_the_source_bars_the_publication(curation: Curation) -> None:
    quoted = sound(quotes=[{"speaker": "The mayor", "text": "The bridge was open."}])
    read = SourceRead(state=LinkState.OK, text="“The bridge was shut,” the mayor said.")
    curation.add(quoted, by=WRITER)
    with pytest.raises(EntryError, match="does not occur in the original word for word"):
        curation.submit("a", by=WRITER, read=read)
    done = curation.submit("a", by=WRITER)
    assert [str(warning) for warning in done.warnings] == [
        "original.url: whether the original answers was not checked",
        "original: figures and quotes were not compared with the original's text, which was not read",
    ]


def test_a_double_is_pointed_out_before_it_is_saved(curation: Curation) -> None:
    curation.add(sound(), by=WRITER)
    double = sound("b", title="Other words", original=sound().original.model_dump())
    with pytest.raises(DuplicateError, match="also the original of a"):
        curation.add(double, by=WRITER)
    assert curation.store.get("b") is None
    done = curation.add(double, by=WRITER, anyway=True)
    assert [warning.field for warning in done.warnings] == ["original.url", "original.url"]


def test_an_entry_is_superseded_by_another_published_one(curation: Curation) -> None:
    publish(curation, sound())
    publish(curation, sound("b", title="Quite another story"))
    with pytest.raises(CurationError, match="no other published entry"):
        curation.supersede("a", successor="a", by=REVIEWER)
    curation.supersede("a", successor="b", by=REVIEWER, why="more is known")
    entry = live(curation)
    assert entry
    assert (entry.status, entry.superseded_by) == (Status.RETIRED, "b")


def test_a_retired_entry_can_come_back_and_stays_retired_until_then(curation: Curation) -> None:
    publish(curation, sound())
    curation.retire("a", by=REVIEWER, why="doubts")
    curation.undo("a", by=WRITER)
    entry, pending = live(curation), curation.trail("a").pending
    assert entry
    assert pending
    assert pending.entry
    assert (entry.status, pending.entry.status) == (Status.RETIRED, Status.DRAFT)
    curation.publish("a", by=REVIEWER)
    entry = live(curation)
    assert entry
    assert (entry.status, entry.superseded_by) == (Status.PUBLISHED, None)


def test_undo_restores_the_text_that_was_published_before(curation: Curation) -> None:
    publish(curation, sound())
    curation.edit(sound(summary="Worse."), by=WRITER, base=3)
    curation.publish("a", by=REVIEWER)
    curation.undo("a", by=WRITER, why="it was right")
    curation.publish("a", by=REVIEWER)
    entry = live(curation)
    assert entry
    assert entry.summary == "A summary."
    assert len(curation.trail("a").revisions) == 7


def test_undo_drops_a_change_that_waits(curation: Curation) -> None:
    publish(curation, sound())
    before = live(curation)
    curation.edit(sound(summary="Worse."), by=WRITER, base=3)
    curation.undo("a", by=WRITER)
    assert curation.trail("a").pending is None
    assert live(curation) == before
    with pytest.raises(CurationError, match="just that text"):
        curation.undo("a", by=WRITER, to=3)


def test_the_first_step_cannot_be_undone(curation: Curation) -> None:
    curation.add(sound(), by=WRITER)
    with pytest.raises(CurationError, match="nothing earlier"):
        curation.undo("a", by=WRITER)
    with pytest.raises(CurationError, match="no revision 7; it has 1"):
        curation.undo("a", by=WRITER, to=7)


def test_the_queue_holds_what_is_due_dead_or_flagged(curation: Curation) -> None:
    curation.import_entries(
        [sound("a", review_by="2026-11-21"), sound("b", review_by="2026-11-22")], by=ADMIN
    )
    curation.originals.keep(
        "https://paper.example/b", SourceRead(state=LinkState.DEAD, reason="the site answered 404")
    )
    curation.flags.flag("b", "feedback", note="three said: not the same story", by="feedback")
    found = {(item.entry_id, item.reason) for item in curation.queue()}
    assert found == {("a", Reason.DUE), ("b", Reason.DEAD), ("b", Reason.FLAGGED)}
    curation.retire("b", by=REVIEWER, why="wrong")
    assert curation.flags.all() == ()
    assert {item.entry_id for item in curation.queue()} == {"a"}


def test_imports_keep_what_files_say_and_point_out_doubles(curation: Curation) -> None:
    same = sound().original.model_dump()
    saved, warnings = curation.import_entries(
        [sound(), sound("b", title="Other words", original=same)], by=ADMIN, named="night desk"
    )
    assert saved.new == 2
    assert [str(warning) for warning in warnings] == [
        "b: original.url: is also the original of a (published): “Title of a”"
    ]
    assert curation.trail("a").revisions[0].by == "night desk"
    _, warnings = curation.import_entries([sound()], by=ADMIN)
    assert [str(warning) for warning in warnings] == [
        "a: original.url: is also the original of b (published): “Other words”"
    ]


def test_an_import_replaces_what_readers_have_even_with_a_draft(curation: Curation) -> None:
    curation.import_entries([sound()], by=ADMIN)
    curation.import_entries([sound(status="draft")], by=ADMIN)
    entry = live(curation)
    assert entry
    assert entry.status is Status.DRAFT


def test_proposals_are_drafts_and_the_same_again_changes_nothing(curation: Curation) -> None:
    first = curation.propose([sound(), sound("b")], by=ADMIN)
    assert first.new == ("a", "b")
    assert curation.propose([sound(), sound("b", summary="New.")], by=ADMIN).changed == ("b",)
    assert {entry.status for entry in curation.store.entries()} == {Status.DRAFT}
    assert curation.propose([sound(), sound("b", summary="New.")], by=ADMIN).unchanged == ("a", "b")


def test_a_proposal_leaves_alone_what_curators_wrote(curation: Curation) -> None:
    curation.propose([sound()], by=ADMIN)
    curation.edit(sound(title="Better"), by=WRITER, base=1)
    curation.publish("a", by=REVIEWER)
    assert curation.propose([sound()], by=ADMIN).unchanged == ("a",)
    assert curation.propose([sound(summary="New.")], by=ADMIN).curated == ("a",)
    entry = live(curation)
    assert entry
    assert entry.title == "Better"


def test_a_changed_proposal_waits_beside_what_was_published(curation: Curation) -> None:
    curation.propose([sound()], by=ADMIN)
    curation.publish("a", by=REVIEWER)
    assert curation.propose([sound(summary="New.")], by=ADMIN).changed == ("a",)
    entry, pending = live(curation), curation.trail("a").pending
    assert entry
    assert pending
    assert pending.entry
    assert (entry.summary, pending.entry.summary) == ("A summary.", "New.")


def test_of_many_edits_at_once_one_is_kept_and_every_other_is_told_what_changed(curation: Curation) -> None:
    curation.add(sound(), by=WRITER)
    start = threading.Barrier(6)

    def edit(number: int) -> str:
        start.wait(timeout=60)
        try:
            curation.edit(sound(title=f"Title {number}"), by=WRITER, base=1)
        except StaleError as error:
            return str(error.changes[0])
        return "kept"

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(edit, range(6)))
    kept = told.index("kept")
    others = [each for each in told if each != "kept"]
    assert others == [f"title: was “Title of a”, now “Title {kept}”"] * 5
    assert len(curation.trail("a").revisions) == 2
