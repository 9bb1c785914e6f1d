"""The subjects of one message, side by side: what to say about each, within budgets and a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from bot.answering.consider import Considered, consider
from bot.answering.decide import Occasion
from bot.answering.services import Services
from bot.answering.small_talk import small_talk, unknown_words
from bot.answering.subject import Subject
from bot.answering.unmatched import count_unmatched
from bot.answers import answer_key
from bot.errors import PageError
from bot.faults import where
from bot.model import Action, Decision, Message, Reply, event_key
from bot.replies import wording
from bot.replies.compose import compose, unreadable
from bot.turns import ASKED
from kb.errors import KbError, ModelError

log = structlog.get_logger(__name__)

Verdict = tuple[Decision, Reply]
"""What is decided about one subject, and what is said if the bot speaks."""


async def judge_all(asked_about: Sequence[Subject], message: Message, services: Services) -> list[Verdict]:
    """Decide about the subjects of one message side by side, as far as its budgets and its deadline allow."""
    ASKED.set(message.asked)
    answers = await services.ledger.answers_to(message.platform, message.channel, message.id)
    own = {key_of(message, subject) for subject in asked_about}
    others = sum(answer.key not in own and answer.intent.action is not Action.COMMAND for answer in answers)
    within = services.limits.of_message(message, [subject.key for subject in asked_about], answered=others)
    if not services.limits.spend(message, len(within)):
        log.info("over_budget", platform=message.platform, channel=message.channel, asked=message.asked)
        refused = Decision(action=_failed(message), reason="too much was asked at once")
        return [(refused, Reply(lead=wording.TOO_MUCH)) for _ in asked_about]
    by = asyncio.get_running_loop().time() + services.message_seconds
    return await asyncio.gather(
        *(
            _judge(subject, message, services, by=by) if subject.key in within else _left_out()
            for subject in asked_about
        )
    )


async def _left_out() -> Verdict:
    """What becomes of links that are added to a message by edits, when it had its share of answers."""
    decision = Decision(action=Action.SILENT, reason="so many links of this message were looked at already")
    return decision, Reply(lead=wording.TOO_MUCH)


def _failed(message: Message) -> Action:
    return Action.NOTHING if message.asked else Action.SILENT


async def _judge(subject: Subject, message: Message, services: Services, *, by: float) -> Verdict:
    """Decide what to say about one subject; a link that no entry answers is counted."""
    failed = _failed(message)
    rules = services.channels.rules(message.platform, message.channel)
    occasion = Occasion(asked=message.asked, least=rules.threshold or 0.0, language=rules.language)
    considered: Considered | None = None
    if not subject.link and (lead := small_talk(subject.words)):
        return Decision(action=failed, reason="nothing to look up"), Reply(lead=lead)
    try:
        considered = await consider(subject, services.research, occasion, by=by)
        decision = considered.decision
        today = services.research.now().date()
        reply = compose(decision, relation=considered.relation, today=today, comparison=considered.comparison)
        if decision.action is Action.NOTHING and decision.of_words:
            reply = Reply(lead=unknown_words(subject.words))
    except PageError as error:
        what = "the page" if subject.link else "the question"
        decision = Decision(action=failed, reason=f"could not read {what}: {error.reason}")
        reply = unreadable(error.reason) if subject.link else Reply(lead=wording.LATER)
    except ModelError as error:
        log.error("model_failed", error=str(error))
        decision, reply = Decision(action=failed, reason="the model failed"), Reply(lead=wording.LATER)
    except KbError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever a link trips costs neither the others nor a sentence
        fault = f"{type(error).__name__} at {where(error)}"
        log.error("judging_failed", fault=fault)
        decision = Decision(action=failed, reason="our own code failed", fault=fault)
        reply = Reply(lead=wording.LATER)
    log.info("decided", action=decision.action.value, reason=decision.reason, asked=message.asked)
    if subject.link:
        event = event_key(message)
        of_page = None if considered and considered.decision.of_words else considered
        await count_unmatched(subject.link, event, of_page, services.unmatched, services.research.matcher)
    return decision, reply


def key_of(message: Message, subject: Subject) -> str:
    """The key of the answer to a message about one subject."""
    return answer_key(message.platform, message.channel, message.id, subject.key)
