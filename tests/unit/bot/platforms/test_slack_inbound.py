"""Slack's payloads, read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Deletion, Feedback, Message, Unfurl
from bot.platforms.slack.inbound import Me, moment, read_body, read_message

ME = Me(team="T1", user="U0BOT", unfurl_domains=frozenset({"registered.example"}))
TS = "1700000000.000100"
LINK = "https://news.example/a"
OURS = "https://www.registered.example/a"


def message_event(**fields: Any) -> dict[str, Any]:
    """A posted message, as Slack tells of it; a field of None is left out."""
    event = {
        "type": "message",
        "channel": "C1",
        "channel_type": "channel",
        "user": "U0ANN",
        "text": f"Seen <{LINK}> ?",
        "ts": TS,
        "event_ts": TS,
    }
    return {"type": "event_callback", "event": {k: v for k, v in (event | fields).items() if v is not None}}


def changed(before: str, after: str, **fields: Any) -> dict[str, Any]:
    """A message that was edited."""
    message = {"type": "message", "user": "U0ANN", "ts": TS, "text": after}
    message |= {"edited": {"user": "U0ANN", "ts": "1700000009.000000"}} | fields
    previous = {"type": "message", "user": "U0ANN", "ts": TS, "text": before}
    about = {"subtype": "message_changed", "hidden": True, "message": message, "previous_message": previous}
    return message_event(text=None, user=None, ts="1700000009.000100", **about)


def link_shared(**fields: Any) -> dict[str, Any]:
    """A registered domain's link was posted."""
    event = {
        "type": "link_shared",
        "channel": "C1",
        "user": "U0ANN",
        "message_ts": TS,
        "event_ts": "1700000001.000000",
        "source": "conversations_history",
        "unfurl_id": "C1.1.x",
        "links": [{"url": OURS, "domain": "registered.example"}],
    }
    return {"type": "event_callback", "event": event | fields}


def only(body: dict[str, Any]) -> Message:
    """The one message that a body holds."""
    [message] = read_body(body, ME)
    assert isinstance(message, Message)
    return message


def test_a_message_becomes_our_value() -> None:
    assert only(message_event()) == Message(
        platform="slack",
        channel="T1/C1",
        id=TS,
        event=f"message:{TS}",
        sender="T1/U0ANN",
        text=f"Seen {LINK} ?",
        links=(LINK,),
        asked=False,
        sent_at=datetime(2023, 11, 14, 22, 13, 20, 100, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({}, False),
        ({"text": f"<@U0BOT> <{LINK}>"}, True),
        ({"text": f"`<@U0BOT>` <{LINK}>"}, False),
        ({"text": f"<@U0ANN> <{LINK}>"}, False),
        ({"channel": "D1", "channel_type": "im"}, True),
        ({"channel": "D1", "channel_type": None}, True),
        ({"channel": "G1", "channel_type": "mpim"}, False),
        ({"type": "app_mention", "channel_type": None}, False),
    ],
)
def test_a_mention_in_the_text_and_a_direct_message_ask(fields: dict[str, Any], asked: bool) -> None:
    """Not the type of the event: an edit or a retry may bring a mention in another one."""
    assert only(message_event(**fields)).asked is asked


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "Good morning"},
        {"text": "<@U0ANN> good morning"},
        {"text": None},
        {"user": "U0BOT"},
        {"user": None},
        {"user": "USLACKBOT"},
        {"bot_id": "B0OTHER"},
        {"subtype": "bot_message"},
        {"subtype": "channel_join"},
        {"subtype": "channel_topic"},
        {"subtype": "something_new"},
        {"hidden": True},
        {"ts": None},
        {"channel": None},
        {"type": "reaction_added"},
        {"type": None},
    ],
)
def test_what_nobody_said_to_us_is_left_alone(fields: dict[str, Any]) -> None:
    assert read_body(message_event(**fields), ME) == ()


@pytest.mark.parametrize("subtype", ["thread_broadcast", "file_share"])
def test_broadcasts_and_files_are_messages(subtype: str) -> None:
    assert only(message_event(subtype=subtype)).links == (LINK,)


@pytest.mark.parametrize(("thread_ts", "thread_id"), [(TS, None), ("1600000000.000001", "1600000000.000001")])
def test_a_root_is_in_no_thread(thread_ts: str, thread_id: str | None) -> None:
    assert only(message_event(thread_ts=thread_ts)).thread_id == thread_id


@pytest.mark.parametrize(
    ("text", "links"),
    [
        (f"<{OURS}>", None),
        (f"<{OURS}> <{LINK}>", (LINK,)),
        ("<https://registered.example.evil.example/>", ("https://registered.example.evil.example/",)),
        ("<https://notregistered.example/>", ("https://notregistered.example/",)),
        (f"<@U0BOT> <{OURS}>", (OURS,)),
    ],
)
def test_registered_links_are_left_to_link_shared_unless_asked(
    text: str, links: tuple[str, ...] | None
) -> None:
    found = read_body(message_event(text=text), ME)
    assert [message.links for message in found if isinstance(message, Message)] == ([links] if links else [])


@pytest.mark.parametrize(
    ("before", "after", "links"),
    [
        ("no link", f"<{LINK}>", (LINK,)),
        (f"<{LINK}>", f"<{LINK}> <https://b.example/>", ("https://b.example/",)),
        (f"<{LINK}>", f"<{LINK}>", None),
        (f"<{LINK}>", f"<{LINK}> so", None),
        (f"<{LINK}> <https://b.example/>", f"<{LINK}>", None),
        (f"<{LINK}>", f"<@U0BOT> <{LINK}>", (LINK,)),
        ("is this true?", "<@U0BOT> is this true?", ()),
        ("<@U0BOT> is this true?", "<@U0BOT> is this really true?", None),
        ("<@U0BOT> is this true?", f"<@U0BOT> is <{LINK}> true?", (LINK,)),
    ],
)
def test_an_edit_counts_if_it_adds_a_link_or_asks(
    before: str, after: str, links: tuple[str, ...] | None
) -> None:
    found = read_body(changed(before, after), ME)
    assert [message.links for message in found if isinstance(message, Message)] == (
        [] if links is None else [links]
    )
    if found:
        assert only(changed(before, after)).event == f"message:{TS}:1700000009.000000"


def test_an_edit_without_its_time_is_an_event_of_its_own() -> None:
    assert only(changed("no link", f"<{LINK}>", edited=None)).event != f"message:{TS}"


def test_an_edit_of_another_apps_message_is_left_alone() -> None:
    assert read_body(changed("no link", f"<{LINK}>", bot_id="B0OTHER"), ME) == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"subtype": "message_deleted", "deleted_ts": TS, "ts": "1700000009.000100"},
        {"subtype": "message_changed", "message": {"subtype": "tombstone", "ts": TS, "user": "USLACKBOT"}},
    ],
    ids=["deleted", "tombstone"],
)
def test_a_deletion_is_one_event_in_either_way(fields: dict[str, Any]) -> None:
    [deletion] = read_body(message_event(hidden=True, **fields), ME)
    assert deletion == Deletion(platform="slack", channel="T1/C1", id=TS, event=f"message_deleted:{TS}")


def test_a_shared_link_asks_for_a_preview() -> None:
    url = f"{OURS}?a=1&amp;b=2"
    message = only(link_shared(links=[{"url": url}], thread_ts="1600000000.000001"))
    assert message.unfurl == Unfurl(url=url, unfurl_id="C1.1.x", source="conversations_history")
    assert (message.channel, message.id, message.thread_id) == ("T1/C1", TS, "1600000000.000001")
    assert (message.links, message.asked) == ((f"{OURS}?a=1&b=2",), False)
    assert message.event == f"link_shared:{TS}:C1.1.x"
    assert message.sent_at == moment(TS)


def test_a_link_in_a_draft_has_no_channel_of_its_own() -> None:
    message = only(
        link_shared(channel="COMPOSER", source="composer", message_ts="U1-draft", unfurl_id="U1-draft")
    )
    assert (message.channel, message.id) == ("T1/COMPOSER", "U1-draft")
    assert message.sent_at == moment("1700000001.000000")


@pytest.mark.parametrize(
    "fields",
    [
        {"unfurl_id": None},
        {"source": ""},
        {"message_ts": 5},
        {"links": None},
        {"links": [{}, "x", {"url": ""}]},
        {"user": "U0BOT"},
    ],
)
def test_a_shared_link_that_cannot_be_answered_is_left_alone(fields: dict[str, Any]) -> None:
    assert read_body(link_shared(**fields), ME) == ()


def test_each_shared_link_is_an_event_of_its_own() -> None:
    urls = [OURS, f"{OURS}/2", OURS]
    messages = read_body(link_shared(links=[{"url": url} for url in urls]), ME)
    assert [getattr(each, "links", None) for each in messages] == [(OURS,), (f"{OURS}/2",)]
    assert len({getattr(each, "event", None) for each in messages}) == 2


@pytest.mark.parametrize(
    ("action", "answer_id", "helpful"),
    [
        ({"action_id": "caveat_helpful"}, TS, True),
        ({"action_id": "caveat_other_story"}, TS, False),
        ({"action_id": "caveat_helpful", "value": "unfurl:x"}, "unfurl:x", True),
    ],
)
def test_a_press_is_feedback(action: dict[str, Any], answer_id: str, helpful: bool) -> None:
    container = {"type": "message", "message_ts": TS, "channel_id": "C1"}
    body = {"type": "block_actions", "user": {"id": "U0ANN"}, "container": container, "actions": [action]}
    assert read_body(body, ME) == (
        Feedback(platform="slack", channel="T1/C1", answer_id=answer_id, sender="T1/U0ANN", helpful=helpful),
    )
    assert read_body(body | {"actions": [{"action_id": "caveat_why"}]}, ME) == ()
    assert read_body(body | {"user": None}, ME) == ()


def test_a_message_in_the_history_reads_like_its_event() -> None:
    event = message_event()["event"]
    stored = {name: event[name] for name in ("type", "user", "text", "ts")}
    assert read_message(stored, "C1", ME) == only(message_event())


@pytest.mark.parametrize(
    ("ts", "year"), [("x", 1970), (None, 1970), ("-5", 1970), ("9" * 30, 9999), ("nan", 1970)]
)
def test_any_timestamp_is_some_moment(ts: object, year: int) -> None:
    assert moment(ts).year == year


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(
    "type subtype text ts user channel message previous_message links edited unfurl_id source".split()
)


@given(st.sampled_from(["message", "app_mention", "link_shared"]), st.dictionaries(names, json_values))
def test_no_payload_breaks_the_reading(kind: str, fields: dict[str, Any]) -> None:
    read_body({"event": fields | {"type": kind}}, ME)
    read_body(message_event(**{"channel_type": None} | fields), ME)
    read_body({"type": "block_actions", "actions": fields.get("links"), "container": fields}, ME)
