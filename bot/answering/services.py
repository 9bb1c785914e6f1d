"""Everything that answering needs from the outside, in one value."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.answering.consider import Research
from bot.answering.limits import Limits
from bot.model import Message
from bot.ports import AnswerLedger, Platform, RulesOfChannels, UnmatchedCounts
from kb.entries.entry import Entry


@dataclass(frozen=True, kw_only=True)
class Services:
    """Everything that answering needs from the outside.

    `cited` gives the number of the revision that an entry is, None for one that is not in the store. `obey`
    carries out what a message tells the bot to do, and gives False for one that is a question after all.
    Nothing more is looked up for a message after `message_seconds`.
    """

    platforms: Mapping[str, Platform]
    ledger: AnswerLedger
    research: Research
    channels: RulesOfChannels
    unmatched: UnmatchedCounts
    cited: Callable[[Entry], Awaitable[int | None]]
    repeat_after: timedelta
    limits: Limits
    message_seconds: float = 45.0
    obey: Callable[[Message], Awaitable[bool]] | None = None
