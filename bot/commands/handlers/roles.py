"""Who may do what: told, given and taken."""

from __future__ import annotations

from bot.commands import wording
from bot.commands.lines import role_lines
from bot.commands.services import CommandServices
from bot.commands.values import Caller, Command, CommandReply, RoleAct
from bot.model import Reply
from bot.threads import in_thread
from kb.entries.people import Role


async def roles(_: Command, __: Caller, services: CommandServices) -> CommandReply:
    """List everybody who has a role."""
    roster = await services.roster()
    lines = role_lines(roster)
    lead = wording.ROLES if lines else wording.ROLES_NONE.format(ask=roster.whom_to_ask())
    return CommandReply(replies=(Reply(lead=lead, lines=lines),))


async def change(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Give or take a role, set the name that readers are told, or join two ids to one person."""
    people, who = services.curation.people, services.person_id(command.person, caller)
    match RoleAct(command.act):
        case RoleAct.GIVE:
            role = Role(command.value)
            roster = await in_thread(people.give, who, role, by=caller.person)
            lead = wording.ROLE_GIVEN.format(who=roster.shown(who), role=role.value)
        case RoleAct.TAKE:
            roster = await services.roster()
            if not (caller.repeated and roster.role(who) is None):  # taken before a crash
                roster = await in_thread(people.take, who, by=caller.person)
            lead = wording.ROLE_TAKEN.format(who=roster.shown(who))
        case RoleAct.NAME:
            await in_thread(people.call, who, command.text, by=caller.person)
            lead = wording.NAMED.format(name=command.text, who=who)
        case RoleAct.JOIN:
            other = services.person_id(command.other, caller)
            roster = await services.roster()
            if not (caller.repeated and roster.person(who) == roster.person(other)):
                await in_thread(people.join, who, other, by=caller.person)
            lead = wording.JOINED.format(who=who, other=other)
    return CommandReply(replies=(Reply(lead=lead),), done=True)
