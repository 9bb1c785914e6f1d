"""The test Slack itself: the real slack_bolt runs against it, over HTTP and in Socket Mode."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest, AsyncRespond, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

from tests.servers.slack import Channel, Person, SlackServer, Workspace

Json = dict[str, Any]
MODAL = {
    "type": "modal",
    "callback_id": "why",
    "title": {"type": "plain_text", "text": "Why?"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "b",
            "label": {"type": "plain_text", "text": "Say"},
            "element": {"type": "plain_text_input", "action_id": "a"},
        }
    ],
}
BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Why?"}, "action_id": "why", "value": "7"}
BUTTONS = [{"type": "actions", "elements": [BUTTON]}]


@pytest.fixture
def app(slack: SlackServer, client: AsyncWebClient) -> AsyncApp:
    """A Bolt app that has no listeners yet."""
    return AsyncApp(client=client, signing_secret=slack.app.signing_secret)


@asynccontextmanager
async def served(handle: Callable[[web.Request], Any]) -> AsyncIterator[str]:
    """Serve a request URL on loopback."""
    site = web.Application()
    site.add_routes([web.post("/slack/events", handle)])
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}/slack/events"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def over_http(slack: SlackServer, app: AsyncApp) -> AsyncIterator[None]:
    """Run a Bolt app behind a request URL."""

    async def handle(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    async with served(handle) as url:
        await slack.use_http(url)
        yield


@asynccontextmanager
async def over_socket(slack: SlackServer, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    """Run a Bolt app in Socket Mode."""
    handler = AsyncSocketModeHandler(app, slack.app.app_token, ping_interval=0.2)
    already = slack.sockets.opened
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    try:
        await slack.wait_for(lambda: slack.sockets.opened > already)
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped


@pytest.fixture(params=[over_http, over_socket])
async def running(request: pytest.FixtureRequest, slack: SlackServer, app: AsyncApp) -> AsyncIterator[None]:
    """The app, reached in each of the two ways; listeners may be added afterwards."""
    async with request.param(slack, app):
        yield


def answers_every_message(app: AsyncApp) -> None:
    """Let the app reply to what people post."""

    async def reply(event: Json, say: AsyncSay) -> None:
        if "subtype" not in event:
            await say(text=f"You said: {event['text']}", thread_ts=event["ts"])

    app.event("message")(reply)


@pytest.mark.usefixtures("running")
async def test_a_message_is_answered_in_its_thread_and_the_answer_is_no_new_question(
    slack: SlackServer, app: AsyncApp, workspace: Workspace, ann: Person, general: Channel
) -> None:
    answers_every_message(app)
    question = await ann.post(general, "Is it so?")
    [answer] = await slack.wait_for(lambda: workspace.thread(question))
    assert (answer.text, answer.by_app) == ("You said: Is it so?", slack.app.id)
    await slack.settled()
    assert [len(each.attempts) for each in slack.deliveries] == [1, 1]
    assert len(workspace.by_app(general)) == 1


@pytest.mark.usefixtures("running")
async def test_a_command_is_answered_at_once_and_later(
    slack: SlackServer, app: AsyncApp, workspace: Workspace, ann: Person, general: Channel
) -> None:
    asked: list[Json] = []

    async def caveat(ack: AsyncAck, command: Json, respond: AsyncRespond) -> None:
        asked.append(command)
        await ack("Looking …")
        await respond("Nothing yet.")
        await respond({"text": "Found.", "response_type": "in_channel"})

    app.command("/caveat")(caveat)
    delivery = await ann.command(general, "/caveat", "check https://news.example")
    assert delivery.acked
    await slack.wait_for(lambda: workspace.by_app(general))
    assert asked[0]["text"] == "check <https://news.example>"
    assert asked[0]["user_id"] == ann.id
    assert sorted(each.text for each in workspace.ephemerals(ann)) == ["Looking …", "Nothing yet."]
    assert [each.text for each in workspace.by_app(general)] == ["Found."]


@pytest.mark.usefixtures("running")
async def test_a_button_opens_a_modal_whose_errors_keep_it_open(
    slack: SlackServer, app: AsyncApp, workspace: Workspace, ann: Person, general: Channel
) -> None:
    async def why(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    async def said(ack: AsyncAck, view: Json) -> None:
        value = view["state"]["values"]["b"]["a"]["value"]
        if value == "no":
            await ack(response_action="errors", errors={"b": "Say more."})
        else:
            await ack()

    app.action("why")(why)
    app.view("why")(said)
    posted = await app.client.chat_postMessage(channel=general.id, text="x", blocks=BUTTONS)
    pressed = await ann.press(general.messages[posted["ts"]], "why")
    assert pressed.payload["actions"][0]["value"] == "7"
    assert pressed.payload["container"]["message_ts"] == posted["ts"]
    [view] = await slack.wait_for(lambda: workspace.views(ann))
    await ann.submit(view, {"b": {"a": {"type": "plain_text_input", "value": "no"}}})
    assert (view.opened, view.errors) == (True, {"b": "Say more."})
    await ann.submit(view, {"b": {"a": {"type": "plain_text_input", "value": "yes"}}})
    assert (view.opened, view.errors) == (False, {})


@pytest.mark.usefixtures("running")
async def test_a_shortcut_brings_its_message(app: AsyncApp, ann: Person, general: Channel) -> None:
    brought: list[Json] = []

    async def check(ack: AsyncAck, shortcut: Json) -> None:
        brought.append(shortcut)
        await ack()

    app.shortcut("check")(check)
    message = await ann.post(general, "Is it so?")
    assert (await ann.shortcut(message, "check")).acked
    assert brought[0]["message"]["text"] == "Is it so?"
    assert brought[0]["channel"]["id"] == general.id


@pytest.mark.usefixtures("running")
async def test_an_event_that_nobody_handles_is_delivered_four_times_and_a_catch_all_ends_that(
    slack: SlackServer, app: AsyncApp, ann: Person, general: Channel
) -> None:
    slack.pace.ack_seconds = 0.3
    await ann.post(general, "Is it so?")
    await slack.settled()
    [unhandled] = slack.deliveries
    assert [attempt.number for attempt in unhandled.attempts] == [0, 1, 2, 3]
    assert not unhandled.acked

    async def catch_all() -> None:
        pass

    slack.pace.ack_seconds = 3.0
    app.event(re.compile(".*"))(catch_all)
    await ann.post(general, "Is it so?")
    await slack.settled()
    assert len(slack.deliveries[-1].attempts) == 1


@pytest.mark.usefixtures("running")
async def test_bolt_acknowledges_an_event_before_its_listener_has_run(
    slack: SlackServer, app: AsyncApp, ann: Person, general: Channel
) -> None:
    begun, go, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        begun.set()
        await go.wait()
        done.set()

    app.event("message")(slow)
    await ann.post(general, "Is it so?")
    await asyncio.wait_for(begun.wait(), 5)
    await slack.settled()
    assert slack.deliveries[0].acked
    assert not done.is_set()
    go.set()
    await asyncio.wait_for(done.wait(), 5)


@pytest.mark.usefixtures("running")
async def test_bolt_hands_the_same_event_over_each_time_that_it_is_delivered(
    slack: SlackServer, app: AsyncApp, workspace: Workspace, ann: Person, general: Channel
) -> None:
    answers_every_message(app)
    question = await ann.post(general, "Is it so?")
    await slack.wait_for(lambda: slack.deliveries[0].over)
    await slack.deliver_again(slack.deliveries[0], times=3)
    await slack.wait_for(lambda: len(workspace.thread(question)) == 4)


async def test_a_first_delivery_in_socket_mode_looks_like_a_retry_to_bolt(
    slack: SlackServer, app: AsyncApp, ann: Person, general: Channel
) -> None:
    seen: list[Any] = []

    async def note(req: AsyncBoltRequest, next: Callable[[], Any]) -> None:  # noqa: A002 - Bolt names it so
        seen.append(req.headers.get("x-slack-retry-num"))
        await next()

    app.use(note)
    answers_every_message(app)
    async with over_socket(slack, app):
        await ann.post(general, "Is it so?")
        await slack.wait_for(lambda: seen)
    assert seen[0] == ["0"]


async def test_a_dropped_socket_is_replaced_and_the_event_comes_by_a_retry(
    slack: SlackServer, app: AsyncApp, workspace: Workspace, ann: Person, general: Channel
) -> None:
    slack.pace.retry_scale = 0.01
    answers_every_message(app)
    async with over_socket(slack, app):
        slack.sockets.drop()
        question = await ann.post(general, "Is it so?")
        assert not slack.sockets.connections
        await slack.wait_for(lambda: workspace.thread(question))
        await slack.settled()
        assert slack.deliveries[0].attempts[-1].reason == "timeout"


async def test_the_client_reconnects_when_slack_wants_it_to(
    slack: SlackServer, app: AsyncApp, workspace: Workspace, ann: Person, general: Channel
) -> None:
    answers_every_message(app)
    async with over_socket(slack, app):
        await slack.sockets.disconnect("warning")
        await slack.wait_for(lambda: slack.sockets.opened == 2)
        await slack.sockets.disconnect("refresh_requested")
        await slack.wait_for(lambda: slack.sockets.opened >= 3 and slack.sockets.connections)
        question = await ann.post(general, "Is it so?")
        await slack.wait_for(lambda: workspace.thread(question))


async def test_the_client_notices_that_a_socket_is_dead(slack: SlackServer, app: AsyncApp) -> None:
    async with over_socket(slack, app):
        await slack.wait_for(lambda: slack.sockets.connections[0].pings)
        slack.sockets.freeze()
        await slack.wait_for(lambda: any(not each.frozen for each in slack.sockets.connections))


async def test_an_event_goes_to_one_of_several_connections(
    slack: SlackServer, app: AsyncApp, workspace: Workspace, ann: Person, general: Channel
) -> None:
    answers_every_message(app)
    async with over_socket(slack, app), over_socket(slack, app):
        questions = [await ann.post(general, "Is it so?") for _ in range(4)]
        await slack.wait_for(lambda: all(workspace.thread(each) for each in questions))
        await slack.settled()
        assert [connection.envelopes for connection in slack.sockets.connections] == [4, 4]


async def test_an_address_of_socket_mode_is_good_for_one_connection(slack: SlackServer) -> None:
    client = AsyncWebClient(base_url=slack.api_url)
    url = (await client.apps_connections_open(app_token=slack.app.app_token))["url"]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_an_eleventh_connection_is_turned_away(slack: SlackServer) -> None:
    async with aiohttp.ClientSession() as session:
        ten = [await session.ws_connect(slack.sockets.new_url()) for _ in range(10)]
        await slack.connected(count=10)
        assert not any(each.closed for each in ten)
        eleventh = await session.ws_connect(slack.sockets.new_url())
        assert (await eleventh.receive_json())["reason"] == "too_many_websockets"


@pytest.mark.parametrize("forged", [{"secret": "another"}, {"age": 301.0}])
async def test_a_forged_or_stale_request_is_refused_by_bolt(
    slack: SlackServer, app: AsyncApp, ann: Person, general: Channel, forged: dict[str, Any]
) -> None:
    async with over_http(slack, app):
        answers_every_message(app)
        await ann.post(general, "Is it so?")
        await slack.settled()
        assert slack.deliveries[0].acked
        status, _, _ = await slack.http.post("events_api", slack.deliveries[0].payload, **forged)
        assert status == 401


async def test_a_url_that_fails_the_challenge_is_not_used(slack: SlackServer) -> None:
    async def handle(_: web.Request) -> web.Response:
        return web.json_response({"challenge": "another"})

    async with served(handle) as url:
        with pytest.raises(AssertionError, match="challenge"):
            await slack.use_http(url)
    assert slack.app.request_url is None


class Endpoint:
    """A request URL that answers as told, and remembers the requests."""

    def __init__(self, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.status = status
        self.headers = headers or {}
        self.held: asyncio.Event | None = None
        self.requests: list[tuple[str | None, str | None, Json]] = []

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request."""
        retry = request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")
        self.requests.append((*retry, await request.json()))
        if self.held:
            await self.held.wait()
        return web.Response(status=self.status, headers=self.headers)


async def test_a_failing_url_gets_the_same_event_three_times_more(
    slack: SlackServer, ann: Person, general: Channel
) -> None:
    endpoint = Endpoint(status=500)
    async with served(endpoint.handle) as slack.app.request_url:
        await ann.post(general, "Is it so?")
        await slack.settled()
    assert [each[:2] for each in endpoint.requests] == [
        (None, None),
        ("1", "http_error"),
        ("2", "http_error"),
        ("3", "http_error"),
    ]
    assert len({each[2]["event_id"] for each in endpoint.requests}) == 1


async def test_a_slow_url_is_a_timeout(slack: SlackServer, ann: Person, general: Channel) -> None:
    slack.pace.ack_seconds = 0.05
    endpoint = Endpoint()
    endpoint.held = asyncio.Event()
    async with served(endpoint.handle) as slack.app.request_url:
        await ann.post(general, "Is it so?")
        await slack.wait_for(lambda: slack.deliveries[0].attempts)
        slack.pace.ack_seconds = 3.0
        endpoint.held.set()
        await slack.settled()
    [delivery] = slack.deliveries
    assert delivery.attempts[0].failure == "http_timeout"
    assert delivery.attempts[0].seconds >= 0.05
    assert delivery.attempts[-1].failure is None


async def test_a_url_may_forbid_retries(slack: SlackServer, ann: Person, general: Channel) -> None:
    endpoint = Endpoint(status=500, headers={"X-Slack-No-Retry": "1"})
    async with served(endpoint.handle) as slack.app.request_url:
        await ann.post(general, "Is it so?")
        await slack.settled()
    assert len(endpoint.requests) == 1


async def test_a_response_url_removes_the_ephemeral_message_that_was_acted_on(
    slack: SlackServer, client: AsyncWebClient, workspace: Workspace, ann: Person, general: Channel
) -> None:
    await client.chat_postEphemeral(channel=general.id, user=ann.id, text="x", blocks=BUTTONS)
    pressed = await ann.press(workspace.ephemerals(ann)[0], "why")
    assert pressed.payload["container"]["is_ephemeral"]
    assert "message" not in pressed.payload
    body = {"delete_original": True}
    async with aiohttp.ClientSession() as session, session.post(pressed.payload["response_url"], json=body):
        assert not workspace.ephemerals(ann)
    assert not slack.calls_of("chat.delete")


async def test_a_response_url_takes_five_answers_within_half_an_hour(
    slack: SlackServer, client: AsyncWebClient, workspace: Workspace, ann: Person, general: Channel
) -> None:
    posted = await client.chat_postMessage(channel=general.id, text="x", blocks=BUTTONS)
    message = general.messages[posted["ts"]]
    first, second = await ann.press(message, "why"), await ann.press(message, "why")
    url = first.payload["response_url"]
    async with aiohttp.ClientSession() as session:

        async def answer(url: str, **body: Any) -> str:
            async with session.post(url, json=body) as response:
                return await response.text()

        assert await answer(url, text="y", replace_original=True) == "ok"
        assert (message.text, message.blocks) == ("y", [])
        assert await answer(url, delete_original=True) == "ok"
        assert message.ts not in general.messages
        assert "no_text" in await answer(url)
        assert [await answer(url, text="z") for _ in range(3)] == ["ok", "ok", "ok"]
        assert [each.text for each in workspace.ephemerals(ann)] == ["z", "z", "z"]
        assert "used_url" in await answer(url, text="z")
        slack.clock.advance(30 * 60 + 1)
        assert "expired_url" in await answer(second.payload["response_url"], text="z")
