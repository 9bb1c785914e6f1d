"""What the page changed of the entry that it is answered with. A failure here costs the differences, never
the answer."""

from __future__ import annotations

import asyncio

import structlog

from bot.errors import PageError
from bot.model import Action, Decision, Page, PageKind
from bot.pages.open_page import open_page
from bot.ports import Fetcher, Reader, TextReader
from kb.compare import Article, Comparison
from kb.match.query import Basis
from kb.urls.identity import Address

log = structlog.get_logger(__name__)

_COMPARED = frozenset({Basis.SAME_PAGE, Basis.NEAR_COPY, Basis.SAME_STORY})
_FETCH_SECONDS = 8.0  # a known page is answered without its differences after so long
_COMPARE_SECONDS = 4.0  # and so is every page; most take 50 milliseconds


def to_compare(decision: Decision) -> bool:
    """Whether the answer is about a copy or a report: originals and debunks are not compared."""
    hit = decision.hits[0] if decision.hits else None
    speaks = decision.action is Action.REPLY
    return speaks and hit is not None and hit.basis in _COMPARED and not hit.debunk


async def known_page(link: Address, fetcher: Fetcher, reader: Reader) -> Page | None:
    """Read a page that is known already, for the comparison only; None where that fails or takes too long."""
    try:
        async with asyncio.timeout(_FETCH_SECONDS):
            return await open_page(link, fetcher, reader)
    except (PageError, TimeoutError) as error:
        log.info("known_page_not_compared", error=type(error).__name__)
        return None


async def changes(decision: Decision, page: Page | None, reader: TextReader) -> Comparison | None:
    """Compare a page with the entry of a decision, where it can be stopped; None where there is nothing to
    compare."""
    if page is None or page.kind is not PageKind.ARTICLE or page.debunk or not to_compare(decision):
        return None
    entry = decision.hits[0].entry
    article = Article(text=page.text, title=page.title, published=page.published, language=page.language)
    try:
        async with asyncio.timeout(_COMPARE_SECONDS):
            return await reader.compare(entry, article)
    except (PageError, TimeoutError) as error:  # it must not cost the answer
        log.error("comparison_failed", entry=entry.id, error=str(error) or type(error).__name__)
        return None
