"""Three people who say that it is another story, and more than half of the votes, silence an entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.answers import Intent
from bot.background.muting import KIND, Muting, is_bad
from bot.background.vouching import Vouching
from bot.model import Action, Feedback, Place, Policy, Receipt
from bot.storage.channels import KeptChannelBook
from bot.storage.ledger import Ledger
from bot.storage.votes import FeedbackBook, Tally
from tests.unit.bot.commands.stage import ANNA, CLEO, ROOM, Stage, on_stage
from tests.unit.kb.curate.curating import sound


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


ELSEWHERE = "!their-own:elsewhere.example"


async def answered(stage: Stage, number: int, *, channel: str = ROOM) -> None:
    """Let answer `number` stand as message `$<number>`."""
    place = Place(channel=channel, message_id=f"$question-{number}")
    key = f"{channel} {number}"
    intent = Intent(key=key, platform="matrix", place=place, action=Action.REPLY, entry_id="harbour")
    await Ledger(stage.engine).begin(intent)
    await Ledger(stage.engine).posted(intent.key, Receipt(channel=channel, message_id=f"${number}"))


def vote(
    number: int, who: str, *, helpful: bool = False, event: str | None = None, channel: str = ROOM
) -> Feedback:
    about = {"platform": "matrix", "channel": channel, "answer_id": f"${number}"}
    return Feedback(**about, sender=who, helpful=helpful, event=event)


class Homeserver:
    """A platform, as far as it knows which rooms are its own: those with that ending."""

    def __init__(self, ending: str = ":here.example") -> None:
        self._ending = ending

    def is_own(self, channel: str) -> bool:
        return channel.endswith(self._ending)


def vouching(stage: Stage, **fields: Any) -> Vouching:
    given: dict[str, Any] = {"channels": stage.services.channels, "platforms": {}, "named": {ROOM: None}}
    return Vouching(**given | fields)


def muting(stage: Stage, clock: Day, **fields: Any) -> Muting:
    """Votes in ROOM count, unless told otherwise."""
    vouched = vouching(stage, **fields).vouched
    return Muting(FeedbackBook(stage.engine, clock=clock), stage.curation, vouched=vouched, clock=clock)


@pytest.mark.parametrize(
    ("people", "against", "bad"),
    [(3, 3, True), (5, 3, True), (6, 3, False), (2, 2, False), (0, 0, False)],
)
def test_three_people_and_more_than_half(people: int, against: int, bad: bool) -> None:
    assert is_bad(Tally(people=people, against=against)) is bad


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
    assert "3 of the 3 people who voted within 30 days said that it is not the same story" in waiting.note


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


async def test_strangers_in_a_room_of_their_own_mute_nothing_and_are_counted(stage: Stage) -> None:
    """Anybody may invite the bot: a room for which nobody answers decides nothing for the others."""
    taking = muting(stage, Day(), platforms={"matrix": Homeserver()})
    await answered(stage, 0, channel=ELSEWHERE)
    for who in "abcdef":
        assert await taking.record(vote(0, f"@{who}:elsewhere.example", channel=ELSEWHERE))
    assert not await taking.muted("harbour")
    assert stage.curation.queue() == ()
    (votes,) = await FeedbackBook(stage.engine).votes()
    assert votes.not_same_story == 6


async def test_votes_elsewhere_do_not_help_those_that_count(stage: Stage) -> None:
    """Neither to mute an entry, nor to keep it speaking."""
    taking = muting(stage, Day())
    for channel in (ROOM, ELSEWHERE):
        await answered(stage, 0, channel=channel)
    for who in "abcd":
        await taking.record(vote(0, f"@{who}", channel=ELSEWHERE))
        await taking.record(vote(0, f"@friend-{who}", helpful=True, channel=ELSEWHERE))
    for who in ("@x", "@y"):
        await taking.record(vote(0, who))
        assert not await taking.muted("harbour")
    await taking.record(vote(0, "@z"))
    assert await taking.muted("harbour")


async def test_one_person_has_one_voice_on_however_many_answers(stage: Stage) -> None:
    """It is the latest: whoever votes everywhere does not outvote the others."""
    clock = Day()
    taking = muting(stage, clock)
    for number in range(12):
        await answered(stage, number)
        await taking.record(vote(number, "@a"))
    for who in ("@good-1", "@good-2", "@good-3"):
        await taking.record(vote(0, who, helpful=True))
    for who in ("@b", "@c"):
        await taking.record(vote(0, who))
    assert not await taking.muted("harbour")
    clock.now += timedelta(minutes=1)
    await taking.record(vote(1, "@good-3"))
    assert await taking.muted("harbour")


@pytest.mark.parametrize(
    ("chosen", "named", "own", "counts"),
    [
        (None, {}, False, False),
        (None, {}, True, True),
        (Policy.PASSIVE, {}, False, True),
        (Policy.SHADOW, {}, False, True),
        (Policy.OFF, {}, True, False),
        (None, {"room": Policy.MENTION}, False, True),
        (None, {"room": Policy.OFF}, True, False),
        (None, {"room": None}, False, True),
        (Policy.OFF, {"room": Policy.PASSIVE}, True, False),
        (None, {"another": Policy.PASSIVE}, False, False),
    ],
)
async def test_votes_count_where_somebody_answers_for_the_place(
    stage: Stage, chosen: Policy | None, named: dict[str, Policy | None], own: bool, counts: bool
) -> None:
    """An admin's policy for just this channel, a curators' channel, or the bot's own server or workspace."""
    books = [KeptChannelBook(stage.engine, lambda _: Policy.PASSIVE)]
    if chosen:
        await books[0].change("matrix", "room", by=ANNA, policy=chosen)
    books.append(KeptChannelBook(stage.engine, lambda _: Policy.PASSIVE))  # as after a restart
    home = Homeserver("room" if own else "another")
    for channels in books:
        asked = vouching(stage, channels=channels, platforms={"matrix": home}, named=named)
        assert asked.vouched("matrix", "room") is counts
        assert not asked.vouched("another platform", "room") or "room" in named


async def test_a_threshold_or_a_policy_taken_back_vouches_for_nothing(stage: Stage) -> None:
    channels = stage.services.channels
    await channels.change("matrix", "room", by=ANNA, threshold=0.9)
    assert not vouching(stage).vouched("matrix", "room")
    await channels.change("matrix", "room", by=ANNA, policy=Policy.PASSIVE)
    assert vouching(stage).vouched("matrix", "room")
    await channels.reset("matrix", "room", "policy", by=ANNA)
    assert not vouching(stage).vouched("matrix", "room")


async def test_a_platform_that_knows_no_home_has_none(stage: Stage) -> None:
    assert not vouching(stage, platforms=stage.services.platforms, named={}).vouched("matrix", ROOM)


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
    taking = Muting(book, stage.curation, vouched=vouching(stage).vouched)
    await answered(stage, 0)
    await taking.record(vote(0, "@a", event="$reaction"))
    assert not await taking.take_back("matrix", "!elsewhere", "$reaction")
    assert await taking.take_back("matrix", ROOM, "$reaction")
    assert await book.votes() == ()


async def test_a_vote_about_no_answer_of_ours_is_nothing(stage: Stage) -> None:
    assert not await muting(stage, Day()).record(vote(9, "@a"))


async def test_neither_who_voted_nor_their_reaction_can_be_read(stage: Stage) -> None:
    await answered(stage, 0)
    await FeedbackBook(stage.engine).record(vote(0, "@a:here.example", event="$reaction"))
    with stage.engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT * FROM feedback").one()
    assert "@a" not in str(row)
    assert "$reaction" not in str(row)
