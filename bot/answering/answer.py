"""The whole flow: links → known page? → fetch → read → match → decide → compose → deliver → record.

It handles one event from the durable queue, and may run again after a crash: what was said already is not
said again (`replies/deliver.py`). From the known page to the decision is `consider.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.answering.decide import may_speak
from bot.answering.judge import judge_all, key_of
from bot.answering.services import Services
from bot.answering.subject import Subject, subjects
from bot.answers import AnswerState, Intent
from bot.errors import FaultError
from bot.model import Action, Decision, Deletion, Event, Message, Place, Policy, Reply
from bot.replies import wording
from bot.replies.compose import numbered
from bot.replies.correct import WORDS
from bot.replies.deliver import Delivery, deliver, settle, withdraw_answers

log = structlog.get_logger(__name__)

_LATE = timedelta(minutes=10)  # a ledger restored from a backup may not know that such a message was answered


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one link or question; `delivery` is None where nothing was to be said."""

    decision: Decision
    delivery: Delivery | None = None


async def answer(event: Event, services: Services) -> tuple[Outcome, ...]:
    """Handle one event: answer a message, or withdraw the answers to a deleted one.

    Raises PlatformError when the platform cannot be asked now: call again later; FaultError when our own code
    failed on a link, after all that could be said was said.
    """
    platform = services.platforms[event.platform]
    if isinstance(event, Deletion):
        await withdraw_answers(services.ledger, platform, event)
        return ()
    if event.command and services.obey and await services.obey(event):
        return ()
    if not may_speak(services.channels.rules(event.platform, event.channel).policy, asked=event.asked):
        return ()
    asked_about = await subjects(event, platform, limit=services.limits.links_per_message)
    known = {subject: await services.ledger.answer(key_of(event, subject)) for subject in asked_about}
    fresh = [
        subject for subject, begun in known.items() if begun is None or begun.state is AnswerState.INTENT
    ]
    said = {
        begun.intent.entry_id for begun in known.values() if begun and begun.state is not AnswerState.INTENT
    }
    outcomes: list[Outcome] = []
    for subject, (decision, reply) in zip(fresh, await judge_all(fresh, event, services), strict=True):
        begun, entry_id = known[subject], _entry_of(decision)
        if decision.action is Action.SILENT or (entry_id and entry_id in said):
            if begun is not None:  # begun before a crash, when the decision was another one
                await settle(services.ledger, platform, begun)
            outcomes.append(Outcome(decision=decision))
            continue
        said.add(entry_id)
        intent = await _intent(event, subject, decision, reply, services)
        offered = _offering(decision, reply, subject, event, services)
        offered = numbered(offered, asked_about.index(subject)) if len(asked_about) > 1 else offered
        outcomes.append(Outcome(decision=decision, delivery=await _say(event, intent, offered, services)))
    if faults := [outcome.decision.fault for outcome in outcomes if outcome.decision.fault]:
        raise FaultError("; ".join(faults))
    return tuple(outcomes)


async def look_up(message: Message, services: Services) -> tuple[Reply, ...]:
    """Answer a message for the one who asks, at once: nothing is posted and no answer is recorded."""
    platform = services.platforms[message.platform]
    services.limits.heard(message)
    asked_about = await subjects(message, platform, limit=services.limits.links_per_message)
    verdicts = await judge_all(asked_about, replace(message, asked=True), services)
    replies = [reply for _, reply in verdicts]
    return (
        tuple(numbered(reply, place) for place, reply in enumerate(replies))
        if len(replies) > 1
        else tuple(replies)
    )


def _offering(
    decision: Decision, reply: Reply, subject: Subject, event: Message, services: Services
) -> Reply:
    """The reply, with the offer to tell later of what is not known yet."""
    unknown = subject.link is not None and not decision.of_words and reply.lead == wording.NOTHING
    offers = event.asked and services.obey is not None and event.unfurl is None
    return replace(reply, footnote=wording.TELL_ME) if unknown and offers else reply


def _entry_of(decision: Decision) -> str | None:
    return decision.hits[0].entry.id if decision.action is Action.REPLY else None


async def _intent(
    event: Message, subject: Subject, decision: Decision, reply: Reply, services: Services
) -> Intent:
    """What is recorded before an answer is posted, and what it takes to say it again."""
    place = Place(channel=event.channel, message_id=event.id, thread_id=event.thread_id, unfurl=event.unfurl)
    key = key_of(event, subject)
    intent = Intent(key=key, platform=event.platform, place=place, action=decision.action)
    if decision.action is not Action.REPLY:
        return intent
    hit = decision.hits[0]
    return replace(
        intent,
        entry_id=hit.entry.id,
        cited=await services.cited(hit.entry),
        basis=WORDS if decision.of_words else hit.basis.value,
        differences=reply.differences,
    )


async def _say(message: Message, intent: Intent, reply: Reply, services: Services) -> Delivery | None:
    about = {"action": intent.action.value, "entry": intent.entry_id, "channel": message.channel}
    policy = services.channels.rules(message.platform, message.channel).policy
    if not may_speak(policy, asked=message.asked):  # it was paused or changed while the page was read
        return None
    if policy is Policy.SHADOW:
        log.info("shadow", **about)
        return None
    since = None if message.asked else services.research.now() - services.repeat_after
    platform = services.platforms[message.platform]
    late = services.research.now() - message.sent_at > _LATE
    delivery = await deliver(services.ledger, platform, intent, reply, not_said_since=since, look_first=late)
    log.info("answered", delivery=delivery.value, **about)
    return delivery
