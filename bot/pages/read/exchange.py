"""What goes into a worker that reads outside text, and what comes out: plain values that JSON can carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Job(StrEnum):
    """What a worker can be asked to do with a text that anybody may have written."""

    PAGE = "page"
    """Read an article out of a response: `head` has content_type, charset and url."""
    QUERY = "query"
    """Read what matching needs of a page or of somebody's words: the body is a query as JSON."""
    COMPARE = "compare"
    """Compare an article with an entry: the body is both, as JSON."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """Something to do within `seconds` of CPU time."""

    job: Job
    body: bytes = field(repr=False)
    seconds: float
    head: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Request:
    """A response to read."""

    body: bytes = field(repr=False)
    content_type: str
    charset: str | None
    url: str


@dataclass(frozen=True, kw_only=True)
class ReadPage:
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
    def from_json(cls, data: dict[str, Any]) -> ReadPage:
        """Take what `asdict` gave, after a way through JSON."""
        return cls(**{**data, "claims": tuple((by, url) for by, url in data["claims"])})
