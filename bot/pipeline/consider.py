"""One link or some words → a decision: known page? → fetch → read → match → decide. Nothing is said here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.errors import PageError
from bot.model import Decision, Page, PageKind
from bot.pipeline.decide import decide
from bot.pipeline.subject import Subject
from bot.ports import Fetcher, Matcher, Reader
from kb.query import Hit, Query
from kb.url import Address, claimed_address, identify


@dataclass(frozen=True, kw_only=True)
class Research:
    """What it takes to look something up."""

    fetcher: Fetcher
    reader: Reader
    matcher: Matcher
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Considered:
    """What was decided, of all hits above the cut-off, and the page that was read for it, if any was."""

    decision: Decision
    hits: tuple[Hit, ...]
    page: Page | None = None


async def consider(subject: Subject, research: Research, *, asked: bool) -> Considered:
    """Find out what is known about a link or words, and decide.

    Raises PageError when the page is of no use, ModelError when the encoder failed.
    """
    if subject.link is None:
        hits = await research.matcher.match(Query(text=subject.words))
        return _decided(hits, research, asked=asked)
    if known := await research.matcher.known_page(subject.link.key):
        return _decided((known,), research, asked=asked)
    page = await research.reader.read(await research.fetcher.fetch(subject.link.url))
    for address in _other_addresses(page):
        if known := await research.matcher.known_page(address.key):
            return _decided((known,), research, asked=asked, page=page)
    return await consider_page(page, research, asked=asked)


def _other_addresses(page: Page) -> tuple[Address, ...]:
    """Where redirects led, and what the page says its address is, as far as that is to be believed."""
    claimed = claimed_address(page.url, page.canonical) if page.canonical else None
    return (identify(page.url), *([claimed] if claimed else []))


async def consider_page(page: Page, research: Research, *, asked: bool) -> Considered:
    """Decide about a page by its text. Raises PageError when it is no article."""
    if page.kind is not PageKind.ARTICLE:
        raise PageError(f"it is {page.kind.value}")
    hits = await research.matcher.match(Query(title=page.title, text=page.text, is_page=True))
    return _decided(hits, research, asked=asked, page=page)


def _decided(
    hits: tuple[Hit, ...], research: Research, *, asked: bool, page: Page | None = None
) -> Considered:
    debunk = page is not None and page.debunk
    decision = decide(hits, asked=asked, debunk=debunk, today=research.now().date())
    return Considered(decision=decision, hits=hits, page=page)
