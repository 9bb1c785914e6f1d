"""What goes into a worker that reads pages, and what comes out: plain values that JSON can carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Request:
    """A response to read within `seconds` of CPU time."""

    body: bytes = field(repr=False)
    content_type: str
    charset: str | None
    url: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was read. `kind` and `published_from` name a PageKind and a DateFrom, `published` is an ISO date;
    `claims` are pairs of who claims an address of the page and the address, as the page wrote it."""

    kind: str
    title: str = ""
    text: str = field(default="", repr=False)
    author: str | None = None
    published: str | None = None
    published_from: str | None = None
    language: str | None = None
    debunk: bool = False
    claims: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Reading:
        """Take what `asdict` gave, after a way through JSON."""
        return cls(**{**data, "claims": tuple((by, url) for by, url in data["claims"])})
