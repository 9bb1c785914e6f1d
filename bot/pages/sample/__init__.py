"""Two made-up pages on a reserved host, so that the bot can be tried without any network."""

from __future__ import annotations

import importlib.resources

from bot.errors import FetchError
from bot.model import Fetched
from bot.ports import Fetcher
from kb.urls.identity import identify

HOST = "sample-news.example"
STORY_URL = f"https://{HOST}/war-photos"
UNRELATED_URL = f"https://{HOST}/harbour-bakery"
_PAGES = ("war-photos", "harbour-bakery")


class SampleFetcher:
    """A `Fetcher` that answers for the reserved host and hands every other address on."""

    def __init__(self, others: Fetcher) -> None:
        self._others = others

    async def fetch(self, url: str, *, unwrap: bool = True) -> Fetched:
        """Give a bundled page, or what the other fetcher gives. Raises FetchError."""
        host, _, name = identify(url).key.partition("/")
        if host != HOST:
            return await self._others.fetch(url, unwrap=unwrap)
        if name not in _PAGES:
            raise FetchError("the sample site has no such page")
        body = (importlib.resources.files(__package__) / f"{name}.html").read_bytes()
        return Fetched(url=url, content_type="text/html", charset="utf-8", body=body)
