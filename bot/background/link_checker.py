"""Looks at originals: whether their link still answers, and what their text says now."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.background.supervisor import Loop, Pause
from bot.clock import Clock, now_utc
from bot.errors import FetchError, UnknownSiteError, UnreadableError
from bot.faults import kind_of, traced
from bot.model import Page, PageKind
from bot.pages.fetch.patient import PatientFetcher
from bot.ports import Fetcher, Reader
from bot.threads import in_thread
from kb.entries.editorial import LinkState, SourceRead
from kb.entries.entry import Entry, Status
from kb.errors import KbError
from kb.store.entries import Store
from kb.store.originals import Originals
from kb.urls.archives import wayback
from kb.urls.identity import identify

log = structlog.get_logger(__name__)

_AT_ONCE = 4  # pages; set by hand
_GIVEN_UP_AFTER = timedelta(days=7)  # a site that is down for a day comes back, for a week seldom
_FIRST_AFTER_SECONDS = 600.0  # whoever starts the bot has other things to wait for
_CHECK_SECONDS = 24 * 3600.0
_AFTER_ERROR_SECONDS = 3600.0  # by hand, as is the day between checks
_ROUND_SECONDS = 12 * 3600.0  # four at a time, each within the limits of fetching and reading a page
_FRESH = timedelta(hours=20)  # checked since: a start does not check anew what the last day did

_GONE = frozenset({404, 410})
_REFUSES = frozenset({401, 402, 403, 405, 406, 429, 451})
_KINDS = {
    PageKind.MISSING: LinkState.DEAD,
    PageKind.LOGIN: LinkState.REFUSED,
    PageKind.CONSENT: LinkState.REFUSED,
    PageKind.PAYWALL: LinkState.REFUSED,
    PageKind.BLOCKED: LinkState.REFUSED,
}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was found at one original, and the entries that stand on it."""

    url: str
    entries: tuple[str, ...]
    state: LinkState
    reason: str
    wayback: str | None


async def read_original(url: str, fetcher: Fetcher, reader: Reader) -> SourceRead:
    """Look at an original. Never raises for what is wrong with the page: that is its state."""
    try:
        page = await reader.read(await fetcher.fetch(url))
    except UnreadableError as error:
        return SourceRead(state=LinkState.OK, reason=error.reason)
    except FetchError as error:
        return SourceRead(state=_state_of(error), reason=error.reason)
    return source_read(page)


def source_read(page: Page) -> SourceRead:
    """What a page that was read tells of an original."""
    if page.kind is PageKind.ARTICLE:
        return SourceRead(state=LinkState.OK, text=f"{page.title}\n{page.text}")
    return SourceRead(state=_KINDS.get(page.kind, LinkState.OK), reason=f"it is {page.kind.value}")


def _state_of(error: FetchError) -> LinkState:
    """What the site said; where the bot itself may not or could not ask, nothing is known."""
    if error.status in _REFUSES:
        return LinkState.REFUSED
    dead = error.status in _GONE or isinstance(error, UnknownSiteError)
    return LinkState.DEAD if dead else LinkState.NOT_CHECKED


class LinkChecker:
    """Asks for the originals of published entries, and keeps what was found."""

    def __init__(
        self,
        store: Store,
        originals: Originals,
        fetcher: Fetcher,
        reader: Reader,
        *,
        now: Clock = now_utc,
    ) -> None:
        self._store, self._originals = store, originals
        self._fetcher, self._reader, self._now = PatientFetcher(fetcher), reader, now

    async def check(
        self, entry_ids: Iterable[str] = (), *, older_than: timedelta | None = None
    ) -> tuple[Checked, ...]:
        """Check the originals of these entries, by default of all published ones; with `older_than` only
        those that were not checked since. Raises StoreError."""
        wanted = frozenset(entry_ids)
        entries = await in_thread(self._due, older_than)
        pages: dict[str, list[Entry]] = {}
        for entry in entries:
            if not wanted or entry.id in wanted:
                pages.setdefault(identify(entry.original.url).key, []).append(entry)
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(standing: list[Entry]) -> Checked | None:
            async with gate:
                try:
                    return await self._check(standing)
                except KbError:
                    raise
                except Exception as error:  # noqa: BLE001  # the boundary of one page, as each message has one
                    name = standing[0].id
                    log.error("link_not_checked", entry=name, error=kind_of(error), traceback=traced(error))
                    return None

        checked = await asyncio.gather(*(one(standing) for standing in pages.values()))
        return tuple(filter(None, checked))

    def loop(self) -> Loop:
        """The loop that checks all of them once a day."""
        return Loop(
            name="originals",
            round=self.round,
            limit=_ROUND_SECONDS,
            first_after=_FIRST_AFTER_SECONDS,
            after_error=_AFTER_ERROR_SECONDS,
        )

    async def round(self) -> Pause:
        """Check those that were not checked today. Raises StoreError."""
        checked = await self.check(older_than=_FRESH)
        dead = sum(original.state is LinkState.DEAD for original in checked)
        log.info("links_checked", originals=len(checked), dead=dead)
        return Pause(seconds=_CHECK_SECONDS)

    def _due(self, older_than: timedelta | None) -> list[Entry]:
        entries = list(self._store.entries(Status.PUBLISHED))
        if older_than is None:
            return entries
        known = self._originals.known(entry.original.url for entry in entries)
        since = self._now() - older_than
        fresh = {url for url, check in known.items() if check.checked_at > since}
        return [entry for entry in entries if entry.original.url not in fresh]

    async def _check(self, standing: list[Entry]) -> Checked:
        original = standing[0].original
        read = await read_original(original.url, self._fetcher, self._reader)
        known = (await in_thread(self._originals.known, [original.url])).get(original.url)
        unreachable = read.state is LinkState.NOT_CHECKED
        if unreachable and known and known.reason and self._now() - known.since > _GIVEN_UP_AFTER:
            read = SourceRead(state=LinkState.DEAD, reason=read.reason)
        await in_thread(self._originals.keep, original.url, read)
        day = original.published or self._now().date()
        return Checked(
            url=original.url,
            entries=tuple(entry.id for entry in standing),
            state=read.state,
            reason=read.reason,
            wayback=wayback(original.url, day) if read.state is LinkState.DEAD else None,
        )
