"""Commands from Slack's surfaces: who gives them, and what is told when they cannot be carried out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from bot.commands.values import Caller, Command, CommandReply
from bot.faults import kind_of
from bot.model import Reply
from bot.platforms.slack.inbound import PLATFORM, channel_name
from bot.platforms.slack.views import wording
from kb.entries.people import Role
from kb.errors import Problem

log = structlog.get_logger(__name__)

_SECONDS = 60.0  # a page may have to be read, or the model may still be loading

_GLANCE_SECONDS = 1.0  # of the three in which a modal must be opened


class Dispatch(Protocol):
    """Carries out what curators, admins and members command (bot/commands/dispatch.py)."""

    async def run(self, command: Command, caller: Caller) -> CommandReply:
        """Carry a command out. Raises BotError and KbError for what may pass by itself."""

    async def save(self, fields: Mapping[str, Any], caller: Caller, *, anyway: bool = False) -> CommandReply:
        """Keep an entry's fields, based on revision `caller.base`. Raises as `run` does."""

    async def check(self, fields: Mapping[str, Any], caller: Caller) -> CommandReply:
        """Tell in `problems` what to look at before fields are kept. Raises as `run` does."""

    async def may(self, person: str, role: Role) -> bool:
        """Tell whether somebody has a role. Raises StoreError."""

    async def base_of(self, entry_id: str) -> int | None:
        """Give the number of an entry's latest revision, None where there is none. Raises StoreError."""


@dataclass(frozen=True, kw_only=True)
class SafeDispatch:
    """Dispatching for one person's hurry: it never raises, and answers within a minute."""

    dispatcher: Dispatch

    async def run(self, command: Command, caller: Caller) -> CommandReply:
        """Carry a command out, or say that it could not be done."""
        return await _told(self.dispatcher.run(command, caller), command.verb.value)

    async def save(self, fields: Mapping[str, Any], caller: Caller, *, anyway: bool) -> CommandReply:
        """Keep an entry's fields, or say that it could not be done."""
        return await _told(self.dispatcher.save(fields, caller, anyway=anyway), "save")

    async def check(self, fields: Mapping[str, Any], caller: Caller) -> tuple[Problem, ...]:
        """What to look at before fields are kept; nothing where that cannot be told now."""
        return (await _told(self.dispatcher.check(fields, caller), "check")).problems

    async def is_further(self, entry_id: str, base: int | None) -> bool:
        """Whether an entry has a later revision than that; not while that cannot be looked up."""
        try:
            return base is not None and await self.dispatcher.base_of(entry_id) != base
        except Exception as error:  # noqa: BLE001 - the boundary of one question: a button stays then
            log.error("slack_revision_not_read", error=kind_of(error))
            return False

    async def may(self, caller: Caller, role: Role) -> bool:
        """Whether somebody has a role; not while that cannot be looked up, which may take a second."""
        try:
            async with asyncio.timeout(_GLANCE_SECONDS):
                return await self.dispatcher.may(caller.person, role)
        except Exception as error:  # noqa: BLE001 - the boundary of one question: less is shown then
            log.error("slack_role_not_read", error=kind_of(error))
            return False


def caller(team: str, channel: str, user: str) -> Caller:
    """Somebody who alone sees what is answered; `channel` is "" where there is none, as in the App Home."""
    return Caller(
        person=f"{PLATFORM}:{channel_name(team, user)}",
        platform=PLATFORM,
        channel=channel_name(team, channel),
        private=True,
    )


async def _told(work: Awaitable[CommandReply], what: str) -> CommandReply:
    try:
        async with asyncio.timeout(_SECONDS):
            return await work
    except Exception as error:  # noqa: BLE001 - the boundary of one command: what was typed stays out of the log
        log.error("slack_command_failed", command=what, error=kind_of(error))
        return CommandReply(replies=(Reply(lead=wording.FAILED),))
