"""What every book of channels promises, in the database as in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.model import ChannelRules, Policy
from bot.storage.channels import ChannelBook, KeptChannelBook
from kb.store.database import connect, upgrade

ANA = "matrix:@ana:matrix.example"


def by_the_settings(channel: str) -> Policy:
    """One channel is a shadow and every other one passive."""
    return Policy.SHADOW if channel == "!dark" else Policy.PASSIVE


@pytest.fixture(params=["database", "memory"])
def channels(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ChannelBook]:
    if request.param == "memory":
        yield ChannelBook(by_the_settings)
        return
    engine = connect(f"sqlite:///{tmp_path}/caveat.db")
    upgrade(engine, "bot.storage")
    yield KeptChannelBook(engine, by_the_settings)
    engine.dispose()


async def test_a_channel_keeps_to_the_settings_until_somebody_sets_it(channels: ChannelBook) -> None:
    assert channels.rules("matrix", "!dark") == ChannelRules(policy=Policy.SHADOW)
    assert channels.chosen_policy("matrix", "!dark") is None
    await channels.change("matrix", "!dark", by=ANA, threshold=0.9)
    await channels.change("matrix", "!dark", by=ANA, policy=Policy.MENTION)
    assert channels.rules("matrix", "!dark") == ChannelRules(policy=Policy.MENTION, threshold=0.9)
    assert channels.chosen_policy("matrix", "!dark") is Policy.MENTION
    assert channels.rules("slack", "!dark") == ChannelRules(policy=Policy.SHADOW)
    await channels.reset("matrix", "!dark", "threshold", by=ANA)
    assert channels.rules("matrix", "!dark") == ChannelRules(policy=Policy.MENTION)
    await channels.reset("matrix", "!dark", by=ANA)
    assert channels.rules("matrix", "!dark") == ChannelRules(policy=Policy.SHADOW)


async def test_what_is_not_given_stays(channels: ChannelBook) -> None:
    await channels.change("matrix", "!room", by=ANA, language="de")
    assert await channels.change("matrix", "!room", by=ANA, policy=Policy.OFF) == ChannelRules(
        policy=Policy.OFF, language="de"
    )


async def test_a_pause_stops_every_channel_until_the_bot_is_resumed(channels: ChannelBook) -> None:
    await channels.change("matrix", "!room", by=ANA, policy=Policy.PASSIVE, language="de")
    await channels.pause(by=ANA)
    assert channels.paused_by == ANA
    assert channels.rules("matrix", "!room") == ChannelRules(policy=Policy.OFF, language="de")
    assert channels.set_rules("matrix", "!room").policy is Policy.PASSIVE
    assert channels.rules("slack", "T1/C1").policy is Policy.OFF
    await channels.resume()
    assert channels.paused_by is None
    assert channels.rules("matrix", "!room").policy is Policy.PASSIVE
