"""Says a thing once: intent → look up → post → record, in an order that survives a crash at any point."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import structlog

from bot.answers import Answer, AnswerState, Intent, Standing
from bot.errors import InconclusiveError, PlatformError
from bot.model import Deletion, Receipt, Reply
from bot.ports import AnswerLedger, Platform

log = structlog.get_logger(__name__)


class Delivery(StrEnum):
    """What came of an answer; all but `posted` leave the channel without it, or as it was."""

    POSTED = "posted"
    SAID_ALREADY = "said already"
    REPEATED = "repeated"
    DELETED = "question deleted"
    PARKED = "parked"


async def deliver(
    ledger: AnswerLedger,
    platform: Platform,
    intent: Intent,
    reply: Reply,
    *,
    not_said_since: datetime | None = None,
    look_first: bool = False,
) -> Delivery:
    """Post an answer, unless it was posted before, under whatever crash, repeat or restored queue.

    With `not_said_since` an entry that was said in the channel since then is not repeated. `look_first` is
    for a question that came late: a ledger restored from a backup may not know what was said since. Raises
    PlatformError when the platform cannot be asked now: call again later, with the same intent.
    """
    async with ledger.sole(intent.key):
        begun = await ledger.begin(intent, not_said_since=not_said_since)
        match begun.standing:
            case Standing.NEW if look_first:
                return await _find_or_post(ledger, platform, intent, reply)
            case Standing.NEW:
                return await _post(ledger, platform, intent, reply)
            case Standing.KNOWN if begun.answer is not None:
                return await _continue(ledger, platform, begun.answer, reply)
            case Standing.DELETED:
                if begun.answer is not None:
                    await _withdraw(ledger, platform, begun.answer)
                return Delivery.DELETED
            case _:
                return Delivery.REPEATED


async def deliver_begun(
    ledger: AnswerLedger, platform: Platform, intent: Intent, reply: Reply, *, look_first: bool
) -> Delivery:
    """Post an answer whose intent was recorded before what it tells of was done; `look_first` after a crash.

    Raises as `deliver` does.
    """
    async with ledger.sole(intent.key):
        return await (_find_or_post if look_first else _post)(ledger, platform, intent, reply)


async def withdraw(ledger: AnswerLedger, platform: Platform, answer: Answer) -> None:
    """Take one answer back. Raises PlatformError when the platform cannot be asked."""
    async with ledger.sole(answer.key):
        await _withdraw(ledger, platform, await ledger.answer(answer.key) or answer)


async def settle(ledger: AnswerLedger, platform: Platform, answer: Answer) -> None:
    """Find out what became of an answer that was begun and is not to be said any more.

    It is adopted where it was posted, else forgotten. Raises PlatformError when the platform cannot be asked.
    """
    async with ledger.sole(answer.key):
        try:
            receipt = await platform.find(answer.intent.place, answer.key)
        except InconclusiveError as error:
            await _park(ledger, answer.intent, error)
            return
        if receipt is None:
            await ledger.withdrawn(answer.key)
        else:
            await _record(ledger, platform, answer.intent, receipt)


async def withdraw_answers(ledger: AnswerLedger, platform: Platform, deletion: Deletion) -> None:
    """Take the answers to a deleted message back, and see to it that none is posted any more.

    Raises PlatformError, after having tried each of them, when the platform cannot be asked now.
    """
    failure: PlatformError | None = None
    for known in await ledger.delete_question(platform.name, deletion.channel, deletion.id):
        async with ledger.sole(known.key):
            answer = await ledger.answer(known.key)  # it may have been posted while the lock was waited for
            try:
                await _withdraw(ledger, platform, answer or known)
            except PlatformError as error:
                failure = error
    if failure is not None:
        raise failure


async def _continue(ledger: AnswerLedger, platform: Platform, answer: Answer, reply: Reply) -> Delivery:
    match answer.state:
        case AnswerState.INTENT:
            return await _find_or_post(ledger, platform, answer.intent, reply)
        case AnswerState.PARKED:
            return Delivery.PARKED
        case _:
            return Delivery.SAID_ALREADY


async def _find_or_post(ledger: AnswerLedger, platform: Platform, intent: Intent, reply: Reply) -> Delivery:
    """Adopt an answer that stands in the channel, under its key; else post it."""
    try:
        receipt = await platform.find(intent.place, intent.key)
    except InconclusiveError as error:
        await _park(ledger, intent, error)
        return Delivery.PARKED
    if receipt is None:
        return await _post(ledger, platform, intent, reply)
    return await _record(ledger, platform, intent, receipt)


async def _post(ledger: AnswerLedger, platform: Platform, intent: Intent, reply: Reply) -> Delivery:
    receipt = await platform.post(intent.place, reply, intent.key)
    return await _record(ledger, platform, intent, receipt)


async def _record(ledger: AnswerLedger, platform: Platform, intent: Intent, receipt: Receipt) -> Delivery:
    if await ledger.posted(intent.key, receipt):
        return Delivery.POSTED
    await platform.withdraw(receipt)
    await ledger.withdrawn(intent.key)
    return Delivery.DELETED


async def _withdraw(ledger: AnswerLedger, platform: Platform, answer: Answer) -> None:
    """Take one answer back; one that was only begun is looked up first, for it may have been posted."""
    if answer.state is AnswerState.WITHDRAWN:
        return
    try:
        receipt = answer.receipt or await platform.find(answer.intent.place, answer.key)
    except InconclusiveError as error:
        await _park(ledger, answer.intent, error)
        return
    if receipt is not None:
        await platform.withdraw(receipt)
    await ledger.withdrawn(answer.key)


async def _park(ledger: AnswerLedger, intent: Intent, error: InconclusiveError) -> None:
    await ledger.parked(intent.key)
    log.error(
        "answer_parked",
        key=intent.key,
        platform=intent.platform,
        channel=intent.place.channel,
        message=intent.place.message_id,
        error=str(error),
        next_step="look whether the answer stands in that thread; the bot will not post it again",
    )
