"""Replies as Block Kit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.model import Choice, Citation, Reply, Suggestion
from bot.platforms.slack.text import size
from bot.platforms.slack.views.blocks import HELPFUL, OTHER_STORY, WHY, evidence, fallback, render
from bot.replies import wording
from kb.match.query import Basis

ORIGINAL = Citation(
    title="A <story> | told",
    url="https://news.example/story?a=1&b=2",
    publisher="The Paper",
    author="A. Writer",
    published=date(2022, 4, 15),
)
REPLY = Reply(
    lead="Same story: this page retells a report by The Paper.",
    rating="Misleading: the number is old",
    original=ORIGINAL,
    content_note="Content note: war dead",
    summary="Two sentences. No more.",
    caveats=("The figure is *old*.", "Nobody confirmed <it>."),
    differences=("It said “582”, this page says “852”.",),
    verified="Verified by a reviewer, 1 May 2022.",
    footnote="Compiled from public reports.",
    evidence=("It names the same figures.", "It quotes the same words."),
    feedback=True,
)
texts = (
    st.text(max_size=80)
    | st.text(alphabet="&<>*_|` ab", min_size=200, max_size=4000)
    | st.just("word " * 900)
)
citations = st.builds(
    Citation,
    title=texts,
    url=st.just("https://news.example/a b|c") | texts,
    publisher=texts,
    author=st.none() | texts,
    published=st.none() | st.dates(),
)
suggestions = st.builds(Suggestion, citation=citations, basis=st.sampled_from(Basis), why=texts)
replies = st.builds(
    Reply,
    lead=texts,
    rating=st.none() | texts,
    original=st.none() | citations,
    content_note=st.none() | texts,
    summary=st.none() | texts,
    caveats=st.lists(texts, max_size=6).map(tuple),
    differences=st.lists(texts, max_size=3).map(tuple),
    suggestions=st.lists(suggestions, max_size=4).map(tuple),
    verified=st.none() | texts,
    footnote=st.none() | texts,
    evidence=st.lists(texts, max_size=5).map(tuple),
    entry_url=st.none() | st.just("https://kb.example/entry"),
    feedback=st.booleans(),
    updated=st.none() | texts,
    lines=st.lists(texts, max_size=25).map(tuple),
    form=st.none() | st.text(min_size=1, max_size=500),
    choices=st.lists(st.builds(Choice, label=texts, command=texts), max_size=4).map(tuple),
)


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


@settings(deadline=None)
@given(replies)
def test_any_reply_keeps_slacks_limits(reply: Reply) -> None:
    blocks = render(reply)
    assert len(blocks) <= 50
    for block in Block.parse_all(blocks):
        block.to_dict()
    for text in texts_of(blocks):
        assert 1 <= size(text["text"]) <= 3000
        assert text["text"].strip()
    for button in (part for block in blocks for part in block.get("elements", []) if "value" in part):
        assert len(button["value"]) <= 2000
    assert 1 <= size(fallback(reply)) <= 4000


@settings(deadline=None)
@given(replies)
def test_no_reply_holds_markup_that_is_not_its_own(reply: Reply) -> None:
    """Nobody is pinged, and no label pretends to lead elsewhere."""
    own_link = re.compile(r"<https?://[^\s<>|]+\|[^<>|]+>")
    for text in (each["text"] for each in texts_of(render(reply)) if each["type"] == "mrkdwn"):
        assert not re.search("[<>]", own_link.sub("", text))
    assert not re.search("[<>]", fallback(reply))


def test_the_parts_stand_in_the_order_of_the_plain_text() -> None:
    blocks = render(REPLY)
    shown = ["header", "section", "context", *("section",) * 4, "context", "actions"]
    assert [block["type"] for block in blocks] == shown
    assert (blocks[0]["text"]["text"], blocks[1]["text"]["text"]) == (REPLY.rating, REPLY.lead)
    assert [part["text"] for part in blocks[2]["elements"]] == [REPLY.content_note]
    assert blocks[3]["text"]["text"] == (
        "<https://news.example/story?a=1&amp;b=2|A &lt;story&gt; ❘ told>\nThe Paper, A. Writer, 15 April 2022"
    )
    assert blocks[4]["text"]["text"] == REPLY.summary
    assert blocks[5]["text"]["text"] == (
        "*Be careful:*\n• The figure is \u200b*\u200bold\u200b*\u200b.\n• Nobody confirmed &lt;it&gt;."
    )
    assert blocks[6]["text"]["text"].startswith("*What this copy changed:*\n• It said")
    assert [part["text"] for part in blocks[7]["elements"]] == [REPLY.verified, REPLY.footnote]


def test_the_buttons_are_named_and_why_carries_the_evidence() -> None:
    buttons = render(REPLY, answer_id="unfurl:1")[-1]["elements"]
    assert [button["action_id"] for button in buttons] == [HELPFUL, OTHER_STORY, WHY]
    assert [button["text"]["text"] for button in buttons] == [
        "Helpful",
        "Not the same story",
        "Why this match?",
    ]
    assert [button["value"] for button in buttons[:2]] == ["unfurl:1"] * 2
    assert json.loads(buttons[2]["value"]) == list(REPLY.evidence)
    assert "value" not in render(REPLY)[-1]["elements"][0]


def test_the_evidence_is_cut_and_stays_json() -> None:
    value = render(Reply(lead="Same.", evidence=("é" * 900, "b " * 900, "c"), feedback=True))[-1]["elements"][
        2
    ]["value"]
    kept = json.loads(value)
    assert len(value) <= 2000
    assert kept
    assert all(kept)


def test_a_lead_alone_is_a_sentence_without_buttons() -> None:
    [block] = render(Reply(lead="Nothing verified on this yet."))
    assert (block["type"], block["text"]["text"]) == ("section", "Nothing verified on this yet.")


def test_suggestions_say_why_they_came_up() -> None:
    suggestion = Suggestion(citation=ORIGINAL, basis=Basis.RELATED, why="It names the same city.")
    reply = Reply(lead="No clear match. Possibly related:", suggestions=(suggestion,), feedback=True)
    header, section, actions = render(reply)
    assert header["type"] == "header"
    assert section["text"]["text"].endswith("\nrelated: It names the same city.")
    assert evidence(reply) == ("“A <story> | told”: It names the same city.",)
    assert len(actions["elements"]) == 3


def test_a_long_summary_leads_to_the_whole() -> None:
    long = Reply(lead="Same.", original=ORIGINAL, summary="word " * 1000)
    text = render(long)[2]["text"]["text"]
    assert text.endswith("word… <https://news.example/story?a=1&amp;b=2|more>")
    kept = Reply(lead="Same.", summary="word " * 1000, entry_url="https://kb.example/e")
    assert render(kept)[1]["text"]["text"].endswith("… <https://kb.example/e|more>")


def test_caveats_that_do_not_fit_are_said_to_be_missing() -> None:
    reply = Reply(lead="Same.", original=ORIGINAL, caveats=tuple(f"{n} " + "word " * 190 for n in range(5)))
    text = render(reply)[2]["text"]["text"]
    assert size(text) <= 3000
    assert text.endswith("\n… <https://news.example/story?a=1&amp;b=2|more>")


def test_a_lead_that_is_too_long_for_a_heading_is_said_in_full_below() -> None:
    lead = "Same story: " + "word " * 40
    header, section, *_ = render(Reply(lead=lead, summary="So."))
    assert header["text"]["text"].endswith("word…")
    assert section["text"]["text"] == lead.strip()


def test_what_curators_read_stands_below_the_lead_and_a_form_is_no_markup() -> None:
    reply = Reply(lead="Draft.", lines=("one <!here>", "", "two"), form="id: a\n```\n<!channel>")
    lead, lines, form = render(reply)
    assert lead["text"]["text"] == "Draft."
    assert lines["text"]["text"] == "one &lt;!here&gt;\ntwo"
    [inside] = form["elements"]
    assert inside["type"] == "rich_text_preformatted"
    assert inside["elements"] == [{"type": "text", "text": "id: a\n```\n<!channel>"}]


def test_where_there_was_no_answer_a_button_stands_for_tell_me() -> None:
    blocks = render(Reply(lead=wording.NOTHING, footnote=wording.TELL_ME))
    [button] = blocks[-1]["elements"]
    assert button["text"]["text"] == "Tell me"
    assert json.loads(button["value"])["command"] == "tell me"
