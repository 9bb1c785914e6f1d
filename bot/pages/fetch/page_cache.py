"""What was fetched a while ago, failures included: in memory, bounded in number, size and time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from bot.errors import FetchError
from bot.model import Fetched

_PAGE_SECONDS = 30 * 60  # both set by hand; told in docs/links.md
_FAILURE_SECONDS = 5 * 60


class PageCache:
    """Pages by canonical key, failures by the very request that failed.

    A failure is no property of the page: a dead AMP address must not hide the article that it belongs to.
    """

    def __init__(
        self,
        *,
        max_entries: int = 500,
        max_bytes: int = 32 * 2**20,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str], tuple[float, Fetched | FetchError]] = OrderedDict()
        self._bytes = 0

    def get(self, key: str, request: str) -> Fetched | None:
        """Give the page kept under `key`, or None. Raises FetchError when `request` failed lately."""
        page = self._fresh(("page", key))
        if isinstance(page, Fetched):
            return page
        failure = self._fresh(("failure", request))
        if isinstance(failure, FetchError):
            raise type(failure)(failure.reason, status=failure.status)
        return None

    def keep_page(self, key: str, page: Fetched) -> None:
        """Keep a page for half an hour."""
        self._keep(("page", key), page, _PAGE_SECONDS)

    def keep_failure(self, request: str, failure: FetchError) -> None:
        """Keep a failure for five minutes."""
        # Not the very error: that would keep the frames that it was raised in.
        again = type(failure)(failure.reason, status=failure.status)
        self._keep(("failure", request), again, _FAILURE_SECONDS)

    def _fresh(self, name: tuple[str, str]) -> Fetched | FetchError | None:
        until, value = self._kept.get(name, (0.0, None))
        if value is not None and self._clock() >= until:
            self._drop(name)
            return None
        return value

    def _keep(self, name: tuple[str, str], value: Fetched | FetchError, seconds: float) -> None:
        self._drop(name)
        self._kept[name] = (self._clock() + seconds, value)
        self._bytes += _size(value)
        while len(self._kept) > self._max_entries or self._bytes > self._max_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, name: tuple[str, str]) -> None:
        if kept := self._kept.pop(name, None):
            self._bytes -= _size(kept[1])


def _size(value: Fetched | FetchError) -> int:
    return len(value.body) if isinstance(value, Fetched) else len(value.reason)
