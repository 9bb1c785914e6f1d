"""What admins and moderators decide about speaking: a channel's rules, a pause everywhere, one reply less."""

from __future__ import annotations

import re
from urllib.parse import unquote

import structlog

from bot.answers import Answer, State
from bot.commands import wording
from bot.commands.grammar import Command
from bot.commands.services import Office
from bot.commands.values import AdminReply, Caller
from bot.model import Policy, Reply
from bot.replies.deliver import withdraw
from kb.entries.people import Role

log = structlog.get_logger(__name__)

_MATRIX_LINK = re.compile(r"https://matrix\.to/#/(?P<channel>![^/?]+)/(?P<message>\$[^/?]+)")
_SLACK_LINK = re.compile(
    r"https://[\w.-]+/archives/(?P<channel>[A-Z0-9]+)/p(?P<seconds>\d{10})(?P<rest>\d{6})\b"
)


async def set_policy(command: Command, caller: Caller, office: Office) -> AdminReply:
    """Set what the bot does in the caller's channel."""
    await office.require(caller, Role.ADMIN, to="change what I do in a channel")
    where = (caller.platform, caller.channel)
    if command.value == "default":
        await office.channels.reset(*where, "policy", by=caller.person)
    else:
        await office.channels.change(*where, policy=Policy(command.value), by=caller.person)
    told = wording.POLICIES[office.channels.set_rules(*where).policy.value]
    return _done(wording.POLICY_SET.format(policy=told))


async def set_threshold(command: Command, caller: Caller, office: Office) -> AdminReply:
    """Set the score that an answer needs unasked in the caller's channel."""
    await office.require(caller, Role.ADMIN, to="change what I do in a channel")
    where = (caller.platform, caller.channel)
    if command.value == "default":
        await office.channels.reset(*where, "threshold", by=caller.person)
        return _done(wording.THRESHOLD_DEFAULT)
    threshold = float(command.value)
    await office.channels.change(*where, threshold=threshold, by=caller.person)
    return _done(wording.THRESHOLD_SET.format(threshold=threshold))


async def set_language(command: Command, caller: Caller, office: Office) -> AdminReply:
    """Set the language of the entries that are told of unasked in the caller's channel."""
    await office.require(caller, Role.ADMIN, to="change what I do in a channel")
    where = (caller.platform, caller.channel)
    if command.value == "any":
        await office.channels.reset(*where, "language", by=caller.person)
        return _done(wording.LANGUAGE_ANY)
    await office.channels.change(*where, language=command.value, by=caller.person)
    return _done(wording.LANGUAGE_SET.format(language=command.value))


async def pause(_: Command, caller: Caller, office: Office) -> AdminReply:
    """Stop all speaking, everywhere and at once."""
    await office.require(caller, Role.ADMIN, to="pause me")
    await office.channels.pause(by=caller.person)
    return _done(wording.PAUSED)


async def resume(_: Command, caller: Caller, office: Office) -> AdminReply:
    """Speak again."""
    await office.require(caller, Role.ADMIN, to="let me speak again")
    if office.channels.paused_by is None and not caller.repeated:
        return AdminReply(replies=(Reply(lead=wording.NOT_PAUSED),))
    await office.channels.resume()
    return _done(wording.RESUMED)


async def remove(command: Command, caller: Caller, office: Office) -> AdminReply:
    """Take one reply away: the one that the caller answers, links to, or that alone stands in the thread."""
    await office.require(caller, Role.REVIEWER, to="have a reply removed")
    answer = await _meant(command, caller, office)
    if answer is None:
        return AdminReply(replies=(Reply(lead=wording.WHICH_REPLY),))
    if answer.state is State.WITHDRAWN:
        return AdminReply(replies=(Reply(lead=wording.REMOVED_BEFORE),))
    await withdraw(office.ledger, office.platforms[answer.intent.platform], answer)
    log.info("answer_removed", answer=answer.key, entry=answer.intent.entry_id, by=caller.person)
    return _done(wording.REMOVED)


async def _meant(command: Command, caller: Caller, office: Office) -> Answer | None:
    if command.url:
        named = _linked(command.url, caller)
        return await office.ledger.posted_as(caller.platform, *named) if named else None
    for message in filter(None, (caller.reply_to, caller.thread_id)):
        if posted := await office.ledger.posted_as(caller.platform, caller.channel, message):
            return posted
        answers = await office.ledger.answers_to(caller.platform, caller.channel, message)
        standing = [each for each in answers if each.state is State.POSTED]
        if len(standing) == 1:
            return standing[0]
    return None


def _linked(url: str, caller: Caller) -> tuple[str, str] | None:
    """The channel and the message that a link of Matrix's or Slack's own names."""
    if found := _MATRIX_LINK.match(unquote(url)):
        return found["channel"], found["message"]
    if found := _SLACK_LINK.match(url):
        team = caller.channel.partition("/")[0]
        return f"{team}/{found['channel']}", f"{found['seconds']}.{found['rest']}"
    return None


def _done(lead: str) -> AdminReply:
    return AdminReply(replies=(Reply(lead=lead),), done=True)
