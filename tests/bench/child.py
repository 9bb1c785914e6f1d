"""One measured bot: the real queue, ledger, index and encoder, with a platform and a fetcher in memory."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from bot.answering.consider import Research
from bot.app.accepting import Serving
from bot.app.records import open_records
from bot.app.run import Network, open_database, open_research
from bot.app.services import services
from bot.background.index_follower import Knowledge
from bot.load_settings import load_settings
from bot.log import configure
from bot.model import Fetched, Message, Page, Place, Receipt, Reply
from bot.pages.sample import HOST, SampleFetcher
from bot.platforms.memory import MemoryPlatform
from bot.storage.votes import FeedbackBook
from bot.storage.work_queue import DurableWork
from kb.compare import Article, Comparison
from kb.entries.entry import Entry, Status
from kb.match.query import Query
from kb.match.reading import QueryReading
from kb.store.entries import Store
from kb.urls.identity import identify
from tests.servers.processes import descendants

POST_WORDS, ARTICLE_WORDS = 40, 1000


class Room(MemoryPlatform):
    """The platform in memory, which says when something was posted."""

    def __init__(self) -> None:
        super().__init__("room")
        self.posted = asyncio.Event()

    async def post(self, place: Place, reply: Reply, key: str) -> Receipt:
        receipt = await super().post(place, reply, key)
        self.posted.set()
        return receipt


class NoNetwork:
    """Whatever is asked for, there is no network here."""

    async def fetch(self, url: str, *, unwrap: bool = True) -> Fetched:
        raise AssertionError(f"the bench fetched {url}")


class Remembered:
    """A reader that reads the sample page once and then gives it back."""

    def __init__(self, research: Research) -> None:
        self._research = research
        self._page: Page | None = None

    async def read(self, fetched: Fetched) -> Page:
        if self._page is None:
            self._page = await self._research.reader.read(fetched)
        return self._page

    async def read_file(self, path: Path) -> Page:
        return await self._research.reader.read_file(path)

    async def read_query(self, query: Query) -> QueryReading:
        return await self._research.reader.read_query(query)

    async def compare(self, entry: Entry, article: Article) -> Comparison:
        return await self._research.reader.compare(entry, article)


async def timed(rounds: int, work: Callable[[int], Awaitable[object]]) -> list[float]:
    """Milliseconds of each round, after one that is not counted."""
    await work(-1)
    taken = []
    for number in range(rounds):
        start = time.perf_counter()
        await work(number)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def told(name: str, taken: list[float]) -> dict[str, float]:
    ordered = statistics.quantiles(taken, n=20)
    return {f"{name}_p50": statistics.median(taken), f"{name}_p95": ordered[18]}


async def measure(folder: Path, rounds: int, started: float) -> dict[str, float]:
    settings = load_settings(data_dir=folder, database_url="")
    engine = await asyncio.to_thread(open_database, settings.database_address)
    room, result = Room(), {}
    with tempfile.TemporaryDirectory() as own:
        answers = open_database(f"sqlite:///{own}/ledger.db")
        async with open_research(settings, Store(engine), network=Network(sample=True)) as research:
            quick = Research(
                fetcher=SampleFetcher(NoNetwork()), reader=Remembered(research), matcher=research.matcher
            )
            records = open_records(settings, answers)
            work = DurableWork(Path(own) / "queue.db")
            answering = services(settings, records, quick, {room.name: room}, Store(engine))
            serving = Serving(
                services=answering, ledger=records.ledger, work=work, feedback=FeedbackBook(engine)
            )
            async with serving.accepting() as accept:
                result["accepting"] = time.time() - started
                knowledge = cast("Knowledge", research.matcher)
                await knowledge.ready()
                await knowledge.match(Query(text="a first question, which waits for the model"))
                result["ready"] = time.time() - started
                result |= await _speeds(Store(engine), research, rounds)

                async def ask(number: int) -> None:
                    room.posted.clear()
                    await accept(_question(number))
                    await asyncio.wait_for(room.posted.wait(), 30)

                result |= told("answer", await timed(rounds, ask))
                encoder = knowledge._encoder._process
                result |= _memory(encoder.pid if encoder else None)
    return result


async def _speeds(store: Store, research: Research, rounds: int) -> dict[str, float]:
    entries = list(store.entries(Status.PUBLISHED))
    words = " ".join(f"{entry.title} {entry.summary}" for entry in entries[:200]).split()
    words *= ARTICLE_WORDS // len(words) + 2

    def match(length: int) -> Callable[[int], Awaitable[object]]:
        async def run(number: int) -> object:
            text = " ".join(words[number + 1 : number + 1 + length])
            query = Query(title=words[number], text=text, is_page=True)
            return await research.matcher.match(query, await research.reader.read_query(query))

        return run

    keys = [identify(entry.original.url).key for entry in entries]
    pages = await timed(rounds, lambda number: research.matcher.known_page(keys[number % len(keys)]))
    return (
        told("page", pages)
        | told("post", await timed(rounds, match(POST_WORDS)))
        | told("article", await timed(rounds, match(ARTICLE_WORDS)))
    )


def _question(number: int) -> Message:
    return Message(
        platform="room",
        channel="bench",
        id=str(number),
        event=str(number),
        sender="",
        text="",
        links=(f"https://{HOST}/war-photos",),
        asked=True,
        sent_at=datetime.now(UTC),
    )


def _memory(encoder: int | None) -> dict[str, float]:
    """Megabytes now, of this process and of those that it started."""
    others = [str(process) for process in descendants(os.getpid()) if process != encoder]
    everything = ["self", str(encoder), *others]
    return {
        "memory_bot": _kilobytes("self", "status", "VmRSS:") / 1024,
        "memory_encoder": _kilobytes(str(encoder), "status", "VmRSS:") / 1024,
        "memory_readers": sum(_kilobytes(other, "status", "VmRSS:") for other in others) / 1024,
        "memory_shared": sum(_kilobytes(each, "smaps_rollup", "Pss:") for each in everything) / 1024,
    }


def _kilobytes(process: str, file: str, field: str) -> float:
    lines = Path(f"/proc/{process}/{file}").read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(field))


def main() -> None:
    """Measure; prints one line of JSON."""
    configure("error", "text")
    print(json.dumps(asyncio.run(measure(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))))
