"""Manners towards a site."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.errors import BusyError, FetchError
from bot.model import Fetched
from bot.pages.fetch.fetcher import GuardedFetcher
from bot.pages.fetch.manners import Manners
from bot.pages.fetch.patient import PatientFetcher
from tests.servers.web import Answer, PublicWeb, WebServer, redirect

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


async def test_a_turn_is_two_at_a_time_for_a_whole_site() -> None:
    """Sub-hosts of one registrable domain stand on one machine: their number must not multiply the calls."""
    manners = Manners()
    entered: asyncio.Queue[str] = asyncio.Queue()
    go_on = asyncio.Event()

    async def visit(host: str) -> None:
        async with manners.turn(host):
            entered.put_nowait(host)
            await go_on.wait()

    hosts = ["a.site.example", "b.site.example", "c.site.example", "other.example"]
    visits = [asyncio.create_task(visit(host)) for host in hosts]
    async with asyncio.timeout(20):
        first = sorted([await entered.get() for _ in range(3)])
        assert first == ["a.site.example", "b.site.example", "other.example"]
        assert entered.empty()
        go_on.set()
        await asyncio.gather(*visits)
    assert not manners._turns


async def _calls(manners: Manners, hosts: list[str]) -> int:
    """How many of these calls are let through."""
    passed = 0
    for host in hosts:
        with suppress(BusyError):
            async with manners.turn(host):
                passed += 1
    return passed


async def test_a_site_is_called_so_often_a_minute_and_no_more() -> None:
    clock = Clock()
    manners = Manners(per_minute=30, clock=clock)
    hosts = [f"{number}.site.example" for number in range(40)]
    assert await _calls(manners, hosts) == 10
    assert await _calls(manners, ["other.example"]) == 1
    clock.now += 1.9
    assert await _calls(manners, hosts) == 0
    clock.now += 0.1
    assert await _calls(manners, hosts) == 1
    clock.now += 3600
    assert await _calls(manners, hosts) == 10


async def test_a_site_that_rests_costs_nothing_of_its_budget() -> None:
    clock = Clock()
    manners = Manners(clock=clock)
    manners.leave_alone("site.example", "60")
    for _ in range(50):
        assert await _is_left_alone(manners, "site.example")
    clock.now += 60
    assert await _calls(manners, ["site.example"]) == 1


async def test_no_number_of_budgets_fills_the_memory() -> None:
    manners = Manners()
    assert await _calls(manners, [f"{number}.example" for number in range(6000)]) == 6000
    assert len(manners._budget._left) <= 5000


async def test_whoever_waits_too_long_for_a_turn_is_sent_away() -> None:
    """And the turns that are held stay as they are."""
    manners = Manners(patience=0.01)
    async with manners.turn("a.site.example"), manners.turn("b.site.example"):
        with pytest.raises(BusyError):
            async with manners.turn("c.site.example"):
                pass
    async with manners.turn("c.site.example"):
        pass


async def test_pages_that_are_remembered_cost_nothing_and_redirects_do() -> None:
    page, hop = Answer(body="a page"), redirect("/page")
    async with WebServer(routes={"/page": page, "/hop": hop}).running() as server:
        web = PublicWeb(port=server.port)
        async with GuardedFetcher(
            timeout=20, max_bytes=2**20, user_agent="a", resolve=web.resolve, dial=web.dial, site_per_minute=3
        ) as fetcher:
            await fetcher.fetch("http://www.news.example/hop")
            for _ in range(20):
                await fetcher.fetch("http://www.news.example/page")
            with pytest.raises(FetchError, match="404"):
                await fetcher.fetch("http://m.news.example/missing")
            with pytest.raises(BusyError, match="ask again in a minute"):
                await fetcher.fetch("http://news.example/more")
            with pytest.raises(BusyError):  # and that says nothing about the page: it is not remembered
                await fetcher.fetch("http://news.example/more")
        assert len(server.requests) == 3


async def test_what_nobody_waits_for_is_fetched_once_the_site_may_be_called_again() -> None:
    """A daily look at originals must not find that a site with many of them could not be checked."""
    answers: list[Exception | Fetched] = [BusyError("later")] * 3
    page = Fetched(url="http://news.example/", content_type="text/html", charset=None, body=b"")
    answers.append(page)
    paused: list[float] = []

    class Busy:
        async def fetch(self, _url: str, *, unwrap: bool = True) -> Fetched:
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    assert await PatientFetcher(Busy(), pause=pause).fetch("http://news.example/") is page
    assert len(paused) == 3


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
