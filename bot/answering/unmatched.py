"""A link that no entry answers goes to the curators' queue: its page is counted, nothing else."""

from __future__ import annotations

from bot.answering.consider import Considered
from bot.model import Traits
from bot.ports import Matcher, UnmatchedCounts
from kb.errors import ModelError
from kb.match.query import Basis
from kb.match.reading import QueryReading
from kb.urls.identity import Address

_NEAREST = 3


async def count_unmatched(
    link: Address, event: str, considered: Considered | None, unmatched: UnmatchedCounts, matcher: Matcher
) -> None:
    """Count a link that no entry matches, and forget one that an entry matches, whether it spoke or not.

    `considered` is None for a page that could not be read. A page that debunks something needs no entry.
    """
    if considered is None:
        await unmatched.count(link, event)
    elif considered.hits and considered.hits[0].basis is not Basis.RELATED:
        await unmatched.forget(link.key)  # what was missing is there now
    elif considered.page is None or not considered.page.debunk:
        traits = await _traits(considered.reading, matcher)
        await unmatched.count(link, event, considered.hits[:_NEAREST], traits)


async def _traits(reading: QueryReading | None, matcher: Matcher) -> Traits | None:
    """What is kept of the page, so that a new entry's preview can tell whether it would match."""
    if reading is None:
        return None
    try:
        return await matcher.traits(reading)
    except ModelError:  # the link is counted all the same
        return None
