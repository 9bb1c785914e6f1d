"""What admins and moderators decide about speaking: a channel's rules, a pause everywhere, one reply less."""

from __future__ import annotations

import structlog

from bot.answers import Answer, AnswerState
from bot.commands import wording
from bot.commands.services import CommandServices
from bot.commands.values import Caller, Command, CommandReply
from bot.model import Policy, Reply
from bot.replies.deliver import withdraw

log = structlog.get_logger(__name__)


async def set_policy(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Set what the bot does in the caller's channel."""
    where = (caller.platform, caller.channel)
    if command.value == "default":
        await services.channels.reset(*where, "policy", by=caller.person)
    else:
        await services.channels.change(*where, policy=Policy(command.value), by=caller.person)
    told = wording.POLICIES[services.channels.set_rules(*where).policy.value]
    return _done(wording.POLICY_SET.format(policy=told))


async def set_threshold(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Set the score that an answer needs unasked in the caller's channel."""
    where = (caller.platform, caller.channel)
    if command.value == "default":
        await services.channels.reset(*where, "threshold", by=caller.person)
        return _done(wording.THRESHOLD_DEFAULT)
    threshold = float(command.value)
    await services.channels.change(*where, threshold=threshold, by=caller.person)
    return _done(wording.THRESHOLD_SET.format(threshold=threshold))


async def set_language(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Set the language of the entries that are told of unasked in the caller's channel."""
    where = (caller.platform, caller.channel)
    if command.value == "any":
        await services.channels.reset(*where, "language", by=caller.person)
        return _done(wording.LANGUAGE_ANY)
    await services.channels.change(*where, language=command.value, by=caller.person)
    return _done(wording.LANGUAGE_SET.format(language=command.value))


async def pause(_: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Stop all speaking, everywhere and at once."""
    await services.channels.pause(by=caller.person)
    return _done(wording.PAUSED)


async def resume(_: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Speak again."""
    if services.channels.paused_by is None and not caller.repeated:
        return CommandReply(replies=(Reply(lead=wording.NOT_PAUSED),))
    await services.channels.resume()
    return _done(wording.RESUMED)


async def remove(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Take one reply away: the one that the caller answers, links to, or that alone stands in the thread."""
    answer = await _meant(command, caller, services)
    if answer is None:
        return CommandReply(replies=(Reply(lead=wording.WHICH_REPLY),))
    if answer.state is AnswerState.WITHDRAWN:
        return CommandReply(replies=(Reply(lead=wording.REMOVED_BEFORE),))
    await withdraw(services.ledger, services.platforms[answer.intent.platform], answer)
    log.info("answer_removed", answer=answer.key, entry=answer.intent.entry_id, by=caller.person)
    return _done(wording.REMOVED)


async def _meant(command: Command, caller: Caller, services: CommandServices) -> Answer | None:
    if command.url:
        named = services.message_of(command.url, caller)
        return await services.ledger.posted_as(caller.platform, *named) if named else None
    for message in filter(None, (caller.reply_to, caller.thread_id)):
        if posted := await services.ledger.posted_as(caller.platform, caller.channel, message):
            return posted
        answers = await services.ledger.answers_to(caller.platform, caller.channel, message)
        standing = [each for each in answers if each.state is AnswerState.POSTED]
        if len(standing) == 1:
            return standing[0]
    return None


def _done(lead: str) -> CommandReply:
    return CommandReply(replies=(Reply(lead=lead),), done=True)
