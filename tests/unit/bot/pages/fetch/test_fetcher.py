"""Fetching from sites that are slow, broken or hostile; the cache; one request at a time."""

from __future__ import annotations

import asyncio
import gzip
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.errors import DeadPageError, FetchError
from bot.pages.fetch.fetcher import GuardedFetcher, user_agent
from tests.servers.tls import contexts
from tests.servers.web import (
    PUBLIC,
    Answer,
    Behaviour,
    PublicWeb,
    Request,
    WebServer,
    mute,
    packed,
    raw,
    redirect,
)

SITE = "http://news.example"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
LIMIT = 2**20


@asynccontextmanager
async def fetching(
    routes: dict[str, Behaviour], *, seconds: float = 5
) -> AsyncIterator[tuple[GuardedFetcher, WebServer, PublicWeb]]:
    """A fetcher, the server that it reaches, and what it dialled."""
    async with WebServer(routes=routes).running() as server:
        web = PublicWeb(port=server.port)
        async with GuardedFetcher(
            timeout=seconds,
            max_bytes=LIMIT,
            user_agent="a test",
            resolve=web.resolve,
            dial=web.dial,
        ) as fetcher:
            yield fetcher, server, web


async def _reason(fetcher: GuardedFetcher, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(url)
    return caught.value.reason


async def test_a_page_is_given_as_it_was_sent() -> None:
    page = Answer(body="<p>Käse".encode("latin-1"), content_type='text/HTML; charset="ISO-8859-1"')
    async with fetching({"/a": page}) as (fetcher, server, web):
        found = await fetcher.fetch(f"{SITE}/a?x=1#top")
        assert (found.content_type, (found.charset or "").lower()) == ("text/html", "iso-8859-1")
        assert found.body == "<p>Käse".encode("latin-1")
        assert web.dialled == [(PUBLIC, 80)]
        sent = server.requests[0]
        assert (sent.host, sent.path) == ("news.example", "/a?x=1")
        assert sent.headers["user-agent"] == "a test"
        assert sent.headers["accept-encoding"] == "gzip"
        assert "cookie" not in sent.headers


async def test_gzip_is_inflated_once() -> None:
    async with fetching({"/a": packed(gzip.compress(b"<p>hello"))}) as (fetcher, _, _web):
        assert (await fetcher.fetch(f"{SITE}/a")).body == b"<p>hello"


@pytest.mark.parametrize("size", [0, 1, 2**18 - 1, 2**18, 2**18 + 1, 2**19, 2**19 + 7])
@pytest.mark.parametrize("pattern", [b"x", bytes(range(256))])
async def test_gzip_is_inflated_whole_whatever_its_size(size: int, pattern: bytes) -> None:
    """It is inflated step by step; none of it may stay behind at the end of a step."""
    page = (pattern * (size // len(pattern) + 1))[:size]
    async with fetching({"/a": packed(gzip.compress(page))}) as (fetcher, _, _web):
        assert (await fetcher.fetch(f"{SITE}/a")).body == page


async def test_a_page_of_just_the_limit_is_read() -> None:
    routes: dict[str, Behaviour] = {
        "/plain": Answer(body=b"x" * LIMIT),
        "/gzip": packed(gzip.compress(b"x" * LIMIT)),
    }
    async with fetching(routes) as (fetcher, _, _web):
        for path in routes:
            assert len((await fetcher.fetch(SITE + path)).body) == LIMIT


@pytest.mark.parametrize(
    ("answer", "made", "reason"),
    [
        (Answer(status="404 Not Found"), DeadPageError, "the site answered 404 (not found)"),
        (Answer(status="410 Gone"), DeadPageError, "the site answered 410 (gone)"),
        (Answer(status="500 x"), DeadPageError, "the site answered 500 (internal server error)"),
        (Answer(status="503 x"), DeadPageError, "the site answered 503 (service unavailable)"),
        (Answer(status="401 x"), FetchError, "the site answered 401 (unauthorized)"),
        (Answer(status="403 Forbidden"), FetchError, "the site answered 403 (forbidden)"),
        (Answer(status="429 Slow Down"), FetchError, "the site answered 429 (too many requests)"),
        (Answer(status="799 x"), FetchError, "the site answered 799"),
        (Answer(status="204 No Content"), FetchError, "the site answered 204 (no content)"),
        (Answer(status="206 Partial Content"), FetchError, "the site answered 206 (partial content)"),
        (Answer(status="302 Found"), FetchError, "the site answered 302 (found)"),
        (Answer(content_type="application/zip"), FetchError, "it is no page of text (application/zip)"),
        (Answer(content_type="application/json"), FetchError, "it is no page of text (application/json)"),
        (Answer(content_type="image/png"), FetchError, "it is no page of text (image/png)"),
        (Answer(content_type=None), FetchError, "it is no page of text (of no stated kind)"),
    ],
)
async def test_what_is_no_page_is_told_in_plain_words(
    answer: Answer, made: type[FetchError], reason: str
) -> None:
    """Whether the page is gone decides whether an archive's copy stands in for it."""
    async with fetching({"/a": answer}) as (fetcher, _, _web):
        for _time in range(2):  # the second time from the cache
            with pytest.raises(FetchError) as caught:
                await fetcher.fetch(f"{SITE}/a")
            assert (type(caught.value), caught.value.reason) == (made, reason)


@pytest.mark.parametrize("kind", ["text/html", "application/xhtml+xml", "text/plain", "application/pdf"])
async def test_html_text_and_pdf_are_handed_on_with_their_kind(kind: str) -> None:
    async with fetching({"/a": Answer(body=b"%PDF-1.7", content_type=kind)}) as (fetcher, _, _web):
        found = await fetcher.fetch(f"{SITE}/a")
        assert (found.content_type, found.body) == (kind, b"%PDF-1.7")


async def test_the_deadline_counts_redirects_and_look_ups_too() -> None:
    stuck = threading.Event()

    def resolve(_: str) -> Sequence[str]:
        stuck.wait(10)
        return [PUBLIC]

    async with GuardedFetcher(timeout=0.2, max_bytes=LIMIT, user_agent="a test", resolve=resolve) as fetcher:
        assert await _reason(fetcher, f"{SITE}/a") == "the site did not answer in time"
        stuck.set()


async def test_a_name_that_nobody_knows_and_a_port_that_nobody_serves_are_told_apart() -> None:
    async with fetching({}) as (fetcher, _, web):
        assert await _reason(fetcher, "http://nowhere.invalid/") == "the site's name is not known"
        web.port = 1
        assert await _reason(fetcher, f"{SITE}/a") == "the site could not be reached"


async def test_a_secure_page_is_fetched_from_who_proves_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server_side, client_side = contexts("news.example", tmp_path)
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", client_side)
    async with WebServer(routes={"/a": Answer(body="there")}, tls=server_side).running() as server:
        web = PublicWeb(port=server.port)
        async with GuardedFetcher(
            timeout=20, max_bytes=LIMIT, user_agent="a", resolve=web.resolve, dial=web.dial
        ) as fetcher:
            assert (await fetcher.fetch("https://news.example/a")).body == b"there"
            assert web.dialled == [(PUBLIC, 443)]
            assert (
                await _reason(fetcher, "https://other.example/a")
                == "no secure connection to the site could be made"
            )


@pytest.mark.parametrize(
    "location",
    [
        "/b",
        "b?x=1",
        "//other.example/b",
        "http://other.example/b#part",
        "https://l.facebook.com/l.php?u=http%3A%2F%2Fother.example%2Fb",
    ],
)
async def test_a_redirect_is_followed(location: str) -> None:
    async with fetching({"/a": redirect(location), "/b": Answer(body="there")}) as (fetcher, _, _web):
        found = await fetcher.fetch(f"{SITE}/a")
        assert found.body == b"there"
        assert found.url.partition("?")[0].partition("#")[0].endswith(".example/b")


@pytest.mark.parametrize(("hops", "arrives"), [(5, True), (6, False)])
async def test_five_redirects_are_followed_and_no_more(hops: int, arrives: bool) -> None:
    routes: dict[str, Behaviour] = {f"/{n}": redirect(f"/{n + 1}") for n in range(hops)}
    async with fetching({**routes, f"/{hops}": Answer(body="there")}) as (fetcher, server, _web):
        if arrives:
            assert (await fetcher.fetch(f"{SITE}/0")).url == f"{SITE}/{hops}"
        else:
            assert await _reason(fetcher, f"{SITE}/0") == "the site redirects too often"
            assert len(server.requests) == 6


@pytest.mark.parametrize("location", ["/a", "/a#x", "http://NEWS.example:80/a", "/b"])
async def test_a_circle_of_redirects_is_left(location: str) -> None:
    async with fetching({"/a": redirect(location), "/b": redirect("/a")}) as (fetcher, server, _web):
        assert await _reason(fetcher, f"{SITE}/a") == "the site redirects in a circle"
        assert len(server.requests) <= 2


@pytest.mark.parametrize("location", ["http://[", "https://", "\xff\xfe://", "mailto:a@b"])
async def test_a_redirect_to_no_web_address_is_refused(location: str) -> None:
    answer = (
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location.encode("latin-1") + b"\r\n\r\n"
    )
    async with fetching({"/a": raw(answer)}) as (fetcher, _, _web):
        assert await _reason(fetcher, f"{SITE}/a")


async def test_no_cookie_is_kept_and_no_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    routes: dict[str, Behaviour] = {
        "/a": Answer(status="302 Found", headers=(("Set-Cookie", "a=b"), ("Location", "/b"))),
        "/b": Answer(body="there"),
    }
    async with fetching(routes) as (fetcher, server, _web):
        assert (await fetcher.fetch(f"{SITE}/a")).body == b"there"
        assert all("cookie" not in request.headers for request in server.requests)


async def test_one_page_is_fetched_once_however_it_is_written() -> None:
    async with fetching({"/a": Answer(body="there")}) as (fetcher, server, _web):
        urls = [f"{SITE}/a", f"{SITE}/a?utm_source=x", f"{SITE}:80/a#top"] * 3
        found = await asyncio.gather(*(fetcher.fetch(url) for url in urls))
        assert [page.body for page in found] == [b"there"] * 9
        assert len(server.requests) == 1


async def test_a_failure_is_remembered_for_its_very_address_alone() -> None:
    """A dead AMP form, or a password in the address, must not hide the article."""
    async with fetching({"/a": Answer(body="there")}) as (fetcher, server, _web):
        for _ in range(2):
            assert "404" in await _reason(fetcher, f"{SITE}/a/amp")
        assert len(server.requests) == 1
        assert "password" in await _reason(fetcher, "http://x:y@news.example/a")
        assert (await fetcher.fetch(f"{SITE}/a")).body == b"there"


async def test_a_page_is_remembered_for_where_it_was_found_as_well() -> None:
    async with fetching({"/short": redirect("/a"), "/a": Answer(body="there")}) as (fetcher, server, _web):
        assert (await fetcher.fetch(f"{SITE}/short")).body == b"there"
        assert (await fetcher.fetch(f"{SITE}/a?utm_source=x")).body == b"there"
        assert [request.path for request in server.requests] == ["/short", "/a"]


async def test_a_failure_is_one_request_whatever_its_fragment() -> None:
    async with fetching({}) as (fetcher, server, _web):
        for fragment in ("", "#a", "#!/b"):
            assert "404" in await _reason(fetcher, f"{SITE}/a{fragment}")
        assert len(server.requests) == 1


async def test_a_timeout_is_remembered_as_well() -> None:
    async with fetching({"/a": mute}, seconds=0.2) as (fetcher, server, _web):
        results = await asyncio.gather(*(_reason(fetcher, f"{SITE}/a") for _ in range(3)))
        assert set(results) == {"the site did not answer in time"}
        assert await _reason(fetcher, f"{SITE}/a") == "the site did not answer in time"
        assert len(server.requests) == 1


async def test_a_caller_who_gives_up_does_not_take_the_page_from_the_next_one() -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def held(request: Request, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await go_on.wait()
        await Answer(body="there")(request, writer)

    async with fetching({"/a": held}) as (fetcher, _, _web):
        first = asyncio.create_task(fetcher.fetch(f"{SITE}/a"))
        await arrived.wait()
        second = asyncio.create_task(fetcher.fetch(f"{SITE}/a"))
        first.cancel()
        go_on.set()
        assert (await second).body == b"there"
        assert first.cancelled()


async def test_a_site_is_asked_for_two_pages_at_a_time() -> None:
    waiting: asyncio.Queue[None] = asyncio.Queue()
    go_on = asyncio.Event()

    async def held(request: Request, writer: asyncio.StreamWriter) -> None:
        waiting.put_nowait(None)
        await go_on.wait()
        await Answer(body="there")(request, writer)

    async with fetching({f"/{n}": held for n in range(6)}) as (fetcher, server, _web):
        fetches = [asyncio.create_task(fetcher.fetch(f"{SITE}/{n}")) for n in range(6)]
        await waiting.get()
        await waiting.get()
        go_on.set()
        await asyncio.gather(*fetches)
        assert server.busiest == 2


@pytest.mark.parametrize("used", [False, True])
async def test_a_fetcher_that_is_closed_says_so(used: bool) -> None:
    async with fetching({"/a": Answer(body="there")}) as (fetcher, server, _web):
        if used:
            await fetcher.fetch(f"{SITE}/a")
        await fetcher.close()
        assert await _reason(fetcher, f"{SITE}/b") == "the bot is shutting down"
        assert len(server.requests) == used


async def test_a_fetch_that_runs_while_the_fetcher_is_closed_ends_with_a_plain_reason() -> None:
    arrived = asyncio.Event()

    async def held(_: Request, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await mute(_, writer)

    async with fetching({"/a": held}, seconds=30) as (fetcher, _, _web), asyncio.timeout(20):
        running = asyncio.create_task(_reason(fetcher, f"{SITE}/a"))
        await arrived.wait()
        await fetcher.close()
        assert await running


async def test_a_fetcher_may_be_closed_twice_and_unused() -> None:
    fetcher = GuardedFetcher(timeout=1, max_bytes=LIMIT, user_agent="a test")
    await fetcher.close()
    await fetcher.close()


def test_the_user_agent_says_where_to_complain() -> None:
    assert "+https://caveat.example/bot" in user_agent("https://caveat.example/bot")
    assert "Caveat/" in user_agent()
