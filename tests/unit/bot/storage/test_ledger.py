"""The ledger: what was said, what must not be said again, what is forgotten when."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from bot.answers import AnswerState, Begun, Intent, Purged, Standing, answer_key
from bot.model import Action, Place, Receipt
from bot.settings import Settings
from bot.storage import bounds
from bot.storage.ledger import Ledger
from bot.storage.tables import metadata
from kb.errors import StoreError
from kb.store.database import connect, upgrade

START = datetime(2026, 1, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = connect(f"sqlite:///{tmp_path}/caveat.db")
    upgrade(made, "bot.storage")
    yield made
    made.dispose()


@pytest.fixture
def ledger(engine: Engine, clock: Clock) -> Ledger:
    return Ledger(engine, clock=clock)


def intent_for(
    message_id: str, *, channel: str = "!room", link: str = "a.example/x", entry: str = "E1"
) -> Intent:
    return Intent(
        key=answer_key("matrix", channel, message_id, link),
        platform="matrix",
        place=Place(channel=channel, message_id=message_id, thread_id="$root"),
        action=Action.REPLY,
        entry_id=entry,
    )


RECEIPT = Receipt(channel="!room", message_id="$posted")


@given(st.lists(st.tuples(st.text(), st.text(), st.text(), st.text()), min_size=2, max_size=2, unique=True))
def test_different_questions_have_different_keys(parts: list[tuple[str, str, str, str]]) -> None:
    first, second = (answer_key(*part) for part in parts)
    assert first != second


@given(st.tuples(st.text(), st.text(), st.text(), st.text()))
def test_a_key_is_short_plain_and_always_the_same(parts: tuple[str, str, str, str]) -> None:
    key = answer_key(*parts)
    assert key == answer_key(*parts)
    prefix, digest = key.split("-")
    assert prefix == "caveat"
    assert set(digest) <= set("0123456789abcdef")
    assert len(key) < 80


def test_a_key_stays_the_same_across_releases() -> None:
    """A changed key would make every answer of the days before an upgrade unknown, and said again."""
    assert answer_key("matrix", "!r:x.example", "$m", "a.example/ü") == (
        "caveat-15c1b03f69a69fe276accac8152c38278d9f78155420e96aa2936ae725d0e56b"
    )


def test_the_migrations_make_the_tables_that_the_code_uses(engine: Engine) -> None:
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415  # 0.2 s of imports, for this test only
    from alembic.migration import MigrationContext  # noqa: PLC0415  # the same

    ours = set(metadata.tables)
    with engine.connect() as connection:
        options = {"include_name": lambda name, kind, _parents: kind != "table" or name in ours}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    differing = [change for change in found if change[0] != "remove_index"]  # indexes live in migrations only
    assert differing == []


async def test_a_new_answer_begins_as_an_intent(ledger: Ledger) -> None:
    intent = intent_for("$1")
    assert await ledger.begin(intent) == Begun(standing=Standing.NEW)
    answer = await ledger.answer(intent.key)
    assert answer is not None
    assert (answer.intent, answer.state, answer.receipt) == (intent, AnswerState.INTENT, None)
    assert answer.created_at == answer.changed_at == START


async def test_the_same_answer_is_begun_once(ledger: Ledger) -> None:
    intent = intent_for("$1")
    await ledger.begin(intent)
    again = await ledger.begin(intent, not_said_since=START - DAY)
    assert again.standing is Standing.KNOWN
    assert again.answer == await ledger.answer(intent.key)


async def test_of_many_at_once_exactly_one_begins(ledger: Ledger) -> None:
    begun = await asyncio.gather(*(ledger.begin(intent_for("$1")) for _ in range(12)))
    assert [one.standing for one in begun].count(Standing.NEW) == 1


async def test_of_many_messages_at_once_exactly_one_says_the_entry(ledger: Ledger) -> None:
    since = START - DAY
    begun = await asyncio.gather(
        *(ledger.begin(intent_for(f"${n}"), not_said_since=since) for n in range(12))
    )
    assert sorted(one.standing for one in begun) == [Standing.NEW] + [Standing.REPEATED] * 11


async def test_a_repeated_entry_leaves_no_answer_behind(ledger: Ledger) -> None:
    await ledger.begin(intent_for("$1"))
    second = intent_for("$2")
    assert (await ledger.begin(second, not_said_since=START - DAY)).standing is Standing.REPEATED
    assert await ledger.answer(second.key) is None


@pytest.mark.parametrize(
    ("second", "since"),
    [
        pytest.param(intent_for("$2", channel="!other"), START - DAY, id="in another channel"),
        pytest.param(intent_for("$2", entry="E2"), START - DAY, id="another entry"),
        pytest.param(
            intent_for("$1", link="b.example/y"), START - DAY, id="another link of the same message"
        ),
        pytest.param(intent_for("$2"), START + timedelta(seconds=1), id="said longer ago"),
        pytest.param(intent_for("$2"), None, id="when asked"),
        pytest.param(replace(intent_for("$2"), platform="slack"), START - DAY, id="on another platform"),
        pytest.param(replace(intent_for("$2"), entry_id=None), START - DAY, id="without an entry"),
    ],
)
async def test_it_is_no_repetition(ledger: Ledger, second: Intent, since: datetime | None) -> None:
    await ledger.begin(intent_for("$1"))
    assert (await ledger.begin(second, not_said_since=since)).standing is Standing.NEW


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        (AnswerState.INTENT, True),
        (AnswerState.POSTED, True),
        (AnswerState.PARKED, True),
        (AnswerState.WITHDRAWN, False),
    ],
)
async def test_an_entry_counts_as_said_unless_it_was_withdrawn(
    ledger: Ledger, state: AnswerState, counts: bool
) -> None:
    first, second = intent_for("$1"), intent_for("$2")
    await ledger.begin(first)
    if state is AnswerState.POSTED:
        await ledger.posted(first.key, RECEIPT)
    elif state is not AnswerState.INTENT:
        await {AnswerState.PARKED: ledger.parked, AnswerState.WITHDRAWN: ledger.withdrawn}[state](first.key)
    begun = await ledger.begin(second, not_said_since=START - DAY)
    assert (begun.standing is Standing.REPEATED) is counts


async def test_a_posted_answer_keeps_its_receipt(ledger: Ledger, clock: Clock) -> None:
    intent = intent_for("$1")
    await ledger.begin(intent)
    clock.now += timedelta(minutes=1)
    assert await ledger.posted(intent.key, RECEIPT) is True
    answer = await ledger.answer(intent.key)
    assert answer is not None
    assert (answer.state, answer.receipt) == (AnswerState.POSTED, RECEIPT)
    assert (answer.created_at, answer.changed_at) == (START, clock.now)


async def test_an_answer_to_a_deleted_question_is_not_begun(ledger: Ledger) -> None:
    intent = intent_for("$1")
    assert await ledger.delete_question("matrix", "!room", "$1") == ()
    assert await ledger.begin(intent) == Begun(standing=Standing.DELETED)
    assert await ledger.answer(intent.key) is None


async def test_a_question_deleted_while_its_answer_is_posted_is_noticed(ledger: Ledger) -> None:
    intent = intent_for("$1")
    await ledger.begin(intent)
    assert [answer.key for answer in await ledger.delete_question("matrix", "!room", "$1")] == [intent.key]
    assert await ledger.posted(intent.key, RECEIPT) is False
    begun = await ledger.begin(intent)
    assert begun.standing is Standing.DELETED
    assert begun.answer is not None
    assert begun.answer.receipt == RECEIPT


async def test_a_deletion_gives_what_is_still_to_withdraw(ledger: Ledger) -> None:
    intents = [intent_for("$1", link=f"{n}.example/") for n in range(3)]
    for intent in intents:
        await ledger.begin(intent)
    await ledger.begin(intent_for("$2"))
    await ledger.withdrawn(intents[1].key)
    left = {intents[0].key, intents[2].key}
    assert {answer.key for answer in await ledger.delete_question("matrix", "!room", "$1")} == left
    assert {answer.key for answer in await ledger.delete_question("matrix", "!room", "$1")} == left
    assert len(await ledger.answers_to("matrix", "!room", "$1")) == 3


async def test_parked_answers_to_a_message_that_is_handled_again_are_looked_for_again(
    ledger: Ledger,
) -> None:
    """They count as begun, as after a crash; answers to other messages, and others to this one, stay."""
    parked, elsewhere = intent_for("$1"), intent_for("$2")
    posted = replace(intent_for("$1"), key="another link of $1")
    for intent in (parked, elsewhere, posted):
        await ledger.begin(intent)
    await ledger.posted(posted.key, RECEIPT)
    for intent in (parked, elsewhere):
        await ledger.parked(intent.key)
    assert await ledger.unpark("matrix", "!room", "$1") == 1
    assert await ledger.unpark("matrix", "!room", "$1") == 0
    states = {key: await ledger.answer(key) for key in (parked.key, elsewhere.key, posted.key)}
    assert [each and each.state for each in states.values()] == [
        AnswerState.INTENT,
        AnswerState.PARKED,
        AnswerState.POSTED,
    ]
    assert (await ledger.begin(parked)).standing is Standing.KNOWN


async def test_parked_answers_are_listed(ledger: Ledger) -> None:
    first, second = intent_for("$1"), intent_for("$2")
    await ledger.begin(first)
    await ledger.begin(second)
    await ledger.parked(second.key)
    assert [answer.key for answer in await ledger.answers_parked()] == [second.key]


async def test_an_accepted_event_is_remembered_until_it_was_handled(ledger: Ledger, clock: Clock) -> None:
    await ledger.accepted("k2", {"id": "$2", "links": ["https://a.example/"]})
    clock.now += DAY
    await ledger.accepted("k1", {"id": "$1", "thread_id": None})
    await ledger.accepted("k2", {"id": "another delivery of the same"})
    assert await ledger.unhandled() == {
        "k2": {"id": "$2", "links": ["https://a.example/"]},
        "k1": {"id": "$1", "thread_id": None},
    }
    assert list(await ledger.unhandled()) == ["k2", "k1"]
    await ledger.handled("k2")
    await ledger.handled("never accepted")
    assert list(await ledger.unhandled()) == ["k1"]
    await ledger.known("k1")
    assert await ledger.unhandled() == {}


async def test_platform_state_is_kept_by_name(ledger: Ledger) -> None:
    assert await ledger.load("matrix.sync") is None
    await ledger.save("matrix.sync", "s1")
    await ledger.save("matrix.joined", "t")
    await ledger.save("matrix.sync", "s2")
    assert (await ledger.load("matrix.sync"), await ledger.load("matrix.joined")) == ("s2", "t")


async def test_purging_forgets_what_is_older_and_nothing_else(ledger: Ledger, clock: Clock) -> None:
    old, touched, new = (intent_for(f"${n}") for n in range(3))
    await ledger.begin(old)
    await ledger.begin(touched)
    await ledger.delete_question("matrix", "!room", "$long-ago")
    await ledger.accepted("long-ago", {"id": "$0"})
    await ledger.save("matrix.sync", "s1")
    clock.now += 10 * DAY
    await ledger.accepted("lately", {"id": "$2"})
    await ledger.begin(new)
    await ledger.posted(touched.key, RECEIPT)
    await ledger.delete_question("matrix", "!room", "$lately")
    before = START + 5 * DAY
    purged = await ledger.purge(answers_before=before, unmatched_before=before, accepted_before=before)
    assert purged == Purged(feedback=0, answers=1, deletions=1, unmatched=0, accepted=1, parked=0)
    assert await ledger.answer(old.key) is None
    assert await ledger.answer(touched.key) is not None
    assert await ledger.answer(new.key) is not None
    assert list(await ledger.unhandled()) == ["lately"]
    assert (await ledger.begin(intent_for("$lately"))).standing is Standing.DELETED
    assert await ledger.load("matrix.sync") == "s1"


async def test_of_answers_and_deletions_the_oldest_go_where_there_are_too_many(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anybody may ask and delete all day long; what is forgotten first is what is longest over."""
    monkeypatch.setattr(bounds, "ANSWERS", 3)
    monkeypatch.setattr(bounds, "DELETIONS", 2)
    ledger = Ledger(engine, clock=clock)
    for number in range(6):
        clock.now += DAY
        await ledger.begin(intent_for(f"${number}"))
        await ledger.delete_question("matrix", "!room", f"$gone-{number}")
    held = [number for number in range(6) if await ledger.answer(intent_for(f"${number}").key)]
    assert held == [3, 4, 5]
    begun = [await ledger.begin(intent_for(f"$gone-{number}")) for number in range(6)]
    assert [each.standing is Standing.DELETED for each in begun] == [False] * 4 + [True] * 2


async def test_times_come_back_in_utc_whatever_zone_they_came_in(ledger: Ledger, clock: Clock) -> None:
    clock.now = START.astimezone(timezone(timedelta(hours=9)))
    intent = intent_for("$1")
    await ledger.begin(intent)
    answer = await ledger.answer(intent.key)
    assert answer is not None
    assert answer.created_at == START
    assert answer.created_at.utcoffset() == timedelta(0)


async def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    ledger = Ledger(engine, clock=lambda: START.replace(tzinfo=None))
    with pytest.raises(Exception, match="no timezone"):
        await ledger.begin(intent_for("$1"))


async def test_what_one_task_holds_another_waits_for(ledger: Ledger) -> None:
    order: list[str] = []
    entered = asyncio.Event()

    async def first() -> None:
        async with ledger.sole("key"):
            entered.set()
            await asyncio.sleep(0)
            order.append("first")

    async def second() -> None:
        await entered.wait()
        async with ledger.sole("other"):
            order.append("other")
        async with ledger.sole("key"):
            order.append("second")

    await asyncio.gather(second(), first())
    assert order.index("first") < order.index("second")


@pytest.mark.usefixtures("ledger")
async def test_the_ledger_holds_ids_and_links_only(tmp_path: Path) -> None:
    """A new column is a promise about privacy: add it to docs/privacy.md, then here."""
    with sqlite3.connect(tmp_path / "caveat.db") as connection:
        columns = {
            table: {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            for table in metadata.tables
        }
    connection.close()
    message = {"platform", "channel", "message_id"}
    assert columns == {
        "answers": message
        | {
            "key",
            "thread_id",
            "action",
            "entry_id",
            "cited",
            "basis",
            "differences",
            "not_corrected",
            "state",
            "posted_channel",
            "posted_id",
            "created_at",
            "changed_at",
        },
        "deletions": message | {"deleted_at"},
        "unmatched": {
            "key",
            "rules",
            "url",
            "count",
            "last_event",
            "first_seen",
            "last_seen",
            "nearest",
            "model",
            "vector",
            "fingerprint",
        },
        "subscriptions": message | {"thread_id", "url", "asked_at"},
        "channels": {"platform", "channel", "policy", "threshold", "language", "changed_by", "changed_at"},
        "platform_state": {"name", "value", "changed_at"},
        "accepted": {"key", "event", "accepted_at"},
        "parked": {"key", "event", "reason", "where", "attempts", "wanted", "parked_at", "tried_at"},
        "feedback": {"answer_key", "person", "event", "helpful", "voted_at"},
        "slack_installations": {"team_id", "sealed", "installed_at"},
    }


@pytest.mark.parametrize(
    "name", [*metadata.tables, *(name for name in Settings.model_fields if name.startswith("keep_"))]
)
def test_every_table_and_every_time_stands_in_the_privacy_page(name: str) -> None:
    page = (Path(__file__).parents[4] / "docs" / "privacy.md").read_text()
    if name.startswith("keep_"):
        default = Settings.model_fields[name].default
        assert f"`CAVEAT_{name.upper()}` ({default})" in page
    else:
        assert f"**`{name}`**" in page


async def test_a_burst_is_remembered_whole_and_forgotten_one_by_one(ledger: Ledger) -> None:
    events = {f"event {number}": {"id": str(number)} for number in range(200)}
    await asyncio.gather(*(ledger.accepted(key, event) for key, event in events.items()))
    assert await ledger.unhandled() == events
    await ledger.accepted("event 7", {"id": "another"})  # known: the first word counts
    await ledger.handled("event 8")
    assert await ledger.unhandled() == {key: event for key, event in events.items() if key != "event 8"}


async def test_when_a_batch_cannot_be_written_each_of_it_is_told(ledger: Ledger, engine: Engine) -> None:
    """An event that was not remembered must not be acknowledged, whoever wrote the batch."""
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE accepted RENAME TO elsewhere")
    results = await asyncio.gather(
        *(ledger.accepted(f"event {number}", {}) for number in range(20)), return_exceptions=True
    )
    assert all(isinstance(result, StoreError) for result in results)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO accepted")
    await ledger.accepted("event 3", {})
    assert "event 3" in await ledger.unhandled()
