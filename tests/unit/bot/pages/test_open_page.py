"""An archive's copy stands in for a page that is gone, when it is what was posted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.errors import DeadPageError, FetchError, PageError
from bot.model import Fetched, Page, PageKind
from bot.pages.fetch.fetcher import GuardedFetcher
from bot.pages.open_page import open_page
from kb.urls.identity import identify
from tests.servers.web import Answer, Behaviour, PublicWeb, WebServer, redirect

STORY = "http://news.example/story"
ARCHIVED = f"http://web.archive.org/web/20200102030405/{STORY}"
COPY = "https://web.archive.org/web/20200102030405id_/http://news.example/story"


class PlainReader:
    """Takes a body for its text; one that says "not found" or "welcome" is no article."""

    async def read(self, fetched: Fetched) -> Page:
        """Read."""
        text = fetched.body.decode()
        kind = {"not found": PageKind.MISSING, "welcome": PageKind.HOME}.get(text, PageKind.ARTICLE)
        host = fetched.url.split("/")[2]
        return Page(url=fetched.url, host=host, kind=kind, title="", text=text)

    async def read_file(self, path: Path) -> Page:
        """Not asked for here."""
        raise NotImplementedError


class PlainFetcher:
    """Gives what it holds under the very address."""

    def __init__(self, pages: Mapping[str, str | FetchError]) -> None:
        self._pages = pages
        self.asked: list[tuple[str, bool]] = []

    async def fetch(self, url: str, *, unwrap: bool = True) -> Fetched:
        """Give a page."""
        self.asked.append((url, unwrap))
        found = self._pages[url]
        if isinstance(found, FetchError):
            raise found
        return Fetched(url=url, content_type="text/html", charset=None, body=found.encode())


@pytest.mark.parametrize(
    ("link", "live", "copy", "text", "asked"),
    [
        (ARCHIVED, "live", "copy", "live", 1),
        (ARCHIVED, DeadPageError("404"), "copy", "copy", 2),
        (ARCHIVED, "not found", "copy", "copy", 2),
        (ARCHIVED, "welcome", "copy", "copy", 2),
        (STORY, "welcome", "copy", "welcome", 1),
        (STORY, "live", "copy", "live", 1),
        (STORY, "not found", "copy", "not found", 1),
    ],
)
async def test_the_page_itself_comes_first_and_the_copy_where_it_is_gone(
    link: str, live: str | FetchError, copy: str, text: str, asked: int
) -> None:
    fetcher = PlainFetcher({STORY: live, COPY: copy})
    page = await open_page(identify(link), fetcher, PlainReader())
    assert page.text == text
    assert fetcher.asked == [(STORY, True), (COPY, False)][:asked]
    assert page.host == ("web.archive.org" if text == "copy" else "news.example")


@pytest.mark.parametrize(
    ("link", "live", "copy", "reason"),
    [
        (STORY, DeadPageError("it is gone"), "copy", "it is gone"),
        (ARCHIVED, FetchError("it is secret"), "copy", "it is secret"),
        (
            ARCHIVED,
            DeadPageError("it is gone"),
            FetchError("it is down"),
            "it is gone; the archive's copy: it is down",
        ),
    ],
)
async def test_why_there_is_no_page_is_told(
    link: str, live: FetchError, copy: str | FetchError, reason: str
) -> None:
    with pytest.raises(PageError) as caught:
        await open_page(identify(link), PlainFetcher({STORY: live, COPY: copy}), PlainReader())
    assert caught.value.reason == reason


HTTP_COPY = COPY.replace("https:", "http:")  # the test's server speaks no TLS
COPY_PATH = COPY.removeprefix("https://")


@asynccontextmanager
async def _fetching(routes: dict[str, Behaviour]) -> AsyncIterator[tuple[GuardedFetcher, WebServer]]:
    async with WebServer(routes=routes).running() as server:
        names = {"web.archive.org": [["207.241.237.3"]], "intra.example": [["10.0.0.5"]]}
        web = PublicWeb(port=server.port, names=names)
        async with GuardedFetcher(
            timeout=20, max_bytes=2**20, user_agent="a", resolve=web.resolve, dial=web.dial
        ) as fetcher:
            yield fetcher, server


async def test_the_very_address_of_a_copy_is_fetched_and_kept_apart_from_the_page() -> None:
    routes: dict[str, Behaviour] = {
        COPY_PATH: Answer(body="copy"),
        "news.example/story": Answer(body="live"),
    }
    async with _fetching(routes) as (fetcher, server):
        for _time in range(2):
            assert (await fetcher.fetch(HTTP_COPY, unwrap=False)).body == b"copy"
            assert (await fetcher.fetch(HTTP_COPY)).body == b"live"
            assert (await fetcher.fetch(STORY)).body == b"live"
        assert [request.host for request in server.requests] == ["web.archive.org", "news.example"]


async def test_an_archive_may_redirect_to_the_nearest_copy_and_stays_an_archive() -> None:
    near = COPY_PATH.replace("20200102030405", "20200101000000")
    routes: dict[str, Behaviour] = {COPY_PATH: redirect(f"http://{near}"), near: Answer(body="copy")}
    async with _fetching(routes) as (fetcher, _server):
        found = await fetcher.fetch(HTTP_COPY, unwrap=False)
        assert (found.url, found.body) == (f"http://{near}", b"copy")


@pytest.mark.parametrize("inward", ["http://127.0.0.1/", "http://intra.example/", "http://[::1]/"])
async def test_an_archive_is_judged_like_any_other_site(inward: str) -> None:
    async with _fetching({COPY_PATH: redirect(inward)}) as (fetcher, _server):
        with pytest.raises(FetchError, match="not on the public internet"):
            await fetcher.fetch(HTTP_COPY, unwrap=False)
