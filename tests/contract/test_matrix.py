"""The Matrix adapter against a real Synapse."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from bot.model import Place
from bot.platforms.matrix.outbound import KEY_FIELD
from tests.contract.platform_suite import LINK, REPLY, PlatformSuite, listening
from tests.servers.matrix_bot import MatrixStage, on_stage, register_bot, somebody
from tests.servers.synapse import Synapse

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def synapse() -> Iterator[Synapse]:
    """One homeserver for this file; every test has users and rooms of its own."""
    with Synapse() as server:
        yield server


@pytest.fixture
async def stage(synapse: Synapse, tmp_path: Path) -> AsyncIterator[MatrixStage]:
    """A room with the listening bot and a user."""
    async with on_stage(synapse, tmp_path / "matrix") as stage:
        yield stage


@pytest.fixture
async def direct(synapse: Synapse, tmp_path: Path) -> AsyncIterator[MatrixStage]:
    """A direct room of the listening bot and a user."""
    async with on_stage(synapse, tmp_path / "matrix", direct=True) as stage:
        yield stage


async def handed_over_until_now(stage: MatrixStage) -> set[str]:
    """The ids of all events handed over before a last message, which arrives in order."""
    await stage.accepted.message(await stage.say("that is all: https://end.example/"))
    return {event.event for event in stage.accepted.events[:-1]}


class TestMatrix(PlatformSuite):
    """Matrix keeps the promises of the port."""


async def test_an_invitation_of_somebody_else_is_not_taken(synapse: Synapse, tmp_path: Path) -> None:
    async with on_stage(synapse, tmp_path) as stage, somebody(synapse) as other:
        await stage.user.invite(stage.channel, other.id)
        await handed_over_until_now(stage)
        assert await stage.user.members(stage.channel) == {stage.user.id, stage.bot.account.user_id}


async def test_invitations_come_from_allowed_servers_and_people_only(
    synapse: Synapse, tmp_path: Path
) -> None:
    """Others are declined, so that they do not wait for ever; who is named is let in, whatever the server."""
    bot = register_bot(synapse, tmp_path)
    async with somebody(synapse) as friend, somebody(synapse) as stranger:
        with structlog.testing.capture_logs() as logs:
            async with listening(bot.platform(invites_from=["elsewhere.test", friend.id])) as accepted:
                theirs = await stranger.create_room(bot.account.user_id)
                await stranger.wait_for_membership(theirs, bot.account.user_id, "leave")
                ours = await friend.create_room(bot.account.user_id)
                await friend.wait_for_member(ours, bot.account.user_id)
                await accepted.message(await friend.send(ours, LINK))
        declined = [each for each in logs if each["event"] == "matrix: declined an invitation"]
        assert [(each["room"], each["by"]) for each in declined] == [(theirs, [stranger.id])]
        server = stranger.id.partition(":")[2]
        async with listening(bot.platform(invites_from=[server])):
            another = await stranger.create_room(bot.account.user_id)
            await stranger.wait_for_member(another, bot.account.user_id)


@pytest.mark.parametrize("version", ["10", "11", "12"])
async def test_a_room_of_the_bots_own_server_is_known_as_that(
    synapse: Synapse, tmp_path: Path, version: str
) -> None:
    """Also where the room's id names no server, and after a restart."""
    bot = register_bot(synapse, tmp_path)
    async with somebody(synapse) as user:
        async with listening(platform := bot.platform()) as accepted:
            room = await user.create_room(bot.account.user_id, version=version)
            await user.wait_for_member(room, bot.account.user_id)
            await accepted.message(await user.send(room, LINK))
            assert platform.is_own(room)
            assert not platform.is_own("!elsewhere:other.example")
            assert not platform.is_own("!unknown")
        assert not platform.is_own(room)
        async with listening(again := bot.platform()) as accepted:
            await accepted.message(await user.send(room, LINK))
            assert again.is_own(room)


async def test_what_was_said_before_the_bot_joined_is_not_answered(synapse: Synapse, tmp_path: Path) -> None:
    """History reaches a new member like news; a change of the bot's own name does not cut the news off."""
    bot = register_bot(synapse, tmp_path)
    async with somebody(synapse) as user, listening(bot.platform()) as accepted:
        room = await user.create_room()
        for number in range(30):
            await user.send(room, f"https://old.example/{number}")
        await user.invite(room, bot.account.user_id)
        await user.wait_for_member(room, bot.account.user_id)
        last = await user.send(room, LINK)
        await accepted.message(last)
        assert [message.id for message in accepted.messages] == [last]


async def test_on_the_first_start_old_messages_are_not_answered(synapse: Synapse, tmp_path: Path) -> None:
    async with on_stage(synapse, tmp_path) as stage:
        await handed_over_until_now(stage)
    fresh = register_bot(synapse, tmp_path / "fresh")
    fresh.account = stage.bot.account
    async with somebody(synapse) as user, listening(fresh.platform()) as accepted:
        room = await user.create_room(fresh.account.user_id)
        await user.wait_for_member(room, fresh.account.user_id)
        last = await user.send(room, LINK)
        await accepted.message(last)
        assert [message.id for message in accepted.messages] == [last]


async def test_talk_without_link_or_mention_is_left_alone(stage: MatrixStage) -> None:
    said = await stage.say("Good morning, everybody.")
    assert said not in await handed_over_until_now(stage)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"body": "Caveat Bot: is this true?", "m__mentions": {"user_ids": ["BOT"]}}, "is this true?"),
        ({"body": "caveat bot: is this true?"}, "is this true?"),
        ({"body": "is this true, BOT"}, "is this true,"),
        (
            {
                "body": "Caveat Bot is this true?",
                "format": "org.matrix.custom.html",
                "formatted_body": '<a href="https://matrix.to/#/BOT">Caveat Bot</a> is this true?',
            },
            "is this true?",
        ),
    ],
    ids=["m.mentions", "plain prefix", "user id", "pill"],
)
async def test_a_mention_asks(stage: MatrixStage, content: dict[str, object], words: str) -> None:
    named = _with_name(content, stage.bot.account.user_id)
    message = await stage.accepted.message(
        await stage.user.send(stage.channel, str(named.pop("body")), **named)
    )
    assert message.asked
    assert message.text == words


async def test_a_link_alone_does_not_ask(stage: MatrixStage) -> None:
    assert not (await stage.accepted.message(await stage.say(LINK))).asked


async def test_in_a_direct_room_every_message_asks(direct: MatrixStage) -> None:
    message = await direct.accepted.message(await direct.say("Is the minister gone?"))
    assert message.asked
    assert message.text == "Is the minister gone?"


async def test_a_message_in_a_thread_names_its_root(stage: MatrixStage) -> None:
    root = await stage.say(LINK)
    message_id = await stage.user.send_in_thread(stage.channel, root, f"and {LINK}?page=2")
    message = await stage.accepted.message(message_id)
    assert (message.thread_id, message.reply_to) == (root, None)
    place = Place(channel=stage.channel, message_id=message_id, thread_id=root)
    receipt = await stage.platform.post(place, REPLY, "key")
    assert await stage.answers(place) == [receipt.message_id]


async def test_a_reply_names_what_it_answers(stage: MatrixStage) -> None:
    first = await stage.say("Nobody asked yet.")
    body = f"> <{stage.user.id}> Nobody asked yet.\n\n{stage.bot.account.user_id} is this true?"
    message = await stage.accepted.message(await stage.user.reply(stage.channel, first, body))
    assert (message.reply_to, message.thread_id, message.asked) == (first, None, True)
    assert message.text == "is this true?"
    original = await stage.platform.read(stage.channel, first)
    assert original is not None
    assert original.text == "Nobody asked yet."


async def test_thanks_in_reply_to_the_bot_is_no_question(stage: MatrixStage) -> None:
    """Clients list the author of the message replied to as mentioned."""
    asked = await stage.say(LINK)
    receipt = await stage.platform.post(Place(channel=stage.channel, message_id=asked), REPLY, "key")
    mentions = {"user_ids": [stage.bot.account.user_id]}
    thanks = await stage.user.reply(stage.channel, receipt.message_id, "Thanks!", m__mentions=mentions)
    assert thanks not in await handed_over_until_now(stage)


async def test_an_edit_brings_the_new_text_under_the_old_id(stage: MatrixStage) -> None:
    first = await stage.say(LINK)
    await stage.accepted.message(first)
    edit = await stage.user.edit(stage.channel, first, "https://other.example/")
    event = await stage.accepted.wait_for(lambda event: event.event == edit)
    assert event.id == first
    latest = await stage.platform.read(stage.channel, first)
    assert latest is not None
    assert latest.links == ("https://other.example/",)
    assert latest.text == "https://other.example/"


async def test_an_edit_in_a_thread_stays_in_it(stage: MatrixStage) -> None:
    root = await stage.say(LINK)
    message_id = await stage.user.send_in_thread(stage.channel, root, "no link yet")
    edit = await stage.user.edit(stage.channel, message_id, "https://other.example/")
    await stage.accepted.wait_for(lambda event: event.event == edit)
    assert stage.accepted.messages[-1].thread_id == root


async def test_somebody_elses_edit_is_dropped(synapse: Synapse, stage: MatrixStage) -> None:
    first = await stage.say(LINK)
    async with somebody(synapse) as stranger:
        await stage.user.invite(stage.channel, stranger.id)
        await stranger.join(stage.channel)
        edit = await stranger.edit(stage.channel, first, "https://spam.example/")
        assert edit not in await handed_over_until_now(stage)
        latest = await stage.platform.read(stage.channel, first)
        assert latest is not None
        assert latest.links == (LINK,)


async def test_notices_reactions_and_state_are_left_alone(stage: MatrixStage) -> None:
    """Bots that answer each other's notices never stop."""
    first = await stage.say(LINK)
    await stage.accepted.message(first)
    notice = await stage.user.send(stage.channel, LINK, msgtype="m.notice")
    relation = {"rel_type": "m.annotation", "event_id": first, "key": LINK}
    reaction = await stage.user.send_event(stage.channel, "m.reaction", {"m.relates_to": relation})
    await stage.user.call("PUT", f"/v3/rooms/{stage.channel}/state/m.room.topic", {"topic": LINK})
    assert not {notice, reaction} & await handed_over_until_now(stage)
    assert await stage.platform.read(stage.channel, notice) is not None


async def test_the_answer_is_a_quiet_notice_with_its_key(stage: MatrixStage) -> None:
    asked = await stage.say(LINK)
    place = Place(channel=stage.channel, message_id=asked)
    receipt = await stage.platform.post(place, replace(REPLY, lead="Same <b>story</b>"), "key")
    content = (await stage.user.event(stage.channel, receipt.message_id))["content"]
    assert content["msgtype"] == "m.notice"
    assert content["m.mentions"] == {}
    assert content[KEY_FIELD] == "key"
    assert "Same <b>story</b>" in content["body"]
    assert "Same &lt;b&gt;story&lt;/b&gt;" in content["formatted_body"]
    assert content["m.relates_to"]["event_id"] == asked


async def test_the_same_key_posts_once(stage: MatrixStage) -> None:
    place = Place(channel=stage.channel, message_id=await stage.say(LINK))
    first = await stage.platform.post(place, REPLY, "key")
    assert await stage.platform.post(place, REPLY, "key") == first
    assert await stage.answers(place) == [first.message_id]


async def test_feedback_is_offered_once(stage: MatrixStage) -> None:
    place = Place(channel=stage.channel, message_id=await stage.say(LINK))
    for _ in range(2):
        receipt = await stage.platform.post(place, replace(REPLY, feedback=True), "key")
    reactions = await stage.user.relations(stage.channel, receipt.message_id, "m.annotation")
    assert [event["content"]["m.relates_to"]["key"] for event in reactions] == ["👍", "👎"]


@pytest.mark.parametrize(("mark", "helpful"), [("👍", True), ("👎🏽", False), ("👍\ufe0f", True)])
async def test_a_press_of_a_mark_is_feedback(mark: str, helpful: bool, stage: MatrixStage) -> None:
    place = Place(channel=stage.channel, message_id=await stage.say(LINK))
    receipt = await stage.platform.post(place, REPLY, "key")
    for key in ("🎉", mark):
        relation = {"rel_type": "m.annotation", "event_id": receipt.message_id, "key": key}
        await stage.user.send_event(stage.channel, "m.reaction", {"m.relates_to": relation})
    await handed_over_until_now(stage)
    (feedback,) = stage.accepted.feedback
    assert (feedback.answer_id, feedback.sender, feedback.helpful) == (
        receipt.message_id,
        stage.user.id,
        helpful,
    )


async def test_what_was_asked_is_marked_as_read(direct: MatrixStage) -> None:
    asked = await direct.say("Is the minister gone?")
    await direct.accepted.message(asked)
    assert await direct.user.wait_for_receipt(direct.channel, direct.bot.account.user_id) == asked


async def test_an_answer_is_found_even_without_its_root(stage: MatrixStage) -> None:
    """A root that the server does not give leaves the room's messages since the question."""
    asked = await stage.say(LINK)
    place = Place(channel=stage.channel, message_id=asked)
    receipt = await stage.platform.post(place, REPLY, "key")
    lost = Place(channel=stage.channel, message_id=asked, thread_id=stage.unknown_id)
    assert await stage.platform.find(lost, "key") == receipt
    assert await stage.platform.find(lost, "another key") is None


def _with_name(content: dict[str, object], user_id: str) -> dict[str, object]:
    def named(value: object) -> object:
        if isinstance(value, str):
            return value.replace("BOT", user_id)
        return {"user_ids": [user_id]} if isinstance(value, dict) else value

    return {name: named(value) for name, value in content.items()}
