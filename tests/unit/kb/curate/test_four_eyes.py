"""Nobody publishes what they wrote a part of and nobody else who may review has seen."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from kb.curate.curation import Curation
from kb.entries.entry import Entry, Status
from kb.entries.people import Role
from kb.errors import CurationError, NotAllowedError, StoreError
from kb.store.database import connect, upgrade
from kb.store.entries import Store
from tests.unit.kb.curate.curating import ADMIN, OTHER, REVIEWER, WRITER, curation_on, sound

REVIEWER_TOO = "matrix:@uma:matrix.example"
"""The same person as REVIEWER, on another platform."""
OTHER_TOO = "slack:T1/U3"
LATE, LATE_TOO = "slack:T2/U9", "matrix:@lee:matrix.example"
"""Somebody whose role comes and goes, and whose ids are joined only on the way."""


@pytest.fixture
def strict(store: Store) -> Curation:
    curation = curation_on(store, four_eyes=True, reviewers=(REVIEWER, OTHER))
    curation.people.join(REVIEWER_TOO, REVIEWER, by=ADMIN)
    return curation


def latest(curation: Curation) -> int:
    return curation.trail("a").revisions[-1].number


def published_by_two(curation: Curation) -> None:
    curation.add(sound(), by=WRITER)
    curation.publish("a", by=OTHER)


def retired_over_a_draft(curation: Curation) -> None:
    curation.edit(sound(summary="Mine."), by=REVIEWER, base=latest(curation))
    curation.retire("a", by=REVIEWER, why="doubts")
    curation.undo("a", by=WRITER)


def superseded_over_a_draft(curation: Curation) -> None:
    curation.add(sound("b", title="Quite another story"), by=WRITER)
    curation.publish("b", by=OTHER)
    curation.edit(sound(summary="Mine."), by=REVIEWER, base=latest(curation))
    curation.supersede("a", successor="b", by=REVIEWER)
    curation.undo("a", by=WRITER)


def restored_by_its_number(curation: Curation) -> None:
    number = curation.edit(sound(summary="Mine."), by=REVIEWER, base=latest(curation)).revision.number
    curation.undo("a", by=WRITER)
    curation.edit(sound(summary="Something else."), by=WRITER, base=latest(curation))
    curation.publish("a", by=OTHER)
    curation.undo("a", by=WRITER, to=number)


def restored_by_the_other_reviewer(curation: Curation) -> None:
    """Who restores a text need not have read it."""
    curation.edit(sound(summary="Mine."), by=REVIEWER, base=latest(curation))
    curation.edit(sound(summary="Not yours."), by=WRITER, base=latest(curation))
    curation.undo("a", by=OTHER)


def saved_again_from_an_old_form(curation: Curation) -> None:
    curation.edit(sound(summary="Mine."), by=REVIEWER, base=latest(curation))
    curation.edit(sound(summary="Not yours."), by=OTHER, base=latest(curation))
    curation.edit(sound(summary="Mine."), by=WRITER, base=latest(curation))


def sent_back_and_submitted_by_others(curation: Curation) -> None:
    curation.edit(sound(summary="Mine."), by=REVIEWER, base=latest(curation))
    curation.submit("a", by=OTHER)
    curation.send_back("a", by=OTHER, why="which day?")
    curation.submit("a", by=WRITER)


def published_alone_before(curation: Curation) -> None:
    """While four-eyes was off; readers have the text, and still nobody else has seen it."""
    curation.edit(sound(summary="Mine."), by=REVIEWER, base=latest(curation))
    alone = curation_on(curation.store, four_eyes=False)
    alone.publish("a", by=REVIEWER)
    curation.retire("a", by=OTHER, why="doubts")
    curation.undo("a", by=WRITER)


def dropped_as_a_first_draft(curation: Curation) -> None:
    curation.add(sound("c", title="A third story"), by=REVIEWER)
    curation.retire("c", by=WRITER, why="not worth it")
    curation.undo("c", by=WRITER)


@pytest.mark.parametrize(
    ("way", "entry_id"),
    [
        (retired_over_a_draft, "a"),
        (superseded_over_a_draft, "a"),
        (restored_by_its_number, "a"),
        (restored_by_the_other_reviewer, "a"),
        (saved_again_from_an_old_form, "a"),
        (sent_back_and_submitted_by_others, "a"),
        (published_alone_before, "a"),
        (dropped_as_a_first_draft, "c"),
    ],
)
def test_whatever_way_a_text_comes_back_it_is_its_writers(
    strict: Curation, way: Callable[[Curation], None], entry_id: str
) -> None:
    """An undo, a retirement or somebody else's hand does not make a text another person's."""
    published_by_two(strict)
    way(strict)
    for account in (REVIEWER, REVIEWER_TOO):
        with pytest.raises(NotAllowedError, match=rf"your own text.*ask {OTHER}"):
            strict.publish(entry_id, by=account)
    strict.publish(entry_id, by=OTHER)


def test_who_brings_an_approved_text_back_does_not_publish_it_alone(strict: Curation) -> None:
    """That it comes back is a decision, too."""
    published_by_two(strict)
    strict.retire("a", by=REVIEWER, why="doubts")
    strict.undo("a", by=REVIEWER)
    with pytest.raises(NotAllowedError, match="your own text"):
        strict.publish("a", by=REVIEWER_TOO)
    strict.publish("a", by=OTHER)


def test_only_those_who_may_approve_are_named(strict: Curation) -> None:
    """Somebody who brought the same text in, from a file, is not told to be asked."""
    boss = "slack:T1/UBOSS"
    strict.people.give(boss, Role.ADMIN, by=ADMIN)
    draft = sound(status="draft")
    strict.add(draft, by=REVIEWER)
    strict.import_entries([draft.model_copy(update={"approvals": 1})], by=boss)
    for who in (REVIEWER, boss):
        with pytest.raises(NotAllowedError) as refused:
            strict.publish("a", by=who)
        assert str(refused.value).endswith(f"Please ask {OTHER}.")


@dataclass
class Watcher:
    """What a person at the side would write down: who typed each sentence first, and who had it before them.

    It knows accounts only, and looks at no revision: it learns of each step as it is taken.
    """

    typed: dict[str, str] = field(default_factory=dict)
    seen: dict[str, set[str]] = field(default_factory=dict)
    joined: dict[str, str] = field(default_factory=dict)

    def person(self, account: str) -> str:
        while account in self.joined:
            account = self.joined[account]
        return account

    def writes(self, account: str, entry: Entry, over: Entry | None) -> None:
        """Who hands a form in has had all of it before them, and the text that it changes."""
        for each in sentences(entry):
            self.typed.setdefault(each, account)
        self.reads(account, entry)
        self.reads(account, over)

    def reads(self, account: str, entry: Entry | None) -> None:
        for each in sentences(entry) if entry else ():
            self.seen.setdefault(each, set()).add(account)

    def alone(self, account: str, entry: Entry, may_review: Callable[[str], bool]) -> list[str]:
        """The sentences that `account` typed and nobody else who may review has seen."""
        me = self.person(account)
        return [
            each
            for each in sentences(entry)
            if self.person(self.typed.get(each, "an import")) == me
            and not any(self.person(one) != me and may_review(one) for one in self.seen.get(each, ()))
        ]


def sentences(entry: Entry) -> tuple[str, ...]:
    """The parts of an entry that the walk varies, each of them unlike every other."""
    return (entry.title, entry.summary, *entry.caveats)


class Walk:
    """One entry's random life: every step there is, by people on two platforms, with roles that change."""

    PEOPLE = (WRITER, REVIEWER, REVIEWER_TOO, OTHER, OTHER_TOO, LATE, LATE_TOO, ADMIN)

    def __init__(self, curation: Curation, seed: int) -> None:
        self.curation, self.dice, self.watcher = curation, random.Random(seed), Watcher()
        self.watcher.joined = {REVIEWER_TOO: REVIEWER, OTHER_TOO: OTHER}
        self.taken: list[str] = []
        self.published = 0
        self._written = 0
        self.curation.people.give(LATE, Role.REVIEWER, by=ADMIN)
        self.curation.people.give(LATE_TOO, Role.REVIEWER, by=ADMIN)

    def run(self, steps: int) -> None:
        actions = [getattr(self, name) for name in dir(self) if name.startswith("do_")]
        for _ in range(steps):
            action, who = self.dice.choice(actions), self.dice.choice(self.PEOPLE)
            try:
                action(who)
            except (CurationError, StoreError):
                continue
            self.taken.append(f"{action.__name__[3:]} by {who}")

    def now(self) -> Entry | None:
        found = self.curation.store.trail("a").latest
        return found.entry if found else None

    def text(self) -> Entry:
        """The working text with one of its parts replaced, or a new one."""
        self._written += 1
        before, name = self.now(), f"{self._written}"
        if before is None:
            return sound(title=f"Title {name}", summary=f"Summary {name}.", caveats=[f"Caveat {name}."])
        fields: dict[str, Any] = self.dice.choice(
            [
                {"title": f"Title {name}"},
                {"summary": f"Summary {name}."},
                {"caveats": (*before.caveats[-2:], f"Caveat {name}.")},
            ]
        )
        return before.model_copy(update=fields)

    def do_add(self, who: str) -> None:
        entry = self.text()
        self.curation.add(entry, by=who, anyway=True)
        self.watcher.writes(who, entry, None)

    def do_edit(self, who: str) -> None:
        entry, before = self.text(), self.now()
        self.curation.edit(entry, by=who, base=latest(self.curation))
        self.watcher.writes(who, entry, before)

    do_edit_more = do_edit

    def do_save_an_old_form(self, who: str) -> None:
        before = self.now()
        old = self.dice.choice(self.curation.trail("a").revisions).entry
        assert old
        self.curation.edit(old, by=who, base=latest(self.curation))
        self.watcher.writes(who, old, before)

    def do_submit(self, who: str) -> None:
        self.curation.submit("a", by=who)

    def do_send_back(self, who: str) -> None:
        self.curation.send_back("a", by=who, why="why?")

    def do_approve(self, who: str) -> None:
        self._published(self.curation.approve, who)

    def do_publish(self, who: str) -> None:
        self._published(self.curation.publish, who)

    do_publish_more = do_publish_still_more = do_publish

    def do_retire(self, who: str) -> None:
        self.curation.retire("a", by=who, why="why not")

    def do_supersede(self, who: str) -> None:
        self.curation.supersede("a", successor="b", by=who)

    def do_undo(self, who: str) -> None:
        self.curation.undo("a", by=who)

    def do_restore(self, who: str) -> None:
        self.curation.undo("a", by=who, to=self.dice.choice(self.curation.trail("a").revisions).number)

    def do_give_or_take_a_role(self, who: str) -> None:
        if who not in {LATE, LATE_TOO, OTHER}:
            return
        if self.dice.random() < 0.5:  # a coin
            self.curation.people.take(who, by=ADMIN)
        else:
            self.curation.people.give(who, self.dice.choice([Role.CURATOR, Role.REVIEWER]), by=ADMIN)

    def do_join(self, who: str) -> None:
        if who == LATE and self.dice.random() < 0.3:  # seldom, for it is for good
            self.curation.people.join(LATE, LATE_TOO, by=ADMIN)
            self.watcher.joined[LATE] = LATE_TOO

    def do_propose(self, who: str) -> None:
        entry = self.text()
        if self.curation.propose([entry], by=who).changed:
            self.watcher.writes(who, entry, None)

    def do_import_a_draft(self, who: str) -> None:
        if self.dice.random() < 0.2:  # seldom, for it takes the published text away
            entry = self.text().model_copy(update={"status": Status.DRAFT})
            self.curation.import_entries([entry], by=who)
            self.watcher.writes(who, entry, None)

    def do_redact(self, who: str) -> None:
        if self.dice.random() < 0.05:  # seldom, for nothing follows
            self.curation.redact("a", by=who, why="must be")

    def _published(self, step: Callable[..., object], who: str) -> None:
        before = self.now()
        step("a", by=who)
        assert before
        alone = self.watcher.alone(
            who, before, lambda one: self.curation.people.roster().may(one, Role.REVIEWER)
        )
        assert not alone, f"{who} published {alone} after: {'; '.join(self.taken)}"
        self.watcher.reads(who, before)
        self.published += 1


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which four-eyes is on, with people and another published entry."""
    path = tmp_path_factory.mktemp("walks") / "kb.db"
    engine = connect(f"sqlite:///{path}")
    upgrade(engine, "kb.store")
    curation = curation_on(Store(engine), four_eyes=True, reviewers=(REVIEWER, OTHER))
    curation.people.join(REVIEWER_TOO, REVIEWER, by=ADMIN)
    curation.people.join(OTHER_TOO, OTHER, by=ADMIN)
    curation.add(sound("b", title="Quite another story"), by=WRITER)
    curation.publish("b", by=OTHER)
    engine.dispose()
    return path


@pytest.fixture
def walks(template: Path, tmp_path: Path) -> Iterator[Callable[[int], Walk]]:
    engines = []

    def begin(seed: int) -> Walk:
        shutil.copy(template, tmp_path / f"{seed}.db")
        engine = connect(f"sqlite:///{tmp_path}/{seed}.db")
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        engines.append(engine)
        return Walk(curation_on(Store(engine), four_eyes=True), seed)

    yield begin
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize("block", range(0, 400, 50))
def test_on_random_walks_nobody_publishes_what_nobody_else_has_seen(
    walks: Callable[[int], Walk], block: int
) -> None:
    """Whatever steps people take, in whatever order, with whatever accounts and roles."""
    published = 0
    for seed in range(block, block + 50):
        walk = walks(seed)
        walk.run(30)
        published += walk.published
    assert published > 25  # the walks come to publications, so the rule was asked
