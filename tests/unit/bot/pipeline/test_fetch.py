"""Fetching from sites that are slow, broken or hostile; the cache; one request at a time."""

from __future__ import annotations

import asyncio
import gzip
import threading
import zlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from bot.errors import FetchError
from bot.model import Fetched
from bot.pipeline.fetch import GuardedFetcher, user_agent
from bot.pipeline.page_cache import PageCache
from tests.servers.web import (
    PUBLIC,
    Answer,
    Behaviour,
    PublicWeb,
    Request,
    WebServer,
    bomb,
    endless,
    mute,
    packed,
    raw,
    redirect,
)

SITE = "http://news.example"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
LIMIT = 2**20


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


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


async def test_a_page_of_just_the_limit_is_read() -> None:
    routes: dict[str, Behaviour] = {
        "/plain": Answer(body=b"x" * LIMIT),
        "/gzip": packed(gzip.compress(b"x" * LIMIT)),
    }
    async with fetching(routes) as (fetcher, _, _web):
        for path in routes:
            assert len((await fetcher.fetch(SITE + path)).body) == LIMIT


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (Answer(status="404 Not Found"), "the site answered 404 (not found)"),
        (Answer(status="403 Forbidden"), "the site answered 403 (forbidden)"),
        (Answer(status="429 Slow Down"), "the site answered 429 (too many requests)"),
        (Answer(status="503 x"), "the site answered 503 (service unavailable)"),
        (Answer(status="799 x"), "the site answered 799"),
        (Answer(status="204 No Content"), "the site answered 204 (no content)"),
        (Answer(status="302 Found"), "the site answered 302 (found)"),
        (Answer(body=b"%PDF", content_type="application/pdf"), "it is no page of text (application/pdf)"),
        (Answer(body=b"{}", content_type="application/json"), "it is no page of text (application/json)"),
        (Answer(body=b"x", content_type=None), "it is no page of text (of no stated kind)"),
        (Answer(body=b"x" * (LIMIT + 1)), "the page is larger than 1 MiB"),
        (packed(bomb(200)), "the page is larger than 1 MiB"),
        (packed(gzip.compress(b"x" * (LIMIT + 1))), "the page is larger than 1 MiB"),
        (packed(gzip.compress(bomb(20))), "the page is packed more than once"),
        (
            packed(gzip.compress(bomb(20)), "gzip, gzip"),
            "packed in a way that was not asked for (gzip, gzip)",
        ),
        (packed(b"\xcf\xff\xff\x7f", "br"), "packed in a way that was not asked for (br)"),
        (packed(zlib.compress(b"x"), "deflate"), "packed in a way that was not asked for (deflate)"),
        (packed(b"\x28\xb5\x2f\xfd", "zstd"), "packed in a way that was not asked for (zstd)"),
        (packed(b"no gzip at all"), "the page cannot be unpacked"),
        (packed(gzip.compress(b"x" * 1000)[:-9]), "the connection broke off"),
        (packed(b""), "the connection broke off"),
        (endless(OK + b"\r\n", b"x" * 65_536), "the page is larger than 1 MiB"),
        (endless(CHUNKED, b"10000\r\n" + b"x" * 65_536 + b"\r\n"), "the page is larger than 1 MiB"),
        (raw(OK + b"Content-Length: 1000\r\n\r\nshort"), "the connection broke off"),
        (raw(OK + b"Content-Length: -5\r\n\r\nx"), "is not proper HTTP"),
        (raw(CHUNKED + b"zz\r\nx\r\n"), "is not proper HTTP"),
        (raw(CHUNKED + b"5\r\nab"), "the connection broke off"),
        (raw(b""), "the connection broke off"),
        (raw(b"SSH-2.0-hello\r\n\r\n"), "is not proper HTTP"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Type"), "the connection broke off"),
        (endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 100), "is not proper HTTP"),
        (endless(b"HTTP/1.1 200 OK\r\nX-A: ", b"b" * 10_000), "is not proper HTTP"),
        (endless(b"", b"HTTP/1.1 "), "is not proper HTTP"),
    ],
)
async def test_what_cannot_be_read_is_told_in_plain_words(behaviour: Behaviour, reason: str) -> None:
    async with fetching({"/a": behaviour}) as (fetcher, _, _web):
        assert reason in await _reason(fetcher, f"{SITE}/a")


@pytest.mark.parametrize(
    "behaviour",
    [
        mute,
        endless(OK + b"\r\n", b"x", seconds=0.01),
        endless(CHUNKED, b"1\r\nx\r\n", seconds=0.01),
        endless(b"HTTP/1.1 200 OK\r\n", b"X", seconds=0.01),
        endless(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10], b"", seconds=0.01),
    ],
)
async def test_the_deadline_holds_for_the_whole_of_a_slow_answer(behaviour: Behaviour) -> None:
    async with fetching({"/a": behaviour}, seconds=0.3) as (fetcher, _, _web):
        async with asyncio.timeout(4):
            assert await _reason(fetcher, f"{SITE}/a") == "the site did not answer in time"


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


async def test_a_site_without_proper_tls_is_refused() -> None:
    async def speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(speak_plainly, "127.0.0.1", 0)
    web = PublicWeb(port=server.sockets[0].getsockname()[1])
    async with (
        server,
        GuardedFetcher(
            timeout=5, max_bytes=LIMIT, user_agent="a", resolve=web.resolve, dial=web.dial
        ) as fetcher,
    ):
        assert (
            await _reason(fetcher, "https://news.example/")
            == "no secure connection to the site could be made"
        )
        assert web.dialled == [(PUBLIC, 443)]


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


async def test_a_fetcher_may_be_closed_twice_and_unused() -> None:
    fetcher = GuardedFetcher(timeout=1, max_bytes=LIMIT, user_agent="a test")
    await fetcher.close()
    await fetcher.close()


def _page(size: int = 10) -> Fetched:
    return Fetched(url=SITE, content_type="text/html", charset=None, body=b"x" * size)


def test_the_cache_forgets_pages_after_half_an_hour_and_failures_after_five_minutes() -> None:
    clock = Clock()
    cache = PageCache(clock=clock)
    cache.keep_page("k", _page())
    cache.keep_failure("h", "why")
    clock.now += 299
    assert cache.get("k", "x") == _page()
    with pytest.raises(FetchError, match="why"):
        cache.get("x", "h")
    clock.now += 1
    assert cache.get("x", "h") is None
    clock.now += 1499
    assert cache.get("k", "x")
    clock.now += 1
    assert cache.get("k", "x") is None


def test_the_cache_is_bounded_in_number_and_in_size() -> None:
    cache = PageCache(max_entries=3, max_bytes=100)
    for number in range(5):
        cache.keep_page(str(number), _page())
    assert [bool(cache.get(str(number), "")) for number in range(5)] == [False, False, True, True, True]
    cache.keep_page("large", _page(95))
    assert cache.get("4", "") is None
    cache.keep_page("larger", _page(101))
    assert cache.get("larger", "") is None
    cache.keep_page("large", _page(50))
    cache.keep_page("large", _page(60))
    cache.keep_page("small", _page(40))
    assert cache.get("large", "") == _page(60)


def test_the_user_agent_says_where_to_complain() -> None:
    assert "+https://caveat.example/bot" in user_agent("https://caveat.example/bot")
    assert "Caveat/" in user_agent()
