"""Puts together, each once, what answers questions, what curators work with, and what goes on beside."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.answering.consider import Research
from bot.answering.limits import Limits
from bot.answering.services import Services
from bot.app.records import Records
from bot.background.announcements import Announcements
from bot.background.corrections import cited_revision
from bot.background.link_checker import LinkChecker, read_original
from bot.background.muting import Muting
from bot.background.subscriptions import SubscriptionAnswers
from bot.background.supervisor import Loop
from bot.background.vouching import Vouching
from bot.clock import now_utc
from bot.commands.chat import CommandChat
from bot.commands.dispatch import Dispatcher
from bot.commands.services import CommandServices
from bot.commands.values import Preview
from bot.model import Deletion, Message
from bot.platforms.matrix import typed as typed_on_matrix
from bot.platforms.slack import typed as typed_in_slack
from bot.ports import Fetcher, Platform, PreviewingMatcher, Previews, TextReader, TypedNames
from bot.settings import Settings
from bot.storage.unmatched import LATEST
from bot.threads import in_thread
from kb.curate.curation import Curation
from kb.entries.entry import Entry
from kb.store.entries import Store

TYPED: Mapping[str, TypedNames] = {"matrix": typed_on_matrix, "slack": typed_in_slack}
"""How each platform's people name somebody or a message."""


@dataclass(frozen=True, kw_only=True)
class BotServices:
    """`answering` is what it takes to answer, and hands commands over; `feedback` takes the votes in."""

    admin: Dispatcher
    answering: Services
    records: Records
    feedback: Muting
    announcements: Announcements
    subscription_answers: SubscriptionAnswers
    links: LinkChecker

    def beside(self, news: Callable[[], asyncio.Event]) -> tuple[Loop, ...]:
        """The loops that run as long as the bot does; `news` gives each an event, set at each commit."""
        return (*self.announcements.loops(news()), self.subscription_answers.loop(news()), self.links.loop())

    async def deleted(self, event: Deletion) -> None:
        """Take back what a deleted message, or reaction, stood for."""
        await self.feedback.take_back(event.platform, event.channel, event.id)
        await self.records.subscriptions.forget(event.platform, event.channel, event.id)


def build_services(
    settings: Settings,
    curation: Curation,
    records: Records,
    platforms: Mapping[str, Platform],
    *,
    fetcher: Fetcher,
    reader: TextReader,
    matcher: PreviewingMatcher,
) -> BotServices:
    """Make it on the entries' database (`curation`) and that of what was said (`records`)."""
    named = dict.fromkeys(settings.curators_channels) | settings.channel_policies
    vouching = Vouching(channels=records.channels, platforms=platforms, named=named)
    muting = Muting(records.votes, curation, vouched=vouching.vouched)
    research = Research(
        fetcher=fetcher, reader=reader, matcher=matcher, muted=muting.muted, seconds=settings.link_seconds
    )
    for_commands = CommandServices(
        curation=curation,
        research=research,
        ledger=records.ledger,
        channels=records.channels,
        unmatched=records.unmatched,
        subscriptions=records.subscriptions,
        parked=records.parked,
        platforms=platforms,
        typed=TYPED,
        read_original=partial(read_original, fetcher=fetcher, reader=reader),
        preview=partial(_preview, settings=settings, records=records, curation=curation, previews=matcher),
        curators_channels=frozenset(settings.curators_channels),
        four_eyes=settings.four_eyes_on,
        links_per_message=settings.links_per_message,
    )
    admin = Dispatcher(for_commands)
    chat = CommandChat(
        dispatcher=admin, ledger=records.ledger, channels=records.channels, platforms=platforms
    )
    answering = services(settings, records, research, platforms, curation.store, obey=chat.obey)
    return BotServices(
        admin=admin,
        answering=answering,
        records=records,
        feedback=muting,
        announcements=Announcements(for_commands),
        subscription_answers=SubscriptionAnswers(
            answering, records.subscriptions, records.ledger, curation.store, matcher
        ),
        links=LinkChecker(curation.store, curation.originals, fetcher, reader),
    )


def services(
    settings: Settings,
    records: Records,
    research: Research,
    platforms: Mapping[str, Platform],
    store: Store,
    *,
    obey: Callable[[Message], Awaitable[bool]] | None = None,
) -> Services:
    """What answering needs, by the settings; the entries are in `store`."""
    return Services(
        platforms=platforms,
        ledger=records.ledger,
        research=research,
        channels=records.channels,
        unmatched=records.unmatched,
        cited=lambda entry: in_thread(cited_revision, store, entry),
        repeat_after=timedelta(hours=settings.repeat_hours),
        limits=Limits(
            links_per_message=settings.links_per_message,
            per_person=settings.person_per_minute,
            per_channel=settings.channel_per_minute,
        ),
        message_seconds=settings.message_seconds,
        obey=obey,
    )


async def _preview(
    entry: Entry, *, settings: Settings, records: Records, curation: Curation, previews: Previews
) -> Preview:
    """Which of the latest links without an answer an entry would match, with why."""
    days = settings.keep_unmatched_days
    pages = await records.unmatched.since(now_utc() - timedelta(days=days))
    url = entry.original.url
    original = (await in_thread(curation.originals.fingerprints, [url])).get(url)
    matched = await previews.preview(entry, pages, original)
    lines = tuple(f"{match.page.count}×: {match.page.url} ({match.why})" for match in matched)
    return Preview(matched=lines, pages=len(pages), days=days, latest=len(pages) >= LATEST)
