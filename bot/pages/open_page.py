"""Opens the page behind a link or, where it is gone and the link is an archive's, the copy that was meant."""

from __future__ import annotations

from bot.errors import DeadPageError, FetchError
from bot.model import Page, PageKind
from bot.ports import Fetcher, Reader
from kb.urls.identity import Address

# Some sites send the readers of what is gone to their front page.
_NOT_THERE = frozenset({PageKind.MISSING, PageKind.HOME})


async def open_page(link: Address, fetcher: Fetcher, reader: Reader) -> Page:
    """Fetch and read a page. The `url` and `host` of a copy's page are the archive's: nobody is misled.

    Raises PageError.
    """
    try:
        page = await reader.read(await fetcher.fetch(link.url))
    except DeadPageError as dead:
        if link.snapshot is None:
            raise
        try:
            return await _open_copy(link.snapshot.url, fetcher, reader)
        except FetchError as error:
            raise FetchError(f"{dead.reason}; the archive's copy: {error.reason}") from error
    if page.kind in _NOT_THERE and link.snapshot is not None:
        return await _open_copy(link.snapshot.url, fetcher, reader)
    return page


async def _open_copy(url: str, fetcher: Fetcher, reader: Reader) -> Page:
    return await reader.read(await fetcher.fetch(url, unwrap=False))
