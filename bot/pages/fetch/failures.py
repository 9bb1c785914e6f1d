"""What goes wrong with a request becomes a FetchError with a plain reason; nobody else meets aiohttp's."""

from __future__ import annotations

import ssl

import aiohttp
import structlog

from bot.errors import DeadPageError, FetchError
from bot.faults import placed
from bot.pages.fetch.body import BROKE_OFF

log = structlog.get_logger(__name__)

CLOSED = "the bot is shutting down"
SLOW = "the site did not answer in time"
NO_HTTP = "the site's answer is not proper HTTP"
_NOT_SECURE = "no secure connection to the site could be made"
_NO_CONNECTION = "the connection to the site failed"
_UNEXPECTED = "something in the site's answer could not be dealt with"
_REASONS: tuple[tuple[type[Exception], type[FetchError], str], ...] = (
    (TimeoutError, DeadPageError, SLOW),
    (aiohttp.ClientSSLError, FetchError, _NOT_SECURE),
    (ssl.SSLError, FetchError, _NOT_SECURE),
    (aiohttp.ClientPayloadError, FetchError, BROKE_OFF),
    (aiohttp.ServerDisconnectedError, FetchError, BROKE_OFF),
    (aiohttp.ClientProxyConnectionError, FetchError, "the proxy could not be reached"),
    (aiohttp.ClientConnectorError, DeadPageError, "the site could not be reached"),
    (aiohttp.ClientOSError, FetchError, _NO_CONNECTION),
    (OSError, FetchError, _NO_CONNECTION),
    (aiohttp.ClientError, FetchError, NO_HTTP),
)


def failure_of(error: Exception, *, closed: bool = False) -> FetchError:
    """Tell what an error means; `closed` once nothing is fetched any more. What nobody foresaw is logged."""
    if isinstance(error, FetchError):
        return error
    known = next(((made, why) for kind, made, why in _REASONS if isinstance(error, kind)), None)
    if known:
        made, reason = known
        return made(reason)
    if closed and isinstance(error, RuntimeError):
        return FetchError(CLOSED)
    log.warning("fetch_failed_unexpectedly", error=placed(error))  # no text, which may quote the page
    # aiohttp lets some of what its parser meets in headers through, as a ValueError.
    return FetchError(NO_HTTP if isinstance(error, ValueError) else _UNEXPECTED)
