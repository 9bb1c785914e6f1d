"""The whole flow: links → known page? → fetch → read → match → decide → compose → deliver → record.

It handles one event from the durable queue, and may run again after a crash: what was said already is not
said again (`replies/deliver.py`). From the known page to the decision is `consider.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.answers import Intent, State, answer_key
from bot.channels import ChannelBook
from bot.errors import PageError
from bot.ledger import Ledger
from bot.model import (
    Action,
    Decision,
    Deletion,
    Event,
    Message,
    Place,
    Policy,
    Reply,
    event_key,
)
from bot.pipeline.consider import Considered, Research, consider
from bot.pipeline.decide import Occasion, may_speak
from bot.pipeline.subject import Subject, subjects
from bot.pipeline.unanswered import count_unanswered
from bot.ports import Platform
from bot.replies import wording
from bot.replies.compose import compose, numbered, unreadable
from bot.replies.correct import WORDS
from bot.replies.deliver import Delivery, deliver, settle, withdraw_answers
from bot.unmatched import UnmatchedLinks
from kb.entry import Entry
from kb.errors import ModelError
from kb.query import Hit

log = structlog.get_logger(__name__)

_LATE = timedelta(minutes=10)  # a ledger restored from a backup may not know that such a message was answered


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything that answering needs from the outside.

    `cited` gives the number of the revision that an entry is, None for one that is not in the store. `obey`
    carries out what a message tells the bot to do, and gives False for one that is a question after all.
    """

    platforms: Mapping[str, Platform]
    ledger: Ledger
    research: Research
    channels: ChannelBook
    unmatched: UnmatchedLinks
    cited: Callable[[Entry], Awaitable[int | None]]
    repeat_after: timedelta
    links_per_message: int
    obey: Callable[[Message], Awaitable[bool]] | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one link or question; `delivery` is None where nothing was to be said."""

    decision: Decision
    delivery: Delivery | None = None


async def answer(event: Event, desk: Desk) -> tuple[Outcome, ...]:
    """Handle one event: answer a message, or withdraw the answers to a deleted one.

    Raises PlatformError when the platform cannot be asked now: call again later.
    """
    platform = desk.platforms[event.platform]
    if isinstance(event, Deletion):
        await withdraw_answers(desk.ledger, platform, event)
        return ()
    if event.command and desk.obey and await desk.obey(event):
        return ()
    if not may_speak(desk.channels.rules(event.platform, event.channel).policy, asked=event.asked):
        return ()
    outcomes: list[Outcome] = []
    said: set[str | None] = set()
    asked_about = await subjects(event, platform, limit=desk.links_per_message)
    for position, subject in enumerate(asked_about):
        key = answer_key(event.platform, event.channel, event.id, subject.key)
        known = await desk.ledger.answer(key)
        if known is not None and known.state is not State.INTENT:
            said.add(known.intent.entry_id)
            continue
        decision, reply = await _judge(subject, event, desk)
        entry_id = decision.hits[0].entry.id if decision.action is Action.REPLY else None
        if decision.action is Action.SILENT or (entry_id and entry_id in said):
            if known is not None:  # begun before a crash, when the decision was another one
                await settle(desk.ledger, platform, known)
            outcomes.append(Outcome(decision=decision))
            continue
        said.add(entry_id)
        place = Place(
            channel=event.channel, message_id=event.id, thread_id=event.thread_id, unfurl=event.unfurl
        )
        intent = Intent(key=key, platform=event.platform, place=place, action=decision.action)
        if decision.action is Action.REPLY:
            intent = await _citing(intent, decision.hits[0], reply, desk, words=subject.link is None)
        if event.asked and subject.link and reply.lead == wording.NOTHING and desk.obey and not event.unfurl:
            reply = replace(reply, footnote=wording.TELL_ME)
        reply = numbered(reply, position) if len(asked_about) > 1 else reply
        outcomes.append(Outcome(decision=decision, delivery=await _say(event, intent, reply, desk)))
    return tuple(outcomes)


async def look_up(message: Message, desk: Desk) -> tuple[Reply, ...]:
    """Answer a message for the one who asks, at once: nothing is posted and no answer is recorded."""
    platform = desk.platforms[message.platform]
    asked_about = await subjects(message, platform, limit=desk.links_per_message)
    replies = [(await _judge(subject, replace(message, asked=True), desk))[1] for subject in asked_about]
    return (
        tuple(numbered(reply, place) for place, reply in enumerate(replies))
        if len(replies) > 1
        else tuple(replies)
    )


async def _judge(subject: Subject, message: Message, desk: Desk) -> tuple[Decision, Reply]:
    """Decide what to say about one subject; a link that no entry answers is counted."""
    failed = Action.NOTHING if message.asked else Action.SILENT
    rules = desk.channels.rules(message.platform, message.channel)
    occasion = Occasion(asked=message.asked, least=rules.threshold or 0.0, language=rules.language)
    considered: Considered | None = None
    if not subject.link and not subject.words:
        return Decision(action=failed, reason="nothing to look up"), Reply(lead=wording.HELP)
    try:
        considered = await consider(subject, desk.research, occasion)
        decision = considered.decision
        today = desk.research.now().date()
        reply = compose(decision, words=subject.link is None, today=today, comparison=considered.comparison)
    except PageError as error:
        decision = Decision(action=failed, reason=f"could not read the page: {error.reason}")
        reply = unreadable(error.reason)
    except ModelError as error:
        log.error("model_failed", error=str(error))
        decision, reply = Decision(action=failed, reason="the model failed"), Reply(lead=wording.LATER)
    log.info("decided", action=decision.action.value, reason=decision.reason, asked=message.asked)
    if subject.link:
        event = event_key(message)
        await count_unanswered(subject.link, event, considered, desk.unmatched, desk.research.matcher)
    return decision, reply


async def _citing(intent: Intent, hit: Hit, reply: Reply, desk: Desk, *, words: bool) -> Intent:
    """Add what it takes to say an answer again when its entry changes."""
    return replace(
        intent,
        entry_id=hit.entry.id,
        cited=await desk.cited(hit.entry),
        basis=WORDS if words else hit.basis.value,
        differences=reply.differences,
    )


async def _say(message: Message, intent: Intent, reply: Reply, desk: Desk) -> Delivery | None:
    about = {"action": intent.action.value, "entry": intent.entry_id, "channel": message.channel}
    policy = desk.channels.rules(message.platform, message.channel).policy
    if not may_speak(policy, asked=message.asked):  # it was paused or changed while the page was read
        return None
    if policy is Policy.SHADOW:
        log.info("shadow", **about)
        return None
    since = None if message.asked else desk.research.now() - desk.repeat_after
    platform = desk.platforms[message.platform]
    late = desk.research.now() - message.sent_at > _LATE
    delivery = await deliver(desk.ledger, platform, intent, reply, not_said_since=since, look_first=late)
    log.info("answered", delivery=delivery.value, **about)
    return delivery
