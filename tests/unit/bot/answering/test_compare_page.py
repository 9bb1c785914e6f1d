"""What a page changed is a supplement: whatever goes wrong with it, the answer stands."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.answering.compare_page import changes, to_compare
from bot.answering.consider import Research, consider
from bot.answering.decide import Occasion
from bot.answering.subject import Subject
from bot.errors import FetchError, OutOfTimeError, UnreadableError
from bot.model import (
    Action,
    Decision,
    Fetched,
    Page,
    PageKind,
    Traits,
)
from kb.compare import Article, Comparison
from kb.entries.entry import Entry
from kb.match.query import Basis, Hit, Query
from kb.match.reading import QueryReading
from kb.urls.identity import identify
from tests.unit.bot.inline import InlineReading
from tests.unit.kb.make_entries import make_entry

URL = "https://copy.example/a"
ENTRY = make_entry(
    figures=[{"value": 40, "unit": "ships", "what": "ships damaged in the storm", "as_stated": "up to 40"}]
)
TEXT = "More than 40 ships were damaged in the storm."


def page(**changed: object) -> Page:
    fields: dict[str, object] = {
        "url": URL,
        "host": "copy.example",
        "kind": PageKind.ARTICLE,
        "title": "",
        "text": TEXT,
    }
    return Page(**fields | changed)  # type: ignore[arg-type]  # plain fields of a page


def decision(
    basis: Basis = Basis.SAME_STORY, action: Action = Action.REPLY, *, debunk: bool = False
) -> Decision:
    return Decision(action=action, reason="", hits=(Hit(entry=ENTRY, score=1.0, basis=basis, debunk=debunk),))


class Web(InlineReading):
    """A fetcher, reader and matcher with one known page."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.fetched: list[str] = []

    async def fetch(self, url: str, *, unwrap: bool = True) -> Fetched:
        self.fetched.append(url)
        if self.error:
            raise self.error
        return Fetched(url=url, content_type="text/html", charset=None, body=b"")

    async def read(self, fetched: Fetched) -> Page:
        return page(url=fetched.url)

    async def read_file(self, path: Path) -> Page:
        raise NotImplementedError

    async def known_page(self, key: str) -> Hit | None:
        return decision(Basis.SAME_PAGE).hits[0]

    async def ready(self) -> None:
        raise NotImplementedError

    async def traits(self, reading: QueryReading) -> Traits:
        raise NotImplementedError

    async def match(self, query: Query, reading: QueryReading) -> tuple[Hit, ...]:
        return ()


async def considered(web: Web) -> tuple[Action, int]:
    research = Research(fetcher=web, reader=web, matcher=web)
    result = await consider(Subject(link=identify(URL)), research, Occasion(asked=False))
    found = result.comparison.differences if result.comparison else ()
    return result.decision.action, len(found)


async def test_a_known_page_is_read_for_the_comparison() -> None:
    web = Web()
    assert await considered(web) == (Action.REPLY, 1)
    assert web.fetched == [URL]


@pytest.mark.parametrize("error", [FetchError("the site does not answer"), TimeoutError()])
async def test_a_known_page_that_cannot_be_read_is_answered_all_the_same(error: Exception) -> None:
    assert await considered(Web(error)) == (Action.REPLY, 0)


@pytest.mark.parametrize(
    ("asked", "compared"),
    [
        (decision(), True),
        (decision(Basis.SAME_PAGE), True),
        (decision(Basis.ORIGINAL), False),
        (decision(Basis.RELATED, Action.SUGGEST), False),
        (decision(Basis.SAME_PAGE, debunk=True), False),
        (Decision(action=Action.NOTHING, reason=""), False),
    ],
)
async def test_originals_and_debunks_are_not_compared(asked: Decision, compared: bool) -> None:
    assert to_compare(asked) is compared
    assert (await changes(asked, page(), Web()) is not None) is compared


@pytest.mark.parametrize("other", [page(debunk=True), page(kind=PageKind.LOGIN), None])
async def test_only_an_article_that_debunks_nothing_is_compared(other: Page | None) -> None:
    assert await changes(decision(), other, Web()) is None


class Unable(Web):
    """A reader whose process ended, or whose answer never comes."""

    async def compare(self, entry: Entry, article: Article) -> Comparison:
        raise UnreadableError("it could not be understood")


async def test_a_fault_in_comparing_costs_the_differences_only() -> None:
    assert await considered(Unable()) == (Action.REPLY, 0)


class Endless(Web):
    """A site, a reader and a matcher that never answer."""

    async def fetch(self, url: str, *, unwrap: bool = True) -> Fetched:
        await asyncio.Event().wait()
        raise AssertionError

    async def known_page(self, key: str) -> Hit | None:
        return None

    async def ready(self) -> None:
        """There is no model to wait for."""


@pytest.mark.parametrize("by", [0.05, 60.0])
async def test_a_link_is_given_up_at_its_deadline_or_at_the_messages(by: float) -> None:
    web = Endless()
    research = Research(fetcher=web, reader=web, matcher=web, seconds=60.0 if by < 1 else 0.05)
    end = asyncio.get_running_loop().time() + by
    with pytest.raises(OutOfTimeError, match="took too long"):
        await consider(Subject(link=identify(URL)), research, Occasion(asked=False), by=end)


async def test_waiting_for_the_model_is_no_fault_of_the_page() -> None:
    """The clock of a link stands still while the model loads."""

    class Loading(Endless):
        async def ready(self) -> None:
            await asyncio.sleep(0.2)  # four times as long as a link may take

        async def fetch(self, url: str, *, unwrap: bool = True) -> Fetched:
            return await Web.fetch(self, url)

    web = Loading()
    research = Research(fetcher=web, reader=web, matcher=web, seconds=0.05)
    end = asyncio.get_running_loop().time() + 0.05
    result = await consider(Subject(link=identify(URL)), research, Occasion(asked=True), by=end)
    assert result.decision.action is Action.NOTHING
