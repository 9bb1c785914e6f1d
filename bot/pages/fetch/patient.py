"""Fetching for work that nobody waits for: where a site was called too often, it takes its time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.errors import BusyError
from bot.model import Fetched
from bot.ports import Fetcher

_PAUSE_SECONDS = 20.0
_PAUSES = 90
"""Half an hour: some 900 pages of one site can come first."""


class PatientFetcher:
    """The `Fetcher` port on another one, which says BusyError only after half an hour."""

    def __init__(
        self, fetcher: Fetcher, *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._fetcher = fetcher
        self._pause = pause

    async def fetch(self, url: str, *, unwrap: bool = True) -> Fetched:
        """Fetch as the other one does, later if need be. Raises FetchError."""
        for _ in range(_PAUSES):
            try:
                return await self._fetcher.fetch(url, unwrap=unwrap)
            except BusyError:
                await self._pause(_PAUSE_SECONDS)
        return await self._fetcher.fetch(url, unwrap=unwrap)
