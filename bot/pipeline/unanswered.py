"""A link that no entry answers goes to the curators' queue: its page is counted, nothing else."""

from __future__ import annotations

from bot.model import Action, Page, PageKind, Traits
from bot.pipeline.consider import Considered
from bot.ports import Matcher
from bot.unmatched import UnmatchedLinks
from kb.errors import ModelError
from kb.query import Basis, Query
from kb.url import Address

_NEAREST = 3


async def count_unanswered(
    link: Address, event: str, considered: Considered | None, unmatched: UnmatchedLinks, matcher: Matcher
) -> None:
    """Count a link unless it needs no entry, and forget one that is answered.

    `considered` is None for a page that could not be read.
    """
    if considered is None:
        await unmatched.count(link, event)
    elif considered.decision.action is Action.REPLY:
        await unmatched.forget(link.key)  # what was missing is there now
    elif not _settled(considered):
        traits = await _traits(considered.page, matcher)
        await unmatched.count(link, event, considered.hits[:_NEAREST], traits)


def _settled(considered: Considered) -> bool:
    """Whether the page needs no entry of its own: it is an original, or a debunk."""
    debunk = considered.page is not None and considered.page.debunk
    return debunk or any(hit.basis is Basis.ORIGINAL or hit.debunk for hit in considered.hits[:1])


async def _traits(page: Page | None, matcher: Matcher) -> Traits | None:
    """What is kept of the page, so that a new entry's preview can tell whether it would match."""
    if page is None or page.kind is not PageKind.ARTICLE:
        return None
    try:
        return await matcher.traits(Query(title=page.title, text=page.text, is_page=True))
    except ModelError:  # the link is counted all the same
        return None
