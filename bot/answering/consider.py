"""One link or some words → a decision: known page? → fetch → read → match → decide. Nothing is said here."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.answering.address_claims import believed_addresses
from bot.answering.compare_page import changes, known_page, to_compare
from bot.answering.decide import Occasion, decide
from bot.answering.subject import Subject
from bot.errors import OutOfTimeError, PageError
from bot.model import Action, DateFrom, Decision, Page, PageKind
from bot.pages.open_page import open_page
from bot.ports import Fetcher, Matcher, TextReader
from bot.threads import in_thread
from kb.compare import Comparison
from kb.compare.saying import Relation, held_against
from kb.match.query import Hit, Query
from kb.match.reading import QueryReading
from kb.urls.identity import Address, identify


async def _nobody(_: str) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Research:
    """What it takes to look something up; `muted` tells of an entry's id if it speaks only when asked.

    One link, or one question, is given up after `seconds`.
    """

    fetcher: Fetcher
    reader: TextReader
    matcher: Matcher
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    muted: Callable[[str], Awaitable[bool]] = _nobody
    seconds: float = 20.0


@dataclass(frozen=True, kw_only=True)
class Considered:
    """What was decided, of all hits above the cut-off; the page, if one was read, and what it changed.

    `reading` is what matching read of a page, `relation` what somebody's words are to the entry.
    """

    decision: Decision
    hits: tuple[Hit, ...]
    page: Page | None = None
    comparison: Comparison | None = None
    reading: QueryReading | None = None
    relation: Relation | None = None


async def consider(
    subject: Subject, research: Research, occasion: Occasion, *, by: float = math.inf
) -> Considered:
    """Find out what is known about a link or words, and decide, until `by` (the event loop's time).

    Raises PageError when the page is of no use or OutOfTimeError, ModelError when the encoder failed.
    """
    if subject.link:
        async with _in_time(research, by):
            known = await research.matcher.known_page(subject.link.key)
        if known:
            return await _known(subject.link, known, research, occasion)
    start = asyncio.get_running_loop().time()
    await research.matcher.ready()  # the model loads once, and that is no fault of the page
    by += asyncio.get_running_loop().time() - start
    async with _in_time(research, by):
        if subject.link is None:
            return await _matched(Query(text=subject.words), research, occasion)
        try:
            page = await open_page(subject.link, research.fetcher, research.reader)
            considered = await _by_address(page, research, occasion) or await _by_text(
                page, research, occasion
            )
        except PageError:
            if not subject.words:
                raise
            return await _matched(Query(text=subject.words), research, occasion)
    return await _compared(considered, research)


@asynccontextmanager
async def _in_time(research: Research, by: float) -> AsyncIterator[None]:
    end = min(by, asyncio.get_running_loop().time() + research.seconds)
    try:
        async with asyncio.timeout_at(end):
            yield
    except TimeoutError as error:
        raise OutOfTimeError("it took too long to look at") from error


async def _known(link: Address, known: Hit, research: Research, occasion: Occasion) -> Considered:
    """Decide about a known page at once; only then is it read, to say what it changed."""
    considered = await _decided((known,), research, occasion)
    if not to_compare(considered.decision):
        return considered
    page = await known_page(link, research.fetcher, research.reader)
    return await _compared(replace(considered, page=page), research)


async def _by_address(page: Page, research: Research, occasion: Occasion) -> Considered | None:
    """Decide about a page whose other addresses are known."""
    for address in _other_addresses(page):
        if known := await research.matcher.known_page(address.key):
            return await _decided((known,), research, occasion, page=page)
    return None


def _other_addresses(page: Page) -> tuple[Address, ...]:
    """Where redirects led, and what the page says its address is, as far as that is to be believed."""
    return (identify(page.url), *believed_addresses(page))


async def consider_page(page: Page, research: Research, occasion: Occasion) -> Considered:
    """Decide about a page by its text. Raises PageError when it is no article."""
    return await _compared(await _by_text(page, research, occasion), research)


async def _by_text(page: Page, research: Research, occasion: Occasion) -> Considered:
    if page.kind is not PageKind.ARTICLE:
        raise PageError(f"it is {page.kind.value}")
    query = Query(title=page.title, text=page.text, is_page=True, published=page.published)
    return await _matched(query, research, occasion, page)


async def _matched(
    query: Query, research: Research, occasion: Occasion, page: Page | None = None
) -> Considered:
    reading = await research.reader.read_query(query)
    hits = await research.matcher.match(query, reading)
    considered = await _decided(hits, research, occasion, page)
    if page:
        return replace(considered, reading=reading)
    decision = replace(considered.decision, of_words=True)
    relation = None
    if decision.action is Action.REPLY:  # bounded: only the first 2,000 characters are read
        relation = await in_thread(held_against, decision.hits[0].entry, query.text)
    return replace(considered, decision=decision, relation=relation)


async def _decided(
    hits: tuple[Hit, ...], research: Research, occasion: Occasion, page: Page | None = None
) -> Considered:
    debunk = page is not None and page.debunk
    muted = bool(hits) and not occasion.asked and await research.muted(hits[0].entry.id)
    decision = decide(hits, occasion, debunk=debunk, today=research.now().date(), muted=muted)
    if page is not None and page.published_from is DateFrom.CONTRADICTED:
        decision = replace(decision, reason=f"{decision.reason}; the page gives itself two days")
    return Considered(decision=decision, hits=hits, page=page)


async def _compared(considered: Considered, research: Research) -> Considered:
    """Add what the page changed; it has a deadline of its own, for the answer stands without it."""
    comparison = await changes(considered.decision, considered.page, research.reader)
    return replace(considered, comparison=comparison)
