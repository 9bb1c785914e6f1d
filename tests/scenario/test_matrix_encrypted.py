"""The Matrix adapter in encrypted rooms of a real Synapse."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.errors import InconclusiveError, LoginError, PlatformError
from bot.model import Place
from bot.platforms.matrix.outbound import KEY_FIELD
from bot.platforms.matrix.platform import MatrixPlatform
from tests.contract.platform_suite import LINK, REPLY, Accepted, listening
from tests.servers.encrypted_user import EncryptedUser
from tests.servers.matrix_bot import BotAccount, register_bot, somebody
from tests.servers.synapse import Synapse, User

pytestmark = pytest.mark.slow

KEY = "a secret of the bot's own"


@pytest.fixture(scope="module")
def synapse() -> Iterator[Synapse]:
    """One homeserver for this file."""
    with Synapse() as server:
        yield server


@pytest.fixture
def bot(synapse: Synapse, tmp_path: Path) -> BotAccount:
    """The bot's account and what outlives its process."""
    return register_bot(synapse, tmp_path / "matrix")


@dataclass(kw_only=True)
class Secret:
    """An encrypted room with the listening bot and a user in it."""

    user: EncryptedUser
    outside: User
    room: str
    platform: MatrixPlatform
    accepted: Accepted

    async def ask(self, text: str) -> Place:
        """Post as the user, and wait until the bot has read it."""
        message = await self.accepted.message(await self.user.send(self.room, text))
        assert message.text == text
        return Place(channel=self.room, message_id=message.id)


@pytest.fixture
async def secret(synapse: Synapse, bot: BotAccount, tmp_path: Path) -> AsyncIterator[Secret]:
    """An encrypted room with the listening bot and a user in it."""
    account = synapse.register(f"user-{secrets.token_hex(4)}")
    platform = bot.platform(pickle_key=KEY)
    async with (
        User(account) as outside,
        EncryptedUser(account, tmp_path / "user") as user,
        listening(platform) as accepted,
    ):
        room = await outside.create_room(bot.account.user_id, encrypted=True)
        await user.wait_for_member(room, bot.account.user_id)
        yield Secret(user=user, outside=outside, room=room, platform=platform, accepted=accepted)


async def test_a_command_is_known_as_one_and_can_be_read_again_with_who_gave_it(secret: Secret) -> None:
    """What it says and who said it are not in the queue, so both are asked for when its turn comes."""
    message = await secret.accepted.message(await secret.user.send(secret.room, "!caveat queue"))
    again = await secret.platform.read(secret.room, message.id)
    assert message.command
    assert again is not None
    assert (again.text, again.sender) == ("queue", secret.outside.id)


async def test_a_question_is_read_and_the_answer_is_encrypted(secret: Secret) -> None:
    place = await secret.ask(LINK)
    receipt = await secret.platform.post(place, REPLY, "key")
    content = await secret.user.clear_text(receipt.message_id)
    assert content["msgtype"] == "m.notice"
    assert content[KEY_FIELD] == "key"
    on_server = await secret.outside.event(secret.room, receipt.message_id)
    assert on_server["type"] == "m.room.encrypted"
    assert KEY_FIELD not in on_server["content"]


async def test_the_same_key_posts_once_and_is_found(secret: Secret) -> None:
    place = await secret.ask(LINK)
    receipt = await secret.platform.post(place, REPLY, "key")
    assert await secret.platform.post(place, REPLY, "key") == receipt
    assert await secret.platform.find(place, "key") == receipt
    assert await secret.platform.find(place, "another key") is None
    await secret.platform.withdraw(receipt)
    assert await secret.platform.find(place, "key") is None


async def test_an_answer_is_amended_by_an_encrypted_edit(secret: Secret) -> None:
    place = await secret.ask(LINK)
    receipt = await secret.platform.post(place, REPLY, "key")
    for _ in range(2):
        await secret.platform.amend(receipt, replace(REPLY, updated="Updated: new figures."), "key", 7)
    [edit] = await secret.outside.relations(secret.room, receipt.message_id, "m.replace")
    assert edit["type"] == "m.room.encrypted"
    content = await secret.user.clear_text(edit["event_id"])
    assert "Updated: new figures." in content["m.new_content"]["body"]
    assert await secret.platform.find(place, "key") == receipt


async def test_a_message_is_read_again_with_its_latest_text(secret: Secret) -> None:
    place = await secret.ask(LINK)
    edit = await secret.user.edit(secret.room, place.message_id, "https://other.example/")
    await secret.accepted.wait_for(lambda event: event.event == edit)
    message = await secret.platform.read(secret.room, place.message_id)
    assert message is not None
    assert message.links == ("https://other.example/",)


async def test_after_a_restart_it_reads_answers_and_finds(secret: Secret, bot: BotAccount) -> None:
    """The same folder, device and key; what was missed meanwhile is decrypted too."""
    place = await secret.ask(LINK)
    receipt = await secret.platform.post(place, REPLY, "key")
    await secret.accepted.stop()
    missed = [await secret.user.send(secret.room, f"{LINK}?{n}") for n in range(25)]
    again = bot.platform(pickle_key=KEY)
    async with listening(again) as accepted:
        await accepted.message(missed[-1])
        assert [message.id for message in accepted.messages] == missed
        assert await again.find(place, "key") == receipt
        assert await again.post(place, REPLY, "key") == receipt
        second = await again.post(Place(channel=secret.room, message_id=missed[0]), REPLY, "key 2")
        assert (await secret.user.clear_text(second.message_id))["msgtype"] == "m.notice"


async def test_a_message_that_cannot_be_decrypted_harms_nobody(secret: Secret) -> None:
    """Anybody may send such an event; matrix-nio's own sync, which the user has, would end by it."""
    await secret.user.stop_following()
    sealed = {
        "algorithm": "m.megolm.v1.aes-sha2",
        "sender_key": "",
        "session_id": "",
        "device_id": "X",
        "ciphertext": "?",
    }
    await secret.outside.send_event(secret.room, "m.room.encrypted", sealed)
    await secret.outside.send_event(secret.room, "m.room.encrypted", {"algorithm": 7})
    await secret.ask(LINK)


async def test_with_a_lost_store_it_cannot_tell_whether_it_answered(secret: Secret, bot: BotAccount) -> None:
    """It then must not answer again."""
    place = await secret.ask(LINK)
    await secret.platform.post(place, REPLY, "key")
    await secret.accepted.stop()
    bot.store = bot.store.with_name("empty")
    forgetful = bot.platform(pickle_key=KEY)
    async with listening(forgetful):
        with pytest.raises(InconclusiveError):
            await forgetful.find(place, "key")


async def test_another_pickle_key_is_told(secret: Secret, bot: BotAccount) -> None:
    await secret.ask(LINK)
    await secret.accepted.stop()
    with pytest.raises(LoginError, match="CAVEAT_MATRIX_PICKLE_KEY"):
        await asyncio.wait_for(bot.platform(pickle_key="another").listen(Accepted()), 20)


async def test_without_a_pickle_key_plain_rooms_work_and_encrypted_ones_stay_closed(
    synapse: Synapse, bot: BotAccount, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = synapse.register(f"user-{secrets.token_hex(4)}")
    platform = bot.platform()
    async with (
        User(account) as outside,
        EncryptedUser(account, tmp_path / "user") as user,
        somebody(synapse) as other,
    ):
        async with listening(platform) as accepted:
            closed = await outside.create_room(bot.account.user_id, encrypted=True)
            await user.wait_for_member(closed, bot.account.user_id)
            for _ in range(2):
                asked = await user.send(closed, LINK)
            plain = await other.create_room(bot.account.user_id)
            await other.wait_for_member(plain, bot.account.user_id)
            await accepted.message(await other.send(plain, LINK))
            with pytest.raises(PlatformError, match="CAVEAT_MATRIX_PICKLE_KEY"):
                await platform.post(Place(channel=closed, message_id=asked), REPLY, "key")
        assert [message.channel for message in accepted.messages] == [plain]
        assert (
            len([event for event in await outside.messages(closed) if event["sender"] == bot.account.user_id])
            == 1
        )
    assert capsys.readouterr().out.count("cannot read an encrypted room") == 1
