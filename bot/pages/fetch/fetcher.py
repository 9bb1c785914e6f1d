"""Gets what stands at a web address that anyone may have posted, within a deadline and size limits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from importlib.metadata import version
from typing import Self
from weakref import WeakValueDictionary

import aiohttp
import structlog
from yarl import URL

from bot.errors import BusyError, DeadPageError, FetchError
from bot.model import Fetched
from bot.pages.fetch.body import read_body
from bot.pages.fetch.egress import ANY_HOST, HostLists, Proxy
from bot.pages.fetch.failures import CLOSED, SLOW, failure_of
from bot.pages.fetch.guard import Dial, Resolve, Target, check_url, system_addresses
from bot.pages.fetch.manners import Manners
from bot.pages.fetch.media_type import read_media_type
from bot.pages.fetch.page_cache import PageCache
from bot.pages.fetch.refresh import refresh_target
from bot.pages.fetch.way_out import Direct, ThroughProxy
from kb.errors import UrlError
from kb.urls.identity import identify

log = structlog.get_logger(__name__)

_MAX_REDIRECTS = 5  # set by hand: told in docs/links.md
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

_NO_ADDRESS = "it is no web address"


def user_agent(contact_url: str = "") -> str:
    """Say who fetches, and where a site's owner can read about it."""
    contact = f"; +{contact_url}" if contact_url else ""
    return f"Mozilla/5.0 (compatible; Caveat/{version('caveat')}{contact})"


class GuardedFetcher:
    """The `Fetcher` port on aiohttp: only public addresses, no cookie, one layer of gzip, good manners.

    `timeout` (seconds) is the deadline of one whole fetch, look-ups, waiting and redirects included;
    `max_bytes` limits a page before and after inflation. The only proxy is the one that is given, never one
    of the environment. One site (a registrable domain) is called `site_per_minute` times a minute. Nothing is
    tried a second time by itself. A test may replace `resolve` and `dial`; the policy stands between them.
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
        site_per_minute: int = 30,
    ) -> None:
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._headers = {**_HEADERS, "User-Agent": user_agent}
        self._hosts = hosts
        self._way = ThroughProxy(proxy, resolve, dial) if proxy else Direct(resolve, dial)
        # Whoever waits longer for a turn would have no time left for the page.
        self._manners = Manners(per_minute=site_per_minute, patience=timeout / 2)
        self._cache = cache or PageCache()
        self._session: aiohttp.ClientSession | None = None
        self._closed = False
        self._in_flight: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection; nothing is fetched from then on."""
        self._closed = True
        if self._session:
            await self._session.close()
        await self._way.close()

    async def fetch(self, url: str, *, unwrap: bool = True) -> Fetched:
        """Fetch the page that `url` leads to or, with `unwrap` false, what stands at that very address.

        Raises FetchError with a plain reason, whatever happens; DeadPageError when the page or its site is
        gone, BusyError when the site was called too often.
        """
        try:
            return await self._fetched(url, unwrap=unwrap)
        except FetchError:
            raise
        except Exception as error:
            raise failure_of(error, closed=self._closed) from error

    async def _fetched(self, url: str, *, unwrap: bool) -> Fetched:
        try:
            address = identify(url)
        except UrlError as error:
            raise FetchError(_NO_ADDRESS) from error
        target = check_url(address.url if unwrap else url)
        key = address.key if unwrap else target.request
        lock = self._in_flight.setdefault(key, asyncio.Lock())
        deadline = asyncio.get_running_loop().time() + self._timeout
        async with asyncio.timeout_at(deadline), lock:
            return await self._cached(key, target, deadline, unwrap=unwrap)

    async def _cached(self, key: str, target: Target, deadline: float, *, unwrap: bool) -> Fetched:
        if kept := self._cache.get(key, target.request):
            return kept
        try:
            page = await self._follow(target, unwrap=unwrap)
            found_at = identify(page.url)
        except BusyError:
            raise  # it says nothing about the page
        except asyncio.CancelledError:
            if asyncio.get_running_loop().time() >= deadline:
                self._cache.keep_failure(target.request, DeadPageError(SLOW))
            raise
        except Exception as error:
            failure = failure_of(error, closed=self._closed)
            self._cache.keep_failure(target.request, failure)
            if failure is error:
                raise
            raise failure from error
        self._cache.keep_page(key, page)
        if unwrap and not found_at.wrappers:  # a wrapper's own page is not the one that it wraps
            self._cache.keep_page(found_at.key, page)
        return page

    async def _follow(self, target: Target, *, unwrap: bool) -> Fetched:
        seen = {target.request}
        for _ in range(_MAX_REDIRECTS + 1):
            answer = await self._ask(target)
            location = refresh_target(answer) if isinstance(answer, Fetched) else answer
            if isinstance(answer, Fetched) and (location is None or _is_here(location, target)):
                return answer
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

    def _opened(self) -> aiohttp.ClientSession:
        if self._closed:
            raise FetchError(CLOSED)
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=self._way.open(),
                cookie_jar=_NoCookies(),
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
        stated = headers.get("Content-Type", "")
        if read_media_type(stated).essence not in _READABLE:
            raise FetchError(f"it is no page of text ({stated[:60] or 'of no stated kind'})")

    async def _page(self, response: aiohttp.ClientResponse, target: Target) -> Fetched:
        essence, charset = read_media_type(response.headers.get("Content-Type", ""))
        return Fetched(
            url=target.href,
            content_type=essence,
            charset=charset,
            body=await read_body(response, self._max_bytes),
        )


class _NoCookies(aiohttp.DummyCookieJar):
    """Keeps none and reads none: aiohttp's own reads what it then throws away."""

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        """Let them go."""


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
