"""Fetching through an egress proxy: what is still refused, what reaches it, and what it may say."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.errors import DeadPageError, FetchError
from bot.pages.fetch.egress import read_proxy
from bot.pages.fetch.fetcher import GuardedFetcher
from bot.pages.fetch.guard import NOT_PUBLIC, Resolve
from bot.pages.fetch.way_out import ThroughProxy
from tests.servers.connects import noted_connects
from tests.servers.forward_proxy import ForwardProxy
from tests.servers.tls import contexts
from tests.servers.web import PUBLIC, Answer, Behaviour, WebServer, raw, redirect

ROUTES: dict[str, Behaviour] = {
    "/a": Answer(body="there"),
    "/on": redirect("http://other.example/a"),
    "/inward": redirect("http://intra.example/a"),
    "/literal": redirect("http://127.0.0.1/a"),
    "/proxy": redirect("http://127.0.0.1:80/a"),
    "/tiny": Answer(body='<meta http-equiv=refresh content="0; url=http://intra.example/a">'),
    "/busy": Answer(status="502 Bad Gateway"),
}
NAMES = {"intra.example": "10.0.0.5", "localhost": "127.0.0.1", "proxyname.example": "127.0.0.1"}


def _resolve(host: str) -> Sequence[str]:
    if host in NAMES:
        return [NAMES[host]]
    if host.endswith(".example"):
        return [PUBLIC]
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@dataclass(frozen=True, kw_only=True)
class Through:
    """A fetcher behind a proxy, and what stands behind that."""

    fetcher: GuardedFetcher
    proxy: ForwardProxy
    server: WebServer


@asynccontextmanager
async def through(
    *,
    login: str = "",
    refused: dict[str, int] | None = None,
    resolves: bool = False,
    resolve: Resolve = _resolve,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Through]:
    """Everything really runs on loopback: the guard has no exemption but the proxy's own address."""
    async with WebServer(routes=ROUTES, tls=tls).running() as server:
        made = ForwardProxy(upstream=server.port, login=login, refused=refused or {})
        async with made.running() as proxy:
            address = read_proxy(proxy.address, resolves=resolves)
            async with GuardedFetcher(
                timeout=20, max_bytes=2**20, user_agent="a test", proxy=address, resolve=resolve
            ) as fetcher:
                yield Through(fetcher=fetcher, proxy=proxy, server=server)


@pytest.fixture
def connects() -> Iterator[list[Any]]:
    """Every connect of this process."""
    with noted_connects() as noted:
        yield noted


async def _reason(fetcher: GuardedFetcher, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(url)
    return caught.value.reason


async def test_pages_and_redirects_come_through_the_proxy() -> None:
    async with through() as way:
        found = await way.fetcher.fetch("http://news.example/on")
        assert (found.url, found.body) == ("http://other.example/a", b"there")
        assert [asked.target for asked in way.proxy.asked] == [
            "http://news.example/on",
            "http://other.example/a",
        ]
        assert [request.host for request in way.server.requests] == ["news.example", "other.example"]


async def test_a_secure_page_comes_through_a_tunnel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server, client = contexts("news.example", tmp_path)
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", client)
    async with through(tls=server, login="bot:pass word") as way:
        assert (await way.fetcher.fetch("https://news.example/a")).body == b"there"
        assert [(asked.method, asked.target) for asked in way.proxy.asked] == [
            ("CONNECT", "news.example:443")
        ]
        assert "proxy-authorization" not in way.server.requests[0].headers
        reason = await _reason(way.fetcher, "https://other.example/a")  # the certificate is not its own
        assert reason == "no secure connection to the site could be made"


async def test_the_login_is_for_the_proxy_alone() -> None:
    async with through(login="bot:hush") as way:
        assert (await way.fetcher.fetch("http://news.example/a")).body == b"there"
        assert way.proxy.asked[0].headers["proxy-authorization"] == "Basic Ym90Omh1c2g="
        assert "proxy-authorization" not in way.server.requests[0].headers


async def test_a_wrong_login_is_told() -> None:
    async with through(login="bot:hush") as way:
        way.proxy.login = "bot:other"
        for scheme in ("http", "https"):
            reason = await _reason(way.fetcher, f"{scheme}://news.example/a")
            assert reason == "the proxy does not let the bot fetch from that site"


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    ("status", "made", "reason"),
    [
        (407, FetchError, "the proxy does not let the bot fetch from that site"),
        (403, FetchError, "the proxy does not let the bot fetch from that site"),
        (502, DeadPageError, "the proxy could not reach the site"),
    ],
)
async def test_a_refusal_of_the_proxy_is_told_without_what_it_knows_of_its_network(
    scheme: str, status: int, made: type[FetchError], reason: str
) -> None:
    async with through(refused={"news.example": status}) as way:
        with pytest.raises(FetchError) as caught:
            await way.fetcher.fetch(f"{scheme}://news.example/a")
        assert (type(caught.value), caught.value.reason) == (made, reason)
        assert way.server.requests == []


async def test_a_failure_of_the_site_is_not_taken_for_one_of_the_proxy() -> None:
    async with through() as way:
        assert await _reason(way.fetcher, "http://news.example/busy") == "the site answered 502 (bad gateway)"


async def test_a_proxy_that_is_not_there_is_told() -> None:
    async with through() as way:
        gone = read_proxy("http://127.0.0.1:1")
        async with GuardedFetcher(
            timeout=20, max_bytes=2**20, user_agent="a", proxy=gone, resolve=_resolve
        ) as fetcher:
            assert await _reason(fetcher, "http://news.example/a") == "the proxy could not be reached"
        unknown = read_proxy("http://proxy.invalid:1")
        async with GuardedFetcher(
            timeout=20, max_bytes=2**20, user_agent="a", proxy=unknown, resolve=_resolve
        ) as fetcher:
            assert await _reason(fetcher, "http://news.example/a") == "the proxy's name is not known"
        assert way.server.requests == []


@pytest.mark.parametrize(
    ("url", "hops"),
    [
        ("http://127.0.0.1/", 0),
        ("http://2130706433/", 0),
        ("https://[::1]/", 0),
        ("http://localhost/", 0),
        ("http://metadata.google.internal/", 0),
        ("http://intra.example/", 0),
        ("https://intra.example/", 0),
        ("http://proxyname.example/", 0),
        ("http://news.example/inward", 1),
        ("http://news.example/literal", 1),
        ("http://news.example/proxy", 1),
        ("http://news.example/tiny", 1),
    ],
)
@pytest.mark.parametrize("resolves", [False, True])
async def test_what_the_guard_refuses_is_not_even_named_to_the_proxy(
    url: str, hops: int, resolves: bool, connects: list[Any]
) -> None:
    async with through(resolves=resolves) as way:
        assert await _reason(way.fetcher, url) == NOT_PUBLIC
        assert len(way.proxy.asked) == hops
        ours = [address for address in connects if address[1] != way.server.port]  # those are the proxy's
        assert ours == [("127.0.0.1", way.proxy.port)] * hops


async def test_a_link_cannot_use_the_exemption_of_the_proxy(connects: list[Any]) -> None:
    """Not by its address, its port or a name that leads to it."""
    async with through() as way:
        for host in ("127.0.0.1", "localhost", "proxyname.example"):
            await _reason(way.fetcher, f"http://{host}:{way.proxy.port}/a")
            await _reason(way.fetcher, f"http://{host}/a")
        assert connects == []


@pytest.mark.parametrize(
    "address", ["http://10.0.0.9:4750", "http://[fd00::9]:4750", "http://p.corp.example:4750"]
)
async def test_with_a_proxy_no_socket_is_opened_to_anything_else(address: str) -> None:
    """Not even to what is public: the proxy's own address is the only exemption, and the only way."""
    way = ThroughProxy(read_proxy(address), lambda _host: ["10.0.0.9"])
    opened = way.open()
    make = opened._socket_factory
    assert make is not None
    own = "fd00::9" if "[" in address else "10.0.0.9"
    if "corp" in address:
        await way._own.resolve("p.corp.example", 4750)  # as aiohttp does for a name, before it dials
    with pytest.raises(FetchError, match=NOT_PUBLIC):
        await way._own.resolve("news.example", 80)
    for host, port in ((PUBLIC, 80), (PUBLIC, 4750), ("127.0.0.1", 4750), (own, 80), ("10.0.0.8", 4750)):
        with pytest.raises(FetchError, match=NOT_PUBLIC):
            make((socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)))
    make((socket.AF_INET6 if ":" in own else socket.AF_INET, socket.SOCK_STREAM, 6, "", (own, 4750))).close()
    await opened.close()
    await way.close()


@pytest.mark.parametrize("resolves", [False, True])
async def test_a_name_that_is_unknown_here_is_only_named_to_a_proxy_that_resolves(resolves: bool) -> None:
    async with through(resolves=resolves) as way:
        if resolves:
            assert (await way.fetcher.fetch("http://hidden.invalid/a")).body == b"there"
        else:
            assert await _reason(way.fetcher, "http://hidden.invalid/a") == "the site's name is not known"
            assert way.proxy.asked == []


async def test_where_the_proxy_resolves_a_look_up_that_hangs_costs_little(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.pages.fetch.way_out._QUICK_LOOK_UP", 0.1)
    stuck = threading.Event()

    def resolve(_: str) -> Sequence[str]:
        stuck.wait(20)
        return [PUBLIC]

    async with through(resolves=True, resolve=resolve) as way, asyncio.timeout(15):
        assert (await way.fetcher.fetch("http://news.example/a")).body == b"there"
        stuck.set()


async def test_no_header_of_a_site_makes_it_a_refusal_of_a_proxy_that_is_not_there() -> None:
    routes = {"/a": raw(b"HTTP/1.1 404 No\r\nX-Smokescreen-Error: x\r\nContent-Length: 0\r\n\r\n")}
    async with (
        WebServer(routes=dict(routes)).running() as server,
        GuardedFetcher(
            timeout=20,
            max_bytes=2**20,
            user_agent="a",
            resolve=_resolve,
            dial=lambda _host, _port: ("127.0.0.1", server.port),
        ) as fetcher,
    ):
        assert await _reason(fetcher, "http://news.example/a") == "the site answered 404 (not found)"
