"""Puts the concrete parts together and runs them; `adapters.py` makes those of the platforms."""

from __future__ import annotations

import asyncio
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import Engine

from bot.adapters import platforms
from bot.backoffice import open_back_office
from bot.channels import ChannelBook
from bot.citations import Citations
from bot.corrections import Corrections, cited_revision
from bot.feedback import FeedbackBook
from bot.knowledge import Knowledge
from bot.ledger import Ledger
from bot.lookup import DeskLookUp
from bot.model import Deletion, Event, Feedback, Incoming, Message, event_key
from bot.muting import Muting
from bot.payload import event_data, event_from
from bot.pipeline.answer import Desk, Outcome, answer
from bot.pipeline.consider import Research
from bot.pipeline.decide import may_speak
from bot.pipeline.extract import PooledReader
from bot.pipeline.fetch import GuardedFetcher, user_agent
from bot.pipeline.fetching.guard import Dial, Resolve, system_addresses
from bot.ports import Accept, EditingPlatform, Fetcher, Foresight, Platform
from bot.retention import purge
from bot.sample import SampleFetcher
from bot.settings import Settings
from bot.subscriptions import Subscriptions
from bot.unmatched import UnmatchedLinks
from bot.work import DurableWork
from kb.database import connect, upgrade
from kb.encoder import Encoder
from kb.entry import Entry
from kb.errors import KbError
from kb.files import starter_entries
from kb.query import Thresholds
from kb.store import Store

log = structlog.get_logger(__name__)

_PURGE_SECONDS = 24 * 3600.0
_ANSWER_SECONDS = 60.0

OPERATOR = "console:you"
"""Who sits at the terminal of `caveat chat` runs the machine, and so is an admin there."""

Report = Callable[[Event, tuple[Outcome, ...]], None]


@dataclass(frozen=True, kw_only=True)
class Network:
    """How pages are reached: `sample` adds the bundled pages; only tests replace the other two."""

    sample: bool = False
    resolve: Resolve = system_addresses
    dial: Dial | None = None


def open_database(address: str) -> Engine:
    """Connect to the database and bring its tables up to date. Raises StoreError."""
    engine = connect(address)
    upgrade(engine, "kb")
    upgrade(engine, "bot")
    return engine


def held_entries(store: Store, *, wanted: bool | None, tell: Callable[[str], None]) -> tuple[Entry, ...]:
    """The starter entries, if they are wanted or, with None, if the store has no entry; `tell` is told so."""
    if wanted is None and store.revision() == 0:
        tell("The store holds no entry yet, so the starter entries (examples) are used.")
        wanted = True
    return starter_entries() if wanted else ()


def thresholds(settings: Settings) -> Thresholds:
    """The probabilities that decide, as far as the settings say them."""
    return Thresholds(
        cutoff=settings.cutoff, page=settings.page_threshold, words=settings.words_threshold, gap=settings.gap
    )


@asynccontextmanager
async def open_pages(
    settings: Settings, *, network: Network = Network()
) -> AsyncIterator[tuple[Fetcher, PooledReader]]:
    """Start what fetching and reading pages takes."""
    fetcher = GuardedFetcher(
        timeout=settings.fetch_timeout,
        max_bytes=settings.fetch_max_bytes,
        user_agent=user_agent(settings.contact_url),
        hosts=settings.fetch_hosts,
        proxy=settings.egress_proxy,
        resolve=network.resolve,
        dial=network.dial,
    )
    reader = PooledReader()
    try:
        yield SampleFetcher(fetcher) if network.sample else fetcher, reader
    finally:
        await asyncio.gather(fetcher.close(), reader.close())


@asynccontextmanager
async def open_research(
    settings: Settings, store: Store, *, network: Network = Network(), held: Iterable[Entry] = ()
) -> AsyncIterator[Research]:
    """Start what looking things up takes; the model loads in the background. Raises ModelError."""
    encoder = Encoder(settings.model, settings.model_sha256)
    knowledge = Knowledge(store, encoder, thresholds(settings), held=held)
    knowledge.start()
    try:
        async with open_pages(settings, network=network) as (fetcher, reader):
            yield Research(fetcher=fetcher, reader=reader, matcher=knowledge)
    finally:
        await knowledge.close()


async def run(settings: Settings, *, network: Network = Network()) -> None:
    """Run the bot on the platforms that have settings, until a signal ends it.

    Raises SettingsError, LoginError and StoreError for what a person must mend.
    """
    engine = await asyncio.to_thread(open_database, settings.database_address)
    store, ledger, queue = Store(engine), Ledger(engine), settings.data_dir / "queue.db"
    async with open_research(settings, store, network=network) as research:
        listeners: dict[str, EditingPlatform] = {}
        desk = desk_for(settings, engine, research, listeners, store)
        await desk.unmatched.renew()
        office = open_back_office(settings, desk, _foresight(research), entries=engine, talk=engine)
        look_up = DeskLookUp(office.answering, store)
        listeners |= await platforms(settings, engine, look_up, desk.channels, office.admin)
        async with serving(
            office.answering, DurableWork(queue), office.feedback, deleted=office.deleted
        ) as accept:
            beside = [
                asyncio.create_task(_purge_daily(settings, ledger, queue, office.subscriptions)),
                *map(asyncio.ensure_future, office.beside()),
                asyncio.create_task(Corrections(store, ledger, Citations(engine), listeners).follow()),
            ]
            log.info("started", platforms=sorted(listeners))
            await _until_ended([platform.listen(accept) for platform in listeners.values()], *beside)


async def chat(settings: Settings, console: Platform, *, held: Iterable[Entry], report: Report) -> None:
    """Run the bot on a terminal until its input ends and all is answered; nothing of the talk is kept.

    `report` is told what came of each line. `held` entries are searched beside those of the store.
    """
    engine = await asyncio.to_thread(open_database, settings.database_address)
    with tempfile.TemporaryDirectory(prefix="caveat-chat-") as folder:
        own = await asyncio.to_thread(open_database, f"sqlite:///{folder}/chat.db")
        network = Network(sample=True)
        async with open_research(settings, Store(engine), network=network, held=held) as research:
            desk = desk_for(settings, own, research, {console.name: console}, Store(engine))
            office = open_back_office(
                settings, desk, _foresight(research), entries=engine, talk=own, operator=OPERATOR
            )
            turn = _InTurn()
            work = DurableWork(Path(folder) / "queue.db")
            async with serving(
                office.answering, work, office.feedback, report=turn.reporting(report), deleted=office.deleted
            ) as accept:
                await _until_ended([console.listen(turn.accepting(accept))])
        own.dispose()


def desk_for(
    settings: Settings, engine: Engine, research: Research, platforms: Mapping[str, Platform], store: Store
) -> Desk:
    """What answering needs, by the settings; what was said is kept with `engine`, the entries in `store`."""
    return Desk(
        platforms=platforms,
        ledger=Ledger(engine),
        research=research,
        channels=ChannelBook(engine, settings.policy_of),
        unmatched=UnmatchedLinks(engine),
        cited=lambda entry: asyncio.to_thread(cited_revision, store, entry),
        repeat_after=timedelta(hours=settings.repeat_hours),
        links_per_message=settings.links_per_message,
    )


@asynccontextmanager
async def serving(
    desk: Desk,
    work: DurableWork,
    feedback: FeedbackBook | Muting,
    *,
    report: Report | None = None,
    deleted: Callable[[Deletion], Awaitable[None]] | None = None,
) -> AsyncIterator[Accept]:
    """Handle the queue while the body runs; what it gives accepts events durably.

    `deleted` is told of each deletion before the answers to what was deleted are withdrawn.
    """

    async def handle(event: Event) -> None:
        if isinstance(event, Deletion) and deleted:
            await deleted(event)
        outcomes = await answer(event, desk)
        await desk.ledger.handled(event_key(event))
        if report is not None:
            report(event, outcomes)

    async def accept(event: Incoming) -> None:
        if isinstance(event, Feedback):
            await feedback.record(event)
            return
        policy = desk.channels.rules(event.platform, event.channel).policy
        if isinstance(event, Message) and not event.command and not may_speak(policy, asked=event.asked):
            return
        key = event_key(event)
        await desk.ledger.accepted(key, event_data(event))  # first: else it may be handled before it is known
        await work.enqueue(key, event)

    await work.start(handle)
    try:
        for key, data in (await desk.ledger.unhandled()).items():
            await work.enqueue(key, event_from(data))  # known already, unless the queue was lost or restored
        yield accept
    finally:
        await work.stop()


async def _until_ended(listening: Iterable[Awaitable[None]], *beside: asyncio.Task[None]) -> None:
    """Wait until one listener ends or a signal asks to stop; raises what a listener raised."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        loop.add_signal_handler(number, stopped.set)
    tasks = [asyncio.ensure_future(task) for task in (*listening, stopped.wait())]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
        for task in (*tasks, *beside):
            task.cancel()
        await asyncio.gather(*tasks, *beside, return_exceptions=True)


def _foresight(research: Research) -> Foresight:
    assert isinstance(research.matcher, Knowledge)  # noqa: S101  # open_research makes it one
    return research.matcher


async def _purge_daily(settings: Settings, ledger: Ledger, queue: Path, subscriptions: Subscriptions) -> None:
    while True:
        try:
            log.info("purged", **await purge(settings, ledger, queue, subscriptions))
        except KbError as error:
            log.error("purge_failed", error=str(error))
        await asyncio.sleep(_PURGE_SECONDS)


class _InTurn:
    """Lets a chat go on to the next line once the one before is answered."""

    def __init__(self) -> None:
        self._answered = asyncio.Event()

    def accepting(self, accept: Accept) -> Accept:
        async def accept_and_wait(event: Incoming) -> None:
            self._answered.clear()
            await accept(event)
            with suppress(TimeoutError):  # an answer that fails is in the log
                await asyncio.wait_for(self._answered.wait(), _ANSWER_SECONDS)

        return accept_and_wait

    def reporting(self, report: Report) -> Report:
        def report_and_go_on(event: Event, outcomes: tuple[Outcome, ...]) -> None:
            report(event, outcomes)
            self._answered.set()

        return report_and_go_on
