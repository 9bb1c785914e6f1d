"""Matrix events → our values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Message
from bot.platforms.matrix.formatted import read_formatted
from bot.platforms.matrix.inbound import (
    Room,
    is_edit_of,
    is_own_join,
    is_spoken,
    read_deletion,
    read_message,
    since_joined,
)
from bot.platforms.matrix.mentions import Me

ME = Me(user_id="@caveat:here.example", display_name="Caveat Bot")
ROOM = Room(id="!room", me=ME)
PILL = '<a href="https://matrix.to/#/@caveat:here.example">Caveat Bot</a>'
MENTIONED = {"m.mentions": {"user_ids": [ME.user_id]}}


def event(body: str, **content: Any) -> dict[str, Any]:
    """A text message of somebody."""
    return {
        "type": "m.room.message",
        "event_id": "$event",
        "sender": "@ann:here.example",
        "origin_server_ts": 1_650_000_000_000,
        "content": {"msgtype": "m.text", "body": body} | content,
    }


def html(body: str, formatted: str, **content: Any) -> dict[str, Any]:
    """A text message with an HTML half."""
    return event(body, format="org.matrix.custom.html", formatted_body=formatted, **content)


def relating(**relation: Any) -> dict[str, Any]:
    """The content of a message that relates to another."""
    return {"m.relates_to": {name.replace("__", "."): value for name, value in relation.items()}}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (event("caveat: is this true?"), "is this true?"),
        (event("Caveat, is this true?"), "is this true?"),
        (event("@caveat is this true?"), "is this true?"),
        (event("is this true, @Caveat?"), "is this true, ?"),
        (event("Caveat Bot: is this true?"), "is this true?"),
        (event("@caveat:here.example is this true?"), "is this true?"),
        (html("Caveat Bot is it?", f"{PILL} is it?"), "is it?"),
        (html("is it, Caveat Bot", f"is it, {PILL}"), "is it,"),
        (event("[Caveat Bot](https://matrix.to/#/@caveat:here.example) is it?", **MENTIONED), "is it?"),
        (event("https://matrix.to/#/%40caveat%3Ahere.example is it?"), "is it?"),
        (event("is it?", **MENTIONED), "is it?"),
        (event("caveat:\nis it?\n  really?"), "is it?\n  really?"),
    ],
)
def test_who_names_the_bot_asks_and_the_name_is_no_word_of_the_question(
    raw: dict[str, Any], words: str
) -> None:
    message = read_message(raw, ROOM)
    assert message.asked
    assert message.text == words


@pytest.mark.parametrize(
    "raw",
    [
        event("caveat emptor"),
        event("one caveat: it is old"),
        event("ask @caveats"),
        event("ask @caveat:there.example"),
        event("write to me@caveat.example"),
        event("https://blog.example/@caveat/post"),
        event("> @caveat is this true?\nno"),
        html("look", '<blockquote><a href="https://matrix.to/#/@caveat:here.example">C</a></blockquote>look'),
        html("look", "<code>" + PILL + "</code>look"),
        html("look", '<a href="https://matrix.to/#/@ann:here.example">Caveat Bot</a>'),
        event("look", **{"m.mentions": {"user_ids": ["@ann:here.example"]}}),
        event("look", **{"m.mentions": {"room": True}}),
    ],
)
def test_who_names_somebody_else_does_not_ask(raw: dict[str, Any]) -> None:
    assert not read_message(raw, ROOM).asked


def test_in_a_direct_room_everybody_asks() -> None:
    assert read_message(event("hello"), Room(id="!room", me=ME, direct=True)).asked


@pytest.mark.parametrize(("body", "asks"), [("thanks!", False), ("@caveat are you sure?", True)])
def test_a_reply_asks_only_where_the_mention_can_be_read(body: str, asks: bool) -> None:
    """Clients list the author of the message replied to in m.mentions."""
    reply = event(body, **MENTIONED, **relating(m__in_reply_to={"event_id": "$other"}))
    assert read_message(reply, ROOM).asked is asks


@pytest.mark.parametrize(
    ("raw", "links"),
    [
        (event("see https://news.example/a"), ("https://news.example/a",)),
        (
            html("see this", 'see <a href="https://news.example/a?b=1&amp;c=2">this</a>'),
            ("https://news.example/a?b=1&c=2",),
        ),
        (
            html("see https://news.example/a", '<a href="https://news.example/a">https://news.example/a</a>'),
            ("https://news.example/a",),
        ),
        (html("code", '<pre><code><a href="https://news.example/a">x</a></code></pre>'), ()),
        (html("quoted", '<mx-reply><a href="https://news.example/a">x</a></mx-reply>'), ()),
        (html("hidden", '<!-- <a href="https://news.example/a">x</a> -->'), ()),
        (html("script", '<a href="javascript:alert(1)">x</a>'), ()),
        (event("https://matrix.to/#/#room:here.example"), ()),
        (event("> https://news.example/a\nno"), ()),
        (event("<p>", formatted_body='<a href="https://news.example/a">x</a>'), ()),
    ],
)
def test_links_are_what_the_sender_says_not_what_is_shown_or_quoted(
    raw: dict[str, Any], links: tuple[str, ...]
) -> None:
    assert read_message(raw, ROOM).links == links


@pytest.mark.parametrize(
    ("content", "thread_id", "reply_to"),
    [
        ({}, None, None),
        (relating(m__in_reply_to={"event_id": "$a"}), None, "$a"),
        (
            relating(
                rel_type="m.thread", event_id="$r", is_falling_back=True, m__in_reply_to={"event_id": "$a"}
            ),
            "$r",
            None,
        ),
        (relating(rel_type="m.thread", event_id="$r", m__in_reply_to={"event_id": "$a"}), "$r", "$a"),
        (relating(rel_type="m.reference", event_id="$r"), None, None),
    ],
)
def test_threads_and_replies_are_told_apart(
    content: dict[str, Any], thread_id: str | None, reply_to: str | None
) -> None:
    message = read_message(event("x", **content), ROOM)
    assert (message.thread_id, message.reply_to) == (thread_id, reply_to)


def test_an_edit_has_the_new_text_the_old_id_and_the_old_thread() -> None:
    original = event("old", **relating(rel_type="m.thread", event_id="$r")) | {"event_id": "$old"}
    edit = event(
        "* caveat: new",
        **{"m.new_content": {"msgtype": "m.text", "body": "caveat: new"}},
        **relating(rel_type="m.replace", event_id="$old"),
    )
    assert is_edit_of(edit, original)
    message = read_message(edit, ROOM, original)
    assert (message.id, message.event, message.thread_id) == ("$old", "$event", "$r")
    assert (message.text, message.asked) == ("new", True)


def test_only_the_sender_may_edit() -> None:
    original = event("old") | {"sender": "@bob:here.example"}
    assert not is_edit_of(event("new", **relating(rel_type="m.replace", event_id="$old")), original)


@pytest.mark.parametrize("redaction", [{"redacts": "$gone"}, {"content": {"redacts": "$gone"}}])
def test_a_redaction_names_its_target_outside_or_inside_its_content(redaction: dict[str, Any]) -> None:
    deletion = read_deletion({"type": "m.room.redaction", "event_id": "$event"} | redaction, "!room")
    assert deletion is not None
    assert (deletion.id, deletion.event) == ("$gone", "$event")


def test_what_stands_before_the_last_joining_is_left_out() -> None:
    joined = {"type": "m.room.member", "state_key": ME.user_id, "content": {"membership": "join"}}
    renamed = joined | {"unsigned": {"prev_content": {"membership": "join"}}}
    other = joined | {"state_key": "@ann:here.example"}
    assert is_own_join(joined, ME)
    assert since_joined([event("1"), joined, event("2"), renamed, other, event("3")], ME)[0] == event("2")
    assert since_joined([event("1"), renamed], ME) == [event("1"), renamed]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FIELDS = ["m.relates_to", "m.new_content", "m.mentions", "format", "formatted_body"]


@given(
    body=st.text(),
    content=st.dictionaries(
        st.sampled_from(FIELDS),
        ANYTHING
        | st.dictionaries(
            st.sampled_from(["m.in_reply_to", "event_id", "rel_type", "user_ids", "body"]), ANYTHING
        ),
    ),
    moment=ANYTHING,
)
def test_anybodys_json_is_read_without_an_error(body: str, content: dict[str, Any], moment: Any) -> None:
    raw = event(body, **content) | {"origin_server_ts": moment}
    assert is_spoken(raw)
    assert isinstance(read_message(raw, ROOM), Message)
    assert isinstance(read_message(raw, ROOM, event("original")), Message)


@given(st.text(alphabet="<>!-[]&;/='\"a href:pcode", max_size=300))
def test_any_html_is_read_without_an_error(text: str) -> None:
    read_formatted(text)


def test_an_unclosed_pill_before_another_link_is_no_mention_of_it() -> None:
    formatted = read_formatted(f'{PILL}<a href="https://news.example/">Caveat</a>')
    assert formatted.mentions == ((ME.user_id, "Caveat Bot"),)
    assert formatted.links == ("https://news.example/",)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (event("!caveat add https://a.example/x"), "add https://a.example/x"),
        (event("!Caveat Bot queue"), "queue"),
        (event("@caveat: queue"), "queue"),
        (event("!caveat retire harbour it was wrong"), "retire harbour it was wrong"),
    ],
)
def test_a_command_begins_with_the_bots_name_or_a_mark(raw: dict[str, Any], words: str) -> None:
    message = read_message(raw, ROOM)
    assert (message.asked, message.command, message.text) == (True, True, words)


@pytest.mark.parametrize("text", ["!caveats queue", "it said !caveat queue", "!cave queue"])
def test_what_only_looks_like_it_is_no_command(text: str) -> None:
    assert not read_message(event(text), ROOM).command


def test_a_form_that_is_sent_back_keeps_its_indents_and_needs_no_name() -> None:
    form = "```\n# Edits revision 3 of this entry.\nid: harbour\noriginal:\n  publisher: Paper\n```"
    message = read_message(event(form), ROOM)
    assert (message.asked, message.command, message.text) == (False, True, form)
    named = read_message(event(f"!caveat save anyway\n{form}"), ROOM)
    assert named.text == f"save anyway\n{form}"
