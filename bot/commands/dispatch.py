"""A command and who gave it → what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from bot.commands import wording
from bot.commands.handlers import drafts
from bot.commands.registry import COMMANDS, Place
from bot.commands.services import CommandServices
from bot.commands.values import Caller, Command, CommandReply, Verb
from bot.errors import PageError, PlatformError
from bot.faults import where
from bot.model import Reply
from bot.replies.wording import LATER
from bot.turns import ASKED
from kb.entries.people import Role
from kb.errors import CurationError, EntryError, KbError, ModelError

log = structlog.get_logger(__name__)

_SECONDS = 90.0
"""How long a command may take: reading an original takes twenty, a preview some more."""


class Dispatcher:
    """Carries commands out. What a person did wrong is a reply, not an error.

    Raises StoreError and PlatformError for what may pass by itself: call again, with `repeated` set.
    """

    def __init__(self, services: CommandServices) -> None:
        self.services = services

    async def run(self, command: Command, caller: Caller) -> CommandReply:
        """Carry a command out for somebody."""
        return await self._guarded(command.verb, caller, lambda: self._carry(command, caller))

    async def save(self, fields: Mapping[str, Any], caller: Caller, *, anyway: bool = False) -> CommandReply:
        """Keep the fields of a platform's own form, as `run` does a form in text.

        `caller.base` is the revision that they are based on, None for a new entry.
        """
        return await self._guarded(
            Verb.SAVE, caller, lambda: drafts.save_fields(fields, caller, self.services, anyway=anyway)
        )

    async def check(self, fields: Mapping[str, Any], caller: Caller) -> CommandReply:
        """Tell in `problems` what to look at before fields are kept: doubles, the link's state. None bars."""
        return await self._guarded(Verb.SAVE, caller, lambda: drafts.check_fields(fields, self.services))

    async def may(self, person: str, role: Role) -> bool:
        """Whether somebody has a role, for platforms that show only what may be done."""
        return (await self.services.roster()).may(person, role)

    async def base_of(self, entry_id: str) -> int | None:
        """The number of an entry's latest revision; None when there is no such entry."""
        latest = (await self.services.trail_or_none(entry_id)).latest if entry_id else None
        return latest.number if latest else None

    async def _carry(self, command: Command, caller: Caller) -> CommandReply:
        registered = COMMANDS[command.verb]
        if registered.place is Place.CURATORS and not self.services.is_curators(caller):
            return CommandReply(replies=(Reply(lead=wording.NOT_HERE),))
        return await registered.carry(command, caller, self.services)

    async def _guarded(
        self, verb: Verb, caller: Caller, carry: Callable[[], Awaitable[CommandReply]]
    ) -> CommandReply:
        ASKED.set(True)
        try:
            async with asyncio.timeout(_SECONDS):
                if takes := COMMANDS[verb].takes:
                    role, act = takes
                    (await self.services.roster()).require(caller.person, role, to=act)
                reply = await carry()
        except EntryError as error:
            lines = tuple(map(str, error.problems))
            reply = CommandReply(replies=(Reply(lead=wording.BARRED, lines=lines),), problems=error.problems)
        except (CurationError, ModelError) as error:
            lead, *more = str(error).splitlines()
            reply = CommandReply(replies=(Reply(lead=lead, lines=tuple(more)),))
        except PageError:
            reply = CommandReply(replies=(Reply(lead=LATER),))
        except (KbError, PlatformError):
            raise
        except Exception as error:  # noqa: BLE001  # whoever gave the command hears a sentence
            log.error("command_failed", verb=verb.value, error=type(error).__name__, where=where(error))
            reply = CommandReply(replies=(Reply(lead=wording.FAILED.format(verb=verb.value)),))
        log.info(
            "command",
            verb=verb.value,
            by=caller.person,
            channel=caller.channel,
            done=reply.done,
            revision=reply.revision,
        )
        return reply
