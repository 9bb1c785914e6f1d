"""What curators are told in their channel, each thing once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.background.announcements import Announcements
from bot.errors import PlatformError, SettingsError
from bot.load_settings import load_settings
from kb.formats.forms import draft_form
from tests.unit.bot.commands.stage import ANNA, BEN, CURATORS, Stage, on_stage
from tests.unit.kb.curate.curating import sound


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with on_stage(tmp_path) as stage:
        yield stage


async def test_a_text_that_waits_is_announced_once_with_what_to_do(stage: Stage) -> None:
    await stage.run(draft_form(sound("harbour")), BEN)
    for _ in range(2):  # the second one as after a restart
        await Announcements(stage.services).round()
    (post,) = stage.platform.posts.values()
    place, reply = post.place, post.reply
    assert (place.channel, place.root) == (CURATORS, "")
    assert BEN in reply.lead
    assert {choice.command: choice.base for choice in reply.choices}["approve harbour"] == 2


async def test_a_text_that_was_sent_back_and_comes_again_is_news(stage: Stage) -> None:
    telling = Announcements(stage.services)
    await stage.run(draft_form(sound("harbour")), BEN)
    await telling.round()
    await stage.run("send-back harbour shorter")
    await telling.round()
    await stage.run("submit harbour", BEN)
    await telling.round()
    assert len(stage.platform.posts) == 2


async def test_an_entry_that_was_muted_is_told_of(stage: Stage) -> None:
    stage.put(sound("harbour"))
    stage.curation.flags.flag("harbour", "feedback", note="3 people said so", by="feedback")
    await Announcements(stage.services).round()
    (told,) = stage.platform.told()
    assert "3 people said so" in told
    assert "retire harbour NOTE" in told


async def test_what_is_due_comes_in_one_list(stage: Stage) -> None:
    for name in ("harbour", "quay"):
        entry = sound(name, review_by="2020-01-01", title=f"About a {name}", status="published")
        stage.curation.import_entries([entry], by=ANNA)
    await Announcements(stage.services).round()
    (told,) = stage.platform.told()
    assert told.count("due for review since 2020-01-01") == 2


async def test_paused_the_bot_keeps_its_news_for_later(stage: Stage) -> None:
    await stage.run(draft_form(sound("harbour")), BEN)
    await stage.services.channels.pause(by=ANNA)
    telling = Announcements(stage.services)
    await telling.round()
    assert stage.platform.told() == []
    await stage.services.channels.resume()
    stage.platform.before["post"] = PlatformError("away")
    with pytest.raises(PlatformError):
        await telling.round()
    await telling.round()
    assert len(stage.platform.posts) == 1


@pytest.mark.parametrize(("channel", "name"), [("!a:b", "matrix"), ("T1/C1", "slack")])
def test_a_channels_name_tells_its_platform(stage: Stage, channel: str, name: str) -> None:
    assert stage.services.platform_of(channel) == name


def test_a_setting_that_names_no_channel_is_refused_with_what_one_looks_like() -> None:
    known = load_settings(curators_channels=["!room:here.example", "!room-without-server", "T1/C1"])
    assert len(known.curators_channels) == 3
    with pytest.raises(SettingsError, match="'#general' is no channel, such as !room"):
        load_settings(curators_channels=["#general"])
