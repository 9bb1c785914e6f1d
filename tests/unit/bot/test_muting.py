"""Three people who say that it is another story, and more than half of the votes, silence an entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.answers import Intent
from bot.feedback import FeedbackBook, Tally
from bot.ledger import Ledger
from bot.model import Action, Feedback, Place, Receipt
from bot.muting import KIND, Muting, is_bad
from tests.unit.bot.admin.stage import CLEO, ROOM, Stage, on_stage
from tests.unit.kb.curating import sound


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path) as stage:
        stage.put(sound("harbour"))
        yield stage


class Day:
    """A clock that stands still until a test moves it on."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC) + timedelta(hours=1)

    def __call__(self) -> datetime:
        return self.now


async def answered(stage: Stage, number: int, entry_id: str = "harbour") -> None:
    """Let answer `number` stand as message `$<number>`."""
    place = Place(channel=ROOM, message_id=f"$question-{number}")
    intent = Intent(key=f"k{number}", platform="matrix", place=place, action=Action.REPLY, entry_id=entry_id)
    await Ledger(stage.engine).begin(intent)
    await Ledger(stage.engine).posted(intent.key, Receipt(channel=ROOM, message_id=f"${number}"))


def vote(number: int, who: str, *, helpful: bool = False, event: str | None = None) -> Feedback:
    about = {"platform": "matrix", "channel": ROOM, "answer_id": f"${number}"}
    return Feedback(**about, sender=who, helpful=helpful, event=event)


def muting(stage: Stage, clock: Day) -> Muting:
    return Muting(FeedbackBook(stage.engine, clock=clock), stage.curation, clock=clock)


@pytest.mark.parametrize(
    ("votes", "against", "people", "bad"),
    [
        (3, 3, 3, True),
        (5, 3, 3, True),
        (6, 3, 3, False),
        (2, 2, 2, False),
        (9, 9, 2, False),
        (0, 0, 0, False),
    ],
)
def test_three_people_and_more_than_half(votes: int, against: int, people: int, bad: bool) -> None:
    assert is_bad(Tally(votes=votes, against=against, people_against=people)) is bad


async def test_the_third_person_mutes_it_and_puts_it_into_the_queue(stage: Stage) -> None:
    taking = muting(stage, Day())
    for number in range(2):
        await answered(stage, number)
    for number, who in ((0, "@a"), (1, "@a"), (1, "@b")):
        await taking.record(vote(number, who))
        assert not await taking.muted("harbour")
    await taking.record(vote(0, "@c"))
    assert await taking.muted("harbour")
    assert not await taking.muted("another")
    (waiting,) = stage.curation.queue()
    assert waiting.entry_id == "harbour"
    assert "3 people said that it is not the same story, in 4 of 4 votes" in waiting.note


async def test_as_long_as_half_of_the_votes_are_good_it_speaks_on(stage: Stage) -> None:
    taking = muting(stage, Day())
    await answered(stage, 0)
    for who in "abc":
        await taking.record(vote(0, f"@good-{who}", helpful=True))
    for who in "abc":
        await taking.record(vote(0, f"@bad-{who}"))
    assert not await taking.muted("harbour")
    await taking.record(vote(0, "@bad-d"))
    assert await taking.muted("harbour")


async def test_old_votes_and_those_on_an_earlier_text_do_not_count(stage: Stage) -> None:
    clock = Day()
    taking = muting(stage, clock)
    await answered(stage, 0)
    for who in "ab":
        await taking.record(vote(0, f"@{who}"))
    clock.now += timedelta(days=31)
    await taking.record(vote(0, "@c"))
    assert not await taking.muted("harbour")


async def test_a_reviewer_who_publishes_it_again_lets_it_speak_again(stage: Stage) -> None:
    clock = Day()
    clock.now = datetime.now(UTC) - timedelta(days=1)
    taking = muting(stage, clock)
    await answered(stage, 0)
    stage.curation.flags.flag("harbour", KIND, note="bad", by="feedback")
    base = stage.store.trail("harbour").revisions[-1].number
    stage.curation.edit(sound("harbour", summary="Clearer."), by=CLEO, base=base)
    stage.curation.people.take(CLEO, by="matrix:@anna:here.example")
    stage.curation.publish("harbour", by="matrix:@anna:here.example")
    assert not await taking.muted("harbour")
    for who in "abc":  # a day before the publication
        await taking.record(vote(0, f"@{who}"))
    assert not await taking.muted("harbour")


async def test_a_vote_is_taken_back_with_its_reaction(stage: Stage) -> None:
    book = FeedbackBook(stage.engine)
    taking = Muting(book, stage.curation)
    await answered(stage, 0)
    await taking.record(vote(0, "@a", event="$reaction"))
    assert not await taking.take_back("matrix", "!elsewhere", "$reaction")
    assert await taking.take_back("matrix", ROOM, "$reaction")
    assert await book.votes() == ()


async def test_a_vote_about_no_answer_of_ours_is_nothing(stage: Stage) -> None:
    assert not await Muting(FeedbackBook(stage.engine), stage.curation).record(vote(9, "@a"))


async def test_neither_who_voted_nor_their_reaction_can_be_read(stage: Stage) -> None:
    await answered(stage, 0)
    await FeedbackBook(stage.engine).record(vote(0, "@a:here.example", event="$reaction"))
    with stage.engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT * FROM feedback").one()
    assert "@a" not in str(row)
    assert "$reaction" not in str(row)
