"""The desk of curators on a database in a file, with a platform, pages and a matcher in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import Engine

from bot.answering.consider import Research
from bot.answering.limits import Limits
from bot.answering.links import find_links
from bot.answering.services import Services
from bot.app.services import TYPED
from bot.commands.chat import CommandChat
from bot.commands.dispatch import Dispatcher
from bot.commands.grammar import parse
from bot.commands.services import CommandServices
from bot.commands.values import Caller, CommandReply, Preview
from bot.errors import FetchError, UnreadableError
from bot.model import (
    Fetched,
    Message,
    Page,
    PageKind,
    Policy,
    Traits,
)
from bot.replies.plain import render
from bot.storage.channels import ChannelBook
from bot.storage.ledger import Ledger
from bot.storage.parked_events import ParkedEvents
from bot.storage.subscriptions import Subscriptions
from bot.storage.unmatched import UnmatchedLinks
from kb.curate.curation import Curation, open_curation
from kb.entries.editorial import LinkState, SourceRead
from kb.entries.entry import Entry, Status
from kb.entries.people import Role
from kb.match.query import Basis, Hit, Query
from kb.match.reading import QueryReading
from kb.store.database import connect, upgrade
from kb.store.entries import Store
from kb.urls.identity import identify
from tests.unit.bot.failing import FailingPlatform
from tests.unit.bot.inline import InlineReading

ROOM, CURATORS = "!news:here.example", "!desk:here.example"
ANNA, BEN, CLEO, DORA = (f"matrix:@{name}:here.example" for name in ("anna", "ben", "cleo", "dora"))
"""An admin, a curator, a reviewer, and somebody without a role."""
START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
MONTH = timedelta(days=30)


class Room(FailingPlatform):
    """The platform in memory, under the name of one that people type names of."""

    def said(self, text: str, sender: str = CLEO, *, channel: str = ROOM, **fields: object) -> Message:
        """Let somebody say something; gives the message."""
        name = f"$message-{len(self.messages) + 1}"
        message = Message(
            platform=self.name,
            channel=channel,
            id=name,
            event=name,
            sender=sender.partition(":")[2],
            text=text,
            links=find_links(text),
            asked=True,
            sent_at=START,
        )
        self.messages[name] = replace(message, **fields)  # type: ignore[arg-type]  # a test's own fields
        return self.messages[name]

    def told(self) -> list[str]:
        """Everything that stands posted, as plain text."""
        return [render(post.reply) for post in self.posts.values()]


@dataclass
class Web(InlineReading):
    """Pages by their address; fetcher and reader in one."""

    pages: dict[str, Page] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)

    async def fetch(self, url: str, *, unwrap: bool = True) -> Fetched:
        self.fetched.append(url)
        if url not in self.pages:
            raise FetchError("the site answered 404 Not Found")
        return Fetched(url=url, content_type="text/html", charset=None, body=b"")

    async def read(self, fetched: Fetched) -> Page:
        return self.pages[fetched.url]

    async def read_file(self, path: Path) -> Page:
        raise UnreadableError(f"there is no {path} here")


@dataclass
class Entries:
    """A matcher for published entries whose title stands in what is asked; knows originals' pages."""

    store: Store

    async def known_page(self, key: str) -> Hit | None:
        hits = self._hits(Basis.ORIGINAL)
        return next((hit for hit in hits if identify(hit.entry.original.url).key == key), None)

    async def ready(self) -> None:
        """There is no model to wait for."""

    async def match(self, query: Query, reading: QueryReading) -> tuple[Hit, ...]:
        asked = f"{query.title} {query.text}"
        return tuple(hit for hit in self._hits(Basis.SAME_STORY) if hit.entry.title in asked)

    async def traits(self, reading: QueryReading) -> Traits:
        return Traits(model="none", vector=b"", fingerprint=reading.fingerprint)

    async def preview(self, entry: Entry, pages: Iterable[object], original: bytes | None) -> tuple[()]:
        return ()

    async def caught_up(self, revision: int) -> None:
        """The store is asked each time."""

    def _hits(self, basis: Basis) -> tuple[Hit, ...]:
        return tuple(Hit(entry=each, score=1.0, basis=basis) for each in self.store.entries(Status.PUBLISHED))


@dataclass(kw_only=True)
class Stage:
    """Everything that a test of the desk may want to look at."""

    engine: Engine
    platform: Room
    web: Web
    services: CommandServices
    dispatcher: Dispatcher
    answering: Services
    originals: dict[str, SourceRead]

    @property
    def curation(self) -> Curation:
        return self.services.curation

    @property
    def store(self) -> Store:
        return self.services.curation.store

    async def run(self, text: str, person: str = CLEO, **where: object) -> CommandReply:
        """Carry a command out for somebody in the curators' room."""
        command = parse(text)
        assert command, text
        caller = Caller(person=person, platform="matrix", channel=CURATORS)
        return await self.dispatcher.run(command, replace(caller, **where))  # type: ignore[arg-type]  # a test's own fields

    async def told(self, text: str, person: str = CLEO, **where: object) -> str:
        """The same, as the text that the person reads."""
        return "\n".join(render(reply) for reply in (await self.run(text, person, **where)).replies)

    def put(self, entry: Entry, *, publish: bool = True) -> None:
        """Add an entry in ben's name and, as cleo, publish it."""
        self.curation.add(entry, by=BEN, anyway=True)
        if publish:
            self.curation.publish(entry.id, by=CLEO)


def article(url: str, title: str, text: str) -> Page:
    """An article as the reader gives it."""
    return Page(url=url, host="paper.example", kind=PageKind.ARTICLE, title=title, text=text)


@cache
def _empty_database() -> bytes:
    """A database without a row: making its tables takes longer than most tests do."""
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{folder}/caveat.db")
        upgrade(engine, "kb.store")
        upgrade(engine, "bot.storage")
        engine.dispose()  # the last connection puts what is in the log into the file
        return (Path(folder) / "caveat.db").read_bytes()


@contextmanager
def on_stage(folder: Path) -> Iterator[Stage]:
    """A desk where anna is an admin by the settings, ben a curator and cleo a reviewer."""
    (folder / "caveat.db").write_bytes(_empty_database())
    engine = connect(f"sqlite:///{folder}/caveat.db")
    curation = open_curation(engine, admins=[ANNA])
    curation.people.give(BEN, Role.CURATOR, by=ANNA)
    curation.people.give(CLEO, Role.REVIEWER, by=ANNA)
    platform, web, entries = Room("matrix"), Web(), Entries(curation.store)
    originals: dict[str, SourceRead] = {}

    async def look(url: str) -> SourceRead:
        return originals.get(url, SourceRead(state=LinkState.NOT_CHECKED))

    async def preview(_: Entry) -> Preview:
        return Preview(matched=("3×: https://copy.example/a (a near copy)",), pages=5, days=30)

    research = Research(fetcher=web, reader=web, matcher=entries)
    services = CommandServices(
        curation=curation,
        research=research,
        ledger=Ledger(engine),
        channels=ChannelBook(lambda _: Policy.PASSIVE),
        unmatched=UnmatchedLinks(engine),
        subscriptions=Subscriptions(engine, keep=MONTH),
        parked=ParkedEvents(engine),
        platforms={"matrix": platform},
        typed=TYPED,
        read_original=look,
        preview=preview,
        curators_channels=frozenset({CURATORS}),
    )
    dispatcher = Dispatcher(services)
    platforms = services.platforms
    chat = CommandChat(
        dispatcher=dispatcher, ledger=services.ledger, channels=services.channels, platforms=platforms
    )

    async def cited(entry: Entry) -> int | None:
        live = curation.store.trail(entry.id).live
        return live.number if live else None

    answering = Services(
        platforms=platforms,
        ledger=services.ledger,
        research=research,
        channels=services.channels,
        unmatched=services.unmatched,
        cited=cited,
        repeat_after=timedelta(),
        limits=Limits(links_per_message=3, per_person=1000, per_channel=1000),
        obey=chat.obey,
    )
    yield Stage(
        engine=engine,
        platform=platform,
        web=web,
        services=services,
        dispatcher=dispatcher,
        answering=answering,
        originals=originals,
    )
    engine.dispose()
