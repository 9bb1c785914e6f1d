"""The test Slack itself: which events things cause, unfurls and views, with no app listening."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.servers.slack import Channel, Person, SlackServer, Workspace
from tests.unit.servers.test_slack_server import refusal, section

LINK = "https://news.example/story?a=1&b=2"
STORED = "https://news.example/story?a=1&amp;b=2"
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Why?"}, "blocks": [section("Because.")]}
HOME = {"type": "home", "blocks": [section("Welcome.")]}


@pytest.fixture
def registered(slack: SlackServer) -> None:
    """The app has registered the domain of the link."""
    slack.app.unfurl_domains = ("news.example",)


def told(slack: SlackServer) -> list[str]:
    """The types of the events that were sent, with subtype or channel type."""
    events = [each.event for each in slack.deliveries]
    return [f"{event['type']}/{event.get('subtype') or event.get('channel_type', '')}" for event in events]


async def test_an_event_comes_in_slacks_envelope(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel
) -> None:
    message = await ann.post(general, f"See {LINK}")
    [delivery] = slack.deliveries
    envelope = delivery.payload
    assert (envelope["type"], envelope["team_id"]) == ("event_callback", workspace.id)
    assert envelope["api_app_id"] == slack.app.id
    assert envelope["authorizations"][0]["user_id"] == workspace.bot
    assert delivery.event["text"] == f"See <{STORED}>"
    assert delivery.event["blocks"][0]["elements"][0]["elements"][1] == {"type": "link", "url": LINK}
    assert (delivery.event["ts"], delivery.event["user"]) == (message.ts, ann.id)


async def test_each_kind_of_conversation_is_named(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel
) -> None:
    ben = workspace.person("ben")
    await ann.post(general, "x")
    await ann.post(workspace.channel("desk", ann, private=True), "x")
    await ann.post(workspace.direct(ann), "x")
    await ann.post(workspace.direct(ann, ben), "x")
    await ann.post(workspace.direct(ann, ben, app=False), "x")
    await ann.post(workspace.channel("outside", ann, app=False), "x")
    assert told(slack) == ["message/channel", "message/group", "message/im", "message/mpim"]


async def test_a_mention_is_an_event_of_its_own_but_not_in_a_direct_message(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel
) -> None:
    await ann.post(general, "@caveat is it true?")
    await ann.post(general, "`@caveat` is a name")
    await ann.post(workspace.direct(ann), "@caveat is it true?")
    assert told(slack) == ["message/channel", "app_mention/", "message/channel", "message/im"]


async def test_what_the_app_says_comes_back_to_it(
    slack: SlackServer, workspace: Workspace, client: AsyncWebClient, general: Channel
) -> None:
    await client.chat_postMessage(channel=general.id, text=f"<@{workspace.bot}> says <{LINK}>")
    [delivery] = slack.deliveries
    assert delivery.event["user"] == workspace.bot
    assert delivery.event["app_id"] == slack.app.id
    assert delivery.event["bot_id"] == delivery.event["bot_profile"]["id"]


async def test_an_edit_tells_what_was_there_before(slack: SlackServer, ann: Person, general: Channel) -> None:
    message = await ann.post(general, "x")
    await ann.edit(message, f"x {LINK}")
    event = slack.deliveries[-1].event
    assert (event["subtype"], event["hidden"]) == ("message_changed", True)
    assert (event["previous_message"]["text"], event["message"]["text"]) == ("x", f"x <{STORED}>")
    assert event["message"]["edited"]["user"] == ann.id
    assert event["message"]["ts"] == message.ts != event["ts"]
    assert "edited" not in event["previous_message"]
    await ann.edit(message, "x @caveat")
    await ann.edit(message, "y @caveat")
    changed = "message/message_changed"
    assert told(slack) == ["message/channel", changed, changed, "app_mention/", changed]


async def test_a_deletion_above_a_thread_leaves_a_tombstone(
    slack: SlackServer, client: AsyncWebClient, ann: Person, general: Channel
) -> None:
    plain, question = await ann.post(general, "x"), await ann.post(general, "y")
    await client.chat_postMessage(channel=general.id, text="z", thread_ts=question.ts)
    await ann.delete(plain)
    deleted = slack.deliveries[-1].event
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", plain.ts)
    assert deleted["previous_message"]["text"] == "x"
    await ann.delete(question)
    buried = slack.deliveries[-1].event
    assert (buried["subtype"], buried["message"]["subtype"]) == ("message_changed", "tombstone")
    assert buried["previous_message"]["user"] == ann.id
    thread = await client.conversations_replies(channel=general.id, ts=question.ts)
    assert [each.get("subtype") for each in thread["messages"]] == ["tombstone", None]


async def test_slacks_own_preview_changes_a_message_that_nobody_edited(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel
) -> None:
    message = await ann.post(general, LINK)
    workspace.show_preview(message, "A story")
    changed = slack.deliveries[-1].event["message"]
    assert changed["attachments"][0]["title"] == "A story"
    assert "edited" not in changed


async def test_membership_is_told_and_said(slack: SlackServer, workspace: Workspace, ann: Person) -> None:
    outside = workspace.channel("outside", ann, app=False)
    await ann.invite_app(outside)
    joined = slack.deliveries[0].event
    assert (joined["type"], joined["user"], joined["inviter"]) == (
        "member_joined_channel",
        workspace.bot,
        ann.id,
    )
    await workspace.person("ben").join(outside)
    await ann.remove_app(outside)
    await ann.post(outside, "x")
    join = ["member_joined_channel/C", "message/channel_join"]
    assert told(slack) == [*join, *join, "member_left_channel/C"]


async def test_events_need_their_subscription_and_scope(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel
) -> None:
    workspace.grant.scopes -= {"groups:read", "groups:history"}
    await workspace.person("ben").join(workspace.channel("desk", ann, private=True))
    slack.app.events -= {"app_mention"}
    await ann.post(general, "@caveat")
    workspace.grant.scopes -= {"channels:history"}
    await ann.post(general, "@caveat")
    assert told(slack) == ["message/channel"]


async def test_an_uninstalled_or_revoked_app_hears_that_and_nothing_more(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel
) -> None:
    elsewhere = slack.workspace("elsewhere")
    elsewhere.revoke()
    workspace.uninstall()
    await ann.post(general, "x")
    assert told(slack) == ["tokens_revoked/", "app_uninstalled/", "tokens_revoked/"]


@pytest.mark.usefixtures("registered")
async def test_a_link_of_a_registered_domain_is_told_wherever_it_is_posted(
    slack: SlackServer, workspace: Workspace, ann: Person, general: Channel
) -> None:
    message = await ann.post(general, f"{LINK} and https://other.example and https://sub.news.example/")
    [event] = [each.event for each in slack.events_of("link_shared")]
    assert (event["channel"], event["message_ts"]) == (general.id, message.ts)
    assert (event["source"], event["is_bot_user_member"]) == ("conversations_history", True)
    assert event["links"] == [
        {"url": STORED, "domain": "news.example"},
        {"url": "https://sub.news.example/", "domain": "sub.news.example"},
    ]
    await ann.edit(message, f"{LINK} and https://news.example/more")
    assert [each["url"] for each in slack.deliveries[-1].event["links"]] == ["https://news.example/more"]
    await ann.post(workspace.channel("outside", ann, app=False), LINK)
    assert slack.deliveries[-1].event["is_bot_user_member"] is False


@pytest.mark.usefixtures("registered")
async def test_other_links_and_the_apps_own_are_not_told(
    slack: SlackServer, client: AsyncWebClient, ann: Person, general: Channel
) -> None:
    await client.chat_postMessage(channel=general.id, text=f"<{STORED}>")
    await ann.post(general, f"https://fakenews.example/ and `{LINK}`")
    assert not slack.events_of("link_shared")


async def test_an_app_registers_five_domains_at_most(
    slack: SlackServer, ann: Person, general: Channel
) -> None:
    slack.app.unfurl_domains = tuple(f"{number}.example" for number in range(6))
    with pytest.raises(ValueError, match="5 unfurl domains"):
        await ann.post(general, LINK)


@pytest.mark.usefixtures("registered")
async def test_two_links_of_a_message_are_unfurled_one_by_one(
    client: AsyncWebClient, ann: Person, general: Channel
) -> None:
    other = "https://news.example/other"
    message = await ann.post(general, f"{LINK} {other}")
    for url in (STORED, other):
        await client.chat_unfurl(channel=general.id, ts=message.ts, unfurls={url: {"text": url}})
    assert [each["text"] for each in message.shown] == [STORED, other]


@pytest.mark.usefixtures("registered")
async def test_an_unfurl_stands_below_the_message_and_changes_it(
    slack: SlackServer, client: AsyncWebClient, ann: Person, general: Channel
) -> None:
    message = await ann.post(general, LINK)
    await client.chat_unfurl(channel=general.id, ts=message.ts, unfurls={STORED: {"blocks": [section("1")]}})
    unfurl_id = slack.events_of("link_shared")[0].event["unfurl_id"]
    again = {STORED: {"blocks": [section("2")]}}
    await client.chat_unfurl(unfurl_id=unfurl_id, source="conversations_history", unfurls=again)
    changed = slack.deliveries[-1].event
    [attachment] = changed["message"]["attachments"]
    assert (attachment["from_url"], attachment["blocks"][0]["text"]["text"]) == (STORED, "2")
    assert changed["message"]["user"] == ann.id
    assert "edited" not in changed["message"]
    await client.chat_unfurl(channel=general.id, ts=message.ts, unfurls={STORED: {}})
    assert not message.unfurls


@pytest.mark.usefixtures("registered")
async def test_a_draft_is_unfurled_by_its_id_alone(
    slack: SlackServer, client: AsyncWebClient, ann: Person
) -> None:
    draft = await ann.compose(f"Look: {LINK}")
    [event] = [each.event for each in slack.deliveries]
    assert (event["channel"], event["source"]) == ("COMPOSER", "composer")
    assert event["unfurl_id"] == event["message_ts"] == draft.ts
    unfurls: dict[str, dict[str, Any]] = {STORED: {"text": "x"}}
    by_ts = client.chat_unfurl(channel="COMPOSER", ts=draft.ts, unfurls=unfurls)
    assert (await refusal(by_ts))["error"] == "cannot_find_channel"
    by_wrong_source = client.chat_unfurl(unfurl_id=draft.ts, source="conversations_history", unfurls=unfurls)
    assert (await refusal(by_wrong_source))["error"] == "invalid_source"
    await client.chat_unfurl(unfurl_id=draft.ts, source="composer", unfurls=unfurls)
    assert draft.unfurls[STORED]["text"] == "x"


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "missing_channel"),
        ({"channel": "C"}, "missing_ts"),
        ({"channel": "C404", "ts": "1.000100"}, "cannot_find_channel"),
        ({"channel": "C", "ts": "1.000100"}, "cannot_find_message"),
        ({"unfurl_id": "x"}, "missing_source"),
        ({"source": "composer"}, "missing_unfurl_id"),
        ({"unfurl_id": "x", "source": "mail"}, "invalid_source"),
        ({"unfurl_id": "x", "source": "composer"}, "invalid_unfurl_id"),
        ({"channel": "C", "ts": "ts"}, "missing_unfurls"),
        ({"channel": "C", "ts": "ts", "unfurls": "[]"}, "invalid_unfurls_format"),
        ({"channel": "C", "ts": "ts", "unfurls": {LINK: {"text": "x"}}}, "cannot_unfurl_message"),
        ({"channel": "C", "ts": "ts", "unfurls": {"https://other.example": {}}}, "cannot_unfurl_url"),
        ({"channel": "C", "ts": "ts", "unfurls": {STORED: "x"}}, "cannot_parse_attachment"),
        (
            {"channel": "C", "ts": "ts", "unfurls": {STORED: {"blocks": [section("x" * 3001)]}}},
            "cannot_parse_attachment",
        ),
    ],
)
async def test_an_unfurl_that_does_not_fit_is_refused(
    client: AsyncWebClient, ann: Person, general: Channel, arguments: dict[str, Any], error: str
) -> None:
    message = await ann.post(general, f"{LINK} https://other.example")
    real = {"C": general.id, "ts": message.ts}
    given = {
        name: real.get(value, value) if isinstance(value, str) else value for name, value in arguments.items()
    }
    assert (await refusal(client.api_call("chat.unfurl", json=given)))["error"] == error
    assert not message.unfurls


async def test_a_trigger_opens_one_modal_within_three_seconds(
    slack: SlackServer, client: AsyncWebClient, ann: Person, general: Channel
) -> None:
    for _ in range(2):
        await ann.command(general, "/caveat", "help")
    first, second = (each.payload["trigger_id"] for each in slack.deliveries)
    assert (await client.views_open(trigger_id=first, view=MODAL))["view"]["id"]
    assert (await refusal(client.views_open(trigger_id=first, view=MODAL)))["error"] == "exchanged_trigger_id"
    slack.clock.advance(3.1)
    assert (await refusal(client.views_open(trigger_id=second, view=MODAL)))["error"] == "expired_trigger_id"
    assert (await refusal(client.views_open(trigger_id="1.2.3", view=MODAL)))["error"] == "invalid_trigger_id"


async def test_a_modal_is_updated_only_as_it_is_known(
    slack: SlackServer, client: AsyncWebClient, workspace: Workspace, ann: Person, general: Channel
) -> None:
    await ann.command(general, "/caveat")
    opened = await client.views_open(trigger_id=slack.deliveries[0].payload["trigger_id"], view=MODAL)
    old = opened["view"]["hash"]
    view = {**MODAL, "blocks": [section("Really.")]}
    await client.views_update(view_id=opened["view"]["id"], hash=old, view=view)
    stale = client.views_update(view_id=opened["view"]["id"], hash=old, view=view)
    assert (await refusal(stale))["error"] == "hash_conflict"
    [shown] = workspace.views(ann)
    assert shown.content["blocks"][0]["text"]["text"] == "Really."
    await ann.close(shown)
    assert (await refusal(client.views_update(view_id=shown.id, view=view)))["error"] == "not_found"


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        ({**MODAL, "title": {"type": "plain_text", "text": "x" * 25}}, "24"),
        ({**MODAL, "title": {"type": "mrkdwn", "text": "x"}}, "plain_text"),
        ({"type": "modal", "blocks": [section("x")]}, "title"),
        ({**MODAL, "blocks": [section("x")] * 101}, "100"),
        ({**MODAL, "blocks": []}, "between 1 and 100"),
        ({**MODAL, "private_metadata": "x" * 3001}, "3000"),
        (HOME, "modal"),
    ],
)
async def test_a_view_beyond_the_limits_is_invalid(
    client: AsyncWebClient, view: dict[str, Any], problem: str
) -> None:
    answer = await refusal(client.views_open(trigger_id="1.2.3", view=view))
    assert answer["error"] == "invalid_arguments"
    assert problem in str(answer["response_metadata"]["messages"])


async def test_the_home_is_each_persons_own(
    slack: SlackServer, client: AsyncWebClient, workspace: Workspace, ann: Person
) -> None:
    await ann.open_home()
    assert "view" not in slack.deliveries[-1].event
    published = await client.views_publish(user_id=ann.id, view=HOME)
    home = workspace.home(ann)
    assert home
    assert home.id == published["view"]["id"]
    await ann.open_home()
    assert slack.deliveries[-1].event["view"]["blocks"][0]["text"]["text"] == "Welcome."
    assert workspace.home(workspace.person("ben")) is None
