"""The command line: it reads settings, calls, prints; every error is one line and exit status 2."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from bot import __version__
from bot.errors import BotError
from kb.errors import KbError

if TYPE_CHECKING:
    from bot.settings import Settings

_MISTAKE = 2
"""The exit status where a person has to mend something."""

_GROUPS = {
    "kb": ("bot.cli.kb", "bot.cli.kb_curate", "bot.cli.kb_review", "bot.cli.kb_roles"),
    "eval": ("bot.cli.eval",),
    "parked": ("bot.cli.parked",),
}
"""The commands with commands of their own, and where these are: read when one of them is called."""


def group(name: str) -> TyperGroup:
    """Read the modules of a group, and give it with all its commands."""
    module, *_ = map(import_module, _GROUPS[name])
    return typer.main.get_group(module.commands)


class _Commands(TyperGroup):
    """Tells of a group by its name and help, and reads its modules only to run it: they take a second."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and name in _GROUPS:
            loaded = group(name)
            loaded.help = command.help
            command = loaded
        return name, command, rest


app = typer.Typer(
    cls=_Commands,
    name="caveat",
    help="Answers a posted link with the original source and the key caveats, in Matrix or in a terminal.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_HELP = {
    "kb": "Curate entries: add, review, publish, retire; import and export; who may do it.",
    "eval": "Measure matching on labelled sets, and train it.",
    "parked": "List what failed and waits for a person; try it again, or forget it.",
}
for _name, _help in _HELP.items():
    app.add_typer(typer.Typer(help=_help), name=_name)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Starter = Annotated[
    bool | None,
    typer.Option(
        "--starter/--no-starter", help="Use the starter entries too. Default: if the store is empty."
    ),
]


def main() -> None:
    """Run the command."""
    report_errors(app)


def report_errors(command: Callable[[], None]) -> None:
    """Run a command; an error of ours is told in lines, without a traceback.

    Exit status 2 for what a person must mend, 1 where starting again is what helps.
    """
    try:
        command()
    except (BotError, KbError) as error:
        from bot.app.ending import exit_status, tell

        tell(error)
        sys.exit(exit_status(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"caveat {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Answers a posted link with the original source and the key caveats."""


@app.command()
def link(
    urls: Annotated[list[str], typer.Argument(metavar="URL…", help="Web addresses.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per line.")] = False,
    starter: Starter = None,
) -> None:
    """Say which page addresses name, without fetching: unwrapped, key, and the entry that lists the page.

    Exit status 2 if one of them is no web address; the others are told nevertheless.
    """
    from bot.cli.link import tell_links

    if tell_links(urls, as_json=as_json, starter=starter):
        raise typer.Exit(_MISTAKE)


@app.command()
def compare(
    page: Annotated[str, typer.Argument(metavar="PAGE", help="A web address, or a file with a page's text.")],
    entry: Annotated[
        str, typer.Argument(metavar="ENTRY", help="An entry's id, or an entry file (YAML or JSON).")
    ],
    as_json: AsJson = False,
) -> None:
    """Say what a page changed of an entry: figures, quotes, names, attributions, dates."""
    from bot.cli.compare import tell_comparison

    tell_comparison(page, entry, as_json=as_json)


@app.command()
def run() -> None:
    """Start the bot on the platforms that are set up; with none, open the terminal chat."""
    settings = _settings()
    if not settings.has_matrix and not settings.has_slack:
        typer.echo("No platform is set up (see deploy/env.example), so this is the terminal chat.")
        _chat(settings)
        return
    from bot.app.run import run as run_bot
    from bot.log import configure

    configure(settings.log_level, settings.log_format)

    asyncio.run(run_bot(settings))


@app.command()
def chat() -> None:
    """Try the bot in this terminal, with the starter entries; nothing of the talk is kept."""
    _chat(_settings())


@app.command()
def check(
    target: Annotated[
        str, typer.Argument(metavar="URL-OR-FILE", help="A web address, or a file with a page's text.")
    ],
    asked: Annotated[
        bool, typer.Option("--asked", help="Answer as if somebody had asked: never silent.")
    ] = False,
    as_json: AsJson = False,
    starter: Starter = None,
) -> None:
    """Ask about one page. Exit status: 0 a reply or suggestions, 3 nothing to say, 2 an error."""
    settings = _settings("warning")
    from bot.app.run import Network, held_entries, open_database, open_research
    from bot.cli import check
    from kb.store.entries import Store

    async def ask() -> int:
        store = Store(open_database(settings.database_address))
        held = held_entries(store, wanted=starter, tell=_tell)
        async with open_research(settings, store, network=Network(sample=True), held=held) as research:
            considered, link = await check.check(target, research, asked=asked)
            reply = check.spoken(considered, research)
            if as_json:
                typer.echo(json.dumps(check.as_json(considered, link, reply), ensure_ascii=False, indent=2))
            else:
                typer.echo(reply or f"(silent: {considered.decision.reason})")
            return check.EXIT_STATUS[considered.decision.action]

    raise typer.Exit(asyncio.run(ask()))


@app.command()
def doctor() -> None:
    """Check settings, store, model, index and logins; say what to mend. Exit status 2 if anything is."""
    from bot.cli.doctor import examine
    from bot.log import configure

    configure("error", "text")
    findings = asyncio.run(examine())
    for finding in findings:
        typer.echo(f"{'ok  ' if finding.ok else 'MEND'} {finding.subject}: {finding.text}")
    raise typer.Exit(0 if all(finding.ok for finding in findings) else _MISTAKE)


@app.command()
def purge() -> None:
    """Delete what is older than the settings allow (docs/privacy.md)."""
    settings = _settings("warning")
    from bot.app.run import open_database
    from bot.background.retention import purge as purge_now
    from bot.storage.ledger import Ledger
    from bot.storage.subscriptions import Subscriptions

    engine = open_database(settings.database_address)
    waiting = Subscriptions(engine, keep=timedelta(days=settings.keep_subscriptions_days))
    purged = asyncio.run(purge_now(settings, Ledger(engine), settings.data_dir / "queue.db", waiting))
    typer.echo("Deleted: " + ", ".join(f"{count} {name}" for name, count in purged.items()))


@app.command()
def feedback() -> None:
    """List what people said of the answers, by entry: helpful, not the same story."""
    settings = _settings()
    from bot.app.run import open_database
    from bot.storage.votes import FeedbackBook

    votes = asyncio.run(FeedbackBook(open_database(settings.database_address)).votes())
    for vote in votes:
        typer.echo(f"{vote.entry_id}\t{vote.helpful} helpful\t{vote.not_same_story} not the same story")
    if not votes:
        typer.echo("Nobody has said anything of an answer yet.", err=True)


def _settings(level: str = "") -> Settings:
    """Read the settings; with a level, log from it on."""
    from bot.load_settings import load_settings
    from bot.log import configure

    settings = load_settings()
    if level:
        configure(level, settings.log_format)
    return settings


def _tell(line: str) -> None:
    typer.echo(line, err=True)


def _chat(settings: Settings) -> None:
    from bot.cli.chat import converse
    from bot.log import configure

    configure("error", "text")
    asyncio.run(converse(settings))
