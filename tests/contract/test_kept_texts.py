"""What every keeper of named texts promises, in the database as in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ports import KeptTexts
from bot.storage.ledger import Ledger
from bot.storage.memory import MemoryTexts
from kb.store.database import connect, upgrade


@pytest.fixture(params=["database", "memory"])
def texts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[KeptTexts]:
    if request.param == "memory":
        yield MemoryTexts()
        return
    engine = connect(f"sqlite:///{tmp_path}/caveat.db")
    upgrade(engine, "bot.storage")
    yield Ledger(engine)
    engine.dispose()


async def test_a_text_is_given_back_by_its_name_as_it_was_saved_last(texts: KeptTexts) -> None:
    assert await texts.load("a") is None
    await texts.save("a", "first")
    await texts.save("b", "other")
    await texts.save("a", "last")
    assert (await texts.load("a"), await texts.load("b")) == ("last", "other")
