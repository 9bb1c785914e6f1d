"""The knowledge base in the running bot: it follows the store; a broken model is told, not waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.background.index_follower import Knowledge
from kb.entries.entry import Entry
from kb.errors import ModelError
from kb.formats.files import starter_entries
from kb.match.query import Basis, Query, Thresholds
from kb.search.encoder import Encoder
from kb.store.entries import Store
from kb.urls.identity import identify

THRESHOLDS = Thresholds(cutoff=0.3, page=0.6, words=0.6, gap=0.0)


@asynccontextmanager
async def running(store: Store, *held: Entry, model: str = "hash") -> AsyncIterator[Knowledge]:
    knowledge = Knowledge(store, Encoder(model), THRESHOLDS, held=held)
    knowledge.start()
    try:
        async with asyncio.timeout(60):
            yield knowledge
    finally:
        await knowledge.close()


async def test_an_entry_that_is_stored_while_it_runs_is_found_by_page_and_words(store: Store) -> None:
    entry = starter_entries()[0]
    key, query = identify(entry.original.url).key, Query(title=entry.title, text=entry.summary, is_page=True)
    async with running(store) as knowledge:
        assert await knowledge.known_page(key) is None
        assert await knowledge.match(query) == ()
        store.save([entry], by="a curator")
        while await knowledge.known_page(key) is None:  # noqa: ASYNC110  # the index gives no event; bounded
            await asyncio.sleep(0)
        while not (hits := await knowledge.match(query)) or hits[0].score < 0.6:  # noqa: ASYNC110  # the same
            await asyncio.sleep(0)
        assert (hits[0].entry, hits[0].basis) == (entry, Basis.SAME_STORY)


async def test_held_entries_are_found_beside_those_of_the_store(store: Store) -> None:
    stored, held = starter_entries()[:2]
    store.save([stored], by="a curator")
    async with running(store, held) as knowledge:
        for entry in (stored, held):
            hit = await knowledge.known_page(identify(entry.original.url).key)
            assert hit is not None
            assert hit.entry == entry


async def test_a_model_that_cannot_be_loaded_is_told_to_who_asks(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    async with running(store, starter_entries()[0], model="nobody/no-such-model") as knowledge:
        assert await knowledge.known_page(identify(starter_entries()[0].original.url).key) is not None
        with pytest.raises(ModelError, match="no-such-model"):
            await knowledge.match(Query(text="any words"))


async def test_an_entry_that_cannot_be_read_is_left_out_and_said_and_the_others_are_found(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    broken, stored = starter_entries()[:2]
    broken = broken.model_copy(update={"claims": (None,)})  # as no checked entry is
    store.save([stored], by="a curator")
    async with running(store, broken) as knowledge:
        assert await knowledge.match(Query(title=stored.title, text=stored.summary, is_page=True))
        assert await knowledge.known_page(identify(broken.original.url).key) is None
        assert knowledge.index.left_out.keys() == {broken.id}
    assert "entry_left_out" in capsys.readouterr().out
