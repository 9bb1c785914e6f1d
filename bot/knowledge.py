"""The knowledge base as the running bot sees it: an index that follows the store, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import structlog

from bot.model import Traits
from kb.encoder import Encoder
from kb.entry import Entry
from kb.errors import KbError
from kb.fingerprint import fingerprint
from kb.index import Index
from kb.lookup import lead_of
from kb.match import known_page, match
from kb.preview import Foretold, SeenPage, preview
from kb.query import Hit, Query, Thresholds
from kb.store import Store

log = structlog.get_logger(__name__)

_FOLLOW_SECONDS = 0.5
_AFTER_ERROR_SECONDS = 10.0
_FIRST_VECTORS = 256  # answers wait for so many missing vectors; a large new base is encoded while they go on
_ENCODE_AT_ONCE = 64
_TOLD_EVERY = 1000


class Knowledge:
    """The `Matcher` port on `kb`. Known pages are found at once; the rest waits for the model to load."""

    def __init__(
        self, store: Store, encoder: Encoder, thresholds: Thresholds, *, held: Iterable[Entry] = ()
    ) -> None:
        self.index = Index(store, encoder, held=held, fingerprints=store.fingerprint_at)
        self._encoder, self._thresholds = encoder, thresholds
        self._paged, self._ready = asyncio.Event(), asyncio.Event()
        self._news, self._followed = asyncio.Condition(), 0
        self._following: asyncio.Task[None] | None = None
        self._told = 0

    def start(self) -> None:
        """Begin to load the model and to follow the store; returns at once."""
        self._encoder.start()
        self._following = asyncio.create_task(self._follow(), name="follow the store")

    async def close(self) -> None:
        """Stop following, end the encoder."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        await asyncio.to_thread(self._encoder.close)

    async def known_page(self, key: str) -> Hit | None:
        """Look a canonical key up among originals and known appearances."""
        await self._paged.wait()
        return await asyncio.to_thread(known_page, self.index, key) if self.index.page(key) else None

    async def match(self, query: Query) -> tuple[Hit, ...]:
        """Give the hits above the cut-off, best first. Raises ModelError when the encoder fails."""
        await self._ready.wait()
        return await asyncio.to_thread(match, self.index, self._encoder, query, self._thresholds)

    async def traits(self, query: Query) -> Traits:
        """Give the vector of a page's title and lead, and the fingerprint of its text. Raises ModelError."""
        await self._ready.wait()
        return await asyncio.to_thread(self._traits, query)

    async def foretell(
        self, entry: Entry, pages: Iterable[SeenPage], original: bytes | None
    ) -> tuple[Foretold, ...]:
        """Tell which pages an entry would have matched. Raises ModelError."""
        await self._ready.wait()
        return await asyncio.to_thread(preview, entry, pages, self._encoder, original=original)

    async def caught_up(self, revision: int) -> None:
        """Wait until what the store held at that revision is answered with, its vectors included."""
        async with self._news:
            await self._news.wait_for(lambda: self._followed >= revision)

    async def ready(self) -> None:
        """Wait until questions are answered without waiting."""
        await self._ready.wait()

    def process_id(self) -> int | None:
        """The encoder's process, once it was started."""
        return self._encoder.process_id()

    def _traits(self, query: Query) -> Traits:
        vector = self._encoder.encode([lead_of(query)])[0]
        return Traits(model=self._encoder.model, vector=vector.tobytes(), fingerprint=fingerprint(query.text))

    def _tell_progress(self, left: int) -> None:
        """Log how many entries are found by pages and words only, each time that it is 1,000 fewer."""
        if left // _TOLD_EVERY != self._told:
            self._told = left // _TOLD_EVERY
            log.info("vectors_follow", entries=len(self.index), without_vector=left)

    async def _follow(self) -> None:
        while True:
            pause = _FOLLOW_SECONDS
            try:
                await asyncio.to_thread(self.index.follow)
                self._paged.set()
                limit = _ENCODE_AT_ONCE if self._ready.is_set() else _FIRST_VECTORS
                if left := await asyncio.to_thread(self.index.encode, limit):
                    pause = 0.0  # there is more to encode
                    self._tell_progress(left)
                elif self._followed != self.index.revision:
                    async with self._news:
                        self._followed = max(self.index.revision, 0)
                        self._news.notify_all()
            except KbError as error:
                log.error("knowledge_base_not_followed", error=str(error))
                pause = _AFTER_ERROR_SECONDS
            self._ready.set()  # also after an error: who asks is told, instead of waiting for ever
            await asyncio.sleep(pause)
