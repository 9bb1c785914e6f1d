"""The test Slack itself: its Web API, driven by the real slack_sdk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.servers.slack import Channel, Person, SlackServer, Workspace

LINK = "https://news.example/story"
Blocks = list[dict[str, Any]]


async def refusal(call: Awaitable[Any]) -> dict[str, Any]:
    """What Slack answers to a call that it refuses."""
    with pytest.raises(SlackApiError) as refused:
        await call
    answer = refused.value.response.data
    assert isinstance(answer, dict)
    return answer


def section(text: str, **more: Any) -> dict[str, Any]:
    """A block with a text."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(text: str = "Helpful", **more: Any) -> dict[str, Any]:
    """A button."""
    return {"type": "button", "text": {"type": "plain_text", "text": text}, "action_id": "helpful", **more}


async def test_a_reply_stands_in_its_thread_and_not_in_the_channel(
    client: AsyncWebClient, ann: Person, general: Channel
) -> None:
    question = await ann.post(general, f"Have you seen {LINK} ?")
    posted = await client.chat_postMessage(channel=general.id, text="Yes.", thread_ts=question.ts)
    thread = await client.conversations_replies(channel=general.id, ts=question.ts)
    assert [each["text"] for each in thread["messages"]] == [f"Have you seen <{LINK}> ?", "Yes."]
    assert thread["messages"][0]["reply_count"] == 1
    assert posted["message"]["thread_ts"] == question.ts
    history = await client.conversations_history(channel=general.id)
    assert [each["ts"] for each in history["messages"]] == [question.ts]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("see https://x.example/a?b=1&c=2.", "see <https://x.example/a?b=1&amp;c=2>."),
        ("(https://x.example/a_(b))", "(<https://x.example/a_(b)>)"),
        ("read news.example/a, now", "read <http://news.example/a|news.example/a>, now"),
        ("`https://x.example`", "`https://x.example`"),
        ("to ann@news.example", "to ann@news.example"),
    ],
)
async def test_what_people_type_is_stored_as_slack_stores_it(
    ann: Person, general: Channel, typed: str, stored: str
) -> None:
    message = await ann.post(general, typed)
    assert message.text == stored


async def test_names_that_people_type_become_ids(workspace: Workspace, ann: Person, general: Channel) -> None:
    message = await ann.post(general, "@caveat and @ann and @nobody in #general?")
    assert message.text == f"<@{workspace.bot}> and <@{ann.id}> and @nobody in <#{general.id}|general>?"


@pytest.mark.parametrize(
    ("where", "error"),
    [
        ("unknown", "channel_not_found"),
        ("outside", "not_in_channel"),
        ("hidden", "channel_not_found"),
        ("archived", "is_archived"),
    ],
)
async def test_the_app_posts_only_where_it_may(
    client: AsyncWebClient, workspace: Workspace, ann: Person, where: str, error: str
) -> None:
    channels = {
        "outside": workspace.channel("outside", ann, app=False),
        "hidden": workspace.channel("hidden", ann, private=True, app=False),
        "archived": workspace.channel("archived", ann),
    }
    channels["archived"].archived = True
    channel = channels[where].id if where in channels else "C404"
    assert (await refusal(client.chat_postMessage(channel=channel, text="Hi")))["error"] == error


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        ([section("x" * 3001)], "3000"),
        ([section("")], "between 1 and 3000"),
        ([section("x", fields=[{"type": "mrkdwn", "text": "x" * 2001}])], "2000"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "150"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "plain_text"),
        ([{"type": "actions", "elements": [button("x" * 76)]}], "75"),
        ([{"type": "actions", "elements": [button(value="x" * 2001)]}], "2000"),
        ([{"type": "actions", "elements": [button(), button()]}], "action_id"),
        ([section("x", block_id="a"), section("y", block_id="a")], "block_id"),
        ([section("x", colour="red")], "colour"),
        ([{"type": "context", "elements": []}], "elements"),
        ([{"type": "no such block"}], "unsupported"),
        ([section("x")] * 51, "no more than 50"),
    ],
)
async def test_blocks_beyond_the_limits_are_invalid(
    client: AsyncWebClient, general: Channel, blocks: Blocks, problem: str
) -> None:
    answer = await refusal(client.chat_postMessage(channel=general.id, text="x", blocks=blocks))
    assert answer["error"] == "invalid_blocks"
    assert problem in str(answer["errors"])
    assert not general.messages


async def test_blocks_at_the_limits_are_taken_and_get_their_ids(
    client: AsyncWebClient, workspace: Workspace, general: Channel
) -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "x" * 150, "emoji": True}},
        section("x" * 3000, accessory=button("x" * 75, value="x" * 2000, style="primary", url=LINK)),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "x", "verbatim": True}]},
        {"type": "actions", "elements": [button(), button(action_id="wrong")]},
        *[{"type": "divider"}] * 46,
    ]
    await client.chat_postMessage(channel=general.id, text="x", blocks=blocks)
    [message] = workspace.by_app(general)
    assert all(block["block_id"] for block in message.blocks)
    assert [each["action_id"] for each in message.buttons] == ["helpful", "helpful", "wrong"]


async def test_arguments_come_as_a_form_too(
    slack: SlackServer, workspace: Workspace, general: Channel
) -> None:
    form = {
        "token": workspace.token,
        "channel": general.id,
        "text": "x",
        "blocks": '[{"type": "divider"}]',
        "metadata": '{"event_type": "a", "event_payload": {"key": "1"}}',
    }
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{slack.api_url}chat.postMessage", data=form) as got,
    ):
        assert (await got.json())["ok"]
    [message] = workspace.by_app(general)
    assert message.blocks[0]["type"] == "divider"
    assert message.metadata == {"event_type": "a", "event_payload": {"key": "1"}}
    assert "token" not in slack.calls[-1].arguments


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"blocks": "[{"}, "invalid_blocks_format"),
        ({"metadata": "{}x", "text": "x"}, "invalid_metadata_format"),
        ({"metadata": '{"event_type": "a"}', "text": "x"}, "invalid_metadata_format"),
        ({}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
    ],
)
async def test_a_broken_post_is_refused(
    client: AsyncWebClient, general: Channel, form: dict[str, str], error: str
) -> None:
    answer = await refusal(client.api_call("chat.postMessage", data={"channel": general.id, **form}))
    assert answer["error"] == error


async def test_metadata_is_shown_only_to_who_asks_for_it(client: AsyncWebClient, general: Channel) -> None:
    metadata = {"event_type": "caveat_answer", "event_payload": {"key": "1"}}
    await client.chat_postMessage(channel=general.id, text="x", metadata=metadata)
    plain = await client.conversations_history(channel=general.id)
    full = await client.conversations_history(channel=general.id, include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == metadata


async def test_an_update_keeps_what_it_does_not_name(client: AsyncWebClient, general: Channel) -> None:
    posted = await client.chat_postMessage(
        channel=general.id,
        text="x",
        blocks=[section("x")],
        metadata={"event_type": "a", "event_payload": {}},
    )
    await client.chat_update(channel=general.id, ts=posted["ts"], text="y")
    message = general.messages[posted["ts"]]
    assert (message.text, len(message.blocks), message.metadata is None) == ("y", 1, False)
    await client.chat_update(channel=general.id, ts=posted["ts"], text="y", blocks=[], metadata={})
    assert (message.blocks, message.metadata) == ([], None)


async def test_only_own_messages_can_be_changed_or_deleted(
    client: AsyncWebClient, ann: Person, general: Channel
) -> None:
    message = await ann.post(general, "Mine.")
    for ts, update, delete in (
        (message.ts, "cant_update_message", "cant_delete_message"),
        ("1.000100", "message_not_found", "message_not_found"),
    ):
        updating = client.chat_update(channel=general.id, ts=ts, text="x")
        assert (await refusal(updating))["error"] == update
        assert (await refusal(client.chat_delete(channel=general.id, ts=ts)))["error"] == delete


async def test_a_reply_below_a_message_that_is_gone_falls_out_of_its_thread(
    client: AsyncWebClient, ann: Person, general: Channel
) -> None:
    question = await ann.post(general, "Never mind.")
    await ann.delete(question)
    posted = await client.chat_postMessage(channel=general.id, text="x", thread_ts=question.ts)
    assert "thread_ts" not in posted["message"]
    answer = await refusal(client.conversations_replies(channel=general.id, ts=question.ts))
    assert answer["error"] == "thread_not_found"


async def test_only_members_see_an_ephemeral_message(
    client: AsyncWebClient, workspace: Workspace, ann: Person, general: Channel
) -> None:
    ben = workspace.person("ben")
    await client.chat_postEphemeral(channel=general.id, user=ann.id, text="x")
    answer = await refusal(client.chat_postEphemeral(channel=general.id, user=ben.id, text="x"))
    assert answer["error"] == "user_not_in_channel"
    assert [each.text for each in workspace.ephemerals(ann)] == ["x"]
    assert not workspace.ephemerals(ben)
    assert not general.messages


async def test_a_token_must_be_known_alive_and_of_the_right_type(
    slack: SlackServer, workspace: Workspace, client: AsyncWebClient
) -> None:
    for token, error in (
        ("", "not_authed"),
        ("xoxb-nobody", "invalid_auth"),
        (slack.app.app_token, "not_allowed_token_type"),
    ):
        other = AsyncWebClient(token=token, base_url=slack.api_url)
        assert (await refusal(other.auth_test()))["error"] == error
    assert (await client.auth_test())["user_id"] == workspace.bot
    answer = await refusal(client.apps_connections_open(app_token=workspace.token))
    assert answer["error"] == "not_allowed_token_type"
    await client.auth_revoke()
    assert (await refusal(client.auth_test()))["error"] == "token_revoked"


async def test_a_missing_scope_is_named(
    client: AsyncWebClient, workspace: Workspace, ann: Person, general: Channel
) -> None:
    hidden = workspace.channel("hidden", ann, private=True)
    workspace.grant.scopes -= {"chat:write", "groups:history"}
    answer = await refusal(client.chat_postMessage(channel=general.id, text="x"))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
    assert "channels:history" in answer["provided"].split(",")
    answer = await refusal(client.conversations_history(channel=hidden.id))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:history")


async def test_the_app_sees_what_it_is_a_member_of(
    client: AsyncWebClient, workspace: Workspace, ann: Person, general: Channel
) -> None:
    outside = workspace.channel("outside", ann, app=False)
    hidden = workspace.channel("hidden", ann, private=True, app=False)
    own = await client.users_conversations(types="public_channel,private_channel")
    listed = await client.conversations_list(limit=1)
    rest = await client.conversations_list(cursor=listed["response_metadata"]["next_cursor"])
    assert [each["id"] for each in own["channels"]] == [general.id]
    assert [each["id"] for each in [*listed["channels"], *rest["channels"]]] == [general.id, outside.id]
    assert (await client.conversations_info(channel=general.id))["channel"]["is_member"]
    assert set((await client.conversations_members(channel=general.id))["members"]) == general.members
    assert (await refusal(client.conversations_info(channel=hidden.id)))["error"] == "channel_not_found"
    assert (await client.users_info(user=ann.id))["user"]["name"] == "ann"
    assert (await refusal(client.users_info(user="U404")))["error"] == "user_not_found"


async def test_the_app_reads_and_reacts_only_where_it_is_a_member(
    client: AsyncWebClient, workspace: Workspace, ann: Person
) -> None:
    outside = workspace.channel("outside", ann, app=False)
    message = await ann.post(outside, "x")
    for call in (
        client.conversations_history(channel=outside.id),
        client.conversations_replies(channel=outside.id, ts=message.ts),
        client.reactions_add(channel=outside.id, timestamp=message.ts, name="eyes"),
        client.chat_postEphemeral(channel=outside.id, user=ann.id, text="x"),
    ):
        assert (await refusal(call))["error"] == "not_in_channel"


async def test_people_post_only_where_they_are_members(workspace: Workspace, general: Channel) -> None:
    with pytest.raises(AssertionError, match="ben is not in general"):
        await workspace.person("ben").post(general, "x")


@pytest.mark.parametrize(
    ("inclusive", "found"), [(False, ["c"]), (True, ["d", "c", "b"])], ids=["between", "inclusive"]
)
async def test_history_is_read_between_two_messages(
    client: AsyncWebClient, ann: Person, general: Channel, *, inclusive: bool, found: list[str]
) -> None:
    _, b, _, d, _ = [await ann.post(general, text) for text in "abcde"]
    read = await client.conversations_history(
        channel=general.id, oldest=b.ts, latest=d.ts, inclusive=inclusive
    )
    assert [each["text"] for each in read["messages"]] == found


async def test_a_direct_conversation_is_opened_once(client: AsyncWebClient, ann: Person) -> None:
    first = await client.conversations_open(users=ann.id)
    again = await client.conversations_open(users=[ann.id], return_im=True)
    assert first["channel"]["id"] == again["channel"]["id"]
    assert (again["already_open"], again["channel"]["user"]) == (True, ann.id)
    posted = await client.chat_postMessage(channel=ann.id, text="x")
    assert posted["channel"] == first["channel"]["id"]


async def test_a_reaction_is_given_once(client: AsyncWebClient, ann: Person, general: Channel) -> None:
    message = await ann.post(general, "x")
    place = {"channel": general.id, "timestamp": message.ts}
    await client.reactions_add(**place, name="eyes")
    assert (await refusal(client.reactions_add(**place, name="eyes")))["error"] == "already_reacted"
    shown = await client.conversations_history(channel=general.id)
    assert shown["messages"][0]["reactions"][0]["count"] == 1


async def test_a_limited_call_is_repeated_after_the_time_that_it_names(
    slack: SlackServer, client: AsyncWebClient, general: Channel
) -> None:
    slack.faults.limit("chat.postMessage", times=1, retry_after=0)
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    await client.chat_postMessage(channel=general.id, text="x")
    assert [call.status for call in slack.calls_of("chat.postMessage")] == [429, 200]


async def test_posts_in_one_channel_keep_their_distance(
    slack: SlackServer, client: AsyncWebClient, workspace: Workspace, general: Channel
) -> None:
    slack.faults.post_interval = 1.0
    await client.chat_postMessage(channel=general.id, text="1")
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=general.id, text="2")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    await client.chat_postMessage(channel=workspace.channel("other").id, text="3")
    slack.clock.advance(1.0)
    await client.chat_postMessage(channel=general.id, text="4")
    assert [message.text for message in workspace.by_app(general)] == ["1", "4"]


async def test_a_call_can_fail_or_be_held(
    slack: SlackServer, client: AsyncWebClient, general: Channel
) -> None:
    slack.faults.refuse("chat.postMessage", "internal_error")
    assert (await refusal(client.chat_postMessage(channel=general.id, text="x")))["error"] == "internal_error"
    slack.faults.break_down("chat.postMessage")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=general.id, text="x")
    assert not general.messages
    held = slack.faults.pause("chat.postMessage", done=True)
    posting = asyncio.create_task(client.chat_postMessage(channel=general.id, text="x"))
    await held.reached()
    assert general.messages
    assert not posting.done()
    held.go()
    assert (await posting)["ok"]


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack_sdk 3.47 uses it
async def test_a_code_installs_the_app_once(slack: SlackServer) -> None:
    workspace = slack.workspace("elsewhere", installed=False)
    code = workspace.authorize(workspace.person("cleo"), redirect_uri="https://bot.example/oauth")
    secrets = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret, "code": code}
    anybody = AsyncWebClient(base_url=slack.api_url)
    wrong = await refusal(anybody.oauth_v2_access(**secrets, redirect_uri="https://other.example"))
    assert wrong["error"] == "bad_redirect_uri"
    installed = await anybody.oauth_v2_access(**secrets, redirect_uri="https://bot.example/oauth")
    assert (installed["team"]["id"], installed["access_token"]) == (workspace.id, workspace.token)
    again = await refusal(anybody.oauth_v2_access(**secrets, redirect_uri="https://bot.example/oauth"))
    assert again["error"] == "code_already_used"


async def test_the_authorize_page_leads_back_with_code_and_state(
    slack: SlackServer,
) -> None:
    slack.workspace("newsroom")
    asked = {"client_id": slack.app.client_id, "scope": "chat:write", "state": "s", "redirect_uri": LINK}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{slack.url}/oauth/v2/authorize", params=asked, allow_redirects=False) as page,
    ):
        back = page.headers["Location"]
    assert back.startswith(f"{LINK}?code=")
    assert back.endswith("&state=s")


async def test_workspaces_are_apart_and_one_may_uninstall(
    slack: SlackServer, workspace: Workspace, client: AsyncWebClient, general: Channel
) -> None:
    elsewhere = slack.workspace("elsewhere")
    other = AsyncWebClient(token=elsewhere.token, base_url=slack.api_url)
    assert (await refusal(other.chat_postMessage(channel=general.id, text="x")))[
        "error"
    ] == "channel_not_found"
    secrets = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret}
    await client.apps_uninstall(**secrets)
    assert (await refusal(client.auth_test()))["error"] == "account_inactive"
    assert (await other.auth_test())["team_id"] == elsewhere.id
    told = [each.event["type"] for each in slack.deliveries if each.payload["team_id"] == workspace.id]
    assert told == ["app_uninstalled", "tokens_revoked"]


async def test_waiting_ends_with_what_was_called(slack: SlackServer, client: AsyncWebClient) -> None:
    await client.auth_test()
    with pytest.raises(TimeoutError, match=r"auth\.test: 200"):
        await slack.wait_for(lambda: slack.calls_of("chat.postMessage"), seconds=0.01)


async def test_an_unknown_method_is_refused(client: AsyncWebClient) -> None:
    assert (await refusal(client.api_call("chat.sing")))["error"] == "unknown_method"
