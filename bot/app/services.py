"""Puts together what curators work with: the desk, and what goes on beside answering."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from sqlalchemy import Engine

from bot.answering.answer import Desk
from bot.background.announcements import Announcements
from bot.background.follow_ups import FollowUps
from bot.background.link_checker import LinkChecker, read_original
from bot.background.muting import Muting
from bot.background.supervisor import Loop
from bot.background.vouching import Vouching
from bot.commands.chat import CommandChat
from bot.commands.dispatch import AdminDesk
from bot.commands.services import Office
from bot.commands.values import Foreseen
from bot.model import Deletion
from bot.ports import Foresight
from bot.settings import Settings
from bot.storage.parked_events import ParkedEvents
from bot.storage.subscriptions import Subscriptions
from bot.storage.unmatched import LATEST
from bot.storage.votes import FeedbackBook
from bot.threads import in_thread
from kb.curate.curation import Curation, open_curation
from kb.entries.entry import Entry
from kb.match.preview import SeenPage
from kb.store.entries import Store


@dataclass(frozen=True, kw_only=True)
class BackOffice:
    """`answering` is the desk of questions, which hands commands over; `feedback` takes the votes in."""

    admin: AdminDesk
    answering: Desk
    feedback: Muting
    subscriptions: Subscriptions
    announcements: Announcements
    follow_ups: FollowUps
    links: LinkChecker
    parked: ParkedEvents

    def beside(self, news: Callable[[], asyncio.Event]) -> tuple[Loop, ...]:
        """The loops that run as long as the bot does; `news` gives each an event, set at each commit."""
        return (*self.announcements.loops(news()), self.follow_ups.loop(news()), self.links.loop())

    async def deleted(self, event: Deletion) -> None:
        """Take back what a deleted message, or reaction, stood for."""
        await self.feedback.take_back(event.platform, event.channel, event.id)
        await self.subscriptions.forget(event.platform, event.channel, event.id)


def open_back_office(
    settings: Settings,
    desk: Desk,
    foresight: Foresight,
    *,
    entries: Engine,
    talk: Engine,
    operator: str | None = None,
) -> BackOffice:
    """Make it on the database of the entries and that of what was said, which may be one.

    `desk` must be the one whose platforms, rules and ledger count; `operator` is whoever sits at a terminal.
    """
    curation = open_curation(
        entries, admins=settings.admins, operator=operator, four_eyes=settings.four_eyes_on
    )
    named = dict.fromkeys(settings.curators_channels) | settings.channel_policies
    vouching = Vouching(channels=desk.channels, platforms=desk.platforms, named=named)
    muting = Muting(FeedbackBook(talk), curation, vouched=vouching.vouched)
    desk = replace(desk, research=replace(desk.research, muted=muting.muted))
    office = Office(
        curation=curation,
        research=desk.research,
        ledger=desk.ledger,
        channels=desk.channels,
        unmatched=desk.unmatched,
        subscriptions=Subscriptions(talk, keep=timedelta(days=settings.keep_subscriptions_days)),
        parked=ParkedEvents(talk),
        platforms=desk.platforms,
        read_original=partial(read_original, fetcher=desk.research.fetcher, reader=desk.research.reader),
        foresee=partial(_foresee, settings=settings, desk=desk, curation=curation, foresight=foresight),
        curators_channels=frozenset(settings.curators_channels),
        four_eyes=settings.four_eyes_on,
        links_per_message=desk.limits.links_per_message,
    )
    admin = AdminDesk(office)
    chat = CommandChat(desk=admin, ledger=desk.ledger, channels=desk.channels, platforms=desk.platforms)
    answering = replace(desk, obey=chat.obey)
    return BackOffice(
        admin=admin,
        answering=answering,
        feedback=muting,
        subscriptions=office.subscriptions,
        announcements=Announcements(office),
        follow_ups=FollowUps(answering, office.subscriptions, Store(entries), foresight),
        parked=office.parked,
        links=LinkChecker(curation.store, curation.originals, desk.research.fetcher, desk.research.reader),
    )


async def _foresee(
    entry: Entry, *, settings: Settings, desk: Desk, curation: Curation, foresight: Foresight
) -> Foreseen:
    """Which of the latest links without an answer an entry would match, with why."""
    days = settings.keep_unmatched_days
    unmatched = await desk.unmatched.since(desk.research.now() - timedelta(days=days))
    pages = [
        SeenPage(
            key=each.key,
            url=each.url,
            count=each.count,
            model=each.model,
            vector=each.vector,
            fingerprint=each.fingerprint,
        )
        for each in unmatched
    ]
    url = entry.original.url
    original = (await in_thread(curation.originals.fingerprints, [url])).get(url)
    found = await foresight.foretell(entry, pages, original)
    lines = tuple(f"{each.page.count}×: {each.page.url} ({each.why})" for each in found)
    return Foreseen(matched=lines, pages=len(pages), days=days, latest=len(pages) >= LATEST)
