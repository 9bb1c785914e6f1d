"""The Slack adapter, in both of its modes, against our own Slack on loopback."""

from __future__ import annotations

import asyncio
import io
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import pytest
import structlog
from slack_bolt.authorization import AuthorizeResult
from structlog.testing import capture_logs
from yarl import URL

from bot.errors import InconclusiveError, LoginError, PlatformError, SettingsError
from bot.model import Event, Incoming, Message, Place, Receipt
from bot.patience import Patience
from bot.platforms.slack import listening as slack_listening
from bot.platforms.slack.calls import RefusedError
from bot.platforms.slack.platform import SlackPlatform
from kb.errors import StoreError
from tests.contract.platform_suite import LINK, REPLY, Accepted, PlatformSuite, listening
from tests.servers import slack as fake
from tests.servers.slack import Person, SlackServer, Workspace
from tests.servers.slack_delivery import signature
from tests.unit.bot.extremes import EXTREMES, replies_about

pytestmark = pytest.mark.slow

REGISTERED = "registered.example"
QUICK = Patience(first=0.05, longest=0.2)


class Shaky(Accepted):
    """An `accept` that fails as often as told, as a full disk does."""

    failures = 0

    async def __call__(self, event: Incoming) -> None:
        """Take an event, or fail."""
        if self.failures:
            self.failures -= 1
            raise StoreError("the disk is full")
        await super().__call__(event)


@dataclass(kw_only=True)
class SlackStage:
    """A channel with somebody and the listening bot."""

    slack: SlackServer
    workspace: Workspace
    person: Person
    room: fake.Channel
    platform: SlackPlatform
    accepted: Accepted
    unknown_id: str = "1000000000.000001"

    @property
    def channel(self) -> str:
        """The channel's name for the bot."""
        return f"{self.workspace.id}/{self.room.id}"

    async def say(self, text: str) -> str:
        """The other person posts a message; gives its id."""
        return (await self.person.post(self.room, text)).ts

    async def delete(self, message_id: str) -> None:
        """The other person deletes their message."""
        await self.person.delete(self.room.messages[message_id])

    async def answers(self, place: Place) -> list[str]:
        """The ids of the bot's messages in the thread."""
        root = self.room.messages.get(place.root)
        replies = self.workspace.thread(root) if root else []
        return [each.ts for each in replies if each.by_app == self.slack.app.id]

    async def shown(self, message_id: str) -> tuple[str, int]:
        """What the message says, and how often the app edited it."""
        message = self.room.messages[message_id]
        edits = [call for call in self.slack.calls_of("chat.update") if call.error is None]
        return message.text, len(edits)

    async def handed_over(self) -> list[Event]:
        """Everything handed over once all that was delivered so far is over."""
        await self.slack.settled()
        return [*self.accepted.events]


def platform_for(slack: SlackServer, workspace: Workspace, mode: Any, **settings: Any) -> SlackPlatform:
    """The adapter for one workspace of a Slack, in a hurry."""
    given: dict[str, Any] = {
        "mode": mode,
        "bot_token": workspace.token,
        "app_token": slack.app.app_token,
        "signing_secret": slack.app.signing_secret,
        "api_url": slack.api_url,
        "unfurl_domains": (REGISTERED,),
        "post_seconds": 0.0,
        "ping_seconds": 0.2,
        "patience": QUICK,
    }
    return SlackPlatform(**given | settings)


async def reached(slack: SlackServer, platform: SlackPlatform) -> None:
    """Wait until Slack reaches the bot, in the way that it listens."""
    await asyncio.wait_for(platform.until_ready(), 10)
    if platform.request_url:
        await slack.use_http(platform.request_url)
    else:
        await slack.connected()


@asynccontextmanager
async def on_stage(mode: Any, **settings: Any) -> AsyncIterator[SlackStage]:
    """A Slack with one workspace, one channel, and the bot."""
    async with SlackServer() as slack:
        slack.app.unfurl_domains = (REGISTERED,)
        workspace = slack.workspace("newsroom")
        person = workspace.person("ann")
        room = workspace.channel("general", person)
        platform = platform_for(slack, workspace, mode, **settings)
        async with listening(platform) as accepted:
            await reached(slack, platform)
            yield SlackStage(
                slack=slack,
                workspace=workspace,
                person=person,
                room=room,
                platform=platform,
                accepted=accepted,
            )


@pytest.fixture(params=["socket", "http"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[SlackStage]:
    """A stage, in each of the two modes."""
    async with on_stage(request.param) as stage:
        yield stage


@pytest.fixture
async def http() -> AsyncIterator[SlackStage]:
    """A stage over HTTP, where the mode makes no difference."""
    async with on_stage("http") as stage:
        yield stage


class TestSlack(PlatformSuite):
    """Slack keeps the promises of the port."""


async def test_a_mention_asks_and_comes_as_one_event(stage: SlackStage) -> None:
    """Slack tells of a mention twice, as `message` and as `app_mention`; the queue drops the second."""
    message_id = await stage.say("@caveat is this true?")
    await stage.accepted.message(message_id)
    told = [event for event in await stage.handed_over() if event.id == message_id]
    assert len(told) == 2
    assert told[0] == told[1]
    assert isinstance(told[0], Message)
    assert (told[0].asked, told[0].text) == (True, "is this true?")


async def test_a_direct_message_asks(stage: SlackStage) -> None:
    direct = stage.workspace.direct(stage.person)
    message = await stage.accepted.message((await stage.person.post(direct, "Is the minister gone?")).ts)
    assert message.asked
    assert await stage.platform.read(message.channel, message.id) == message


async def test_a_link_in_a_group_conversation_does_not_ask(stage: SlackStage) -> None:
    bob = stage.workspace.person("bob")
    group = stage.workspace.direct(stage.person, bob)
    message = await stage.accepted.message((await bob.post(group, LINK)).ts)
    assert not message.asked


async def test_a_mention_in_a_thread_names_its_root(stage: SlackStage) -> None:
    root = await stage.say(LINK)
    asked = await stage.person.post(stage.room, "@caveat is this true?", thread_ts=root)
    message = await stage.accepted.message(asked.ts)
    assert (message.thread_id, message.links) == (root, ())
    assert await stage.platform.read(stage.channel, asked.ts) == message
    first = await stage.platform.read(stage.channel, root)
    assert first is not None
    assert (first.links, first.thread_id) == ((LINK,), None)
    place = Place(channel=stage.channel, message_id=asked.ts, thread_id=root)
    receipt = await stage.platform.post(place, REPLY, "key")
    assert await stage.answers(place) == [receipt.message_id]


async def test_an_edit_brings_the_links_that_it_adds_and_nothing_else_does(stage: SlackStage) -> None:
    first = await stage.say(LINK)
    message = stage.room.messages[first]
    await stage.person.edit(message, f"{LINK} – look!")
    stage.workspace.show_preview(message, "A story")
    await stage.person.edit(message, f"{LINK} and https://other.example/")
    edit = await stage.accepted.wait_for(lambda event: event.event != f"message:{first}")
    assert isinstance(edit, Message)
    assert (edit.id, edit.links) == (first, ("https://other.example/",))
    told = [event for event in await stage.handed_over() if event.id == first]
    assert len(told) == 2
    assert len({event.event for event in told}) == 2


async def test_a_deletion_above_a_thread_is_told(stage: SlackStage) -> None:
    """Slack leaves a tombstone there, which is a changed message."""
    root = await stage.say(LINK)
    await stage.person.post(stage.room, "thanks", thread_ts=root)
    await stage.delete(root)
    assert (await stage.accepted.deletion(root)).channel == stage.channel
    assert await stage.platform.read(stage.channel, root) is None


async def test_talk_and_other_apps_and_notices_are_left_alone(stage: SlackStage) -> None:
    robot = stage.workspace.person("robot", bot=True)
    await stage.person.let_in(stage.room, robot.user)
    await stage.say("Good morning, everybody.")
    await robot.post(stage.room, f"@caveat {LINK}")
    await stage.person.react(stage.room.messages[await stage.say("Hello")], "eyes")
    await stage.person.open_home()
    assert await stage.handed_over() == []
    assert all(each.acked and len(each.attempts) == 1 for each in stage.slack.deliveries)


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_what_could_not_be_stored_is_delivered_again(mode: str) -> None:
    """The event is acknowledged once it is stored, and not before."""
    async with SlackServer(ack_seconds=0.5) as slack:
        workspace = slack.workspace("newsroom")
        ann = workspace.person("ann")
        platform, accept = platform_for(slack, workspace, mode), Shaky()
        accept.failures = 2
        accept.listener = asyncio.create_task(platform.listen(accept))
        await reached(slack, platform)
        await accept.message((await ann.post(workspace.channel("general", ann), LINK)).ts)
        await slack.settled()
        await accept.stop()
        [delivery] = slack.deliveries
        assert [attempt.failure is None for attempt in delivery.attempts] == [False, False, True]


async def test_a_repeated_delivery_is_the_same_event(stage: SlackStage) -> None:
    await stage.accepted.message(await stage.say(LINK))
    await stage.slack.settled()
    await stage.slack.deliver_again(stage.slack.deliveries[0], times=3)
    assert len(await stage.handed_over()) == 4
    assert len({event.event for event in stage.accepted.events}) == 1


async def test_the_answer_carries_its_key_and_shows_no_preview_of_its_own(
    http: SlackStage, http_place: Place
) -> None:
    reply = replace(REPLY, lead="Same <!channel> story & more", feedback=True)
    receipt = await http.platform.post(http_place, reply, "key")
    [call] = http.slack.calls_of("chat.postMessage")
    assert {call.arguments[name] for name in ("unfurl_links", "unfurl_media")} <= {False, "0", "False"}
    message = http.room.messages[receipt.message_id]
    assert message.metadata == {"event_type": "caveat_answer", "event_payload": {"key": "key"}}
    assert "Same &lt;!channel&gt; story &amp; more" in message.text
    assert message.blocks[0]["text"]["text"] == "Same <!channel> story & more"
    assert message.blocks[0]["text"]["type"] == "plain_text"


async def test_a_rate_limit_is_waited_out(http: SlackStage, http_place: Place) -> None:
    http.slack.faults.limit("chat.postMessage", retry_after=0)
    await http.platform.post(http_place, REPLY, "key")
    assert [call.status for call in http.slack.calls_of("chat.postMessage")] == [429, 200]
    assert len(await http.answers(http_place)) == 1


async def test_a_rate_limit_without_end_is_given_up_for_now(http: SlackStage, http_place: Place) -> None:
    http.slack.faults.limit("chat.postMessage", times=3, retry_after=0)
    with pytest.raises(PlatformError, match="ratelimited"):
        await http.platform.post(http_place, REPLY, "key")


async def test_answers_in_one_channel_keep_their_distance() -> None:
    async with on_stage("http", post_seconds=1.0) as stage:
        stage.slack.faults.post_interval = 0.9
        place = Place(channel=stage.channel, message_id=await stage.say(LINK))
        await asyncio.gather(*(stage.platform.post(place, REPLY, f"key {each}") for each in range(3)))
        assert [call.status for call in stage.slack.calls_of("chat.postMessage")] == [200] * 3


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        ("not_in_channel", RefusedError),
        ("channel_not_found", RefusedError),
        ("is_archived", RefusedError),
        ("missing_scope", RefusedError),
        ("token_revoked", LoginError),
        ("invalid_auth", LoginError),
        ("account_inactive", LoginError),
        ("internal_error", PlatformError),
        ("something_new", PlatformError),
    ],
)
async def test_a_refused_post_says_whether_another_try_helps(
    http: SlackStage, http_place: Place, error: str, raised: type[Exception]
) -> None:
    """PlatformError is tried again; the others are not, for that would be a storm without end."""
    http.slack.faults.refuse("chat.postMessage", error)
    with pytest.raises(raised, match=error):
        await http.platform.post(http_place, REPLY, "key")
    assert not issubclass(RefusedError, PlatformError)
    assert len(http.slack.calls_of("chat.postMessage")) == 1


async def test_a_gateway_that_breaks_down_is_worth_another_try(http: SlackStage, http_place: Place) -> None:
    for method in ("chat.postMessage", "conversations.replies", "conversations.history", "chat.delete"):
        http.slack.faults.break_down(method)
    with pytest.raises(PlatformError):
        await http.platform.post(http_place, REPLY, "key")
    with pytest.raises(PlatformError):
        await http.platform.find(http_place, "key")
    with pytest.raises(PlatformError):
        await http.platform.read(http.channel, http_place.message_id)
    with pytest.raises(PlatformError):
        await http.platform.withdraw(Receipt(channel=http.channel, message_id="1.000001"))


async def test_a_lost_answer_to_a_post_is_not_posted_again_by_itself(
    http: SlackStage, http_place: Place
) -> None:
    pause = http.slack.faults.pause("chat.postMessage", done=True)
    posting = asyncio.create_task(http.platform.post(http_place, REPLY, "key"))
    await pause.reached()
    pause.drop()
    with pytest.raises(PlatformError):
        await posting
    assert len(await http.answers(http_place)) == 1
    found = await http.platform.find(http_place, "key")
    assert found is not None
    assert [found.message_id] == await http.answers(http_place)


async def test_a_long_thread_is_looked_through(http: SlackStage, http_place: Place) -> None:
    for number in range(230):
        await http.person.post(http.room, f"and {number}", thread_ts=http_place.root)
    receipt = await http.platform.post(http_place, REPLY, "key")
    assert await http.platform.find(http_place, "key") == receipt


async def test_somebody_elses_message_with_our_key_is_not_our_answer(
    http: SlackStage, http_place: Place
) -> None:
    message = await http.person.post(http.room, "gotcha", thread_ts=http_place.root)
    message.metadata = {"event_type": "caveat_answer", "event_payload": {"key": "key"}}
    assert await http.platform.find(http_place, "key") is None


async def test_an_answer_whose_root_is_gone_is_found(http: SlackStage, http_place: Place) -> None:
    """Slack posts it outside any thread then."""
    lost = replace(http_place, thread_id=http.unknown_id)
    receipt = await http.platform.post(lost, REPLY, "key")
    assert await http.platform.find(lost, "key") == receipt
    assert await http.platform.find(lost, "another key") is None


async def test_where_the_bot_may_not_look_it_cannot_tell(http: SlackStage, http_place: Place) -> None:
    await http.person.remove_app(http.room)
    with pytest.raises(InconclusiveError, match="not_in_channel"):
        await http.platform.find(http_place, "key")
    assert await http.platform.read(http.channel, http_place.message_id) is None


@pytest.fixture
async def http_place(http: SlackStage) -> Place:
    """A message with a link, posted by somebody else."""
    message_id = await http.say(LINK)
    await http.accepted.message(message_id)
    return Place(channel=http.channel, message_id=message_id)


async def test_a_registered_domains_link_is_answered_below_it_alone(stage: SlackStage) -> None:
    url = f"https://{REGISTERED}/story?a=1&b=2"
    message_id = await stage.say(f"See {url} !")
    event = await stage.accepted.message(message_id)
    assert await stage.handed_over() == [event]
    assert (event.links, event.asked) == ((url,), False)
    assert event.unfurl is not None
    place = Place(channel=event.channel, message_id=event.id, unfurl=event.unfurl)
    receipt = await stage.platform.post(place, replace(REPLY, feedback=True), "key")
    [preview] = stage.room.messages[message_id].unfurls.values()
    assert preview["blocks"][0]["text"]["text"] == REPLY.lead
    assert stage.slack.calls_of("chat.postMessage") == []
    assert await stage.platform.find(place, "key") is None
    await stage.person.press(stage.room.messages[message_id], "caveat_helpful")
    assert [vote.answer_id for vote in stage.accepted.feedback] == [receipt.message_id]
    await stage.platform.withdraw(receipt)
    assert await stage.handed_over() == [event]


async def test_who_asks_about_a_registered_domains_link_is_answered(stage: SlackStage) -> None:
    url = f"https://{REGISTERED}/story"
    message_id = await stage.say(f"@caveat {url} ?")
    await stage.accepted.wait_for(lambda event: event.event == f"message:{message_id}")
    asked = next(event for event in stage.accepted.messages if event.event == f"message:{message_id}")
    assert (asked.asked, asked.links) == (True, (url,))


async def test_a_thread_below_a_registered_link_or_another_apps_post_can_be_asked_about(
    http: SlackStage,
) -> None:
    url = f"https://{REGISTERED}/story"
    feed = http.workspace.person("feed", bot=True)
    await feed.join(http.room)
    for post in (await http.person.post(http.room, url), await feed.post(http.room, url)):
        root = await http.platform.read(http.channel, post.ts)
        assert root is not None
        assert root.links == (url,)


async def test_two_registered_links_get_a_preview_each(stage: SlackStage) -> None:
    urls = [f"https://{REGISTERED}/{number}" for number in (1, 2)]
    message_id = await stage.say(" ".join(urls))
    await stage.accepted.message(message_id)
    events = stage.accepted.messages
    assert [event.links for event in events] == [(url,) for url in urls]
    assert len({event.event for event in events}) == 2
    for event in events:
        place = Place(channel=event.channel, message_id=event.id, unfurl=event.unfurl)
        await stage.platform.post(place, REPLY, "key")
    assert list(stage.room.messages[message_id].unfurls) == urls


async def test_a_link_in_a_draft_is_answered_below_it(stage: SlackStage) -> None:
    url = f"https://{REGISTERED}/story"
    draft = await stage.person.compose(f"See {url}")
    event = await stage.accepted.message(draft.ts)
    assert (event.channel, event.links) == (f"{stage.workspace.id}/COMPOSER", (url,))
    place = Place(channel=event.channel, message_id=event.id, unfurl=event.unfurl)
    receipt = await stage.platform.post(place, REPLY, "key")
    assert list(draft.unfurls) == [url]
    assert await stage.platform.find(replace(place, unfurl=None), "key") is None
    assert await stage.platform.read(event.channel, event.id) is None
    await stage.platform.withdraw(receipt)


async def test_a_link_that_is_gone_by_now_gets_no_preview_and_no_other_try(stage: SlackStage) -> None:
    message_id = await stage.say(f"https://{REGISTERED}/story")
    event = await stage.accepted.message(message_id)
    await stage.delete(message_id)
    place = Place(channel=event.channel, message_id=event.id, unfurl=event.unfurl)
    receipt = await stage.platform.post(place, REPLY, "key")
    assert receipt.message_id.startswith("unfurl:")
    assert len(stage.slack.calls_of("chat.unfurl")) == 1


@pytest.mark.parametrize(("button", "helpful"), [("caveat_helpful", True), ("caveat_other_story", False)])
async def test_a_pressed_button_is_feedback(stage: SlackStage, button: str, helpful: bool) -> None:
    place = Place(channel=stage.channel, message_id=await stage.say(LINK))
    receipt = await stage.platform.post(place, replace(REPLY, feedback=True), "key")
    pressed = await stage.person.press(stage.room.messages[receipt.message_id], button)
    assert pressed.acked
    [vote] = stage.accepted.feedback
    assert (vote.channel, vote.answer_id, vote.helpful) == (stage.channel, receipt.message_id, helpful)
    assert vote.sender == f"{stage.workspace.id}/{stage.person.id}"


@pytest.mark.parametrize(
    "forged", [{"secret": "another"}, {"age": 301.0}, {"headers": {"X-Slack-Request-Timestamp": "x"}}]
)
async def test_a_forged_or_stale_request_is_refused(http: SlackStage, forged: dict[str, Any]) -> None:
    await http.accepted.message(await http.say(LINK))
    payload = http.slack.deliveries[0].payload
    status, _, _ = await http.slack.http.post("events_api", payload, **forged)
    assert status == 401
    assert len(http.accepted.events) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"\xff", 401),
        (b"x" * (2**20 + 1), 413),
        (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, 400),
        (b"[" * 100_000, 400),
        (b'{"a": ' + b"9" * 5000 + b"}", 400),
        *(
            (b'{"type": "event_callback", "team_id": "T1", ' + part + b"}", 400)
            for part in (
                *(b'"event": []', b'"event": "message"', b'"event": 5', b'"event": {"type": ["message"]}'),
                *(b'"authorizations": {}', b'"authorizations": [1]', b'"actions": ["a"]', b'"view": []'),
                *(b'"container": "a"', b'"message": []', b'"team_id": []', b'"type": {}'),
            )
        ),
    ],
    ids=lambda value: ascii(value[:60]) if isinstance(value, bytes) else value,
)
async def test_a_body_that_cannot_be_read_is_refused(
    http: SlackStage, body: bytes, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is sent, nothing is raised: Slack would deliver it again and again."""
    stamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(http.slack.app.signing_secret, body, stamp),
    }
    url = http.platform.request_url
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=io.BytesIO(body), headers=headers) as response,
    ):
        assert response.status == status
    assert not caplog.records


@pytest.mark.parametrize(
    "stamp", ["", "x", "nan", "inf", "-1", "1e9", "9" * 4000, "9" * 5000, "-" + "9" * 4000, "٣" * 10, "1_0"]
)
@pytest.mark.parametrize("body", [b"{}", b"[" * 100_000, b'{"event": []}'], ids=["empty", "deep", "odd"])
async def test_what_is_not_signed_is_refused_whatever_stands_in_it(
    http: SlackStage, stamp: str, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": "v0=" + "0" * 64}
    async with (
        aiohttp.ClientSession() as session,
        session.post(http.platform.request_url, data=io.BytesIO(body), headers=headers) as response,
    ):
        assert response.status == 401
    assert not caplog.records


async def test_a_body_that_breaks_off_is_one_line_in_the_log(
    http: SlackStage, caplog: pytest.LogCaptureFixture
) -> None:
    url = URL(http.platform.request_url)
    with capture_logs() as told:
        reader, writer = await asyncio.open_connection(url.host, url.port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{")
        writer.write_eof()
        await reader.read()  # until the other side has seen the end
        writer.close()
        await http.accepted.message(await http.say(LINK))
    assert [each["reason"] for each in told if "reason" in each] == ["it broke off"]
    assert not caplog.records


@pytest.mark.parametrize("error", ["msg_too_long", "msg_blocks_too_long", "invalid_blocks"])
async def test_what_slack_finds_too_much_is_said_in_few_words(
    http: SlackStage, http_place: Place, error: str
) -> None:
    """An answer that is cut is better than none, and it stays under its key."""
    http.slack.faults.refuse("chat.postMessage", error)
    long = replace(REPLY, summary="word " * 300)
    receipt = await http.platform.post(http_place, long, "key")
    said = http.room.messages[receipt.message_id]
    assert REPLY.lead in said.text
    assert (said.blocks, len(said.text) < 1000) == ([], True)
    assert await http.platform.find(http_place, "key") == receipt
    http.slack.faults.refuse("chat.update", error)
    await http.platform.amend(receipt, replace(long, lead="Another lead."), "key", 2)
    assert "Another lead." in http.room.messages[receipt.message_id].text
    assert http.room.messages[receipt.message_id].blocks == []


@pytest.mark.parametrize("name", ["cyrillic", "emoji", "at cyrillic", "at ampersands", "at emoji"])
async def test_every_answer_about_an_extreme_entry_is_posted(
    http: SlackStage, http_place: Place, name: str
) -> None:
    for number, reply in enumerate(replies_about(EXTREMES[name])):
        receipt = await http.platform.post(http_place, reply, f"key {number}")
        assert http.room.messages[receipt.message_id].blocks
    assert not [call for call in http.slack.calls_of("chat.postMessage") if call.error]


async def test_another_workspaces_events_are_not_taken(stage: SlackStage) -> None:
    """The token of the settings is good for one workspace; the others' events are not asked for again."""
    other = stage.slack.workspace("elsewhere")
    bob = other.person("bob")
    await bob.post(other.channel("general", bob), LINK)
    assert await stage.handed_over() == []
    assert [len(each.attempts) for each in stage.slack.deliveries] == [1]


async def test_a_torn_socket_is_replaced_and_nothing_is_lost() -> None:
    async with on_stage("socket") as stage:
        stage.slack.pace.retry_scale = 0.02
        stage.slack.sockets.drop()
        await stage.accepted.message(await stage.say(LINK))


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_the_end_of_listening_leaves_nothing_behind(mode: str) -> None:
    """No connection, no task, and the process's signals as they were."""
    async with SlackServer() as slack:
        platform, accept = platform_for(slack, slack.workspace("newsroom"), mode), Accepted()
        before, handler = asyncio.all_tasks(), signal.getsignal(signal.SIGINT)
        accept.listener = asyncio.create_task(platform.listen(accept))
        await reached(slack, platform)
        assert signal.getsignal(signal.SIGINT) == handler
        await accept.stop()
        await slack.wait_for(lambda: not slack.sockets.connections)
        ours = [
            task
            for task in asyncio.all_tasks() - before
            if "slack_sdk" in repr(task) or "uvicorn" in repr(task)
        ]
        assert ours == []


async def test_a_dead_socket_is_noticed() -> None:
    async with on_stage("socket") as stage:
        stage.slack.sockets.freeze()
        await stage.slack.wait_for(lambda: any(not each.frozen for each in stage.slack.sockets.connections))


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_refused_bot_token_ends_the_start(mode: str) -> None:
    async with SlackServer() as slack:
        workspace = slack.workspace("newsroom")
        platform = platform_for(slack, workspace, mode, bot_token="xoxb-unknown")
        with pytest.raises(LoginError, match="invalid_auth"):
            await platform.listen(Accepted())
        with pytest.raises(LoginError, match="invalid_auth"):
            await platform.check()


async def test_a_refused_app_token_ends_the_listening_without_a_storm() -> None:
    async with SlackServer() as slack:
        platform = platform_for(slack, slack.workspace("newsroom"), "socket", app_token="xapp-unknown")
        with pytest.raises(LoginError, match="CAVEAT_SLACK_APP_TOKEN"):
            await asyncio.wait_for(platform.listen(Accepted()), 5)
        assert len(slack.calls_of("apps.connections.open")) == 1


async def test_an_app_token_that_is_refused_later_ends_the_listening_too() -> None:
    async with SlackServer() as slack:
        platform = platform_for(slack, slack.workspace("newsroom"), "socket")
        listener = asyncio.create_task(platform.listen(Accepted()))
        await slack.connected()
        slack.faults.refuse("apps.connections.open", "token_revoked", times=100)
        slack.sockets.drop()
        with pytest.raises(LoginError, match="token_revoked"):
            await asyncio.wait_for(listener, 5)
        assert len(slack.calls_of("apps.connections.open")) == 2


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_slack_that_is_away_at_the_start_is_waited_for(mode: str, unused_tcp_port: int) -> None:
    """A bot that starts before its network does is no bot that must be started again by hand."""
    slack = SlackServer(port=unused_tcp_port)
    workspace = slack.workspace("newsroom")
    ann = workspace.person("ann")
    room = workspace.channel("general", ann)
    platform = platform_for(slack, workspace, mode, api_url=f"http://127.0.0.1:{unused_tcp_port}/api/")
    with structlog.testing.capture_logs() as logged:
        async with listening(platform) as accepted:
            with pytest.raises(PlatformError, match="cannot be reached"):
                await platform.check()
            async with slack:
                await reached(slack, platform)
                await accepted.message((await ann.post(room, LINK)).ts)
    assert [each["event"] for each in logged].count("waiting_before_another_try") >= 1


@pytest.mark.parametrize(
    ("mode", "method"), [("socket", "auth.test"), ("http", "auth.test"), ("socket", "apps.connections.open")]
)
@pytest.mark.parametrize("how", ["503", "429", "internal_error"])
async def test_a_slack_that_fails_at_the_start_is_asked_again(mode: str, method: str, how: str) -> None:
    async with SlackServer() as slack:
        workspace = slack.workspace("newsroom")
        ann = workspace.person("ann")
        match how:
            case "503":
                slack.faults.break_down(method, times=3)
            case "429":
                slack.faults.limit(method, times=7, retry_after=0)
            case _:
                slack.faults.refuse(method, how, times=3)
        platform = platform_for(slack, workspace, mode)
        async with listening(platform) as accepted:
            await reached(slack, platform)
            await accepted.message((await ann.post(workspace.channel("general", ann), LINK)).ts)
        assert len(slack.calls_of(method)) >= 4


async def test_a_socket_whose_address_went_stale_is_given_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK itself would try the same one for ever, which Slack takes once."""
    monkeypatch.setattr(slack_listening, "_FRESH_SECONDS", 0.5)
    async with SlackServer() as slack:
        workspace = slack.workspace("newsroom")
        platform = platform_for(slack, workspace, "socket")
        slack.sockets.forget_tickets()
        async with listening(platform):
            await slack.wait_for(lambda: len(slack.calls_of("apps.connections.open")) >= 2)
            slack.sockets.forget_tickets(no_more=True)
            await slack.connected()


async def test_a_taken_port_is_told_by_its_setting(http: SlackStage) -> None:
    port = int(http.platform.request_url.split(":")[2].split("/")[0])
    second = platform_for(http.slack, http.workspace, "http", port=port)
    with pytest.raises(SettingsError, match="CAVEAT_SLACK_PORT"):
        await second.listen(Accepted())
    await http.accepted.stop()
    again = asyncio.create_task(second.listen(Accepted()))
    await asyncio.wait_for(second.until_ready(), 5)
    again.cancel()
    await asyncio.gather(again, return_exceptions=True)


async def test_the_check_says_as_whom_or_which_scopes_are_lacking(stage: SlackStage) -> None:
    assert "caveat in newsroom" in await stage.platform.check()
    stage.workspace.grant.scopes.discard("links:write")
    with pytest.raises(SettingsError, match="links:write"):
        await stage.platform.check()


async def test_the_workspace_of_the_token_is_the_bots_own(stage: SlackStage) -> None:
    assert stage.platform.is_own(stage.channel)
    assert not stage.platform.is_own(f"TOTHER/{stage.room.id}")


async def test_many_workspaces_are_served_with_a_token_each() -> None:
    """None of them is the bot's own: anybody may install the app."""
    async with SlackServer() as slack:
        teams = {team.id: team for team in (slack.workspace("one"), slack.workspace("two"))}

        async def token_for(team: str) -> str | None:
            return teams[team].token if team in teams else None

        async def authorize(team_id: str) -> AuthorizeResult:
            bot = teams[team_id].team.bot
            known = {"bot_user_id": bot.id, "bot_id": bot.bot_id, "bot_token": teams[team_id].token}
            return AuthorizeResult(enterprise_id=None, team_id=team_id, **known)

        many = {"bot_token": "", "authorize": {"authorize": authorize}, "token_for": token_for}
        platform = platform_for(slack, teams[next(iter(teams))], "http", **many)
        async with listening(platform) as accepted:
            await reached(slack, platform)
            for team in teams.values():
                ann = team.person("ann")
                room = team.channel("general", ann)
                message = await accepted.message((await ann.post(room, LINK)).ts)
                place = Place(channel=message.channel, message_id=message.id)
                assert await platform.post(place, REPLY, "key") == await platform.find(place, "key")
                assert len(team.by_app(room)) == 1
                assert not platform.is_own(message.channel)
        with pytest.raises(LoginError, match="not installed"):
            await platform.post(Place(channel="T404/C1", message_id="1.000001"), REPLY, "key")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"mode": "socket", "bot_token": "xoxb-1"}, "CAVEAT_SLACK_APP_TOKEN"),
        ({"mode": "http", "bot_token": "xoxb-1"}, "CAVEAT_SLACK_SIGNING_SECRET"),
        ({"mode": "socket", "app_token": "xapp-1"}, "CAVEAT_SLACK_BOT_TOKEN"),
    ],
)
def test_settings_that_are_lacking_are_named(given: dict[str, Any], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        SlackPlatform(**given)
