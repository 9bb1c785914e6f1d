"""Whatever stands in an entry, every platform takes what the bot says of it, and nobody is called."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.answers import Answer, AnswerState, Intent
from bot.commands.values import Draft, Verb
from bot.model import Action, Choice, Place, Policy, Reply
from bot.platforms.matrix import html, outbound
from bot.platforms.slack.actions import announcements
from bot.platforms.slack.actions.commands import message, messages
from bot.platforms.slack.text import cut_escaped, escape, link, plain, shorten, size
from bot.platforms.slack.views import blocks, modals
from bot.platforms.slack.views.choices import buttons
from bot.platforms.slack.views.entry_view import entry_view, open_sheet, read_view
from bot.platforms.slack.views.home import home
from bot.ports import Recent
from bot.replies import plain as lines
from bot.replies.shorter import SHORTEST, shorter
from kb.entries.entry import entry_data
from tests.growth import LINEAR, growth, ratio
from tests.servers.slack_blocks import check_blocks, check_view
from tests.unit.bot.extremes import (
    ADDRESSES,
    EXTREMES,
    PIECES,
    any_address,
    any_text,
    extreme_entry,
    of_length,
    replies_about,
)

PLACE = Place(channel="!room:server.example", message_id="$question")
NOW = datetime(2026, 1, 2, tzinfo=UTC)
EVENT = 65_536  # bytes (Matrix specification, "Size limits")
SLOW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])

CALL = re.compile(r"matrix\.to|matrix:u|@room|@ann:|#all:")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_LINK = re.compile(r"<https?://[^\s<>|]+\|[^<>|]+>")


def check_markup(text: str) -> None:
    """No half of an entity, no half of a link, and no markup but our own links."""
    rest = _LINK.sub("", text)
    assert not re.search("[<>]", rest), text
    assert "&" not in _ENTITY.sub("", rest), text
    for found in _LINK.findall(text):
        assert "&" not in _ENTITY.sub("", found), found


def texts_of(part: Any) -> Iterator[dict[str, Any]]:
    """Every text object in blocks."""
    if isinstance(part, list):
        for each in part:
            yield from texts_of(each)
    elif isinstance(part, dict):
        if part.get("type") in ("mrkdwn", "plain_text"):
            yield part
        for each in part.values():
            yield from texts_of(each)


def check_slack(reply: Reply) -> None:
    """Slack takes the message, and its fallback."""
    shown = blocks.render(reply, answer_id="unfurl:1")
    check_blocks(shown)
    for block in Block.parse_all(shown):
        block.to_dict()
    for text in texts_of(shown):
        assert size(text["text"]) <= 3000
        if text["type"] == "mrkdwn":
            check_markup(text["text"])
            assert text["verbatim"] is True
    for button in (each for block in shown for each in block.get("elements", []) if "value" in each):
        assert len(button["value"]) <= 2000
        assert size(button["text"]["text"]) <= 75
    assert 1 <= size(blocks.fallback(reply)) <= 4000
    check_markup(blocks.fallback(reply))


class Tags(HTMLParser):
    """Notes what is open, and fails where something else is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a tag; ours have no attribute but a link's."""
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
        self.hrefs += [value or "" for _, value in attrs]
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert self.open.pop() == tag


ANSWER = partial(outbound.answer, place=PLACE, key="key")
EDIT = partial(outbound.edit, event_id="$answer", key="key")


def check_matrix(reply: Reply) -> None:
    """A server takes the event, encrypted as well, and clients make nothing of it that it is not."""
    for build in (ANSWER, EDIT):
        content = outbound.fitting(reply, build)
        in_clear = json.dumps(content, ensure_ascii=False).encode()
        assert len(in_clear) < EVENT - 5000
        assert len(json.dumps(content)) * 4 / 3 < EVENT - 5000  # as nio encrypts it
        assert content["m.mentions"] == {}
        new = content.get("m.new_content", content)
        assert new["m.mentions"] == {}
        assert not CALL.search(outside_of_form(new["body"]))
        check_html(new["formatted_body"])


def check_html(shown: str) -> None:
    """Every tag is closed, and no link leads to a person or a room."""
    tags = Tags()
    tags.feed(shown)
    tags.close()
    assert tags.open == []
    assert not [
        href for href in tags.hrefs if "matrix.to" in href or re.search("[#/](?:[@#]|%40)[^/]*:", href)
    ]
    assert not re.search(
        r"matrix\.to|matrix:u|@room|@ann:|#all:", re.sub("<code>.*?</code>", "", shown, flags=re.DOTALL)
    )


def outside_of_form(body: str) -> str:
    """A form is copied as it stands."""
    return re.sub(r"```.*?```", "", body, flags=re.DOTALL)


@pytest.mark.parametrize("name", EXTREMES)
def test_every_reply_about_an_extreme_entry_fits_everywhere(name: str) -> None:
    """Nothing that may stand in an entry can keep an answer from being posted."""
    for reply in replies_about(EXTREMES[name]):
        check_slack(reply)
        check_matrix(reply)
        assert lines.render(reply)


@SLOW
@given(any_text(40), any_address)
def test_every_reply_about_any_entry_fits_everywhere(text: str, url: str) -> None:
    piece = "".join(each for each in text if each.isprintable()) or "x"
    for reply in replies_about(extreme_entry(piece, url, parts=3)):
        check_slack(reply)
        check_matrix(reply)


@pytest.mark.parametrize("name", EXTREMES)
def test_every_view_of_an_extreme_entry_is_one_that_slack_takes(name: str) -> None:
    entry = EXTREMES[name]
    sheet = open_sheet(Draft(entry_id=entry.id, fields=entry_data(entry), base=7), "T1/C1", ("C1", "1.2"))
    view = check_view(entry_view(sheet, notices=[entry.summary] * 40), ("modal",))
    assert len(view["private_metadata"]) <= 3000
    assert read_view({**view, "state": {}}).entry_id == entry.id
    replies = [*replies_about(entry)]
    check_view(modals.answer(replies), ("modal",))
    check_view(modals.why(json.dumps(list(entry.caveats))), ("modal",))
    check_view(modals.waiting((entry.summary + "\n") * 40), ("modal",))
    check_view(modals.note(entry.title, {"channel": "C1", "message": "1.2"}), ("modal",))
    for each in messages(replies):
        check_blocks(each["blocks"])
        check_markup(each["text"])
    check_blocks(message(entry.summary)["blocks"])
    intent = Intent(
        key="k", platform="slack", place=Place(channel="T1/C1", message_id="1"), action=Action.REPLY
    )
    answer = Answer(intent=intent, state=AnswerState.POSTED, receipt=None, created_at=NOW, changed_at=NOW)
    recent = [Recent(answer=answer, title=entry.title)] * 12
    check_view(home(Policy.OFF, recent, version="1", waiting=replies, paused_by=entry.title), ("home",))
    said = announcements.done_by("U1", Verb.RETIRE, entry.summary, NOW)
    assert size(said) <= 3000


@given(st.lists(any_text(), max_size=4))
def test_any_choice_is_a_button_that_slack_takes_or_none(labels: list[str]) -> None:
    made = buttons([Choice(label=each, command=f"approve {each}", note=each) for each in labels])
    check_blocks(made)


@settings(max_examples=60, deadline=None)
@given(any_text(), any_text(), st.integers(0, 400))
def test_any_text_that_is_cut_fits_and_is_cut_nowhere_inside(text: str, more: str, limit: int) -> None:
    """Whatever follows where it was cut has room or is left out; nothing loops."""
    cut = shorten(text, limit, more=link("more", "https://paper.example/" + more))
    assert size(cut) <= limit
    check_markup(cut)
    assert size(plain(text, limit)) <= max(limit, 1)
    check_markup(cut_escaped(f"{escape(text)} {link(text, ADDRESSES['ampersands'])}", limit))


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_that_is_too_long_for_a_link_is_named_by_its_host(name: str) -> None:
    written = link("A <title>", ADDRESSES[name], limit=300)
    assert size(written) <= 2400
    check_markup(written)
    if not written.startswith("<https://"):
        assert written == "A &lt;title&gt; (paper.example)"


@pytest.mark.parametrize("step", range(SHORTEST + 1))
def test_a_form_is_whole_or_said_to_be_missing(step: int) -> None:
    """Half of a form, sent back, would be half of an entry."""
    reply = Reply(lead="A form:", form="x: y\n" * 1500)
    cut = shorter(reply, step)
    assert cut.form in (reply.form, None)
    assert bool(cut.form) != any("too long for one message" in line for line in cut.lines)


WRITERS: dict[str, Callable[[str], object]] = {
    "shorten": lambda text: shorten(text, 3000, more="<https://a.example/|more>"),
    "shorten a little": lambda text: shorten(text, len(text) - 1, more="<https://a.example/|more>"),
    "plain": lambda text: plain(text, 3000),
    "link": lambda text: link(text, f"https://a.example/{text}", limit=300),
    "Slack": lambda text: blocks.render(Reply(lead=text, lines=(text,), caveats=(text,), evidence=(text,))),
    "Slack's fallback": lambda text: blocks.fallback(Reply(lead=text, summary=text)),
    "Matrix": lambda text: html.render(Reply(lead=text, lines=(text,), caveats=(text,))),
    "a Matrix event": lambda text: outbound.fitting(Reply(lead=text, lines=(text,)), EDIT),
    "the console": lambda text: lines.render(Reply(lead=text, form=text, caveats=(text,))),
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize(
    "piece", ["cyrillic", "one long word", "families", "marks", "special", "formatting", "matrix links"]
)
def test_the_time_to_write_a_text_grows_with_its_length_at_most(writer: str, piece: str) -> None:
    """Eight times the text takes eight times as long; quadratic would be sixty-four times."""
    assert growth(WRITERS[writer], lambda size: of_length(PIECES[piece], size), largest=32_000) < LINEAR


def test_an_entry_of_thousands_of_figures_is_written_in_a_part() -> None:
    """What does not fit is not laid out first."""
    few, many = (extreme_entry("word ", ADDRESSES["long"], parts=parts) for parts in (100, 800))
    small, large = ([*replies_about(entry)][-3] for entry in (few, many))
    assert len(large.lines) > 8 * len(small.lines) * 0.9
    assert ratio(blocks.render, small, large) < LINEAR / 2
