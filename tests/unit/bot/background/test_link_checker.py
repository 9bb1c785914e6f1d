"""Originals: what their page tells, whether it still answers, and what a draft takes from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.background.link_checker import LinkChecker, read_original
from bot.commands.prefill import prefill
from bot.errors import DeadPageError, FetchError, UnknownSiteError, UnreadableError
from bot.model import Fetched, Page, PageKind
from bot.pages.sample import STORY_URL
from kb.curate.review_queue import Reason
from kb.entries.editorial import LinkState
from kb.errors import EntryError
from kb.formats.forms import draft_form, read_form
from kb.store.entries import Store
from kb.store.originals import Originals
from tests.unit.kb.curate.curating import curation_on, sound

A, B = "https://paper.example/a", "https://paper.example/b"
NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def page(kind: PageKind = PageKind.ARTICLE, text: str = "The report says so.") -> Page:
    return Page(url=A, host="www.paper.example", kind=kind, title="T", text=text)


class Web:
    """A `Fetcher` and a `Reader` in one: what each address gives, or raises."""

    def __init__(self, answers: Mapping[str, Page | Exception]) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []

    async def fetch(self, url: str, *, unwrap: bool = True) -> Fetched:
        self.asked.append(url)
        if isinstance(answer := self.answers[url], FetchError):
            raise answer
        return Fetched(url=url, content_type="text/html", charset=None, body=b"")

    async def read(self, fetched: Fetched) -> Page:
        answer = self.answers[fetched.url]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def read_file(self, path: object) -> Page:
        raise NotImplementedError


@pytest.mark.parametrize(
    ("answer", "state", "has_text"),
    [
        (page(), LinkState.OK, True),
        (page(PageKind.EMPTY), LinkState.OK, False),
        (page(PageKind.PAYWALL), LinkState.REFUSED, False),
        (page(PageKind.LOGIN), LinkState.REFUSED, False),
        (page(PageKind.MISSING), LinkState.DEAD, False),
        (UnreadableError("its HTML could not be understood"), LinkState.OK, False),
        (FetchError("the site answered 403 (forbidden)", status=403), LinkState.REFUSED, False),
        (FetchError("the site answered 429 (too many requests)", status=429), LinkState.REFUSED, False),
        (DeadPageError("the site answered 404 (not found)", status=404), LinkState.DEAD, False),
        (DeadPageError("the site answered 410 (gone)", status=410), LinkState.DEAD, False),
        (UnknownSiteError("the site's name is not known"), LinkState.DEAD, False),
        (DeadPageError("the site did not answer in time"), LinkState.NOT_CHECKED, False),
        (
            DeadPageError("the site answered 500 (internal server error)", status=500),
            LinkState.NOT_CHECKED,
            False,
        ),
        (FetchError("the connection to the site failed"), LinkState.NOT_CHECKED, False),
    ],
)
async def test_what_is_found_at_an_original_is_its_state(
    answer: Page | Exception, state: LinkState, has_text: bool
) -> None:
    web = Web({"https://paper.example/a": answer})
    read = await read_original("https://paper.example/a", web, web)
    assert (read.state, read.text is not None) == (state, has_text)


def checker(store: Store, web: Web, now: datetime = NOW) -> LinkChecker:
    originals = Originals(store._engine, fingerprint=str.encode, now=lambda: now)
    return LinkChecker(store, originals, web, web, now=lambda: now)


async def test_a_dead_original_is_marked_and_an_archive_suggested(store: Store) -> None:
    dead = sound("a", original={"publisher": "P", "title": "T", "url": A, "published": "2022-04-15"})
    store.save([dead, sound("b"), sound("c", status="draft")], by="desk")
    found = await checker(
        store, Web({A: DeadPageError("the site answered 404 (not found)", status=404), B: page()})
    ).check()
    assert [(each.url, each.state) for each in found] == [(A, LinkState.DEAD), (B, LinkState.OK)]
    assert found[0].wayback == f"https://web.archive.org/web/20220415/{A}"
    assert store.fingerprints(["b"]).get("b") == b"T\nThe report says so."
    waiting = curation_on(store).queue()
    assert [(each.entry_id, each.reason) for each in waiting] == [("a", Reason.DEAD)]


async def test_an_original_of_two_entries_is_asked_for_once(store: Store) -> None:
    store.save([sound("a"), sound("x", original=sound("a").original.model_dump())], by="desk")
    web = Web({A: page()})
    found = await checker(store, web).check()
    assert web.asked == [A]
    assert found[0].entries == ("a", "x")


async def test_a_site_that_is_down_is_dead_only_after_a_week(store: Store) -> None:
    store.save([sound("a")], by="desk")
    web = Web({A: DeadPageError("the site did not answer in time")})
    for days, state in ((0, LinkState.NOT_CHECKED), (6, LinkState.NOT_CHECKED), (8, LinkState.DEAD)):
        found = await checker(store, web, NOW + timedelta(days=days)).check()
        assert found[0].state is state
    web.answers[A] = page()
    assert (await checker(store, web, NOW + timedelta(days=9)).check())[0].state is LinkState.OK


async def test_what_was_checked_lately_is_left_alone(store: Store) -> None:
    store.save([sound("a"), sound("b")], by="desk")
    web = Web({A: page(), B: page()})
    await checker(store, web).check(["a"])
    await checker(store, web, NOW + timedelta(hours=1)).check(older_than=timedelta(hours=20))
    assert web.asked == [A, B]


async def test_a_fingerprint_outlives_a_day_on_which_the_page_cannot_be_read(store: Store) -> None:
    store.save([sound("a")], by="desk")
    web = Web({A: page()})
    await checker(store, web).check()
    web.answers[A] = FetchError("the site answered 403 (forbidden)", status=403)
    await checker(store, web).check()
    assert store.fingerprints(["a"]).get("a") == b"T\nThe report says so."


TEXT = """The mayor said in 2022 that more than 8,600 searches were made, at a cost of $2.5 million.
“We count every one of the searches,” Jane Example said.
“No,” he said."""


def test_a_draft_holds_what_the_page_says_and_figures_and_quotes_to_choose_from() -> None:
    read = replace(page(text=TEXT), author="Jane Example", published=date(2022, 4, 15))
    draft = prefill(read, A, today=date(2026, 11, 22))
    assert draft.fields["original"] == {
        "publisher": "paper.example",
        "title": "T",
        "url": A,
        "author": "Jane Example",
        "published": date(2022, 4, 15),
    }
    assert draft.fields["review_by"] > date(2026, 11, 22)
    assert [(each["value"], each["as_stated"]) for each in draft.candidates["figures"]] == [
        (8600.0, "8,600"),
        (2_500_000.0, "2.5 million"),
    ]
    assert draft.candidates["quotes"] == [
        {"speaker": "Jane Example", "text": "We count every one of the searches,"}
    ]


def test_what_a_page_could_not_say_is_what_the_form_asks_for() -> None:
    draft = prefill(page(text=TEXT), A, today=date(2026, 11, 22))
    with pytest.raises(EntryError) as refused:
        read_form(draft_form(draft.fields, candidates=draft.candidates))
    assert [problem.field for problem in refused.value.problems] == ["summary", "caveats"]


@pytest.mark.parametrize("title", ["", "\u202eevil\x00", "x" * 2000, "日本語", "a\tb\nc", "---", "'\"#: {}"])
def test_any_title_of_a_page_makes_a_form_that_can_be_read(title: str) -> None:
    read = Page(url=STORY_URL, host="h.example", kind=PageKind.ARTICLE, title=title, text=TEXT)
    draft = prefill(read, A, today=date(2026, 11, 22))
    fields = {**draft.fields, "summary": "S.", "caveats": ["C."], "title": draft.fields["title"] or "T"}
    fields["original"] = {**fields["original"], "title": "T"}
    assert read_form(draft_form(fields, candidates=draft.candidates)).entry.id == draft.entry_id
