"""Which links go to the queue of unmatched ones: those that no entry matches, whatever was said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

import pytest

from bot.answering.consider import Considered
from bot.answering.unmatched import count_unmatched
from bot.model import Action, Decision, Page, PageKind, Traits
from bot.ports import Matcher
from bot.storage.memory import MemoryUnmatched
from kb.formats.files import starter_entries
from kb.match.query import Basis, Hit, Query
from kb.match.reading import QueryReading, read_query
from kb.text.fingerprint import fingerprint
from kb.urls.identity import identify

LINK = identify("https://copies.example/a")


class OnlyTraits:
    """The part of a matcher that is asked for here."""

    async def traits(self, reading: QueryReading) -> Traits:
        return Traits(model="m", vector=b"", fingerprint=reading.fingerprint)


EVER = datetime.min.replace(tzinfo=UTC)


@pytest.fixture
def unmatched() -> MemoryUnmatched:
    return MemoryUnmatched()


def considered(basis: Basis | None, action: Action, *, debunk: bool = False) -> Considered:
    hits = (Hit(entry=starter_entries()[0], score=0.9, basis=basis),) if basis else ()
    page = Page(
        url=LINK.url,
        host="copies.example",
        kind=PageKind.ARTICLE,
        title="T",
        text="some more words",
        debunk=debunk,
    )
    reading = read_query(Query(title=page.title, text=page.text, is_page=True))
    return Considered(decision=Decision(action=action, reason=""), hits=hits, page=page, reading=reading)


@pytest.mark.parametrize(
    ("what", "waits"),
    [
        (None, True),
        (considered(None, Action.SILENT), True),
        (considered(None, Action.NOTHING), True),
        (considered(Basis.RELATED, Action.SUGGEST), True),
        (considered(Basis.RELATED, Action.SILENT, debunk=True), False),
        (considered(Basis.SAME_STORY, Action.REPLY), False),
        (considered(Basis.SAME_STORY, Action.SILENT), False),  # its entry is due for review, or muted
        (considered(Basis.ORIGINAL, Action.SILENT), False),
    ],
)
async def test_a_link_waits_for_an_entry_unless_one_matches_it(
    unmatched: MemoryUnmatched, what: Considered | None, waits: bool
) -> None:
    await count_unmatched(LINK, "event", what, unmatched, cast("Matcher", OnlyTraits()))
    assert [each.key for each in await unmatched.since(EVER)] == ([LINK.key] if waits else [])


async def test_a_link_that_is_matched_at_last_leaves_the_queue(unmatched: MemoryUnmatched) -> None:
    matcher = cast("Matcher", OnlyTraits())
    await count_unmatched(LINK, "event 1", considered(None, Action.SILENT), unmatched, matcher)
    [waiting] = await unmatched.since(EVER)
    assert waiting.fingerprint == fingerprint("some more words")
    await count_unmatched(LINK, "event 2", considered(Basis.NEAR_COPY, Action.REPLY), unmatched, matcher)
    assert await unmatched.since(EVER) == ()
