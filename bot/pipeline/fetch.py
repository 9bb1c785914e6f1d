"""Gets what stands at a web address that anyone may have posted, within a deadline and size limits."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from http import HTTPStatus
from importlib.metadata import version
from types import TracebackType
from typing import Self
from weakref import WeakValueDictionary

import aiohttp
import structlog
from yarl import URL

from bot.errors import DeadPageError, FetchError
from bot.model import Fetched
from bot.pipeline.fetching.body import BROKE_OFF, read_body
from bot.pipeline.fetching.egress import ANY_HOST, HostLists, Proxy
from bot.pipeline.fetching.guard import Dial, Resolve, Target, check_url, system_addresses
from bot.pipeline.fetching.manners import Manners
from bot.pipeline.fetching.page_cache import PageCache
from bot.pipeline.fetching.refresh import refresh_target
from bot.pipeline.fetching.way_out import Direct, ThroughProxy, WayOut
from kb.errors import UrlError
from kb.url import identify

log = structlog.get_logger(__name__)

_MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_READABLE = frozenset({"text/html", "application/xhtml+xml", "text/plain", "application/pdf"})
_DEAD = frozenset({404, 410, *range(500, 600)})
_BUSY = frozenset({429, 503})
_PROXY_STATUS = 407
_PROXY_REASON = "X-Smokescreen-Error"
_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,text/plain;q=0.8,application/pdf;q=0.7",
    "Accept-Encoding": "gzip",
}

_CLOSED = "the bot is shutting down"
_NO_ADDRESS = "it is no web address"
_NO_HTTP = "the site's answer is not proper HTTP"
_SLOW = "the site did not answer in time"
_NOT_SECURE = "no secure connection to the site could be made"
_NO_CONNECTION = "the connection to the site failed"
_REASONS: tuple[tuple[type[Exception], type[FetchError], str], ...] = (
    (TimeoutError, DeadPageError, _SLOW),
    (aiohttp.ClientSSLError, FetchError, _NOT_SECURE),
    (ssl.SSLError, FetchError, _NOT_SECURE),
    (aiohttp.ClientPayloadError, FetchError, BROKE_OFF),
    (aiohttp.ServerDisconnectedError, FetchError, BROKE_OFF),
    (aiohttp.ClientProxyConnectionError, FetchError, "the proxy could not be reached"),
    (aiohttp.ClientConnectorError, DeadPageError, "the site could not be reached"),
    (aiohttp.ClientOSError, FetchError, _NO_CONNECTION),
    (OSError, FetchError, _NO_CONNECTION),
    (aiohttp.ClientError, FetchError, _NO_HTTP),
)


def user_agent(contact_url: str = "") -> str:
    """Say who fetches, and where a site's owner can read about it."""
    contact = f"; +{contact_url}" if contact_url else ""
    return f"Mozilla/5.0 (compatible; Caveat/{version('caveat')}{contact})"


class GuardedFetcher:
    """The `Fetcher` port on aiohttp: only public addresses, no cookie, one layer of gzip, good manners.

    `timeout` (seconds) is the deadline of one whole fetch, look-ups, waiting and redirects included;
    `max_bytes` limits a page before and after inflation. The only proxy is the one that is given, never one
    of the environment. Nothing is tried a second time by itself. A test may replace `resolve` and `dial`;
    the policy stands between them.
    """

    def __init__(
        self,
        *,
        timeout: float,
        max_bytes: int,
        user_agent: str,
        hosts: HostLists = ANY_HOST,
        proxy: Proxy | None = None,
        resolve: Resolve = system_addresses,
        dial: Dial | None = None,
        cache: PageCache | None = None,
    ) -> None:
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._headers = {**_HEADERS, "User-Agent": user_agent}
        self._hosts = hosts
        self._way: WayOut = ThroughProxy(proxy, resolve, dial) if proxy else Direct(resolve, dial)
        self._manners = Manners()
        self._cache = cache or PageCache()
        self._session: aiohttp.ClientSession | None = None
        self._closed = False
        self._in_flight: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection; nothing is fetched from then on."""
        self._closed = True
        if self._session:
            await self._session.close()
        await self._way.close()

    async def fetch(self, url: str, *, unwrap: bool = True) -> Fetched:
        """Fetch the page that `url` leads to or, with `unwrap` false, what stands at that very address.

        Raises FetchError with a plain reason; DeadPageError when the page or its site is gone.
        """
        try:
            address = identify(url)
        except UrlError as error:
            raise FetchError(_NO_ADDRESS) from error
        target = check_url(address.url if unwrap else url)
        key = address.key if unwrap else target.request
        lock = self._in_flight.setdefault(key, asyncio.Lock())
        deadline = asyncio.get_running_loop().time() + self._timeout
        try:
            async with asyncio.timeout_at(deadline), lock:
                return await self._cached(key, target, deadline, unwrap=unwrap)
        except TimeoutError as error:
            raise DeadPageError(_SLOW) from error

    async def _cached(self, key: str, target: Target, deadline: float, *, unwrap: bool) -> Fetched:
        if kept := self._cache.get(key, target.request):
            return kept
        try:
            page = await self._follow(target, unwrap=unwrap)
        except FetchError as error:
            self._cache.keep_failure(target.request, error)
            raise
        except asyncio.CancelledError:
            if asyncio.get_running_loop().time() >= deadline:
                self._cache.keep_failure(target.request, DeadPageError(_SLOW))
            raise
        self._cache.keep_page(key, page)
        found_at = identify(page.url)
        if unwrap and not found_at.wrappers:  # a wrapper's own page is not the one that it wraps
            self._cache.keep_page(found_at.key, page)
        return page

    async def _follow(self, target: Target, *, unwrap: bool) -> Fetched:
        seen = {target.request}
        for _ in range(_MAX_REDIRECTS + 1):
            found = await self._ask(target)
            location = refresh_target(found) if isinstance(found, Fetched) else found
            if isinstance(found, Fetched) and (location is None or _is_here(location, target)):
                return found
            target = _next_hop(target, location or "", seen, unwrap=unwrap)
            seen.add(target.request)
        raise FetchError("the site redirects too often")

    async def _ask(self, target: Target) -> Fetched | str:
        """Give the page, or where the site sends its reader instead."""
        self._hosts.check(target.host)
        request = _request(target)
        try:
            async with self._manners.turn(target.host):
                await self._way.admit(target)
                async with self._opened().get(
                    request, allow_redirects=False, proxy=self._way.proxy
                ) as response:
                    location = response.headers.get("Location")
                    if response.status in _REDIRECTS and location:
                        return location
                    self._check_answer(response, target)
                    return await self._page(response, target)
        except aiohttp.ClientHttpProxyError as error:
            raise _refused_by_proxy(target, error.status, error.headers or {}) from error
        except (aiohttp.ClientError, OSError) as error:
            made, reason = next((made, why) for kind, made, why in _REASONS if isinstance(error, kind))
            raise made(reason) from error
        except RuntimeError as error:
            if not self._closed:
                raise
            raise FetchError(_CLOSED) from error
        except ValueError as error:  # aiohttp lets some of what its parser meets in headers through
            raise FetchError(_NO_HTTP) from error

    def _opened(self) -> aiohttp.ClientSession:
        if self._closed:
            raise FetchError(_CLOSED)
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=self._way.open(),
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

    def _check_answer(self, response: aiohttp.ClientResponse, target: Target) -> None:
        status, headers = response.status, response.headers
        if self._way.proxy and (status == _PROXY_STATUS or _PROXY_REASON in headers):
            raise _refused_by_proxy(target, status, headers)
        if status in _BUSY:
            self._manners.leave_alone(target.host, headers.get("Retry-After", ""))
        if status != HTTPStatus.OK:
            made = DeadPageError if status in _DEAD else FetchError
            raise made(f"the site answered {_status(status)}", status=status)
        if "Content-Type" not in headers or response.content_type not in _READABLE:
            kind = headers.get("Content-Type", "")[:60] or "of no stated kind"
            raise FetchError(f"it is no page of text ({kind})")

    async def _page(self, response: aiohttp.ClientResponse, target: Target) -> Fetched:
        return Fetched(
            url=target.href,
            content_type=response.content_type,
            charset=response.charset,
            body=await read_body(response, self._max_bytes),
        )


def _request(target: Target) -> URL:
    try:
        request = URL(target.href, encoded=True)
        agreed = (request.raw_host, request.port) == (target.host.strip("[]"), target.port)
    except ValueError:
        agreed = False
    if not agreed:
        raise FetchError(_NO_ADDRESS)  # two parsers disagree about where this leads
    return request


def _next_hop(target: Target, location: str, seen: set[str], *, unwrap: bool) -> Target:
    hop = check_url(location, target.href)
    try:
        inside = identify(hop.href)
    except UrlError as error:
        raise FetchError(_NO_ADDRESS) from error
    if unwrap and inside.wrappers:  # spares a hop, and the warning page that some wrappers show
        unwrapped = check_url(inside.url)
        hop = hop if unwrapped.request in seen else unwrapped
    if hop.request in seen:
        raise FetchError("the site redirects in a circle")
    return hop


def _is_here(location: str, target: Target) -> bool:
    """Whether a page only reloads itself."""
    return check_url(location, target.href).request == target.request


def _refused_by_proxy(target: Target, status: int, headers: Mapping[str, str]) -> FetchError:
    # What the proxy says may name addresses of the network that it protects: it is for the log alone.
    log.info("proxy_refused", host=target.host, status=status, told=headers.get(_PROXY_REASON, "")[:200])
    if status in _DEAD:
        return DeadPageError("the proxy could not reach the site")
    return FetchError("the proxy does not let the bot fetch from that site")


def _status(code: int) -> str:
    try:
        return f"{code} ({HTTPStatus(code).phrase.lower()})"
    except ValueError:
        return str(code)
