"""What failed and waits for a person: told, tried again, forgotten."""

from __future__ import annotations

from bot.commands import wording
from bot.commands.leftovers import Leftovers, NothingLeftError
from bot.commands.lines import listed
from bot.commands.services import CommandServices
from bot.commands.values import Caller, Command, CommandReply, ParkedAct
from bot.model import Reply


async def parked(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """List everything that waits, or do something about one of it."""
    leftovers = Leftovers(services.parked, services.ledger, services.platforms)
    if not command.act:
        lines = tuple(map(str, await leftovers.all()))
        return CommandReply(replies=(listed(wording.PARKED, wording.PARKED_NONE, lines),))
    try:
        if ParkedAct(command.act) is ParkedAct.RETRY:
            told = f"{command.value} {(await leftovers.retry(command.value)).value}."
        else:
            await leftovers.forget(command.value)
            told = wording.FORGOTTEN.format(name=command.value)
    except NothingLeftError as error:
        return CommandReply(
            replies=(Reply(lead=wording.FORGOTTEN_BEFORE if caller.repeated else str(error)),)
        )
    return CommandReply(replies=(Reply(lead=told),), done=True)
