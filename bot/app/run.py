"""Puts the concrete parts together and runs them; `platforms.py` makes those of the platforms."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import Engine

from bot.answering.answer import Desk
from bot.answering.consider import Research
from bot.answering.limits import Limits
from bot.answering.lookup import DeskLookUp
from bot.app.accepting import Serving, retrying
from bot.app.ending import leave_within, until_told
from bot.app.in_turn import InTurn, Report
from bot.app.platforms import platforms
from bot.app.services import BackOffice, open_back_office
from bot.app.starting import check_free, when_possible
from bot.app.systemd import notify
from bot.app.tending import health_told, listening, watched
from bot.background.commits import Commits
from bot.background.corrections import Corrections, cited_revision
from bot.background.database_file import DatabaseFiles
from bot.background.index_follower import Knowledge
from bot.background.retention import purging
from bot.background.supervisor import Supervisor
from bot.pages.fetch.fetcher import GuardedFetcher, user_agent
from bot.pages.fetch.guard import Dial, Resolve, system_addresses
from bot.pages.read.text_reader import PooledReader
from bot.pages.sample import SampleFetcher
from bot.ports import EditingPlatform, Fetcher, Foresight, Leave, Platform
from bot.settings import Settings
from bot.storage.channels import ChannelBook
from bot.storage.citations import Citations
from bot.storage.ledger import Ledger
from bot.storage.unmatched import UnmatchedLinks
from bot.storage.work_queue import DurableWork
from bot.threads import in_thread
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
async def open_research(
    settings: Settings,
    store: Store,
    *,
    network: Network = Network(),
    held: Iterable[Entry] = (),
    supervisor: Supervisor | None = None,
    woken_by: asyncio.Event | None = None,
) -> AsyncIterator[Research]:
    """Start what looking things up takes; the model loads in the background. Raises ModelError.

    The store is followed under that supervisor, else by itself; `woken_by` is set at each commit.
    """
    encoder = Encoder(settings.model, settings.model_sha256)
    knowledge = Knowledge(store, encoder, thresholds(settings), held=held)
    knowledge.start(supervisor, woken_by=woken_by)
    try:
        async with open_pages(settings, network=network) as (fetcher, reader):
            yield Research(fetcher=fetcher, reader=reader, matcher=knowledge, seconds=settings.link_seconds)
    finally:
        await knowledge.close()


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
        commits, store, queue = Commits(engine), Store(engine), settings.data_dir / "queue.db"
        supervisor.start(commits.loop())
        research = await stack.enter_async_context(
            open_research(settings, store, network=network, supervisor=supervisor, woken_by=commits.news())
        )
        listeners: dict[str, EditingPlatform] = {}
        desk = desk_for(settings, engine, research, listeners, store)
        await when_possible(desk.unmatched.renew, "the database")
        office = open_back_office(settings, desk, _foresight(research), entries=engine, talk=engine)
        look_up = DeskLookUp(office.answering, store)
        listeners |= await when_possible(
            lambda: platforms(settings, engine, look_up, desk.channels, office.admin), "the database"
        )
        await when_possible(lambda: in_thread(check_free, queue), "the work queue")
        work = DurableWork(queue, sender=desk.limits.sender, park=office.parked.park)
        serving = serving_of(office, work)
        accept = await when_possible(lambda: stack.enter_async_context(serving.accepting()), "the work queue")
        files = DatabaseFiles(Path(engine.url.database or ""), queue, leave)
        await when_possible(files.open, "the databases")
        stack.enter_context(health_told(settings.data_dir, supervisor))  # whoever holds the queue's lock
        stack.push_async_callback(supervisor.close)  # nothing is taken in once the queue closes
        supervisor.start(
            files.loop(),
            purging(settings, desk.ledger, queue, office.subscriptions),
            retrying(office.parked, desk.ledger, work, woken_by=commits.news()),
            *office.beside(commits.news),
            Corrections(store, desk.ledger, Citations(engine), listeners).loop(commits.news()),
            *(listening(platform, accept) for platform in listeners.values()),
        )
        notify("READY=1")
        log.info("started", platforms=sorted(listeners))
        await supervisor.ended()


async def chat(settings: Settings, console: Platform, *, held: Iterable[Entry], report: Report) -> None:
    """Run the bot on a terminal until its input ends and all is answered; nothing of the talk is kept.

    `report` is told what came of each line. `held` entries are searched beside those of the store.
    """
    engine = await in_thread(open_database, settings.database_address)
    with tempfile.TemporaryDirectory(prefix="caveat-chat-") as folder:
        own = await in_thread(open_database, f"sqlite:///{folder}/chat.db")
        network = Network(sample=True)
        async with open_research(settings, Store(engine), network=network, held=held) as research:
            desk = desk_for(settings, own, research, {console.name: console}, Store(engine))
            office = open_back_office(
                settings, desk, _foresight(research), entries=engine, talk=own, operator=OPERATOR
            )
            turn = InTurn()
            work = DurableWork(Path(folder) / "queue.db", park=office.parked.park)
            serving = serving_of(office, work, report=turn.reporting(report))
            async with serving.accepting() as accept:
                await until_told(console.listen(turn.accepting(accept)))
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
        cited=lambda entry: in_thread(cited_revision, store, entry),
        repeat_after=timedelta(hours=settings.repeat_hours),
        limits=Limits(
            links_per_message=settings.links_per_message,
            per_person=settings.person_per_minute,
            per_channel=settings.channel_per_minute,
        ),
        message_seconds=settings.message_seconds,
    )


def serving_of(office: BackOffice, work: DurableWork, *, report: Report | None = None) -> Serving:
    """What takes events in and handles them; `report` is told what came of each."""
    return Serving(
        desk=office.answering, work=work, feedback=office.feedback, deleted=office.deleted, report=report
    )


def _foresight(research: Research) -> Foresight:
    assert isinstance(research.matcher, Knowledge)  # noqa: S101  # open_research makes it one
    return research.matcher
