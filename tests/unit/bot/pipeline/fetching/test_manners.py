"""Manners towards a site."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.errors import FetchError
from bot.pipeline.fetch import GuardedFetcher
from bot.pipeline.fetching.manners import Manners
from tests.servers.web import Answer, PublicWeb, WebServer

REASON = "the site asked not to be called for a while"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def _is_left_alone(manners: Manners, host: str) -> bool:
    try:
        async with manners.turn(host):
            return False
    except FetchError as error:
        return error.reason == REASON


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        *(
            ("120", 120),
            (" 120 ", 120),
            ("99999999999999999999", 3600),
            ("0", 0),
            ("", 0),
            ("-5", 0),
            ("x", 0),
        ),
        *(
            ("1.5", 0),
            ("١٢", 0),
            ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 3600),
        ),
    ],
)
async def test_a_site_is_left_alone_for_as_long_as_it_asks_and_an_hour_at_most(
    header: str, seconds: float
) -> None:
    clock = Clock()
    manners = Manners(clock=clock)
    manners.leave_alone("news.example", header)
    assert await _is_left_alone(manners, "news.example") is (seconds > 0)
    assert not await _is_left_alone(manners, "www.news.example")
    clock.now += seconds - 1
    assert await _is_left_alone(manners, "news.example") is (seconds > 0)
    clock.now += 1
    assert not await _is_left_alone(manners, "news.example")


async def test_a_date_to_come_is_waited_for() -> None:
    manners = Manners()
    manners.leave_alone(
        "news.example", format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    )
    assert await _is_left_alone(manners, "news.example")


async def test_no_number_of_sites_fills_the_memory() -> None:
    manners = Manners()
    for number in range(5000):
        manners.leave_alone(f"{number}.example", "100")
    assert len(manners._resting) <= 1000
    assert await _is_left_alone(manners, "4999.example")


async def test_a_turn_is_two_at_a_time_and_for_one_host() -> None:
    manners = Manners()
    entered: asyncio.Queue[str] = asyncio.Queue()
    go_on = asyncio.Event()

    async def visit(host: str) -> None:
        async with manners.turn(host):
            entered.put_nowait(host)
            await go_on.wait()

    visits = [asyncio.create_task(visit("a.example")) for _ in range(3)]
    visits.append(asyncio.create_task(visit("b.example")))
    async with asyncio.timeout(20):
        first = sorted([await entered.get() for _ in range(3)])
        assert first == ["a.example", "a.example", "b.example"]
        assert entered.empty()
        go_on.set()
        await asyncio.gather(*visits)
    assert not manners._turns


@pytest.mark.parametrize(("status", "asked"), [("429 x", 1), ("503 x", 1), ("404 x", 2)])
async def test_retry_after_is_heeded_with_the_answers_that_it_belongs_to(status: str, asked: int) -> None:
    busy = Answer(status=status, headers=(("Retry-After", "60"),))
    async with WebServer(routes={"/a": busy, "/b": busy}).running() as server:
        web = PublicWeb(port=server.port)
        async with GuardedFetcher(
            timeout=20, max_bytes=2**20, user_agent="a", resolve=web.resolve, dial=web.dial
        ) as fetcher:
            for path in ("/a", "/b"):
                with pytest.raises(FetchError):
                    await fetcher.fetch(f"http://news.example{path}")
        assert len(server.requests) == asked
