"""What the guard costs: the same pages on loopback by plain aiohttp and by the fetcher, turn by turn."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterable

import aiohttp

from bot.pages.fetch.fetcher import GuardedFetcher
from bot.pages.fetch.page_cache import PageCache
from tests.bench.row import Row
from tests.servers.web import Answer, PublicWeb, WebServer

_ROUNDS, _WARM = 1000, 50
_PAGE = Answer(body="<p>A line of a page of the usual size.</p>\n" * 1200)


def measure() -> Iterable[Row]:
    """The 95th percentiles; every page is another one, on a connection of its own."""
    plain, guarded = asyncio.run(_latencies())
    yield Row("a page of 50 KB on loopback, plain aiohttp, p95", _p95(plain), "ms")
    yield Row("the same through the guard, p95", _p95(guarded), "ms")
    yield Row("overhead of the guard, p95", _p95(guarded) - _p95(plain), "ms")


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] * 1000


async def _latencies() -> tuple[list[float], list[float]]:
    plain: list[float] = []
    guarded: list[float] = []
    async with (
        WebServer(routes={"/": _PAGE}).running() as server,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session,
    ):
        web = PublicWeb(port=server.port)
        async with GuardedFetcher(
            timeout=10,
            max_bytes=2**20,
            user_agent="bench",
            resolve=web.resolve,
            dial=web.dial,
            cache=PageCache(max_entries=1),
            site_per_minute=10**6,
        ) as fetcher:
            for number in range(_WARM + _ROUNDS):
                started = time.perf_counter()
                async with session.get(f"http://127.0.0.1:{server.port}/?id={number}") as response:
                    await response.read()
                between = time.perf_counter()
                await fetcher.fetch(f"http://news.example/?id={number}")
                plain.append(between - started)
                guarded.append(time.perf_counter() - between)
    return plain[_WARM:], guarded[_WARM:]
