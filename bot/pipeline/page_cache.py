"""What was fetched a while ago, failures included: in memory, bounded in number, size and time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from bot.errors import FetchError
from bot.model import Fetched

_PAGE_SECONDS = 30 * 60
_FAILURE_SECONDS = 5 * 60


class PageCache:
    """Pages by canonical key, failures by the very address that failed.

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
        self._kept: OrderedDict[tuple[str, str], tuple[float, Fetched | str]] = OrderedDict()
        self._bytes = 0

    def get(self, key: str, href: str) -> Fetched | None:
        """Give the page that was kept under `key`, or None. Raises FetchError when `href` failed lately."""
        page = self._fresh(("page", key))
        if isinstance(page, Fetched):
            return page
        reason = self._fresh(("failure", href))
        if isinstance(reason, str):
            raise FetchError(reason)
        return None

    def keep_page(self, key: str, page: Fetched) -> None:
        """Keep a page for half an hour."""
        self._keep(("page", key), page, _PAGE_SECONDS)

    def keep_failure(self, href: str, reason: str) -> None:
        """Keep a failure for five minutes."""
        self._keep(("failure", href), reason, _FAILURE_SECONDS)

    def _fresh(self, name: tuple[str, str]) -> Fetched | str | None:
        until, value = self._kept.get(name, (0.0, None))
        if value is not None and self._clock() >= until:
            self._drop(name)
            return None
        return value

    def _keep(self, name: tuple[str, str], value: Fetched | str, seconds: float) -> None:
        self._drop(name)
        self._kept[name] = (self._clock() + seconds, value)
        self._bytes += _size(value)
        while len(self._kept) > self._max_entries or self._bytes > self._max_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, name: tuple[str, str]) -> None:
        if kept := self._kept.pop(name, None):
            self._bytes -= _size(kept[1])


def _size(value: Fetched | str) -> int:
    return len(value.body) if isinstance(value, Fetched) else len(value)
