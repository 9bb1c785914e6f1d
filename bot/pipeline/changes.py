"""What the page changed of the entry that it is answered with. A failure here costs the differences, never
the answer."""

from __future__ import annotations

import asyncio
import traceback

import structlog

from bot.errors import PageError
from bot.model import Action, Decision, Page, PageKind
from bot.pipeline.open_page import open_page
from bot.ports import Fetcher, Reader
from kb.compare import Article, Comparison, compare
from kb.query import Basis
from kb.url import Address

log = structlog.get_logger(__name__)

_COMPARED = frozenset({Basis.SAME_PAGE, Basis.NEAR_COPY, Basis.SAME_STORY})
_FETCH_SECONDS = 8.0  # a known page is answered without its differences after so long


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


async def changes(decision: Decision, page: Page | None) -> Comparison | None:
    """Compare a page with the entry of a decision, off the event loop; None where there is nothing to
    compare."""
    if page is None or page.kind is not PageKind.ARTICLE or page.debunk or not to_compare(decision):
        return None
    entry = decision.hits[0].entry
    article = Article(text=page.text, title=page.title, published=page.published, language=page.language)
    try:
        return await asyncio.to_thread(compare, entry, article)
    except Exception as error:  # noqa: BLE001 - a page that trips the comparison must not cost the answer
        frame = traceback.extract_tb(error.__traceback__)[-1]  # and not the message: it may quote the page
        place = f"{frame.name}:{frame.lineno}"
        log.error("comparison_failed", entry=entry.id, error=type(error).__name__, place=place)
        return None
