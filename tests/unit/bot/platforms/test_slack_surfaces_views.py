"""Modals, the home and private messages as values: whatever stands in them, Slack takes them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import Answer, AnswerState, Intent
from bot.model import Action, ChannelRules, Citation, Place, Policy, Reply, Suggestion
from bot.platforms.slack.actions.commands import (
    Origin,
    Spoken,
    messages,
    question,
    read_command,
    status,
    typed,
)
from bot.platforms.slack.views import modals, wording
from bot.platforms.slack.views.home import home
from bot.ports import Recent
from kb.match.query import Basis
from tests.servers.slack_blocks import check_blocks, check_view

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
ORIGIN = Origin(team="T1", channel="C1", sender="U1", id="7", bot="U9")
CITATION = Citation(
    title="A report", url="https://post.example/a", publisher="The Post", published=date(2026, 1, 2)
)
FULL = Reply(
    lead="Same story.",
    rating="False: no.",
    original=CITATION,
    content_note="Content note: war",
    summary="A summary.",
    caveats=("One.", "Two.", "Three."),
    differences=("This page: “2”. On record: “3”.",),
    suggestions=(Suggestion(citation=CITATION, basis=Basis.RELATED, why="the same words"),),
    verified="Verified by a desk.",
    evidence=("It has the same words.",),
    feedback=True,
)


def texts_of(view: Any) -> list[str]:
    """The texts of a view's blocks."""
    return [block["text"]["text"] for block in view["blocks"]]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ('["One.", "Two."]', ["One.", "Two."]),
        ('["One\\nline."]', ["One line."]),
        ('["<!channel> *b*"]', ["<!channel> *b*"]),
        ('["", "  ", 5, null, "One."]', ["One."]),
        *[
            (broken, [wording.WHY_UNKNOWN])
            for broken in ("", "[", '["One', "5", "{}", "null", "[[]]", "[" * 9999)
        ],
    ],
)
def test_a_button_s_evidence_is_shown_line_by_line_and_a_broken_one_is_told(
    value: str, shown: list[str]
) -> None:
    view = modals.why(value)
    assert texts_of(view) == shown
    assert check_view(view, ("modal",))


def test_long_evidence_is_cut_at_a_word() -> None:
    [text] = texts_of(modals.why(json.dumps(["word " * 2000])))
    assert len(text) <= 3000
    assert text.endswith("word…")


@given(st.lists(st.text(), max_size=120))
def test_any_evidence_makes_a_view_that_slack_takes(lines: list[str]) -> None:
    assert check_view(modals.why(json.dumps(lines)), ("modal",))


@given(st.text(), st.lists(st.text(), max_size=4))
def test_any_answer_makes_a_modal_and_messages_that_slack_takes(text: str, lines: list[str]) -> None:
    reply = replace(FULL, lead=f"Same: {text}", summary=text, caveats=tuple(lines), evidence=tuple(lines))
    assert check_view(modals.answer([reply] * 3), ("modal",))
    for each in messages([reply] * 3):
        assert check_blocks(each["blocks"])
        assert each["response_type"] == "ephemeral"


@pytest.mark.parametrize("number", [1, 9, 40])
def test_many_answers_keep_to_slacks_numbers(number: int) -> None:
    sent = messages([FULL] * number)
    assert 1 <= len(sent) <= 4
    assert all(len(each["blocks"]) <= 50 for each in sent)
    assert check_view(modals.answer([FULL] * number), ("modal",))


@given(st.text(min_size=1))
def test_any_title_is_shown_as_it_is_in_the_home(title: str) -> None:
    intent = Intent(
        key="k",
        platform="slack",
        place=Place(channel="T1/C1", message_id="1.0"),
        action=Action.REPLY,
    )
    answer = Answer(intent=intent, state=AnswerState.POSTED, receipt=None, created_at=NOW, changed_at=NOW)
    view = home(Policy.OFF, [Recent(answer=answer, title=title)] * 12, version="1")
    assert check_view(view, ("home",))
    [shown] = {block["text"]["text"] for block in view["blocks"] if "<#C1>" in str(block)}
    assert shown.count("<") == 2  # the channel and the date, nothing of the title


@pytest.mark.parametrize(
    ("typed", "verb", "rest"),
    [
        ("check https://a.example/", Spoken.CHECK, "https://a.example/"),
        ("  Check   two words ", Spoken.CHECK, "two words"),
        ("check\nhttps://a.example/", Spoken.CHECK, "https://a.example/"),
        ("check\u00a0words", Spoken.CHECK, "words"),
        ("check", Spoken.HELP, ""),
        ("checks out", Spoken.HELP, ""),
        ("STATUS", Spoken.STATUS, ""),
        ("status please", Spoken.STATUS, ""),
        ("https://a.example/ https://b.example/", Spoken.CHECK, "https://a.example/ https://b.example/"),
        ("<https://a.example/|a>", Spoken.CHECK, "<https://a.example/|a>"),
        ("hello https://a.example/", Spoken.HELP, ""),
        ("", Spoken.HELP, ""),
    ],
)
def test_what_is_typed_after_the_command(typed: str, verb: Spoken, rest: str) -> None:
    command = read_command(typed)
    assert (command.verb, command.rest) == (verb, rest)


@pytest.mark.parametrize(
    ("stored", "words", "links"),
    [
        ("https://a.example/?b=1&c=2", "https://a.example/?b=1&c=2", ("https://a.example/?b=1&c=2",)),
        ("<https://a.example/?b=1&amp;c=2>", None, ("https://a.example/?b=1&c=2",)),
        ("<https://a.example/|said so>, really", None, ("https://a.example/",)),
        ("https://a.example/, https://b.example/.", None, ("https://a.example/", "https://b.example/")),
        ("5 &lt; 6 &amp; 7", "5 < 6 & 7", ()),
        ("<@U9> is it so?", "is it so?", ()),
        ("`https://a.example/`", None, ()),
    ],
)
def test_links_and_words_are_read_whether_slack_marked_them_up_or_not(
    stored: str, words: str | None, links: tuple[str, ...]
) -> None:
    asked = question(ORIGIN, stored, sent_at=NOW)
    assert asked
    assert asked.links == links
    assert words is None or asked.text == words
    assert (asked.channel, asked.sender, asked.id, asked.asked) == ("T1/C1", "T1/U1", "7", True)


@pytest.mark.parametrize("empty", ["", "  ", "<@U9>"])
def test_nothing_is_no_question(empty: str) -> None:
    assert question(ORIGIN, empty, sent_at=NOW) is None


def test_a_pause_is_told_in_place_of_the_channels_rules() -> None:
    rules = ChannelRules(policy=Policy.OFF, threshold=0.9)
    told = status(rules, entries=3, version="1", paused_by="slack:T1/U1")
    assert told.startswith("Just now I am paused everywhere, by slack:T1/U1")
    assert "0.9" not in told
    assert "3 published entries" in told
    shown = home(Policy.PASSIVE, [], version="1", paused_by="slack:T1/U1")
    assert "paused everywhere" in str(check_view(shown, ("home",)))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("add <https://a.example/?x=1&amp;y=2>", "add https://a.example/?x=1&y=2"),
        ("add <http://a.example|a.example>", "add http://a.example"),
        ("role give <@U1|ben> admin", "role give <@U1|ben> admin"),
        ("search a &lt;b&gt; &amp;amp;", "search a <b> &amp;"),
        ("add https://a.example/?x=1&y=2", "add https://a.example/?x=1&y=2"),
    ],
)
def test_a_command_is_read_as_it_was_typed(text: str, read: str) -> None:
    assert typed(text) == read


@given(st.lists(st.text(max_size=4000), max_size=30))
def test_any_queue_makes_a_home_that_slack_takes(lines: list[str]) -> None:
    waiting = Reply(lead="30 waiting:", lines=tuple(lines))
    assert check_view(home(Policy.PASSIVE, [], version="1", waiting=[waiting]), ("home",))
