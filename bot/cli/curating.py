"""What the `caveat kb` commands of curators share: who acts, on what, and how it is told."""

from __future__ import annotations

import asyncio
import getpass
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

import typer
from sqlalchemy import Engine

from bot.errors import BotError
from bot.load_settings import load_settings
from bot.replies.plain import clean
from bot.settings import Settings
from kb.curate.curation import Curation, Done, open_curation
from kb.entries.editorial import SourceRead
from kb.entries.people import is_person
from kb.errors import Problem
from kb.store.database import connect, upgrade

EntryId = Annotated[str, typer.Argument(metavar="ID", help="The entry's id, as `caveat kb list` gives it.")]
Why = Annotated[str, typer.Option("--why", help="The reason; kept in the entry's history.")]
Acting = Annotated[
    str, typer.Option("--as", metavar="PERSON", help="Act as slack:T123/U456, say. Default: as the operator.")
]
Base = Annotated[
    int | None,
    typer.Option("--base", help="The revision that you have seen: refused if the entry is further by now."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
NoFetch = Annotated[
    bool, typer.Option("--no-fetch", help="Do not look at the original's page: nothing is compared with it.")
]


def operator() -> str:
    """The id of whoever is at the command line."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container's user may have no name
        return "cli:unknown"


class Session:
    """One command's curation, and who acts in it."""

    def __init__(self, settings: Settings, engine: Engine, acting: str) -> None:
        if acting and not is_person(acting):
            raise BotError(
                f"--as {acting}: that is no id of a person; one looks like slack:T123/U456 or cli:ana"
            )
        self.settings, self.engine = settings, engine
        self.by = acting or operator()
        self._in_place_of = acting if acting != operator() else ""
        self.curation: Curation = open_curation(
            engine, admins=settings.admins, operator=operator(), four_eyes=settings.four_eyes_on
        )

    def note(self, why: str) -> str:
        """The reason as the history keeps it: whoever acts in somebody's place is named, too."""
        return f"{why} (entered by {operator()})".strip() if self._in_place_of else why

    def read(self, url: str, *, skip: bool) -> SourceRead | None:
        """Look at an original's page, unless that is to be left out."""
        return None if skip else asyncio.run(self._read(url))

    async def _read(self, url: str) -> SourceRead:
        from bot.app.run import Network, open_pages  # the same
        from bot.background.link_checker import read_original  # `caveat --help` shall not wait for it

        async with open_pages(self.settings, network=Network(sample=True)) as (fetcher, reader):
            return await read_original(url, fetcher, reader)


@contextmanager
def opened(address: str, package: str) -> Iterator[Engine]:
    """Open a database for one command, the tables of the package up to date. Raises StoreError."""
    engine = connect(address)
    try:
        upgrade(engine, package)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def open_session(acting: str = "") -> Iterator[Session]:
    """Open the store for one command. Raises SettingsError, StoreError."""
    settings = load_settings()
    with opened(settings.database_address, "kb.store") as engine:
        yield Session(settings, engine, acting)


def tell(lines: Iterable[str], *, empty: str = "") -> None:
    """Print lines as the chat says them; where there are none, say so beside the output."""
    told = list(map(clean, lines))
    for line in told:
        typer.echo(line)
    if not told:
        typer.echo(empty, err=True)


def tell_done(done: Done, entry_id: str, *, as_json: bool) -> None:
    """Say what an action led to: one line, and below it what to look at."""
    revision = done.revision
    status = revision.entry.status.value if revision.entry else "redacted"
    if as_json:
        data = {"entry": entry_id, "revision": revision.number, "step": revision.step.value, "status": status}
        print_json(data | {"warnings": plain(done.warnings), "problems": plain(done.problems)})
        return
    waits = " beside the published text" if done.trail.pending and done.trail.settled else ""
    typer.echo(f"{entry_id}: {status.replace('_', ' ')}{waits} (revision {revision.number}).")
    tell_findings(done)


def tell_findings(done: Done) -> None:
    """Name what still bars the publication, and what to look at."""
    for problem in done.problems:
        typer.echo(f"before it can be published: {problem}", err=True)
    for warning in done.warnings:
        typer.echo(f"look at: {warning}", err=True)


def plain(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Problems for scripts."""
    return [asdict(problem) for problem in problems]


def print_json(value: Any) -> None:
    """Print JSON for scripts."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
