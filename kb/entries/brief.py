"""The value of an entry's field, or a part of it, on one line: for tables and lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import NoneType
from typing import Any

from kb.entries.entry import Appearance, Claim, Figure, Quote, Rating, Source


def in_brief(value: object) -> str:
    """Write a value so that people know which one is meant; several stand beside each other."""
    return _WRITTEN.get(type(value), str)(value)


def credit(source: Source) -> str:
    """Who published a source, who wrote it and when, as far as that is known."""
    day = source.published.isoformat() if source.published else ""
    return ", ".join(filter(None, (source.publisher, source.author, day)))


_WRITTEN: Mapping[type, Callable[[Any], str]] = {
    NoneType: lambda _: "",
    bool: lambda value: "yes" if value else "no",
    tuple: lambda values: " | ".join(map(in_brief, values)),
    Source: lambda source: f"{source.title} ({credit(source)})",
    Figure: lambda figure: f"{figure.as_stated} ({figure.what})",
    Quote: lambda quote: f"{quote.speaker}: “{quote.text}”",
    Claim: lambda claim: claim.text,
    Rating: lambda rating: rating.label,
    Appearance: lambda page: f"{page.url} ({page.kind.value})",
}
