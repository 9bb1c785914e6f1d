"""The knowledge base as the running bot sees it: an index that follows the store, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import structlog

from bot.background.supervisor import Loop, Pause, Supervisor
from bot.faults import kind_of, traced
from bot.model import Traits
from bot.threads import in_thread, in_thread_of
from bot.turns import ASKED
from kb.entries.entry import Entry
from kb.errors import ModelError, StoreError
from kb.match.match import known_page, match
from kb.match.preview import PreviewedPage, SeenPage, preview
from kb.match.query import Hit, Query, Thresholds
from kb.match.reading import QueryReading
from kb.search.encoder import Encoder
from kb.search.index import Index
from kb.store.entries import Store

log = structlog.get_logger(__name__)

Result = TypeVar("Result")

_LOOK_SECONDS = 0.5  # where nobody wakes it
_NET_SECONDS = 30.0  # where somebody does
_ROUND_SECONDS = 300.0  # the first one may read a large base and encode some of it
_FIRST_VECTORS = 256  # answers wait for so many missing vectors; a large new base is encoded while they go on
_ENCODE_AT_ONCE = 64  # texts; set by hand
_TOLD_EVERY = 1000  # vectors, in the log
_MATCHED_AT_ONCE = {True: 8, False: 2}  # asked, unasked; set by hand


class Knowledge:
    """The `Matcher` port on `kb`. Known pages are found at once; the rest waits for the model to load."""

    def __init__(
        self, store: Store, encoder: Encoder, thresholds: Thresholds, *, held: Iterable[Entry] = ()
    ) -> None:
        self.index = Index(store, encoder, held=held, fingerprints=store.fingerprint_at)
        self._encoder, self._thresholds = encoder, thresholds
        self._paged, self._ready = asyncio.Event(), asyncio.Event()
        self._news, self._followed = asyncio.Condition(), 0
        # Of their own: an encoder that does not answer must not hold up what else runs in threads, nor what
        # nobody asked for an asker.
        self._threads = {
            asked: ThreadPoolExecutor(at_once, "match") for asked, at_once in _MATCHED_AT_ONCE.items()
        }
        self._failure: str | None = None
        self._told, self._left_out = 0, set[str]()
        self._rest = _LOOK_SECONDS
        self._supervisor: Supervisor | None = None

    def start(self, supervisor: Supervisor | None = None, *, woken_by: asyncio.Event | None = None) -> None:
        """Begin to load the model and to follow the store, under a supervisor or by itself; returns at once.

        `woken_by` is set at each commit; without it the store is looked at twice a second.
        """
        self._encoder.start()
        self._rest = _NET_SECONDS if woken_by else _LOOK_SECONDS
        if supervisor is None:
            supervisor = self._supervisor = Supervisor()
        supervisor.start(
            Loop(name="index", round=self.follow, limit=_ROUND_SECONDS, critical=True, woken_by=woken_by)
        )

    async def close(self) -> None:
        """Stop following, unless under somebody else's supervisor; end the encoder."""
        if self._supervisor is not None:
            await self._supervisor.close()
        await in_thread(self._encoder.close)
        for threads in self._threads.values():
            threads.shutdown(wait=False, cancel_futures=True)

    async def known_page(self, key: str) -> Hit | None:
        """Look a canonical key up among originals and known appearances. Raises StoreError."""
        await self._until(self._paged.is_set)
        return await in_thread(known_page, self.index, key) if self.index.page(key) else None

    async def match(self, query: Query, reading: QueryReading | None = None) -> tuple[Hit, ...]:
        """Give the hits above the cut-off, best first; what was not read yet is read here.

        Raises ModelError, StoreError.
        """
        await self._until(self._ready.is_set)
        work = partial(match, self.index, self._encoder, query, self._thresholds, reading=reading)
        return await self._in_turn(work)

    async def traits(self, reading: QueryReading) -> Traits:
        """Give the vector of a page's title and lead, and the fingerprint of its text. Raises as `match`."""
        await self._until(self._ready.is_set)
        return await self._in_turn(partial(self._traits, reading))

    async def preview(
        self, entry: Entry, pages: Iterable[SeenPage], original: bytes | None
    ) -> tuple[PreviewedPage, ...]:
        """Tell which pages an entry would have matched. Raises as `match`."""
        await self._until(self._ready.is_set)
        return await in_thread(preview, entry, pages, self._encoder, original=original)

    async def caught_up(self, revision: int) -> None:
        """Wait until what the store held at that revision is answered with, its vectors included.

        Raises StoreError while the store cannot be followed.
        """
        await self._until(lambda: self._followed >= revision)

    async def ready(self) -> None:
        """Wait until questions are answered without waiting. Raises StoreError."""
        await self._until(self._ready.is_set)

    async def _in_turn(self, work: Callable[[], Result]) -> Result:
        return await in_thread_of(self._threads[ASKED.get()], work)

    def _traits(self, reading: QueryReading) -> Traits:
        vector = self._encoder.encode([reading.lead_text])[0]
        return Traits(model=self._encoder.model, vector=vector.tobytes(), fingerprint=reading.fingerprint)

    def _tell_progress(self, left: int) -> None:
        """Log how many entries are found by pages and words only, each time that it is 1,000 fewer."""
        if left // _TOLD_EVERY != self._told:
            self._told = left // _TOLD_EVERY
            log.info("vectors_follow", entries=len(self.index), without_vector=left)

    def _tell_left_out(self) -> None:
        """Log which entries cannot be found, each time that one is left out that was not."""
        left_out = self.index.left_out
        for entry_id in left_out.keys() - self._left_out:
            error = left_out[entry_id]
            log.error("entry_left_out", entry=entry_id, error=kind_of(error), traceback=traced(error))
        self._left_out = set(left_out)

    async def follow(self) -> Pause:
        """Take over what is new, or some of it, and let go on who waits. Raises StoreError, ModelError."""
        try:
            left = await self._take_over()
        except ModelError as error:
            await self._tell(str(error), ready=True)  # who asks is told by the encoder itself
            raise
        except BaseException as error:
            await self._tell(kind_of(error))
            raise
        return Pause(seconds=0.0 if left else self._rest)

    async def _take_over(self) -> int:
        if await in_thread(self.index.follow):
            self._tell_left_out()
        self._paged.set()
        limit = _ENCODE_AT_ONCE if self._ready.is_set() else _FIRST_VECTORS
        if left := await in_thread(self.index.encode, limit):
            self._tell_progress(left)
        else:
            self._followed = max(self.index.revision, 0)
        await self._tell(None, ready=True)
        return left

    async def _tell(self, failure: str | None, *, ready: bool = False) -> None:
        async with self._news:
            self._failure = failure
            if ready:
                self._ready.set()
            self._news.notify_all()

    async def _until(self, there: Callable[[], bool]) -> None:
        """Wait for something that following brings about, as long as following works."""
        async with self._news:
            await self._news.wait_for(lambda: there() or self._failure is not None)
            if not there():
                raise StoreError(f"The knowledge base cannot be followed now ({self._failure}); try again.")
