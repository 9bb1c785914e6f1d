"""`caveat kb …`: entries in and out of the knowledge base, and a look at them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.curating import Acting, open_session, print_json, tell
from bot.commands.lines import about, entry_lines, history_lines
from bot.errors import BotError
from bot.load_settings import load_settings
from kb.entries.entry import Entry, Status, entry_data
from kb.formats.files import read_entries, starter_entries, write_entries
from kb.match.query import Query, Thresholds

_SEARCH_CUTOFF = 0.3  # whoever searches wants to see more than what is worth a reply
_ENCODE_AT_MOST = 256
_WARNINGS = 20

commands = typer.Typer(no_args_is_help=True)


class Format(StrEnum):
    """What entries are written as, and read from."""

    YAML = "yaml"
    JSON = "json"
    CLAIMREVIEW = "claimreview"
    CSV = "csv"


@commands.command("import")
def import_(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", help="Entry files (YAML, JSON), or folders of them."),
    ] = None,
    *,
    starter: Annotated[bool, typer.Option("--starter", help="Import the starter entries: examples.")] = False,
    format_: Annotated[
        Format, typer.Option("--format", help="yaml and json: entry files. claimreview: as drafts only.")
    ] = Format.YAML,
    expect: Annotated[
        int | None, typer.Option("--expect", help="How many ClaimReviews there must be.")
    ] = None,
    by: Annotated[
        str, typer.Option(help="Who makes the change. Default: the name you are logged in as.")
    ] = "",
    note: Annotated[str, typer.Option(help="Why; kept in the entries' history.")] = "",
    acting: Acting = "",
) -> None:
    """Add and change entries: all of them, or on any problem none. Twice the same changes nothing."""
    if not paths and not starter:
        raise BotError("nothing to import: name a file or a folder, or give --starter")
    if format_ is Format.CSV:
        raise BotError("CSV is for spreadsheets, out only: it does not hold everything; import YAML instead")
    if format_ is Format.CLAIMREVIEW:
        _import_claim_reviews(paths or [], expect=expect, note=note, acting=acting)
        return
    entries = (*(read_entries(paths) if paths else ()), *(starter_entries() if starter else ()))
    with open_session(acting) as session:
        why = session.note(note)
        saved, warnings = session.curation.import_entries(entries, by=session.by, named=by, why=why)
    typer.echo(f"{len(entries)} read: {saved.new} new, {saved.changed} changed, {saved.unchanged} unchanged.")
    _tell_some([f"look at: {warning}" for warning in warnings])


def _tell_some(lines: list[str]) -> None:
    for line in lines[:_WARNINGS]:
        typer.echo(line, err=True)
    if len(lines) > _WARNINGS:
        typer.echo(f"… and {len(lines) - _WARNINGS} more", err=True)


def _import_claim_reviews(paths: list[Path], *, expect: int | None, note: str, acting: str) -> None:
    from kb.formats.claimreview_in import read_claim_reviews

    reviews = read_claim_reviews(paths, expected=expect)
    with open_session(acting) as session:
        done = session.curation.propose(reviews.entries, by=session.by, why=session.note(note))
    typer.echo(
        f"{reviews.count} ClaimReviews read, {len(reviews.entries)} drafts: {len(done.new)} new, "
        f"{len(done.changed)} changed, {len(done.unchanged)} unchanged."
    )
    left = [f"left alone: {entry_id}: curators have worked on it" for entry_id in done.curated]
    left += [f"left out: {entry_id} was redacted" for entry_id in done.redacted]
    _tell_some(left)


@commands.command("export")
def export(
    path: Annotated[
        Path | None, typer.Argument(help="A file, or for YAML a folder: one file per entry. Default: print.")
    ] = None,
    *,
    format_: Annotated[
        Format,
        typer.Option(
            "--format",
            help="yaml and json hold everything; claimreview: schema.org JSON-LD of what is published; csv: "
            "a table for spreadsheets.",
        ),
    ] = Format.YAML,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files that are there already.")
    ] = False,
) -> None:
    """Write all entries, by default as YAML, which `caveat kb import` reads again without loss."""
    status = Status.PUBLISHED if format_ is Format.CLAIMREVIEW else None
    with open_session() as session:
        entries = tuple(session.curation.store.entries(status))
    if path and not overwrite and (there := _in_the_way(path)):
        raise BotError(f"{there} is there already; name another place, or give --overwrite to replace it")
    if format_ is Format.YAML:
        write_entries(entries, path or typer.get_text_stream("stdout", encoding="utf-8"))
    elif path is None:
        _write_as(format_, entries, typer.get_text_stream("stdout", encoding="utf-8"))
    else:
        _write_file(format_, entries, path)
    if path:
        typer.echo(f"{len(entries)} entries written to {path}.")


def _write_file(format_: Format, entries: tuple[Entry, ...], path: Path) -> None:
    encoding = "utf-8-sig" if format_ is Format.CSV else "utf-8"  # else spreadsheets take it for Latin-1
    try:
        with path.open("w", encoding=encoding, newline="") as stream:
            _write_as(format_, entries, stream)
    except OSError as error:
        raise BotError(f"{path} cannot be written: {error.strerror}") from error


def _write_as(format_: Format, entries: tuple[Entry, ...], stream: TextIO) -> None:
    from kb.formats.claimreview_out import claim_reviews
    from kb.formats.csv_table import write_csv

    if format_ is Format.CSV:
        write_csv(entries, stream)
        return
    data = claim_reviews(entries) if format_ is Format.CLAIMREVIEW else list(map(entry_data, entries))
    json.dump(data, stream, ensure_ascii=False, indent=2)
    stream.write("\n")


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
    with open_session() as session:
        found = session.curation.store.entries(status)
        rows = [(entry.id, entry.status.value, entry.title) for entry in found]
    if as_json:
        print_json([{"id": id_, "status": standing, "title": title} for id_, standing, title in rows])
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
    with open_session() as session:
        entry, trail = session.curation.store.get(entry_id), session.curation.store.trail(entry_id)
        roster = session.curation.people.roster()
    if entry is None and trail.revisions:
        raise BotError(f"{entry_id} was redacted; `caveat kb history {entry_id}` says when and why")
    if entry is None:
        raise BotError(f"there is no entry {entry_id!r}; `caveat kb list` shows them all")
    if as_json:
        print_json(entry.model_dump(mode="json"))
        return
    steps = ("History:", *history_lines(trail, roster))
    tell((about(entry.id, entry.title, entry.status), *entry_lines(entry), *steps))


@commands.command("search")
def search(
    words: Annotated[list[str], typer.Argument(help="What the entry is about, in any words.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
) -> None:
    """Search the published entries by meaning and words; the best come first, with their score (0 to 1)."""
    settings = load_settings()
    from kb.match.match import match
    from kb.search.encoder import Encoder
    from kb.search.index import Index

    encoder = Encoder(settings.model, settings.model_sha256)
    encoder.start()
    try:
        with open_session() as session:
            index = Index(session.curation.store, encoder)
            index.follow()
            if left := index.encode(_ENCODE_AT_MOST):
                typer.echo(
                    f"{left} entries are found by their words only: a running bot encodes them.", err=True
                )
            anything = Thresholds(cutoff=0, page=1, words=1, gap=0)
            hits = match(index, encoder, Query(text=" ".join(words)), anything)
    finally:
        encoder.close()
    near = sorted((hit for hit in hits if hit.score >= _SEARCH_CUTOFF), key=lambda hit: -hit.score)
    found = [(hit.entry.id, f"{hit.score:.2f}", hit.entry.title) for hit in near]
    if as_json:
        print_json([{"id": id_, "score": float(score), "title": title} for id_, score, title in found])
    elif not found:
        typer.echo("No published entry is about that.", err=True)
    for row in () if as_json else found:
        typer.echo("\t".join(row))


def _table(rows: Iterable[tuple[str, str, str]]) -> Table:
    table = Table("id", "status", "title", box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
