"""What admins set for a channel outlasts a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.app.run import open_database
from bot.model import ChannelRules, Policy
from bot.storage.channels import KeptChannelBook

ANA = "matrix:@ana:matrix.example"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/caveat.db")
    yield engine
    engine.dispose()


def book(engine: Engine) -> KeptChannelBook:
    """A book as it is after a restart."""
    return KeptChannelBook(engine, lambda _: Policy.PASSIVE)


async def test_what_was_set_and_taken_back_is_known_after_a_restart(engine: Engine) -> None:
    channels = book(engine)
    await channels.change("matrix", "!room", by=ANA, policy=Policy.MENTION, threshold=0.9)
    assert book(engine).rules("matrix", "!room") == ChannelRules(policy=Policy.MENTION, threshold=0.9)
    await channels.reset("matrix", "!room", by=ANA)
    assert book(engine).rules("matrix", "!room") == ChannelRules(policy=Policy.PASSIVE)


async def test_a_pause_outlasts_a_restart_and_so_does_its_end(engine: Engine) -> None:
    await book(engine).pause(by=ANA)
    assert book(engine).paused_by == ANA
    assert book(engine).rules("slack", "T1/C1").policy is Policy.OFF
    await book(engine).resume()
    assert book(engine).paused_by is None
