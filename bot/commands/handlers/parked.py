"""What failed and waits for a person: told, tried again, forgotten."""

from __future__ import annotations

from bot.commands import wording
from bot.commands.grammar import Command, ParkedAct
from bot.commands.leftovers import Leftovers, NothingLeftError
from bot.commands.lines import listed
from bot.commands.services import Office
from bot.commands.values import AdminReply, Caller
from bot.model import Reply
from kb.entries.people import Role


async def parked(command: Command, caller: Caller, office: Office) -> AdminReply:
    """List everything that waits, or do something about one of it."""
    await office.require(caller, Role.ADMIN, to="look after what failed")
    leftovers = Leftovers(office.parked, office.ledger, office.platforms)
    if not command.act:
        lines = tuple(map(str, await leftovers.all()))
        return AdminReply(replies=(listed(wording.PARKED, wording.PARKED_NONE, lines),))
    try:
        if ParkedAct(command.act) is ParkedAct.RETRY:
            told = f"{command.value} {(await leftovers.retry(command.value)).value}."
        else:
            await leftovers.forget(command.value)
            told = wording.FORGOTTEN.format(name=command.value)
    except NothingLeftError as error:
        return AdminReply(replies=(Reply(lead=wording.FORGOTTEN_BEFORE if caller.repeated else str(error)),))
    return AdminReply(replies=(Reply(lead=told),), done=True)
