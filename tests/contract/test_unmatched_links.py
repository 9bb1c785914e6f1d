"""What every queue of links that no entry answers promises, in the database as in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.model import Traits
from bot.storage.memory import MemoryUnmatched
from bot.storage.unmatched import Nearest, UnmatchedLinks
from kb.formats.files import starter_entries
from kb.match.query import Basis, Hit
from kb.store.database import connect, upgrade
from kb.urls.identity import identify
from tests.standing_clock import DAY, START, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["database", "memory"])
def links(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Clock
) -> Iterator[UnmatchedLinks | MemoryUnmatched]:
    if request.param == "memory":
        yield MemoryUnmatched(clock=clock)
        return
    engine = connect(f"sqlite:///{tmp_path}/caveat.db")
    upgrade(engine, "bot.storage")
    yield UnmatchedLinks(engine, clock=clock)
    engine.dispose()


async def test_links_are_counted_by_page_the_latest_first(
    links: UnmatchedLinks | MemoryUnmatched, clock: Clock
) -> None:
    await links.count(identify("https://a.example/x"), "event 1")
    clock.now += DAY
    await links.count(identify("https://c.example/z"), "event 2")
    await links.count(identify("https://b.example/y"), "event 3")
    clock.now += DAY
    await links.count(identify("https://www.a.example/x?utm_source=z"), "event 4")
    first, second, third = await links.since(START)
    assert (first.key, first.url, first.count) == ("a.example/x", "https://a.example/x", 2)
    assert (first.first_seen, first.last_seen) == (START, START + 2 * DAY)
    assert [(each.key, each.count) for each in (second, third)] == [("b.example/y", 1), ("c.example/z", 1)]
    assert await links.since(START + 2 * DAY) == (first,)
    assert await links.since(START, limit=1) == (first,)


async def test_an_event_that_is_handled_again_counts_once(links: UnmatchedLinks | MemoryUnmatched) -> None:
    for _ in range(3):
        await links.count(identify("https://a.example/x"), "event 1")
    [only] = await links.since(START)
    assert only.count == 1


async def test_the_nearest_entries_and_what_tells_the_page_apart_are_the_latest(
    links: UnmatchedLinks | MemoryUnmatched,
) -> None:
    page, entry = identify("https://a.example/x"), starter_entries()[0]
    traits = Traits(model="m", vector=b"\0" * 8, fingerprint=b"\1" * 8)
    await links.count(page, "event 1", traits=traits)
    await links.count(page, "event 2", [Hit(entry=entry, score=0.51234, basis=Basis.RELATED)])
    [only] = await links.since(START)
    assert only.nearest == (Nearest(entry_id=entry.id, score=0.5123),)
    assert (only.model, only.vector, only.fingerprint) == ("m", b"\0" * 8, b"\1" * 8)


async def test_a_page_that_is_forgotten_is_counted_from_the_beginning(
    links: UnmatchedLinks | MemoryUnmatched,
) -> None:
    for _ in range(2):
        await links.count(identify("https://a.example/x"), "event 1")
        await links.count(identify("https://b.example/y"), "event 1")
        await links.forget("a.example/x")
        await links.forget("unknown")
        assert [each.key for each in await links.since(START)] == ["b.example/y"]
