"""The Matrix adapter through downtime, crashes, refusals and limits, against a real Synapse."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from aiohttp import web

from bot.errors import LoginError, PlatformError, SettingsError
from bot.model import Incoming, Place
from bot.storage.memory import MemoryTexts
from tests.contract.platform_suite import LINK, REPLY, Accepted, listening
from tests.servers.matrix_bot import BotAccount, on_stage, register_bot, somebody
from tests.servers.proxy import Proxy
from tests.servers.synapse import Synapse, User

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def synapse() -> Iterator[Synapse]:
    """One homeserver for this file."""
    with Synapse() as server:
        yield server


@pytest.fixture
def bot(synapse: Synapse, tmp_path: Path) -> BotAccount:
    """The bot's account and what outlives its process."""
    return register_bot(synapse, tmp_path / "matrix")


async def test_after_downtime_every_message_comes_once_and_in_order(
    synapse: Synapse, bot: BotAccount
) -> None:
    """More was missed than one sync gives, in two rooms; the bot's own renaming cuts nothing off."""
    async with somebody(synapse) as user, User(bot.account) as owner:
        async with listening(bot.platform()) as before:
            rooms = [await user.create_room(bot.account.user_id) for _ in range(2)]
            for room in rooms:
                await user.wait_for_member(room, bot.account.user_id)
                await before.message(await user.send(room, LINK))
        missed = {room: [await user.send(room, f"{LINK}?{n}") for n in range(30)] for room in rooms}
        await owner.call("PUT", f"/v3/profile/{bot.account.user_id}/displayname", {"displayname": "New name"})
        for room in rooms:
            missed[room] += [await user.send(room, f"{LINK}?after-{n}") for n in range(30)]
        async with listening(bot.platform()) as after:
            lasts = [await user.send(room, "https://end.example/") for room in rooms]
            for last in lasts:
                await after.message(last)
    for room, last in zip(rooms, lasts, strict=True):
        assert [message.id for message in after.messages if message.channel == room] == [*missed[room], last]


async def test_an_invitation_during_downtime_is_accepted(synapse: Synapse, bot: BotAccount) -> None:
    async with somebody(synapse) as user:
        async with listening(bot.platform()):
            room = await user.create_room(bot.account.user_id)
            await user.wait_for_member(room, bot.account.user_id)
        second = await user.create_room(bot.account.user_id)
        async with listening(bot.platform()) as after:
            await user.wait_for_member(second, bot.account.user_id)
            await after.message(await user.send(second, LINK))


async def test_killed_before_its_place_was_saved_an_event_comes_again(
    synapse: Synapse, bot: BotAccount
) -> None:
    """At least once: the queue drops what it knows by the event's name, which stays the same."""
    async with somebody(synapse) as user:
        async with listening(bot.platform()) as accepted:
            room = await user.create_room(bot.account.user_id)
            await user.wait_for_member(room, bot.account.user_id)
            await accepted.message(await user.send(room, LINK))
            await accepted.message(
                await user.send(room, f"{LINK}?2")
            )  # the place of the first is saved by now
            frozen = await bot.state.load(f"matrix {bot.account.user_id} sync")
            assert frozen is not None
        third = await user.send(room, f"{LINK}?3")
        stuck = _StuckState(frozen, f"matrix {bot.account.user_id} sync")
        async with listening(bot.platform(state=stuck)) as first_try:
            first = await first_try.message(third)
            await asyncio.wait_for(stuck.reached.wait(), 20)
        async with listening(bot.platform(state=stuck)) as second_try:
            assert await second_try.message(third) == first


async def test_a_queue_that_fails_for_a_moment_loses_nothing(synapse: Synapse, bot: BotAccount) -> None:
    accepted = _Failing(times=2)
    task = asyncio.create_task(bot.platform().listen(accepted))
    async with somebody(synapse) as user:
        room = await user.create_room(bot.account.user_id)
        await user.wait_for_member(room, bot.account.user_id)
        ids = [await user.send(room, f"{LINK}?{n}") for n in range(3)]
        await accepted.message(ids[-1])
    task.cancel()
    assert [message.id for message in accepted.messages] == ids
    assert accepted.failed == 2


async def test_a_homeserver_that_comes_back_is_followed_again(tmp_path: Path) -> None:
    with Synapse() as server:
        bot = register_bot(server, tmp_path / "matrix")
        async with somebody(server) as user, listening(bot.platform()) as accepted:
            room = await user.create_room(bot.account.user_id)
            await user.wait_for_member(room, bot.account.user_id)
            await asyncio.to_thread(server.stop)
            await asyncio.to_thread(server.start)
            await accepted.message(await user.send(room, LINK))


async def test_a_restart_keeps_the_device_and_protects_its_token(bot: BotAccount) -> None:
    first = await bot.platform().check()
    assert await bot.platform().check() == first
    assert (bot.store.stat().st_mode & 0o777, (bot.store / "session.json").stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )


async def test_a_token_logs_in_without_a_password(bot: BotAccount) -> None:
    platform = bot.platform(password="", token=bot.account.token, device_id=bot.account.device_id)
    assert bot.account.device_id in await platform.check()


async def test_a_saved_login_that_was_revoked_is_renewed_with_the_password(bot: BotAccount) -> None:
    first = await bot.platform().check()
    async with User(bot.account) as owner:
        await owner.call("POST", "/v3/logout/all", {})
    assert await bot.platform().check() != first


@pytest.mark.parametrize(
    ("settings", "hint"),
    [
        ({"password": "", "token": "wrong"}, "CAVEAT_MATRIX_TOKEN"),
        ({"password": "wrong"}, "CAVEAT_MATRIX_PASSWORD"),
    ],
    ids=["token", "password"],
)
async def test_wrong_credentials_are_told_after_one_request(
    synapse: Synapse, bot: BotAccount, settings: dict[str, str], hint: str
) -> None:
    before = _requests(synapse)
    with pytest.raises(LoginError, match=hint) as caught:
        await asyncio.wait_for(bot.platform(**settings).listen(Accepted()), 20)
    assert "\n" not in str(caught.value)
    assert _requests(synapse) - before == 1


async def test_somebody_elses_token_is_told(synapse: Synapse, bot: BotAccount) -> None:
    other = synapse.register("other")
    with pytest.raises(LoginError, match="belongs to @other"):
        await asyncio.wait_for(bot.platform(password="", token=other.token).listen(Accepted()), 20)


async def test_a_token_revoked_while_listening_ends_it_at_once(synapse: Synapse, bot: BotAccount) -> None:
    async with somebody(synapse) as user, User(bot.account) as owner:
        accepted = Accepted()
        task = asyncio.create_task(bot.platform().listen(accepted))
        room = await user.create_room(bot.account.user_id)
        await user.wait_for_member(room, bot.account.user_id)
        await accepted.message(await user.send(room, LINK))
        before = _requests(synapse)
        await owner.call("POST", "/v3/logout/all", {})
        with pytest.raises(LoginError):
            await asyncio.wait_for(task, 40)
        assert _requests(synapse) - before < 8


async def test_nobody_at_the_address_is_told_in_one_line(bot: BotAccount, unused_tcp_port: int) -> None:
    """The check does not wait for somebody to come."""
    platform = bot.platform(homeserver=f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(PlatformError, match="CAVEAT_MATRIX_HOMESERVER") as caught:
        await asyncio.wait_for(platform.check(), 20)
    assert "\n" not in str(caught.value)


async def test_a_homeserver_that_is_down_at_the_start_is_waited_for(tmp_path: Path) -> None:
    """A machine that was started anew has its bot up before its homeserver."""
    with Synapse() as server:
        bot = register_bot(server, tmp_path / "matrix")
        user = server.register("anna")
        await asyncio.to_thread(server.stop)
        with structlog.testing.capture_logs() as logged:
            async with listening(bot.platform()) as accepted, User(user) as anna:
                await _until(lambda: any(each.get("failures") == 2 for each in logged))
                await asyncio.to_thread(server.start)
                room = await anna.create_room(bot.account.user_id)
                await anna.wait_for_member(room, bot.account.user_id)
                await accepted.message(await anna.send(room, LINK))
    waits = [each for each in logged if each["event"] == "waiting_before_another_try"]
    assert [each["failures"].bit_count() for each in waits] == [1] * len(waits)  # ever more rarely


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_a_proxy_before_a_homeserver_that_is_away_is_waited_for(
    synapse: Synapse, bot: BotAccount, status: int
) -> None:
    proxy = Proxy(target=synapse.address, away=status)
    async with proxy.running(), somebody(synapse) as user:
        platform = bot.platform(homeserver=proxy.address)
        async with listening(platform) as accepted:
            await asyncio.wait_for(proxy.asked.wait(), 20)
            proxy.away = None
            room = await user.create_room(bot.account.user_id)
            await user.wait_for_member(room, bot.account.user_id)
            await accepted.message(await user.send(room, LINK))


async def test_a_password_that_is_wrong_is_told_once_the_homeserver_is_there(
    synapse: Synapse, bot: BotAccount
) -> None:
    proxy = Proxy(target=synapse.address, away=503)
    async with proxy.running():
        platform = bot.platform(homeserver=proxy.address, password="wrong")
        listener = asyncio.create_task(platform.listen(Accepted()))
        await asyncio.wait_for(proxy.asked.wait(), 20)
        proxy.away = None
        with pytest.raises(LoginError, match="CAVEAT_MATRIX_PASSWORD"):
            await asyncio.wait_for(listener, 20)


async def test_another_web_server_at_the_address_is_told(bot: BotAccount, unused_tcp_port: int) -> None:
    """A person has to mend that; but not at the first answer: a proxy that starts may know no way yet."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="<h1>It works!</h1>", content_type="text/html")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", page)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
    try:
        for settings in ({}, {"password": "", "token": "x"}):
            platform = bot.platform(homeserver=f"http://127.0.0.1:{unused_tcp_port}", **settings)
            with pytest.raises(SettingsError, match="CAVEAT_MATRIX_HOMESERVER"):
                await asyncio.wait_for(platform.listen(Accepted()), 20)
    finally:
        await runner.cleanup()


async def test_default_rate_limits_delay_answers_and_lose_none(tmp_path: Path) -> None:
    """Synapse allows a burst of ten messages, then one in five seconds; the pause it asks for is kept."""
    with Synapse(default_limits=True) as server:
        async with on_stage(server, tmp_path / "matrix") as stage:
            place = Place(channel=stage.channel, message_id=await stage.say(LINK))
            receipts = [await stage.platform.post(place, REPLY, f"key {n}") for n in range(11)]
            assert await stage.answers(place) == [receipt.message_id for receipt in receipts]


class _Failing(Accepted):
    """A queue that fails a few times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self._left = times
        self.failed = 0

    async def __call__(self, event: Incoming) -> None:
        if self._left:
            self._left -= 1
            self.failed += 1
            raise OSError("the disk is full")
        await super().__call__(event)


class _StuckState(MemoryTexts):
    """A disk on which the place is never saved: a process killed at that moment sees the same."""

    def __init__(self, place: str, name: str) -> None:
        super().__init__()
        self._values[name] = place
        self.reached = asyncio.Event()

    async def save(self, name: str, value: str) -> None:
        self.reached.set()
        await asyncio.Event().wait()


async def _until(condition: Callable[[], bool]) -> None:
    """Wait for what gives no event: a line of the log."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110  # a log wakes nobody; bounded
            await asyncio.sleep(0.01)


def _requests(server: Synapse) -> int:
    return server.log.read_text().count("Processed request:")
