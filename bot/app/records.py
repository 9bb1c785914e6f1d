"""What the bot keeps of what was said: ids, addresses and answers, in one database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine

from bot.settings import Settings
from bot.storage.channels import ChannelBook, KeptChannelBook
from bot.storage.citations import Citations
from bot.storage.ledger import Ledger
from bot.storage.parked_events import ParkedEvents
from bot.storage.subscriptions import Subscriptions
from bot.storage.unmatched import UnmatchedLinks
from bot.storage.votes import FeedbackBook


@dataclass(frozen=True, kw_only=True)
class Records:
    """Each of the bot's stores, on one database."""

    ledger: Ledger
    citations: Citations
    channels: ChannelBook
    unmatched: UnmatchedLinks
    subscriptions: Subscriptions
    parked: ParkedEvents
    votes: FeedbackBook


def open_records(settings: Settings, engine: Engine) -> Records:
    """The stores on a database whose tables are up to date. Raises StoreError."""
    return Records(
        ledger=Ledger(engine),
        citations=Citations(engine),
        channels=KeptChannelBook(engine, settings.policy_of),
        unmatched=UnmatchedLinks(engine),
        subscriptions=Subscriptions(engine, keep=timedelta(days=settings.keep_subscriptions_days)),
        parked=ParkedEvents(engine),
        votes=FeedbackBook(engine),
    )
