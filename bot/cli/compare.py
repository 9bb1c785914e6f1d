"""`caveat compare`: what one page changed of one entry, both sides with the changed words marked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from bot.app.run import Network, open_database, open_pages
from bot.cli.check import compared
from bot.errors import BotError, PageError, SettingsError
from bot.load_settings import load_settings
from bot.model import Page, PageKind
from bot.pages.open_page import open_page
from bot.replies.plain import clean
from bot.settings import Settings
from bot.threads import in_thread
from kb.compare import Article, Comparison, Difference, DifferenceKind, Standing, compare
from kb.entries.entry import Entry
from kb.errors import UrlError
from kb.formats.files import read_entries, starter_entries
from kb.store.entries import Store
from kb.urls.identity import identify

_MARKED = {DifferenceKind.QUOTE_ALTERED, DifferenceKind.QUOTE_MISATTRIBUTED}
_HERE, _RECORD = "bold red", "bold green"


def tell_comparison(page: str, entry: str, *, as_json: bool) -> None:
    """Compare a page with an entry, and print what was found. Raises BotError, KbError."""
    settings = load_settings()
    record = _entry(entry, settings)
    read = asyncio.run(_read(page, settings))
    comparison = compare(
        record, Article(text=read.text, title=read.title, published=read.published, language=read.language)
    )
    if as_json:
        typer.echo(json.dumps(_as_json(record, comparison), ensure_ascii=False, indent=2))
        return
    console = Console(soft_wrap=True)
    for line in _lines(comparison):
        if console.is_terminal:
            console.print(line)
        else:
            typer.echo(line.plain)


def _as_json(entry: Entry, comparison: Comparison) -> dict[str, Any]:
    return {
        "entry": entry.id,
        **compared(comparison),
        "figures": [_standing(each) for each in comparison.figures],
        "quotes": [_standing(each) for each in comparison.quotes],
        "notes": list(comparison.notes),
    }


def _standing(standing: Standing) -> dict[str, str]:
    return {"original": standing.record.text, "state": standing.state.value, "here": standing.here}


async def _read(target: str, settings: Settings) -> Page:
    """Read a file or a web address. Raises SettingsError for neither, PageError."""
    async with open_pages(settings, network=Network(sample=True)) as (fetcher, reader):
        try:
            if await in_thread(Path(target).is_file):
                page = await reader.read_file(Path(target))
            else:
                page = await open_page(identify(target), fetcher, reader)
        except UrlError as error:
            raise SettingsError(
                f"{target}: there is no such file, and it is no web address (https://…)"
            ) from error
        except PageError as error:
            raise PageError(f"could not read {target}: {error.reason}") from error
    if page.kind is not PageKind.ARTICLE:
        raise PageError(f"could not read {target}: it is {page.kind.value}")
    return page


def _entry(name: str, settings: Settings) -> Entry:
    """The entry of a file, of the store, or of the starter ones. Raises BotError, EntryError, StoreError."""
    if Path(name).is_file():
        entries = read_entries([Path(name)])
        if len(entries) != 1:
            raise BotError(f"{name} holds {len(entries)} entries; name a file with one, or an entry's id")
        return entries[0]
    if found := Store(open_database(settings.database_address)).get(name):
        return found
    starter = next((entry for entry in starter_entries() if entry.id == name), None)
    if starter is None:
        raise BotError(f"there is no entry {name!r} and no such file; `caveat kb list` shows the entries")
    typer.echo("The store holds no such entry, so the starter entry (an example) is used.", err=True)
    return starter


def _lines(comparison: Comparison) -> Iterator[Text]:
    for difference in comparison.differences:
        yield Text(f"{difference.kind.value.replace('_', ' ')} ({difference.severity.name.lower()})", "bold")
        yield Text("  this page: ").append(_side(difference, here=True))
        yield Text(f"  on record ({_source(difference)}): ").append(_side(difference, here=False))
        yield Text(f"  because {clean(difference.evidence)}", "dim")
    if comparison.rewritten:
        yield Text("reads like an automatic rewrite", "bold")
        yield from (Text(f"  {clean(reason)}") for reason in comparison.rewritten)
    if not comparison.differences and not comparison.rewritten:
        yield Text("No differences.")
    for standing in (*comparison.figures, *comparison.quotes):
        here = f" (this page: {clean(standing.here)})" if standing.here else ""
        yield Text(f"{standing.state.value}: {clean(standing.record.text)}{here}", "dim")
    yield from (Text(f"note: {note}") for note in comparison.notes)


def _source(difference: Difference) -> str:
    source = difference.original.source
    published = source.published.isoformat() if source.published else ""
    return clean(", ".join(filter(None, (source.publisher, published))))


def _side(difference: Difference, *, here: bool) -> Text:
    """One side, the words that differ marked: in colour and, as plain text, in [brackets]."""
    text = clean(difference.here.short if here else difference.original.text)
    if difference.kind not in _MARKED:
        return Text(text, _HERE if here else _RECORD)
    marked, place = Text(), 0
    for pair in sorted(difference.words, key=lambda pair: text.find(clean(pair[0 if here else 1]))):
        words = clean(pair[0 if here else 1])
        found = text.find(words, place) if words else -1
        if found < 0:
            continue
        marked.append(text[place:found]).append(f"[{words}]", _HERE if here else _RECORD)
        place = found + len(words)
    return marked.append(text[place:])
