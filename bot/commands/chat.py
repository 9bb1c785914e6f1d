"""From a message that is a command to the reply in its thread: read, parse, carry out, say, each once.

A message's text and sender are not in the queue, so the platform is asked for both. That a command is about
to be carried out is recorded first, with the revision that its entry had: after a crash it is known that it
may have been done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.answering.decide import speaks_in
from bot.answers import Answer, AnswerState, Intent, Standing, answer_key
from bot.commands.dispatch import Dispatcher
from bot.commands.grammar import parse
from bot.commands.values import Caller, Command, CommandError, CommandReply, Verb, caller_of
from bot.model import Action, Message, Place, Reply
from bot.ports import Platform
from bot.replies.deliver import deliver, deliver_begun
from bot.storage.channels import ChannelBook
from bot.storage.ledger import Ledger
from kb.entries.people import Role


@dataclass(frozen=True, kw_only=True)
class CommandChat:
    """Commands that come as messages; where the bot is off, only from those who have a role."""

    dispatcher: Dispatcher
    ledger: Ledger
    channels: ChannelBook
    platforms: Mapping[str, Platform]

    async def obey(self, event: Message) -> bool:
        """Carry out the command that a message is; False if, read again, it is none.

        Raises PlatformError and StoreError when something cannot be reached now: call again later.
        """
        message = await self.platforms[event.platform].read(event.channel, event.id)
        if message is None:  # deleted since, or closed to the bot
            return True
        caller = caller_of(message)
        if not await self._may_answer(caller):
            return True
        try:
            command = parse(message.text)
        except CommandError as error:
            await self._once(message, caller, CommandReply(replies=(Reply(lead=str(error)),)))
            return True
        if command is None:
            return False
        if command.verb is Verb.ADD and len(message.links) == 1:  # as it is written, it may be shortened
            command = replace(command, url=message.links[0])
        await self._once(message, caller, command)
        return True

    async def _may_answer(self, caller: Caller) -> bool:
        speaks = speaks_in(self.channels.rules(caller.platform, caller.channel).policy)
        return speaks or await self.dispatcher.may(caller.person, Role.CURATOR)

    async def _once(self, message: Message, caller: Caller, told: Command | CommandReply) -> None:
        key = _key(message)
        async with self.ledger.sole(f"command {key}"):
            entry = told.entry if isinstance(told, Command) else ""
            intent = await self._intent(key, message, entry)
            begun = await self.ledger.begin(intent)
            if begun.standing is Standing.DELETED or (
                begun.answer and begun.answer.state is not AnswerState.INTENT
            ):
                return
            if isinstance(told, Command):
                told = await self.dispatcher.run(told, _as_begun(caller, begun.answer, intent))
            await self._say(intent, told, again=begun.standing is Standing.KNOWN)

    async def _intent(self, key: str, message: Message, entry_id: str) -> Intent:
        place = Place(channel=message.channel, message_id=message.id, thread_id=message.thread_id)
        base = await self.dispatcher.base_of(entry_id)
        return Intent(key=key, platform=message.platform, place=place, action=Action.COMMAND, cited=base)

    async def _say(self, intent: Intent, told: CommandReply, *, again: bool) -> None:
        """Post the replies, the last of them under the key that says that all was done."""
        platform = self.platforms[intent.platform]
        for number, reply in enumerate(told.replies[:-1]):
            part = replace(intent, key=f"{intent.key}.{number}")
            await deliver(self.ledger, platform, part, reply, look_first=again)
        if told.replies:
            await deliver_begun(self.ledger, platform, intent, told.replies[-1], look_first=again)
        else:
            await self.ledger.withdrawn(intent.key)


def _as_begun(caller: Caller, known: Answer | None, intent: Intent) -> Caller:
    """The caller with the revision that the entry had when the command was begun the first time."""
    base = known.intent.cited if known else intent.cited
    return replace(caller, base=base, repeated=known is not None)


def _key(message: Message) -> str:
    """Name a command: the same words of the same message are carried out once; corrected ones anew."""
    words = hashlib.sha256(message.text.encode()).hexdigest()
    return answer_key(message.platform, message.channel, message.id, f"command {words}")
