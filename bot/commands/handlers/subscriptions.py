"""`tell me`: whoever got no answer in a thread may be told there once there is one."""

from __future__ import annotations

from dataclasses import replace

from bot.answering.subject import subjects
from bot.answers import Answer, AnswerState, answer_key
from bot.commands import wording
from bot.commands.services import CommandServices
from bot.commands.values import Caller, Command, CommandReply
from bot.model import Action, Place, Reply

_UNANSWERED = frozenset({Action.NOTHING, Action.SUGGEST})


async def tell_me(_: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Keep the thread's address until there is an answer to its question's link.

    Said without the bot's name in a thread where it has not spoken, it was meant for somebody else.
    """
    answers = await _answers(caller, services)
    if not answers:
        return _said(wording.TELL_ME_LINKS_ONLY) if caller.named else CommandReply()
    for answer in answers:
        if answer.intent.action in _UNANSWERED and (url := await _link(answer, services)):
            place = Place(
                channel=caller.channel, message_id=caller.message_id, thread_id=answer.intent.place.root
            )
            await services.subscriptions.add(caller.platform, place, url)
            days = services.subscriptions.keep.days
            return _said(wording.TELL_ME.format(what=wording.TELL_ME_WHAT, days=days), done=True)
    answered = any(answer.intent.action is Action.REPLY for answer in answers)
    return _said(wording.TELL_ME_ANSWERED if answered else wording.TELL_ME_LINKS_ONLY)


async def _answers(caller: Caller, services: CommandServices) -> tuple[Answer, ...]:
    """What was said about the question that the caller means: the one replied to, else the thread's first."""
    found: list[Answer] = []
    for message in dict.fromkeys(filter(None, (caller.reply_to, caller.thread_id))):
        posted = await services.ledger.posted_as(caller.platform, caller.channel, message)
        about = posted.intent.place.message_id if posted else message
        found += await services.ledger.answers_to(caller.platform, caller.channel, about)
    links = [each for each in found if each.intent.action is not Action.COMMAND]
    return tuple(each for each in links if each.state in {AnswerState.POSTED, AnswerState.PARKED})


async def _link(answer: Answer, services: CommandServices) -> str | None:
    """The link that an answer is about: its message is read again, for links of it are not kept."""
    place, platform = answer.intent.place, services.platforms[answer.intent.platform]
    question = await platform.read(place.channel, place.message_id)
    if question is None:
        return None
    for subject in await subjects(replace(question, asked=True), platform, limit=services.links_per_message):
        key = answer_key(answer.intent.platform, place.channel, place.message_id, subject.key)
        if subject.link is not None and key == answer.key:
            return subject.link.url
    return None


def _said(lead: str, *, done: bool = False) -> CommandReply:
    return CommandReply(replies=(Reply(lead=lead),), done=done)
