"""What admins set for a channel holds over the settings, and outlasts a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.app.run import open_database
from bot.model import ChannelRules, Policy
from bot.storage.channels import ChannelBook

ANA = "matrix:@ana:matrix.example"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/caveat.db")
    yield engine
    engine.dispose()


def book(engine: Engine) -> ChannelBook:
    """A book whose settings make one channel a shadow and every other one passive."""
    return ChannelBook(engine, lambda channel: Policy.SHADOW if channel == "!dark" else Policy.PASSIVE)


async def test_a_channel_keeps_to_the_settings_until_somebody_sets_it(engine: Engine) -> None:
    channels = book(engine)
    assert channels.rules("matrix", "!dark") == ChannelRules(policy=Policy.SHADOW)
    await channels.change("matrix", "!dark", by=ANA, threshold=0.9)
    await channels.change("matrix", "!dark", by=ANA, policy=Policy.MENTION)
    expected = ChannelRules(policy=Policy.MENTION, threshold=0.9)
    assert channels.rules("matrix", "!dark") == expected
    assert channels.rules("slack", "!dark") == ChannelRules(policy=Policy.SHADOW)
    assert book(engine).rules("matrix", "!dark") == expected
    await channels.reset("matrix", "!dark", by=ANA)
    assert channels.rules("matrix", "!dark") == ChannelRules(policy=Policy.SHADOW)
    assert book(engine).rules("matrix", "!dark") == ChannelRules(policy=Policy.SHADOW)


async def test_what_is_not_given_stays(engine: Engine) -> None:
    channels = book(engine)
    await channels.change("matrix", "!room", by=ANA, language="de")
    assert await channels.change("matrix", "!room", by=ANA, policy=Policy.OFF) == ChannelRules(
        policy=Policy.OFF, language="de"
    )


async def test_a_pause_stops_every_channel_also_after_a_restart(engine: Engine) -> None:
    channels = book(engine)
    await channels.change("matrix", "!room", by=ANA, policy=Policy.PASSIVE, language="de")
    await channels.pause(by=ANA)
    for each in (channels, book(engine)):
        assert each.paused_by == ANA
        assert each.rules("matrix", "!room") == ChannelRules(policy=Policy.OFF, language="de")
        assert each.rules("slack", "T1/C1").policy is Policy.OFF
    await channels.resume()
    assert channels.rules("matrix", "!room").policy is Policy.PASSIVE
    assert book(engine).paused_by is None
