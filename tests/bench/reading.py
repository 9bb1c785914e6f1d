"""How fast pages are read, in the workers and with all that is around them; and beside hostile pages."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterable

from bot.errors import UnreadableError
from bot.model import Fetched
from bot.pages.read.text_reader import PooledReader
from tests.bench.row import Row
from tests.walls.languages import LANGUAGES
from tests.walls.sites import FOOTER, NAV, page, paragraphs, teasers

_SIZES = {"7 KB": (10, 10), "40 KB": (40, 120), "180 KB": (80, 700)}  # paragraphs and teasers
_PAGES = 40
_AT_ONCE = 4
_HOSTILE = b"<html><body>" + b"<div>" * 200 + b"<p><a href=x>a b c d</a></p>" * 29_000


def measure() -> Iterable[Row]:
    """Pages a second by size, and how long a page takes while two hostile ones are being read."""
    return asyncio.run(_measure())


async def _measure() -> list[Row]:
    reader = PooledReader()
    await reader.start()
    try:
        rows = []
        for name, (texts, around) in _SIZES.items():
            body = article(texts, around)
            rows.append(Row(f"articles read, of {name}, four at once", await _speed(reader, body), "/s"))
        beside = await _beside_hostile_pages(reader, article(10, 10)) * 1000
        rows.append(Row("an article of 7 KB beside two hostile pages, p95", beside, "ms"))
        return rows
    finally:
        await reader.close()


def article(texts: int, around: int) -> bytes:
    """A made-up article of so many paragraphs with so many teasers around it."""
    words = LANGUAGES["en"]
    told = paragraphs(*(f"{number}. {' '.join(words.story)}" for number in range(texts)))
    body = f"{NAV}<article><h1>{words.headline}</h1>{told}</article><aside>{teasers(words, around)}</aside>"
    return page(words.headline, f"{body}{'<div class=ad></div>' * around}{FOOTER}").encode()


def _fetched(body: bytes) -> Fetched:
    url = "https://www.daily-kite.example/news/forty-kites-counted"
    return Fetched(url=url, content_type="text/html", charset="utf-8", body=body)


async def _speed(reader: PooledReader, body: bytes) -> float:
    async def some() -> None:
        for _ in range(_PAGES // _AT_ONCE):
            await reader.read(_fetched(body))

    await reader.read(_fetched(body))
    start = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(_AT_ONCE)))
    return _PAGES / (time.perf_counter() - start)


async def _beside_hostile_pages(reader: PooledReader, body: bytes) -> float:
    taken = []

    async def hostile() -> None:
        try:
            await reader.read(_fetched(_HOSTILE))
        except UnreadableError:
            return

    attackers = [asyncio.create_task(hostile()) for _ in range(2)]
    await asyncio.sleep(0.05)
    for _ in range(40):
        start = time.perf_counter()
        await reader.read(_fetched(body))
        taken.append(time.perf_counter() - start)
    for task in attackers:
        task.cancel()
    await asyncio.gather(*attackers, return_exceptions=True)
    return statistics.quantiles(taken, n=20)[-1]
