"""`caveat link`: what a web address names, without fetching it."""

from __future__ import annotations

import json
from collections.abc import Iterable

import typer

from bot.app.run import held_entries, open_database
from bot.load_settings import load_settings
from kb.entries.entry import Entry, Status
from kb.errors import UrlError
from kb.search.known_pages import KnownPage, KnownPages, listed_pages
from kb.store.entries import Store
from kb.urls.identity import Address, identify


def tell_links(urls: Iterable[str], *, as_json: bool, starter: bool | None) -> int:
    """Tell of each address; give how many are none."""
    store = Store(open_database(load_settings().database_address))
    held = held_entries(store, wanted=starter, tell=lambda line: typer.echo(line, err=True))
    pages = _known([*store.entries(Status.PUBLISHED), *held])
    mistakes = 0
    for url in urls:
        try:
            address = identify(url)
        except UrlError as error:
            typer.echo(f"caveat: {error}", err=True)
            mistakes += 1
            continue
        told = _as_json if as_json else _as_text
        typer.echo(told(url, address, pages.find(address.key)))
    return mistakes


def _known(entries: Iterable[Entry]) -> KnownPages:
    pages = KnownPages()
    for entry in {entry.id: entry for entry in entries}.values():
        pages.add(entry.id, listed_pages(entry))
    return pages


def _as_json(url: str, address: Address, page: KnownPage | None) -> str:
    found = {
        "url": url,
        "unwrapped": address.url,
        "key": address.key,
        "wrappers": address.wrappers,
        "entry": page.entry_id if page else None,
    }
    return json.dumps(found, ensure_ascii=False)


def _as_text(url: str, address: Address, page: KnownPage | None) -> str:
    lines = [url, f"  names    {address.key}"]
    if address.wrappers:
        lines.append(f"  inside   {', '.join(address.wrappers)}: {address.url}")
    if address.snapshot:
        taken = address.snapshot.taken
        lines.append(f"  archived {taken.isoformat() if taken else 'on a day that the address does not say'}")
    if page is None:
        return "\n".join([*lines, "  entry    none lists this page"])
    kind = page.kind.value if page.kind else "the original"
    above = f", as a page below {page.prefix}" if page.prefix else ""
    return "\n".join([*lines, f"  entry    {page.entry_id} ({kind}{above})"])
