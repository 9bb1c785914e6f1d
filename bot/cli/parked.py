"""`caveat parked`: what failed and waits for a person; have it tried again, or forget it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer

from bot.cli.curating import AsJson, opened, print_json
from bot.commands.leftovers import Fate, Leftover, Leftovers
from bot.errors import BotError
from bot.load_settings import load_settings
from bot.storage.ledger import Ledger
from bot.storage.parked_events import ParkedEvents

commands = typer.Typer()

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]…", help="As `caveat parked` gives them; or whole keys.")
]


@commands.callback(invoke_without_command=True)
def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """List what failed and waits for a person: messages, and answers that may or may not have been posted."""
    if context.invoked_subcommand:
        return
    with _opened() as leftovers:
        waiting = asyncio.run(leftovers.all())
    if as_json:
        print_json([_plain(each) for each in waiting])
        return
    for each in waiting:
        typer.echo(str(each))
    if not waiting:
        typer.echo("Nothing is parked.", err=True)


@commands.command()
def retry(
    names: Names = None,
    all_: Annotated[bool, typer.Option("--all", help="Every message that waits.")] = False,
) -> None:
    """Have messages handled again by the running bot, which takes them up within seconds."""
    if bool(names) == all_:
        raise BotError("say what to try again: names, as `caveat parked` lists them, or --all")
    with _opened() as leftovers:
        if all_:
            typer.echo(f"Tried again: {asyncio.run(leftovers.retry_events())}.")
        for each in names or ():
            fate = asyncio.run(leftovers.retry(each))
            more = "; or say `parked retry` to the running bot" if fate is Fate.UNSURE else ""
            typer.echo(f"{each} {fate.value}{more}.")


@commands.command()
def forget(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="As `caveat parked` gives them.")],
) -> None:
    """Forget messages that need no answer any more, and answers that somebody has looked after."""
    with _opened() as leftovers:
        for each in names:
            asyncio.run(leftovers.forget(each))
            typer.echo(f"{each} is forgotten.")


@contextmanager
def _opened() -> Iterator[Leftovers]:
    with opened(load_settings().database_address, "bot.storage") as engine:
        yield Leftovers(ParkedEvents(engine), Ledger(engine))


def _plain(leftover: Leftover) -> dict[str, object]:
    fields = asdict(leftover)
    return {"name": leftover.name, **fields, "kind": leftover.kind.value, "since": leftover.since.isoformat()}
