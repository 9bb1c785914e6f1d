"""The whole flow: links → known page? → fetch → read → match → decide → compose → deliver → record.

It handles one event from the durable queue, and may run again after a crash: what was said already is not
said again (`replies/deliver.py`). From the known page to the decision is `consider.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.answers import Intent, State, answer_key
from bot.errors import PageError
from bot.ledger import Ledger
from bot.model import Action, Decision, Deletion, Event, Message, Place, Policy, Reply
from bot.pipeline.consider import Research, consider
from bot.pipeline.decide import may_speak
from bot.pipeline.subject import Subject, subjects
from bot.ports import Platform
from bot.replies import wording
from bot.replies.compose import compose, numbered, unreadable
from bot.replies.deliver import Delivery, deliver, settle, withdraw_answers
from kb.errors import ModelError

log = structlog.get_logger(__name__)

_LATE = timedelta(minutes=10)  # a ledger restored from a backup may not know that such a message was answered


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything that answering needs from the outside."""

    platforms: Mapping[str, Platform]
    ledger: Ledger
    research: Research
    policy: Callable[[str], Policy]
    repeat_after: timedelta
    links_per_message: int


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
    if not may_speak(desk.policy(event.channel), asked=event.asked):
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
        decision, reply = await _judge(subject, desk, asked=event.asked)
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
        intent = Intent(
            key=key, platform=event.platform, place=place, action=decision.action, entry_id=entry_id
        )
        reply = numbered(reply, position) if len(asked_about) > 1 else reply
        outcomes.append(Outcome(decision=decision, delivery=await _say(event, intent, reply, desk)))
    return tuple(outcomes)


async def look_up(message: Message, desk: Desk) -> tuple[Reply, ...]:
    """Answer a message for the one who asks, at once: nothing is posted and no answer is recorded."""
    platform = desk.platforms[message.platform]
    asked_about = await subjects(message, platform, limit=desk.links_per_message)
    replies = [(await _judge(subject, desk, asked=True))[1] for subject in asked_about]
    return (
        tuple(numbered(reply, place) for place, reply in enumerate(replies))
        if len(replies) > 1
        else tuple(replies)
    )


async def _judge(subject: Subject, desk: Desk, *, asked: bool) -> tuple[Decision, Reply]:
    """Decide what to say about one subject; a link about which there was nothing to say is counted."""
    failed = Action.NOTHING if asked else Action.SILENT
    if not subject.link and not subject.words:
        return Decision(action=failed, reason="nothing to look up"), Reply(lead=wording.HELP)
    try:
        decision = (await consider(subject, desk.research, asked=asked)).decision
        today = desk.research.now().date()
        reply = compose(decision, words=subject.link is None, today=today)
    except PageError as error:
        decision = Decision(action=failed, reason=f"could not read the page: {error.reason}")
        reply = unreadable(error.reason)
    except ModelError as error:
        log.error("model_failed", error=str(error))
        decision, reply = Decision(action=failed, reason="the model failed"), Reply(lead=wording.LATER)
    log.info("decided", action=decision.action.value, reason=decision.reason, asked=asked)
    if subject.link and not decision.hits:
        await desk.ledger.missed(subject.link.key, subject.link.url)
    return decision, reply


async def _say(message: Message, intent: Intent, reply: Reply, desk: Desk) -> Delivery | None:
    about = {"action": intent.action.value, "entry": intent.entry_id, "channel": message.channel}
    if desk.policy(message.channel) is Policy.SHADOW:
        log.info("shadow", **about)
        return None
    since = None if message.asked else desk.research.now() - desk.repeat_after
    platform = desk.platforms[message.platform]
    late = desk.research.now() - message.sent_at > _LATE
    delivery = await deliver(desk.ledger, platform, intent, reply, not_said_since=since, look_first=late)
    log.info("answered", delivery=delivery.value, **about)
    return delivery
