"""Links that no entry answered: counted by page, once for an event, without who or where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.app.run import open_database
from bot.model import Traits
from bot.storage.unmatched import UnmatchedLinks
from kb.store.database import writing
from kb.urls.identity import RULES, identify
from tests.standing_clock import DAY, START, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/caveat.db")
    yield engine
    engine.dispose()


@pytest.fixture
def links(engine: Engine, clock: Clock) -> UnmatchedLinks:
    return UnmatchedLinks(engine, clock=clock)


async def test_links_are_listed_by_how_often_they_came_and_purged_by_time(
    links: UnmatchedLinks, clock: Clock
) -> None:
    await links.count(identify("https://b.example/y"), "event 1")
    clock.now += 10 * DAY
    await links.count(identify("https://a.example/x"), "event 2")
    await links.count(identify("https://www.a.example/x?utm_source=z"), "event 3")
    assert [(each.key, each.count) for each in await links.most()] == [("a.example/x", 2), ("b.example/y", 1)]
    assert len(await links.most(limit=1)) == 1
    assert await links.purge(START + DAY) == 1
    assert [each.key for each in await links.most()] == ["a.example/x"]


async def test_where_there_are_too_many_the_new_ones_and_those_posted_most_often_stay(
    engine: Engine, clock: Clock
) -> None:
    """A flood of links of one time crowds out neither what many posted nor what comes after it."""
    links = UnmatchedLinks(engine, clock=clock, most=10)
    for event in range(3):
        await links.count(identify("https://a.example/popular"), f"popular {event}")
    for number in range(30):
        clock.now += timedelta(minutes=1)
        await links.count(identify(f"https://a.example/{number}"), f"event {number}")
        assert len(await links.most(100)) <= 10
    kept = {each.url.rpartition("/")[2] for each in await links.most(100)}
    assert kept == {"popular", *map(str, range(21, 30))}


async def test_links_that_were_posted_twice_do_not_keep_new_ones_out(engine: Engine, clock: Clock) -> None:
    links = UnmatchedLinks(engine, clock=clock, most=10)
    for number in range(10):
        for event in range(2):
            await links.count(identify(f"https://flood.example/{number}"), f"flood {number} {event}")
    for number in range(5):
        clock.now += timedelta(minutes=1)
        await links.count(identify(f"https://news.example/{number}"), f"news {number}")
    assert sum("news" in each.key for each in await links.most(100)) == 5


async def test_only_so_many_of_the_latest_are_read_with_what_tells_them_apart(
    links: UnmatchedLinks, clock: Clock
) -> None:
    traits = Traits(model="m", vector=b"\0" * 8, fingerprint=b"\1" * 8)
    for number in range(5):
        clock.now += timedelta(minutes=1)
        await links.count(identify(f"https://a.example/{number}"), f"event {number}", traits=traits)
    latest = await links.since(START, limit=2)
    assert [each.url for each in latest] == ["https://a.example/4", "https://a.example/3"]
    assert {each.fingerprint for each in latest} == {traits.fingerprint}
    assert {each.fingerprint for each in await links.most()} == {None}


async def test_keys_of_older_rules_are_made_anew_and_the_same_page_is_counted_together(
    links: UnmatchedLinks, engine: Engine
) -> None:
    await links.count(identify("https://a.example/x"), "event 1")
    old = [
        ("a.example/x?utm_source=z", "https://a.example/x?utm_source=z", 4, START - DAY, START),
        ("c.example/y/", "https://www.c.example/y/", 2, START, START + DAY),
        ("no address", "no address", 1, START, START),
    ]
    row = "INSERT INTO unmatched (key, rules, url, count, last_event, first_seen, last_seen, nearest) "
    row += "VALUES (:key, 0, :url, :count, '', :first, :last, '[]')"
    with writing(engine) as connection:
        for key, url, count, first, last in old:
            values = {"key": key, "url": url, "count": count}
            values |= {"first": first.replace(tzinfo=None), "last": last.replace(tzinfo=None)}
            connection.execute(text(row), values)
    assert await links.renew() == 3
    assert await links.renew() == 0
    found = {each.key: each for each in await links.most()}
    assert set(found) == {"a.example/x", "c.example/y"}
    assert (found["a.example/x"].count, found["a.example/x"].first_seen) == (5, START - DAY)
    assert found["c.example/y"].last_seen == START + DAY
    with writing(engine) as connection:
        assert set(connection.execute(text("SELECT rules FROM unmatched")).scalars()) == {RULES}
