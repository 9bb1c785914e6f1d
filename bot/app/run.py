"""Puts the concrete parts together and runs them; `platforms.py` makes those of the platforms."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
from sqlalchemy import Engine

from bot.answering.consider import Research
from bot.app.accepting import Serving, retrying
from bot.app.ending import leave_within, until_told
from bot.app.in_turn import InTurn, Report
from bot.app.platforms import adapters, surfaces_of
from bot.app.records import open_records
from bot.app.services import BotServices, build_services
from bot.app.starting import check_free, when_possible
from bot.app.systemd import notify
from bot.app.tending import health_told, watched
from bot.background.commits import Commits
from bot.background.corrections import Corrections
from bot.background.database_file import DatabaseFiles
from bot.background.index_follower import Knowledge
from bot.background.retention import purging
from bot.background.supervisor import Supervisor
from bot.pages.fetch.fetcher import GuardedFetcher, user_agent
from bot.pages.fetch.guard import Dial, Resolve, system_addresses
from bot.pages.read.text_reader import PooledReader
from bot.pages.sample import SampleFetcher
from bot.ports import Fetcher, Leave, Platform
from bot.settings import Settings
from bot.storage.channels import ChannelBook
from bot.storage.work_queue import DurableWork
from bot.threads import in_thread
from kb.curate.curation import Curation, open_curation
from kb.entries.entry import Entry
from kb.formats.files import starter_entries
from kb.match.query import Thresholds
from kb.search.encoder import Encoder
from kb.store.database import connect, upgrade
from kb.store.entries import Store

log = structlog.get_logger(__name__)

OPERATOR = "console:you"
"""Who sits at the terminal of `caveat chat` runs the machine, and so is an admin there."""


@dataclass(frozen=True, kw_only=True)
class Network:
    """How pages are reached: `sample` adds the bundled pages; only tests replace the other two."""

    sample: bool = False
    resolve: Resolve = system_addresses
    dial: Dial | None = None


def open_database(address: str) -> Engine:
    """Connect to the database and bring its tables up to date. Raises StoreError."""
    engine = connect(address)
    upgrade(engine, "kb.store")
    upgrade(engine, "bot.storage")
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
        site_per_minute=settings.site_per_minute,
        resolve=network.resolve,
        dial=network.dial,
    )
    reader = PooledReader()
    try:
        yield SampleFetcher(fetcher) if network.sample else fetcher, reader
    finally:
        await asyncio.gather(fetcher.close(), reader.close())


@asynccontextmanager
async def open_knowledge(
    settings: Settings,
    store: Store,
    *,
    held: Iterable[Entry] = (),
    supervisor: Supervisor | None = None,
    woken_by: asyncio.Event | None = None,
) -> AsyncIterator[Knowledge]:
    """Start to load the model and to follow the store, under that supervisor, else by itself.

    `woken_by` is set at each commit. `held` entries are searched beside those of the store.
    """
    knowledge = Knowledge(
        store, Encoder(settings.model, settings.model_sha256), thresholds(settings), held=held
    )
    knowledge.start(supervisor, woken_by=woken_by)
    try:
        yield knowledge
    finally:
        await knowledge.close()


@asynccontextmanager
async def open_research(
    settings: Settings, store: Store, *, network: Network = Network(), held: Iterable[Entry] = ()
) -> AsyncIterator[Research]:
    """Start what looking things up takes, without a bot; the model loads in the background."""
    async with (
        open_knowledge(settings, store, held=held) as knowledge,
        open_pages(settings, network=network) as (fetcher, reader),
    ):
        yield Research(fetcher=fetcher, reader=reader, matcher=knowledge, seconds=settings.link_seconds)


async def run(settings: Settings, *, network: Network = Network(), leave: Leave = leave_within) -> None:
    """Run the bot on the platforms that have settings, until a signal ends it; `leave` ends it in time.

    What may pass by itself is waited for. Raises SettingsError, LoginError and StoreError for what a person
    must mend, CannotGoOnError where starting again is what helps.
    """
    await until_told(_run(settings, network, leave), leave)


async def _run(settings: Settings, network: Network, leave: Leave) -> None:
    """Open what answering needs, and answer until a loop cannot go on."""
    async with watched() as supervisor, AsyncExitStack() as stack:
        engine = await when_possible(
            lambda: in_thread(open_database, settings.database_address), "the database"
        )
        commits, queue = Commits(engine), settings.data_dir / "queue.db"
        supervisor.start(commits.loop())
        curation, records = _curation(settings, engine), open_records(settings, engine)
        matcher = await stack.enter_async_context(
            open_knowledge(settings, curation.store, supervisor=supervisor, woken_by=commits.news())
        )
        fetcher, reader = await stack.enter_async_context(open_pages(settings, network=network))
        await when_possible(records.unmatched.renew, "the database")
        connected = await when_possible(lambda: adapters(settings, engine, records.ledger), "the database")
        services = build_services(
            settings, curation, records, connected.by_name, fetcher=fetcher, reader=reader, matcher=matcher
        )
        corrections = Corrections(curation.store, records.ledger, records.citations, connected.by_name)
        await when_possible(lambda: in_thread(check_free, queue), "the work queue")
        work = DurableWork(queue, sender=services.answering.limits.sender, park=records.parked.park)
        serving = serving_of(services, work)
        accept = await when_possible(lambda: stack.enter_async_context(serving.accepting()), "the work queue")
        files = DatabaseFiles(Path(engine.url.database or ""), queue, leave)
        await when_possible(files.open, "the databases")
        stack.enter_context(health_told(settings.data_dir, supervisor))  # whoever holds the queue's lock
        stack.push_async_callback(supervisor.close)  # nothing is taken in once the queue closes
        supervisor.start(
            files.loop(),
            purging(settings, records.ledger, queue, records.subscriptions),
            retrying(records.parked, records.ledger, work, woken_by=commits.news()),
            *services.beside(commits.news),
            corrections.loop(commits.news()),
            *connected.listening(accept, surfaces_of(services, connected.installs)),
        )
        notify("READY=1")
        log.info("started", platforms=sorted(connected.by_name))
        await supervisor.ended()


async def chat(settings: Settings, console: Platform, *, held: Iterable[Entry], report: Report) -> None:
    """Run the bot on a terminal until its input ends and all is answered; nothing of the talk is kept.

    `report` is told what came of each line. `held` entries are searched beside those of the store.
    """
    engine = await in_thread(open_database, settings.database_address)
    curation = _curation(settings, engine, operator=OPERATOR)
    with tempfile.TemporaryDirectory(prefix="caveat-chat-") as folder:
        own = await in_thread(open_database, f"sqlite:///{folder}/chat.db")
        async with (
            open_knowledge(settings, curation.store, held=held) as matcher,
            open_pages(settings, network=Network(sample=True)) as (fetcher, reader),
        ):
            records = replace(open_records(settings, own), channels=ChannelBook(settings.policy_of))
            platforms = {console.name: console}
            services = build_services(
                settings, curation, records, platforms, fetcher=fetcher, reader=reader, matcher=matcher
            )
            turn = InTurn()
            work = DurableWork(Path(folder) / "queue.db", park=records.parked.park)
            serving = serving_of(services, work, report=turn.reporting(report))
            async with serving.accepting() as accept:
                await until_told(console.listen(turn.accepting(accept)))
        own.dispose()


def serving_of(services: BotServices, work: DurableWork, *, report: Report | None = None) -> Serving:
    """What takes events in and handles them; `report` is told what came of each."""
    return Serving(
        services=services.answering,
        ledger=services.records.ledger,
        work=work,
        feedback=services.feedback,
        deleted=services.deleted,
        report=report,
    )


def _curation(settings: Settings, engine: Engine, *, operator: str | None = None) -> Curation:
    return open_curation(engine, admins=settings.admins, operator=operator, four_eyes=settings.four_eyes_on)
