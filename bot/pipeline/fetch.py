"""Gets what stands at a web address that anyone may have posted, within a deadline and size limits."""

from __future__ import annotations

import asyncio
import ssl
import zlib
from http import HTTPStatus
from importlib.metadata import version
from types import TracebackType
from typing import Self
from weakref import WeakValueDictionary

import aiohttp
from yarl import URL

from bot.errors import FetchError
from bot.model import Fetched
from bot.pipeline.guard import Dial, GuardedResolver, Resolve, Target, check_url, connector, system_addresses
from bot.pipeline.page_cache import PageCache
from kb.errors import UrlError
from kb.url import identify

_MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_READABLE = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_MEBIBYTE = 2**20
_GZIP_MAGIC = b"\x1f\x8b"
_HEADERS = {"Accept": "text/html,application/xhtml+xml,text/plain;q=0.8", "Accept-Encoding": "gzip"}

_SLOW = "the site did not answer in time"
_BROKE_OFF = "the connection broke off before the page was whole"
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, _SLOW),
    (aiohttp.ClientSSLError, "no secure connection to the site could be made"),
    (ssl.SSLError, "no secure connection to the site could be made"),
    (aiohttp.ClientPayloadError, _BROKE_OFF),
    (aiohttp.ServerDisconnectedError, _BROKE_OFF),
    (aiohttp.ClientConnectorError, "the site could not be reached"),
    (aiohttp.ClientOSError, "the connection to the site failed"),
    (OSError, "the connection to the site failed"),
    (aiohttp.ClientError, "the site's answer is not proper HTTP"),
)


def user_agent(contact_url: str = "") -> str:
    """Say who fetches, and where a site's owner can read about it."""
    contact = f"; +{contact_url}" if contact_url else ""
    return f"Mozilla/5.0 (compatible; Caveat/{version('caveat')}{contact})"


class GuardedFetcher:
    """The `Fetcher` port on aiohttp: only public addresses, no proxy, no cookie, one layer of gzip.

    `timeout` (seconds) is the deadline of one whole fetch, redirects included; `max_bytes` limits a page
    before and after inflation. A test may replace `resolve` and `dial`; the policy stands between them.
    """

    def __init__(
        self,
        *,
        timeout: float,
        max_bytes: int,
        user_agent: str,
        resolve: Resolve = system_addresses,
        dial: Dial | None = None,
        cache: PageCache | None = None,
    ) -> None:
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._headers = {**_HEADERS, "User-Agent": user_agent}
        self._resolve = resolve
        self._dial = dial
        self._cache = cache or PageCache()
        self._resolver: GuardedResolver | None = None
        self._session: aiohttp.ClientSession | None = None
        self._in_flight: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        if self._session and self._resolver:
            await self._session.close()
            await self._resolver.close()
        self._session = self._resolver = None

    async def fetch(self, url: str) -> Fetched:
        """Fetch `url` within the deadline and the size limit. Raises FetchError with a plain reason."""
        try:
            address = identify(url)
        except UrlError as error:
            raise FetchError("it is no web address") from error
        target = check_url(address.url)
        lock = self._in_flight.setdefault(address.key, asyncio.Lock())
        deadline = asyncio.get_running_loop().time() + self._timeout
        try:
            async with asyncio.timeout_at(deadline), lock:
                return await self._cached(address.key, target, deadline)
        except TimeoutError as error:
            raise FetchError(_SLOW) from error

    async def _cached(self, key: str, target: Target, deadline: float) -> Fetched:
        if kept := self._cache.get(key, target.href):
            return kept
        try:
            page = await self._follow(target)
        except FetchError as error:
            self._cache.keep_failure(target.href, error.reason)
            raise
        except asyncio.CancelledError:
            if asyncio.get_running_loop().time() >= deadline:
                self._cache.keep_failure(target.href, _SLOW)
            raise
        self._cache.keep_page(key, page)
        return page

    async def _follow(self, target: Target) -> Fetched:
        seen = {_request_of(target)}
        for _ in range(_MAX_REDIRECTS + 1):
            found = await self._ask(target)
            if isinstance(found, Fetched):
                return found
            target = _next_hop(target, found, seen)
            seen.add(_request_of(target))
        raise FetchError("the site redirects too often")

    async def _ask(self, target: Target) -> Fetched | str:
        """Give the page, or where the site sends its reader instead."""
        request = URL(target.href, encoded=True)
        if (request.raw_host, request.port) != (target.host.strip("[]"), target.port):
            raise FetchError("it is no web address")  # two parsers disagree about where this leads
        try:
            async with self._opened().get(request, allow_redirects=False) as response:
                location = response.headers.get("Location")
                if response.status in _REDIRECTS and location:
                    return location
                return await self._page(response, target)
        except (aiohttp.ClientError, OSError) as error:
            reason = next(why for kind, why in _REASONS if isinstance(error, kind))
            raise FetchError(reason) from error

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._resolver = GuardedResolver(self._resolve)
            self._session = aiohttp.ClientSession(
                connector=connector(self._resolver, self._dial),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                auto_decompress=False,  # 800 bytes inflate to gigabytes before anyone can count them
                trust_env=False,
                max_line_size=8190,
                max_field_size=8190,
                max_headers=100,
            )
        return self._session

    async def _page(self, response: aiohttp.ClientResponse, target: Target) -> Fetched:
        if response.status != HTTPStatus.OK:
            raise FetchError(f"the site answered {_status(response.status)}")
        if "Content-Type" not in response.headers or response.content_type not in _READABLE:
            kind = response.headers.get("Content-Type", "")[:60] or "of no stated kind"
            raise FetchError(f"it is no page of text ({kind})")
        return Fetched(
            url=target.href,
            content_type=response.content_type,
            charset=response.charset,
            body=await self._body(response),
        )

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        packing = _Packing(response.headers.getall("Content-Encoding", []))
        body, received = bytearray(), 0
        async for chunk in response.content.iter_any():
            received += len(chunk)
            body += packing.inflate(chunk, self._max_bytes - len(body) + 1)
            if max(received, len(body)) > self._max_bytes:
                raise FetchError(f"the page is larger than {self._max_bytes / _MEBIBYTE:.2g} MiB")
        packing.finish()
        if body.startswith(_GZIP_MAGIC):
            raise FetchError("the page is packed more than once")
        return bytes(body)


class _Packing:
    """One layer of gzip or none; never inflates more than it is asked for."""

    def __init__(self, encodings: list[str]) -> None:
        named = [name.strip().lower() for line in encodings for name in line.split(",") if name.strip()]
        named = [name for name in named if name != "identity"]
        if named and named not in (["gzip"], ["x-gzip"]):
            raise FetchError(f"the page is packed in a way that was not asked for ({', '.join(named)[:60]})")
        self._inflater = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS) if named else None

    def inflate(self, chunk: bytes, most: int) -> bytes:
        if self._inflater is None:
            return chunk
        try:
            return self._inflater.decompress(chunk, most)
        except zlib.error as error:
            raise FetchError("the page cannot be unpacked") from error

    def finish(self) -> None:
        if self._inflater and not self._inflater.eof:
            raise FetchError(_BROKE_OFF)


def _next_hop(target: Target, location: str, seen: set[str]) -> Target:
    hop = check_url(location, target.href)
    inside = identify(hop.href)
    if inside.wrappers:  # spares a hop, and the warning page that some wrappers show
        unwrapped = check_url(inside.url)
        hop = hop if _request_of(unwrapped) in seen else unwrapped
    if _request_of(hop) in seen:
        raise FetchError("the site redirects in a circle")
    return hop


def _request_of(target: Target) -> str:
    return target.href.partition("#")[0]


def _status(code: int) -> str:
    try:
        return f"{code} ({HTTPStatus(code).phrase.lower()})"
    except ValueError:
        return str(code)
