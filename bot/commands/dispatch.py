"""The desk of curators, admins and members: a command and who gave it → what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

import structlog

from bot.commands import wording
from bot.commands.grammar import USAGE, Command, Verb
from bot.commands.handlers import channel_policy, drafts, lifecycle, parked, reading, roles, subscriptions
from bot.commands.services import Office
from bot.commands.values import AdminReply, Caller
from bot.errors import PageError, PlatformError
from bot.faults import where
from bot.model import Reply
from bot.replies.wording import LATER
from bot.turns import ASKED
from kb.curate.lifecycle import RULES
from kb.entries.people import Role
from kb.entries.revision import Step
from kb.errors import CurationError, EntryError, KbError, ModelError

log = structlog.get_logger(__name__)

Carry = Callable[[Command, Caller, Office], Awaitable[AdminReply]]


async def _help(_: Command, caller: Caller, office: Office) -> AdminReply:
    """List what the caller may do: members have few commands."""
    everything = (await office.roster()).may(caller.person, Role.CURATOR)
    shown = [usage for verb, usage in USAGE.items() if everything or verb in _FOR_EVERYBODY]
    lines = tuple(f"{usage.written}: {usage.does}" for usage in shown)
    return AdminReply(replies=(Reply(lead=wording.HELP, lines=(*lines, wording.ASKING)),))


_CARRY: Mapping[Verb, Carry] = MappingProxyType(
    {
        Verb.ADD: drafts.add,
        Verb.EDIT: drafts.edit,
        Verb.SAVE: drafts.save_form,
        Verb.SUBMIT: lifecycle.submit,
        Verb.REVIEW: reading.review,
        Verb.APPROVE: lifecycle.approve,
        Verb.SEND_BACK: lifecycle.send_back,
        Verb.PUBLISH: lifecycle.publish,
        Verb.RETIRE: lifecycle.retire,
        Verb.SUPERSEDE: lifecycle.supersede,
        Verb.UNDO: lifecycle.undo,
        Verb.HISTORY: reading.history,
        Verb.DIFF: reading.diff,
        Verb.PREVIEW: reading.preview,
        Verb.SHOW: reading.show,
        Verb.SEARCH: reading.search,
        Verb.QUEUE: reading.queue,
        Verb.UNMATCHED: reading.unmatched,
        Verb.POLICY: channel_policy.set_policy,
        Verb.THRESHOLD: channel_policy.set_threshold,
        Verb.LANGUAGE: channel_policy.set_language,
        Verb.PAUSE: channel_policy.pause,
        Verb.RESUME: channel_policy.resume,
        Verb.REMOVE: channel_policy.remove,
        Verb.PARKED: parked.parked,
        Verb.ROLES: roles.roles,
        Verb.ROLE: roles.change,
        Verb.TELL_ME: subscriptions.tell_me,
        Verb.HELP: _help,
    }
)

_FOR_EVERYBODY = frozenset({Verb.SHOW, Verb.SEARCH, Verb.TELL_ME, Verb.HELP})
_ANYWHERE = _FOR_EVERYBODY | {
    Verb.POLICY,
    Verb.THRESHOLD,
    Verb.LANGUAGE,
    Verb.PAUSE,
    Verb.RESUME,
    Verb.REMOVE,
}
"""What is taken in every channel; all else only where curators are among themselves."""

_STEPS = {Verb(step.value.replace("_", "-")): rule for step, rule in RULES.items() if step is not Step.REDACT}
_NEEDED = {
    **{verb: (rule.role, rule.act) for verb, rule in _STEPS.items()},
    Verb.ADD: (Role.CURATOR, "add an entry"),
    Verb.SAVE: (Role.CURATOR, "write an entry"),
    Verb.PARKED: (Role.ADMIN, "look after what failed"),
    Verb.ROLE: (Role.ADMIN, "change who may do what"),
}
_READING = (Role.CURATOR, "read what curators work on")
"""What commands take that are given elsewhere: who has no such role hears that first."""


_SECONDS = 90.0
"""How long a command may take: reading an original takes twenty, a preview some more."""


class AdminDesk:
    """Carries commands out. What a person did wrong is a reply, not an error.

    Raises StoreError and PlatformError for what may pass by itself: call again, with `repeated` set.
    """

    def __init__(self, office: Office) -> None:
        self.office = office

    async def run(self, command: Command, caller: Caller) -> AdminReply:
        """Carry a command out for somebody."""
        return await self._guarded(command.verb, caller, lambda: self._carry(command, caller))

    async def save(self, fields: Mapping[str, Any], caller: Caller, *, anyway: bool = False) -> AdminReply:
        """Keep the fields of a platform's own form, as `run` does a form in text.

        `caller.base` is the revision that they are based on, None for a new entry.
        """
        return await self._guarded(
            Verb.SAVE, caller, lambda: drafts.save_fields(fields, caller, self.office, anyway=anyway)
        )

    async def check(self, fields: Mapping[str, Any], caller: Caller) -> AdminReply:
        """Tell in `problems` what to look at before fields are kept: doubles, the link's state. None bars."""
        return await self._guarded(
            Verb.SAVE, caller, lambda: drafts.check_fields(fields, caller, self.office)
        )

    async def may(self, person: str, role: Role) -> bool:
        """Whether somebody has a role, for platforms that show only what may be done."""
        return (await self.office.roster()).may(person, role)

    async def base_of(self, entry_id: str) -> int | None:
        """The number of an entry's latest revision; None when there is no such entry."""
        latest = (await self.office.trail_or_none(entry_id)).latest if entry_id else None
        return latest.number if latest else None

    async def _carry(self, command: Command, caller: Caller) -> AdminReply:
        if command.verb not in _ANYWHERE and not self.office.is_curators(caller):
            role, act = _NEEDED.get(command.verb, _READING)
            await self.office.require(caller, role, to=act)
            return AdminReply(replies=(Reply(lead=wording.NOT_HERE),))
        return await _CARRY[command.verb](command, caller, self.office)

    async def _guarded(
        self, verb: Verb, caller: Caller, carry: Callable[[], Awaitable[AdminReply]]
    ) -> AdminReply:
        ASKED.set(True)
        try:
            async with asyncio.timeout(_SECONDS):
                reply = await carry()
        except EntryError as error:
            lines = tuple(map(str, error.problems))
            reply = AdminReply(replies=(Reply(lead=wording.BARRED, lines=lines),), problems=error.problems)
        except (CurationError, ModelError) as error:
            lead, *more = str(error).splitlines()
            reply = AdminReply(replies=(Reply(lead=lead, lines=tuple(more)),))
        except PageError:
            reply = AdminReply(replies=(Reply(lead=LATER),))
        except (KbError, PlatformError):
            raise
        except Exception as error:  # noqa: BLE001  # whoever gave the command hears a sentence
            log.error("command_failed", verb=verb.value, error=type(error).__name__, where=where(error))
            reply = AdminReply(replies=(Reply(lead=wording.FAILED.format(verb=verb.value)),))
        log.info(
            "command",
            verb=verb.value,
            by=caller.person,
            channel=caller.channel,
            done=reply.done,
            revision=reply.revision,
        )
        return reply
