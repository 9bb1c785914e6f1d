"""An entry changes, and the answers that cited it say so: each once, whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.answers import Intent
from bot.app.run import open_database
from bot.background.corrections import Corrections, Run, cited_revision
from bot.errors import GoneError, PlatformError
from bot.model import Action, Place, Reply
from bot.replies.plain import render
from bot.storage.citations import Citations
from bot.storage.ledger import Ledger
from kb.entries.entry import Entry, Status
from kb.entries.revision import NewRevision, Step, Trail
from kb.store.entries import Store
from tests.unit.bot.failing import FailingPlatform
from tests.unit.kb.make_entries import make_entry

SAID = Reply(lead="What was said.")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIGURES = [{"value": 8600, "what": "searches", "as_stated": "more than 8,600"}]
ENTRY = make_entry("a", summary="Searches were run. Families were told.", figures=FIGURES)
DIFFERENCE = "This page: “9,000”. On record (Paper): “more than 8,600”."


class CrashError(BaseException):
    """Stands for the process dying."""


class Scene:
    """A store with one entry, answers that cite it, and the corrections to them."""

    def __init__(self, engine: Engine) -> None:
        self.store, self.ledger = Store(engine, now=lambda: NOW), Ledger(engine)
        self.citations, self.platform = Citations(engine), FailingPlatform()
        self.store.save([ENTRY], by="ana")

    def corrections(self) -> Corrections:
        """A fresh run of the bot."""
        return Corrections(
            self.store, self.ledger, self.citations, {"memory": self.platform}, now=lambda: NOW
        )

    async def answered(self, *messages: str, entry: Entry = ENTRY, differences: tuple[str, ...] = ()) -> None:
        for message in messages:
            intent = Intent(
                key=f"key {message}",
                platform="memory",
                place=Place(channel="c", message_id=f"q{message}"),
                action=Action.REPLY,
                entry_id=entry.id,
                cited=cited_revision(self.store, entry),
                basis="near_copy",
                differences=differences,
            )
            await self.ledger.begin(intent)
            await self.ledger.posted(intent.key, await self.platform.post(intent.place, SAID, intent.key))

    def text(self, message: str) -> str:
        """What the answer to a message says now."""
        return render(self.platform.posts[f"answer-{message}"].reply)

    def change(self, entry: Entry, *, note: str = "", step: Step = Step.PUBLISH) -> None:
        self.store.save([entry], by="ana", note=note, step=step)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    engine = open_database(f"sqlite:///{tmp_path}/caveat.db")
    yield Scene(engine)
    engine.dispose()


def changed(**fields: object) -> Entry:
    return make_entry("a", **{"summary": ENTRY.summary, "figures": FIGURES, **fields})


async def test_an_answer_shows_the_new_text_and_what_changed(scene: Scene) -> None:
    await scene.answered("1", "2")
    scene.change(changed(figures=[FIGURES[0] | {"value": 8900, "as_stated": "more than 8,900"}]))
    assert await scene.corrections().run() == Run(edited=2)
    assert scene.platform.edits == ["answer-1", "answer-2"]
    lines = scene.text("1").splitlines()
    assert lines[0].startswith("Near copy:")
    assert lines[1].startswith("Updated on 22 November 2026: figure")
    assert "8,600" in lines[1]
    assert "8,900" in lines[1]


async def test_nothing_is_done_twice(scene: Scene) -> None:
    await scene.answered("1")
    scene.change(changed(caveats=["Another reason."]))
    corrections = scene.corrections()
    assert await corrections.run() == Run(edited=1)
    assert await corrections.run() == Run()
    assert await scene.corrections().run() == Run()
    assert scene.platform.edits == ["answer-1"]


async def test_an_answer_that_cites_what_stands_is_left_alone(scene: Scene) -> None:
    later = changed(caveats=["Another reason."])
    scene.change(later)
    await scene.answered("1", entry=later)
    assert await scene.corrections().run() == Run()


async def test_what_readers_do_not_see_edits_nothing(scene: Scene) -> None:
    await scene.answered("1")
    scene.change(changed(verified_by="Ana", verified_on="2026-11-22"))
    corrections = scene.corrections()
    assert await corrections.run() == Run(unchanged=1)
    assert await corrections.run() == Run()
    assert scene.platform.edits == []


async def test_a_draft_of_a_change_reaches_no_answer(scene: Scene) -> None:
    await scene.answered("1")
    scene.change(changed(caveats=["In review."], status="in_review"), step=Step.EDIT)
    assert await scene.corrections().run() == Run()


async def test_differences_stay_unless_they_quote_what_the_entry_no_longer_says(scene: Scene) -> None:
    await scene.answered("1", differences=(DIFFERENCE, "This page: “a”. On record (Paper): “b”."))
    scene.change(changed(caveats=["Another reason."]))
    await scene.corrections().run()
    assert DIFFERENCE in scene.text("1")
    scene.change(changed(figures=[FIGURES[0] | {"value": 8900, "as_stated": "more than 8,900"}]))
    await scene.corrections().run()
    assert DIFFERENCE not in scene.text("1")
    assert "On record (Paper): “b”." in scene.text("1")


async def test_a_retired_entry_leaves_why_and_nothing_of_its_text(scene: Scene) -> None:
    await scene.answered("1")
    scene.change(changed(status="retired"), note="the paper withdrew it.", step=Step.RETIRE)
    assert await scene.corrections().run() == Run(edited=1)
    assert scene.text("1") == (
        "Withdrawn on 22 November 2026: the paper withdrew it. Please do not rely on what stood here."
    )


async def test_a_superseded_entry_leaves_the_one_that_takes_its_place(scene: Scene) -> None:
    await scene.answered("1")
    scene.store.save([make_entry("b", title="The later story", summary="It was otherwise.")], by="ana")
    retired = changed(status="retired", superseded_by="b")
    scene.change(retired, note="there is a better source", step=Step.SUPERSEDE)
    await scene.corrections().run()
    text = scene.text("1")
    assert text.startswith("Withdrawn on 22 November 2026: there is a better source.")
    assert "It was otherwise." in text
    assert ENTRY.summary not in text


async def test_an_entry_that_was_taken_down_leaves_nothing(scene: Scene) -> None:
    await scene.answered("1")

    def redact(_: Trail) -> NewRevision:
        return NewRevision(entry=None, step=Step.REDACT, by="ana", note="a court ordered it")

    scene.store.step("a", redact)
    assert await scene.corrections().run() == Run(edited=1)
    assert scene.text("1").startswith("Removed on ")
    assert "court" not in scene.text("1")


async def test_an_entry_that_comes_back_is_shown_again(scene: Scene) -> None:
    await scene.answered("1")
    scene.change(changed(status="retired"), note="a mistake", step=Step.RETIRE)
    await scene.corrections().run()
    scene.change(changed(), step=Step.PUBLISH)
    assert await scene.corrections().run() == Run(edited=1)
    assert ENTRY.summary in scene.text("1")
    assert "published again" in scene.text("1")


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_run_that_dies_goes_on_and_edits_each_once(scene: Scene, moment: str) -> None:
    messages = [str(number) for number in range(1, 7)]
    await scene.answered(*messages)
    scene.change(changed(caveats=["Another reason."]))
    for message in ("1", "4"):
        getattr(scene.platform, moment)[f"answer-{message}"] = CrashError()
        with pytest.raises(CrashError):
            await scene.corrections().run()
    await scene.corrections().run()
    assert sorted(scene.platform.edits) == [f"answer-{message}" for message in messages]


async def test_a_platform_that_fails_is_asked_again_and_the_others_go_on(scene: Scene) -> None:
    await scene.answered("1", "2", "3")
    scene.change(changed(caveats=["Another reason."]))
    scene.platform.before["answer-2"] = PlatformError("busy")
    corrections = scene.corrections()
    assert await corrections.run() == Run(edited=2, left=1)
    assert await corrections.run() == Run(edited=1)
    assert sorted(scene.platform.edits) == ["answer-1", "answer-2", "answer-3"]


async def test_what_cannot_be_edited_is_listed_and_not_tried_again(scene: Scene) -> None:
    await scene.answered("1", "2")
    scene.change(changed(caveats=["Another reason."]))
    scene.platform.before["answer-1"] = GoneError("the channel is gone")
    corrections = scene.corrections()
    assert await corrections.run() == Run(edited=1, out_of_reach=1)
    assert await corrections.run() == Run()
    [(answer, reason)] = await scene.citations.not_corrected()
    assert (answer.key, reason) == ("key 1", "the channel is gone")


async def test_a_withdrawn_answer_is_not_touched(scene: Scene) -> None:
    await scene.answered("1")
    await scene.ledger.withdrawn("key 1")
    scene.change(changed(caveats=["Another reason."]))
    assert await scene.corrections().run() == Run()


async def test_the_platform_of_an_answer_may_come_back_later(scene: Scene) -> None:
    await scene.answered("1")
    scene.change(changed(caveats=["Another reason."]))
    away = Corrections(scene.store, scene.ledger, scene.citations, {}, now=lambda: NOW)
    assert await away.run() == Run(left=1)
    assert await scene.corrections().run() == Run(edited=1)


def test_an_entry_is_known_by_what_it_says_not_by_when_it_was_read(scene: Scene) -> None:
    first = cited_revision(scene.store, ENTRY)
    scene.change(changed(caveats=["Another reason."]))
    assert cited_revision(scene.store, ENTRY) == first
    assert cited_revision(scene.store, changed(caveats=["Another reason."])) == (first or 0) + 1
    assert cited_revision(scene.store, changed(caveats=["Never stored."])) is None
    assert ENTRY.status is Status.PUBLISHED
    assert date(2026, 11, 22) == NOW.date()
