"""Page sets that quality is measured on: YAML files with a subject, its entries, and pages of known kind.

`entries` holds whole entries, `starter` ids of starter entries. A page has `id`, `kind`, `about` (an entry's
id or null), `title`, `text` and, if it is dated, `published`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from kb.entries.entry import Entry, parse_entry
from kb.errors import MeasureError
from kb.evaluate.testsets import Labelled
from kb.formats.files import starter_entries
from kb.formats.yaml_text import read_yaml
from kb.match.query import Query

SPOKEN = ("report", "copy", "spun", "back_translated", "short_note")
"""Kinds of pages that the bot should answer unasked, with the entry that they are about."""

SILENT = ("follow_up", "rebuttal", "opinion", "explainer", "debunk", "other_story")
"""Kinds that it should not."""


@dataclass(frozen=True, kw_only=True)
class PageSet:
    """The entries of all subjects, by id, and the pages, each with the entry that should be answered with."""

    entries: Mapping[str, Entry]
    pages: tuple[Labelled, ...]

    def undated(self) -> PageSet:
        """The same pages as if none had a day."""
        pages = tuple(replace(page, query=replace(page.query, published=None)) for page in self.pages)
        return replace(self, pages=pages)


def read_page_sets(folder: Path) -> PageSet:
    """Read every .yaml file of a folder. Raises MeasureError that names file and page."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise MeasureError(f"{folder}: no page sets; expected .yaml files with subject, entries and pages")
    entries: dict[str, Entry] = {}
    pages: list[Labelled] = []
    for file in files:
        content = _content(file)
        for entry in _entries(content, file):
            if entry.id in entries:
                raise MeasureError(f"{file}: the entry {entry.id} occurs twice; give each its own id")
            entries[entry.id] = entry
        pages += _pages(content, file)
    for page in pages:
        if unknown := page.relevant - entries.keys():
            raise MeasureError(f"page {page.id} is about {', '.join(unknown)}, which is no entry of the set")
    return PageSet(entries=entries, pages=tuple(pages))


def _content(file: Path) -> Mapping[str, Any]:
    items, problems = read_yaml(file.read_text(encoding="utf-8"), str(file))
    if problems:
        raise MeasureError("\n".join(map(str, problems)))
    content = items[0].data if len(items) == 1 else None
    if not isinstance(content, dict) or not isinstance(content.get("pages"), list):
        raise MeasureError(f"{file}: expected one mapping with subject, entries or starter, and pages")
    return content


def _entries(content: Mapping[str, Any], file: Path) -> Iterator[Entry]:
    for number, data in enumerate(content.get("entries") or []):
        yield parse_entry(data, place=f"{file}, entries[{number}]")
    starters = {entry.id: entry for entry in starter_entries()}
    for entry_id in content.get("starter") or []:
        if entry_id not in starters:
            raise MeasureError(f"{file}: there is no starter entry {entry_id!r}")
        yield starters[entry_id]


def _pages(content: Mapping[str, Any], file: Path) -> Iterator[Labelled]:
    subject = str(content.get("subject", file.stem))
    for number, page in enumerate(content["pages"]):
        place = f"{file}, pages[{number}]"
        if not isinstance(page, dict) or not all(
            isinstance(page.get(name), str) for name in ("id", "title", "text")
        ):
            raise MeasureError(f"{place}: expected id, kind, about, title and text")
        if page.get("kind") not in SPOKEN + SILENT:
            raise MeasureError(f"{place}: kind must be one of {', '.join(SPOKEN + SILENT)}")
        about, published = page.get("about"), page.get("published")
        if page["kind"] in SPOKEN and not about:
            raise MeasureError(f"{place}: a {page['kind']} must say which entry it is about")
        yield Labelled(
            id=page["id"],
            query=Query(
                title=page["title"],
                text=page["text"],
                is_page=True,
                published=published if isinstance(published, date) else _date(published, place),
            ),
            relevant=frozenset([str(about)] if page["kind"] in SPOKEN else []),
            group=about or f"{subject}: {page['id']}",
            kind=page["kind"],
        )


def _date(value: object, place: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise MeasureError(f"{place}: published must be a date, such as 2022-04-15, not {value!r}") from error
