"""As much of an entry as telling it from another takes, read without reading all of it."""

from __future__ import annotations

from dataclasses import dataclass

from kb.entries.entry import Entry, Status


@dataclass(frozen=True, kw_only=True)
class Outline:
    """As much of an entry as telling doubles takes."""

    id: str
    status: Status
    title: str
    url: str


def outline(entry: Entry) -> Outline:
    """Outline an entry."""
    return Outline(id=entry.id, status=entry.status, title=entry.title, url=entry.original.url)
