"""One link or some words → a decision: known page? → fetch → read → match → decide. Nothing is said here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.errors import PageError
from bot.model import Decision, Page, PageKind
from bot.pipeline.changes import changes, known_page, to_compare
from bot.pipeline.claims import believed_addresses
from bot.pipeline.decide import Occasion, decide
from bot.pipeline.open_page import open_page
from bot.pipeline.subject import Subject
from bot.ports import Fetcher, Matcher, Reader
from kb.compare import Comparison
from kb.query import Hit, Query
from kb.url import Address, identify


async def _nobody(_: str) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Research:
    """What it takes to look something up; `muted` tells of an entry's id if it speaks only when asked."""

    fetcher: Fetcher
    reader: Reader
    matcher: Matcher
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    muted: Callable[[str], Awaitable[bool]] = _nobody


@dataclass(frozen=True, kw_only=True)
class Considered:
    """What was decided, of all hits above the cut-off; the page, if one was read, and what it changed."""

    decision: Decision
    hits: tuple[Hit, ...]
    page: Page | None = None
    comparison: Comparison | None = None


async def consider(subject: Subject, research: Research, occasion: Occasion) -> Considered:
    """Find out what is known about a link or words, and decide.

    Raises PageError when the page is of no use, ModelError when the encoder failed.
    """
    if subject.link is None:
        hits = await research.matcher.match(Query(text=subject.words))
        return await _decided(hits, research, occasion)
    if known := await research.matcher.known_page(subject.link.key):
        return await _known(subject.link, known, research, occasion)
    page = await open_page(subject.link, research.fetcher, research.reader)
    for address in _other_addresses(page):
        if known := await research.matcher.known_page(address.key):
            return await _decided((known,), research, occasion, page=page)
    return await consider_page(page, research, occasion)


async def _known(link: Address, known: Hit, research: Research, occasion: Occasion) -> Considered:
    """Decide about a known page at once; only then is it read, to say what it changed."""
    considered = await _decided((known,), research, occasion)
    if not to_compare(considered.decision):
        return considered
    page = await known_page(link, research.fetcher, research.reader)
    return replace(considered, page=page, comparison=await changes(considered.decision, page))


def _other_addresses(page: Page) -> tuple[Address, ...]:
    """Where redirects led, and what the page says its address is, as far as that is to be believed."""
    return (identify(page.url), *believed_addresses(page))


async def consider_page(page: Page, research: Research, occasion: Occasion) -> Considered:
    """Decide about a page by its text. Raises PageError when it is no article."""
    if page.kind is not PageKind.ARTICLE:
        raise PageError(f"it is {page.kind.value}")
    hits = await research.matcher.match(
        Query(title=page.title, text=page.text, is_page=True, published=page.published)
    )
    return await _decided(hits, research, occasion, page=page)


async def _decided(
    hits: tuple[Hit, ...], research: Research, occasion: Occasion, page: Page | None = None
) -> Considered:
    debunk = page is not None and page.debunk
    muted = bool(hits) and not occasion.asked and await research.muted(hits[0].entry.id)
    decision = decide(hits, occasion, debunk=debunk, today=research.now().date(), muted=muted)
    return Considered(decision=decision, hits=hits, page=page, comparison=await changes(decision, page))
