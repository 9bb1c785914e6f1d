"""`caveat kb …`: entries in and out of the knowledge base, and a look at them."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.errors import BotError
from bot.settings import load_settings
from kb.database import connect, upgrade
from kb.entry import Entry, Figure, Source, Status
from kb.files import read_entries, starter_entries, write_entries
from kb.query import Query, Thresholds
from kb.store import Revision, Store

_SEARCH_CUTOFF = 0.3  # whoever searches wants to see more than what is worth a reply
_ENCODE_AT_MOST = 256

commands = typer.Typer(help="Import, export and look at the entries.", no_args_is_help=True)


@commands.command("import")
def import_(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Entry files (YAML, JSON), or folders of them."),
    ] = None,
    starter: Annotated[bool, typer.Option("--starter", help="Import the starter entries: examples.")] = False,
    by: Annotated[
        str, typer.Option(help="Who makes the change. Default: the name you are logged in as.")
    ] = "",
    note: Annotated[str, typer.Option(help="Why; kept in the entries' history.")] = "",
) -> None:
    """Add and change entries: all of them, or on any problem none. Twice the same changes nothing."""
    if not paths and not starter:
        raise BotError("nothing to import: name a file or a folder, or give --starter")
    entries = (*(read_entries(paths) if paths else ()), *(starter_entries() if starter else ()))
    with _store() as store:
        saved = store.save(entries, by=by or _user(), note=note)
    typer.echo(f"{len(entries)} read: {saved.new} new, {saved.changed} changed, {saved.unchanged} unchanged.")


@commands.command("export")
def export(
    path: Annotated[
        Path | None, typer.Argument(help="A .yaml file, or a folder for one file per entry. Default: print.")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files that are there already.")
    ] = False,
) -> None:
    """Write all entries as YAML, which `caveat kb import` reads again without loss."""
    with _store() as store:
        entries = tuple(store.entries())
    if path and not overwrite and (there := _in_the_way(path)):
        raise BotError(f"{there} is there already; name another place, or give --overwrite to replace it")
    write_entries(entries, path or typer.get_text_stream("stdout", encoding="utf-8"))
    if path:
        typer.echo(f"{len(entries)} entries written to {path}.")


def _in_the_way(path: Path) -> Path | None:
    """What an export would replace: the file itself, or any entry file in the folder."""
    if path.is_dir():
        return next((file for file in sorted(path.iterdir()) if file.suffix in {".yaml", ".yml"}), None)
    return path if path.exists() else None


@commands.command("list")
def list_(
    status: Annotated[Status | None, typer.Option(help="Only entries of this status.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """List the entries by id."""
    with _store() as store:
        rows = [(entry.id, entry.status.value, entry.title) for entry in store.entries(status)]
    if as_json:
        _print_json([{"id": id_, "status": standing, "title": title} for id_, standing, title in rows])
    elif not rows:
        typer.echo("No entries. Import some: `caveat kb import PATH`, or `--starter` for examples.", err=True)
    elif (console := Console()).is_terminal:
        console.print(_table(rows))
    else:
        for row in rows:
            typer.echo("\t".join(row))


@commands.command("show")
def show(
    entry_id: Annotated[
        str, typer.Argument(metavar="ID", help="The entry's id, as `caveat kb list` gives it.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Show one entry and its history."""
    with _store() as store:
        entry, history = store.get(entry_id), store.history(entry_id)
    if entry is None:
        raise BotError(f"there is no entry {entry_id!r}; `caveat kb list` shows them all")
    if as_json:
        _print_json(entry.model_dump(mode="json"))
        return
    console = Console()
    for line in _described(entry, history):
        if console.is_terminal:
            console.print(Text(line))
        else:
            typer.echo(line)


@commands.command("search")
def search(
    words: Annotated[list[str], typer.Argument(help="What the entry is about, in any words.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Search the published entries by meaning and words; the best come first, with their score (0 to 1)."""
    settings = load_settings()
    from kb.encoder import Encoder
    from kb.index import Index
    from kb.match import match

    encoder = Encoder(settings.model, settings.model_sha256)
    encoder.start()
    try:
        with _store() as store:
            index = Index(store, encoder)
            index.follow()
            if left := index.encode(_ENCODE_AT_MOST):
                typer.echo(
                    f"{left} entries are found by their words only: a running bot encodes them.", err=True
                )
            anything = Thresholds(cutoff=_SEARCH_CUTOFF, page=1, words=1, gap=0)
            hits = match(index, encoder, Query(text=" ".join(words)), anything)
    finally:
        encoder.close()
    found = [(hit.entry.id, f"{hit.score:.2f}", hit.entry.title) for hit in hits]
    if as_json:
        _print_json([{"id": id_, "score": float(score), "title": title} for id_, score, title in found])
    elif not found:
        typer.echo("No published entry is about that.", err=True)
    for row in () if as_json else found:
        typer.echo("\t".join(row))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "unknown"


@contextmanager
def _store() -> Iterator[Store]:
    engine = connect(load_settings().database_address)
    try:
        upgrade(engine, "kb")
        yield Store(engine)
    finally:
        engine.dispose()


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _table(rows: Iterable[tuple[str, str, str]]) -> Table:
    table = Table("id", "status", "title", box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _described(entry: Entry, history: tuple[Revision, ...]) -> Iterator[str]:
    yield f"{entry.title} ({entry.id}, {entry.status.value.replace('_', ' ')})"
    if entry.example:
        yield "An example, not verified by a person."
    yield f"Original: {_cited(entry.original)}"
    yield f"          {entry.original.url}"
    if entry.rating:
        yield f"Rating: {entry.rating.label}"
    yield ""
    yield entry.summary
    yield from _listed("Caveats", entry.caveats)
    yield from _listed("Figures on record", map(_figure, entry.figures))
    yield from _listed("Quotes", (f"{quote.speaker}: “{quote.text}”" for quote in entry.quotes))
    yield from _listed("Claims", (claim.text for claim in entry.claims))
    yield from _listed("Known pages", (f"{page.url} ({page.kind.value})" for page in entry.appearances))
    yield from _listed("History", map(_change, history))


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield from ("", f"{title}:", *(f"- {line}" for line in lines))


def _cited(source: Source) -> str:
    by = [source.publisher, source.author or "", source.published.isoformat() if source.published else ""]
    return f"{source.title} ({', '.join(filter(None, by))})"


def _figure(figure: Figure) -> str:
    attributed = f", according to {figure.attributed_to}" if figure.attributed_to else ""
    source = f"; {_cited(figure.source)}" if figure.source else ""
    return f"“{figure.as_stated}”: {figure.what}{attributed}{source}"


def _change(revision: Revision) -> str:
    note = f": {revision.note}" if revision.note else ""
    return f"revision {revision.number}, {revision.at:%Y-%m-%d %H:%M} UTC, by {revision.by}{note}"
