"""Which entry lists a page: by its very address or, where a curator allows it, by how the address begins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kb.entries.entry import AppearanceKind, Entry
from kb.urls.identity import identify

_BOUNDARY = re.compile(r"[/?#&]")


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedPage:
    """A page in an entry's list: its canonical key, and what it is (None: the original).

    With `prefix`, every page below it is meant too.
    """

    key: str
    kind: AppearanceKind | None = None
    prefix: bool = False


@dataclass(frozen=True, kw_only=True)
class KnownPage:
    """A page that an entry lists; `kind` is None for the entry's original.

    `prefix` is the listed key above the page, where the page is not listed itself.
    """

    entry_id: str
    kind: AppearanceKind | None
    prefix: str | None = None


def listed_pages(entry: Entry) -> tuple[ListedPage, ...]:
    """The pages of an entry: its original first, then its appearances."""
    original = ListedPage(key=identify(entry.original.url).key)
    return (
        original,
        *(
            ListedPage(key=identify(page.url).key, kind=page.kind, prefix=page.prefix)
            for page in entry.appearances
        ),
    )


class KnownPages:
    """Finds the entry that lists a page; keys are made from the entries, so no rule outlives its change."""

    def __init__(self) -> None:
        self._exact: dict[str, dict[str, AppearanceKind | None]] = {}
        self._prefixes: dict[str, dict[str, AppearanceKind | None]] = {}

    def add(self, entry_id: str, pages: Iterable[ListedPage]) -> None:
        """Take in the pages of an entry."""
        for table, page in self._places(pages):
            table.setdefault(page.key, {})[entry_id] = page.kind

    def remove(self, entry_id: str, pages: Iterable[ListedPage]) -> None:
        """Forget the pages of an entry: the same ones that were added."""
        for table, page in self._places(pages):
            del table[page.key][entry_id]
            if not table[page.key]:
                del table[page.key]

    def find(self, key: str) -> KnownPage | None:
        """Find the entry that lists the page with this canonical key, or the longest beginning of it.

        Of several entries the one that came first.
        """
        for entry_id, kind in self._exact.get(key, {}).items():
            return KnownPage(entry_id=entry_id, kind=kind)
        for beginning in _beginnings(key) if self._prefixes else ():
            for entry_id, kind in self._prefixes.get(beginning, {}).items():
                return KnownPage(entry_id=entry_id, kind=kind, prefix=beginning)
        return None

    def _places(
        self, pages: Iterable[ListedPage]
    ) -> Iterator[tuple[dict[str, dict[str, AppearanceKind | None]], ListedPage]]:
        for page in pages:
            yield self._exact, page
            if page.prefix:
                yield self._prefixes, page


def _beginnings(key: str) -> Iterator[str]:
    """The parts of a key that end where a path, query or fragment part ends, the longest first."""
    for boundary in reversed(list(_BOUNDARY.finditer(key))):
        yield key[: boundary.start()]
