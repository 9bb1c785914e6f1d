"""Reads what anybody may have written: the `TextReader` port, on processes that can be killed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import ada_url

from bot.errors import UnreadableError
from bot.model import AddressClaim, DateFrom, Fetched, Page, PageKind
from bot.pages.read.exchange import Job, ReadPage, Task
from bot.pages.read.page_form import MAX_HTML, PDF_TYPES, is_html, is_pdf
from bot.pages.read.read_pool import ReadingPool
from bot.threads import in_thread
from kb.compare import Article, Comparison
from kb.compare.json_values import article_json, comparison_from, entry_json
from kb.entries.entry import Entry
from kb.errors import UrlError
from kb.match.query import Query
from kb.match.reading import QueryReading
from kb.match.reading_json import query_json, reading_from
from kb.urls.identity import identify, may_be_home

Read = TypeVar("Read")

_GIBIBYTE = 2**30
_MAX_FILE = 5 * 2**20
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class PooledReader:
    """The `TextReader` port: each text in a process of its own, within `seconds` of wall and CPU time and
    `memory` bytes of address space."""

    def __init__(self, *, seconds: float = 10, memory: int = _GIBIBYTE) -> None:
        self._seconds = seconds
        self.pool = ReadingPool(seconds=seconds, memory=memory)

    async def start(self) -> None:
        """Start a worker, which the first page would otherwise wait for."""
        await self.pool.start()

    async def close(self) -> None:
        """Stop the workers, whatever they are doing; nothing is read from then on."""
        await self.pool.close()

    async def read(self, fetched: Fetched) -> Page:
        """Find title, text and the rest. Raises UnreadableError with a plain reason."""
        reading = await self._read(fetched.body, fetched.content_type, fetched.charset, fetched.url)
        kind = PageKind[reading.kind]
        if kind in _MAYBE_HOME and _is_home(fetched.url):
            kind = PageKind.HOME
        return _page(reading, fetched.url, ada_url.URL(fetched.url).hostname, kind)

    async def read_file(self, path: Path) -> Page:
        """Read a text, HTML or PDF file as if it had been fetched; its `host` is empty.

        Raises UnreadableError.
        """
        try:
            url, body = await in_thread(_file_bytes, path)
        except OSError as error:
            raise UnreadableError(f"the file {path} cannot be opened: {error.strerror or error}") from error
        html = path.suffix.lower() in _HTML_SUFFIXES or is_html(body)
        pdf = not html and is_pdf(body)
        if not html and not pdf and b"\0" in body and not body.startswith(_UTF16):
            raise UnreadableError(f"the file {path} is neither text, HTML nor PDF")
        content_type = "text/html" if html else "application/pdf" if pdf else "text/plain"
        reading = await self._read(body, content_type, None, url)
        return _page(reading, url, "", PageKind[reading.kind])

    async def read_query(self, query: Query) -> QueryReading:
        """Read what matching needs of a page or of words. Raises UnreadableError with a plain reason."""
        return _understood(reading_from, await self._do(Job.QUERY, query_json(query)))

    async def compare(self, entry: Entry, article: Article) -> Comparison:
        """Say what an article changed of an entry. Raises UnreadableError with a plain reason."""
        both = {"entry": entry_json(entry), "article": article_json(article)}
        return _understood(comparison_from, await self._do(Job.COMPARE, both))

    async def _read(self, body: bytes, content_type: str, charset: str | None, url: str) -> ReadPage:
        # Only what would be looked at is sent through the pipe.
        sent = body if content_type in PDF_TYPES or is_pdf(body) else body[:MAX_HTML]
        head = {"content_type": content_type, "charset": charset, "url": url}
        task = Task(job=Job.PAGE, body=sent, seconds=self._seconds, head=head)
        return _understood(ReadPage.from_json, await self.pool.do(task))

    async def _do(self, job: Job, record: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(record).encode()
        return await self.pool.do(Task(job=job, body=body, seconds=self._seconds))


def _understood(read: Callable[[dict[str, Any]], Read], answer: dict[str, Any]) -> Read:
    """Take what a worker says, which has parsed what anybody may have written."""
    try:
        return read(answer)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise UnreadableError("it could not be understood") from error


# A front page is one by its address; but a wall or an error in its place is told as what it is.
_MAYBE_HOME = frozenset({PageKind.ARTICLE, PageKind.EMPTY, PageKind.PAYWALL})


def _is_home(url: str) -> bool:
    try:
        return may_be_home(identify(url))
    except UrlError:
        return False


def _file_bytes(path: Path) -> tuple[str, bytes]:
    with path.open("rb") as file:
        return path.absolute().as_uri(), file.read(_MAX_FILE)


def _page(reading: ReadPage, url: str, host: str, kind: PageKind) -> Page:
    return Page(
        url=url,
        host=host,
        kind=kind,
        title=reading.title,
        text=reading.text,
        author=reading.author,
        published=date.fromisoformat(reading.published) if reading.published else None,
        published_from=DateFrom[reading.published_from] if reading.published_from else None,
        language=reading.language,
        debunk=reading.debunk,
        claims=tuple(_claims(reading.claims, url)),
    )


def _claims(claims: tuple[tuple[str, str], ...], url: str) -> Iterator[AddressClaim]:
    """What is a web address, seen from the page."""
    for by, claim in claims:
        try:
            address = ada_url.URL(claim, url)
        except ValueError:
            continue
        if address.protocol in {"http:", "https:"}:
            yield AddressClaim(by=by, url=address.href)
