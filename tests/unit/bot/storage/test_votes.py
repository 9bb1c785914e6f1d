"""Votes on answers: one per person, counted by entry, about our own answers only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from bot.answers import Intent
from bot.model import Action, Feedback, Place, Receipt
from bot.storage import bounds
from bot.storage.ledger import Ledger
from bot.storage.tables import feedback
from bot.storage.votes import FeedbackBook, Votes
from kb.store.database import connect, reading, upgrade


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = connect(f"sqlite:///{tmp_path}/caveat.db")
    upgrade(engine, "bot.storage")
    yield engine
    engine.dispose()


async def answered(engine: Engine, number: int, entry_id: str) -> None:
    """Let answer `number` be posted as message `a<number>`."""
    ledger, key = Ledger(engine), f"caveat-{number}"
    place = Place(channel="room", message_id=f"q{number}")
    intent = Intent(key=key, platform="matrix", place=place, action=Action.REPLY, entry_id=entry_id)
    await ledger.begin(intent)
    await ledger.posted(key, Receipt(channel="room", message_id=f"a{number}"))


def vote(answer_id: str, sender: str, *, helpful: bool) -> Feedback:
    return Feedback(platform="matrix", channel="room", answer_id=answer_id, sender=sender, helpful=helpful)


async def test_votes_are_counted_by_entry_the_worst_first(engine: Engine) -> None:
    book = FeedbackBook(engine)
    for number, entry_id in enumerate(["harbour", "harbour", "bakery"]):
        await answered(engine, number, entry_id)
    assert await book.record(vote("a0", "@anna", helpful=True))
    assert await book.record(vote("a1", "@anna", helpful=True))
    assert await book.record(vote("a2", "@anna", helpful=False))
    assert await book.votes() == (
        Votes(entry_id="bakery", helpful=0, not_same_story=1),
        Votes(entry_id="harbour", helpful=2, not_same_story=0),
    )


async def test_a_person_counts_once_for_an_answer_with_the_latest_vote(engine: Engine) -> None:
    book = FeedbackBook(engine)
    await answered(engine, 0, "harbour")
    for helpful in (True, True, False):
        await book.record(vote("a0", "@anna", helpful=helpful))
    await book.record(vote("a0", "@ben", helpful=True))
    assert await book.votes() == (Votes(entry_id="harbour", helpful=1, not_same_story=1),)


async def test_an_answer_holds_so_many_votes_and_who_has_voted_may_change_theirs(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accounts cost nothing on Matrix; votes on one answer do not fill the disk."""
    monkeypatch.setattr(bounds, "VOTES_ON_ONE_ANSWER", 3)
    book = FeedbackBook(engine)
    for number in range(2):
        await answered(engine, number, "harbour")
    for number in range(6):
        await book.record(vote("a0", f"@{number}", helpful=False))
    await book.record(vote("a0", "@0", helpful=True))
    await book.record(vote("a1", "@5", helpful=True))
    assert await book.votes() == (Votes(entry_id="harbour", helpful=2, not_same_story=2),)


async def test_a_vote_about_somebody_elses_message_is_dropped(engine: Engine) -> None:
    book = FeedbackBook(engine)
    assert not await book.record(vote("theirs", "@anna", helpful=True))
    assert await book.votes() == ()


async def test_who_voted_cannot_be_read_and_differs_between_installations(tmp_path: Path) -> None:
    marks = []
    for name in ("one", "two"):
        engine = connect(f"sqlite:///{tmp_path}/{name}.db")
        upgrade(engine, "bot.storage")
        await answered(engine, 0, "harbour")
        await FeedbackBook(engine).record(vote("a0", "@anna:matrix.example", helpful=True))
        with reading(engine) as connection:
            marks.append(connection.execute(select(feedback.c.person)).scalar_one())
        engine.dispose()
    assert "anna" not in "".join(marks)
    assert marks[0] != marks[1]
