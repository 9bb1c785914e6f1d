"""Reply → Matrix HTML."""

from __future__ import annotations

from datetime import date
from html import escape

import pytest

from bot.model import Choice, Citation, Reply, Suggestion
from bot.platforms.matrix.formatted import read_formatted
from bot.platforms.matrix.html import render
from kb.match.query import Basis

ORIGINAL = Citation(
    title="A title",
    url="https://paper.example/story?a=1&b=2",
    publisher="The Paper",
    author="A. Writer",
    published=date(2022, 4, 15),
)
HOSTILE = '<img src=x onerror=alert(1)> & "quoted" https://evil.example/ \u202egnp.exe'


def full(text: str, url: str = ORIGINAL.url) -> Reply:
    """A reply with the same text in every place."""
    citation = Citation(title=text, url=url, publisher=text, author=text)
    return Reply(
        lead=text,
        rating=text,
        original=citation,
        content_note=text,
        summary=text,
        caveats=(text,),
        differences=(text,),
        suggestions=(Suggestion(citation=citation, basis=Basis.RELATED, why=text),),
        verified=text,
        footnote=text,
    )


def test_no_text_becomes_markup_wherever_it_stands() -> None:
    shown = render(full(HOSTILE))
    assert "<img" not in shown
    assert "\u202e" not in shown
    assert shown.count("&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quoted&quot;") == 15


def test_no_address_in_a_text_stays_one_that_clients_make_a_link_of() -> None:
    shown = render(full(HOSTILE))
    assert "evil.example" not in shown
    assert "https://" not in shown.replace(f'href="{escape(ORIGINAL.url)}"', "")
    assert read_formatted(shown).links == (ORIGINAL.url, ORIGINAL.url)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//paper.example/", "http://[", ""]
)
def test_only_the_web_is_linked_to(url: str) -> None:
    assert "<a" not in render(full("text", url))


def test_the_fields_stand_in_their_order() -> None:
    reply = Reply(
        lead="lead",
        rating="rating",
        original=ORIGINAL,
        content_note="note",
        summary="summary",
        caveats=("caveat 1", "caveat 2"),
        differences=("difference",),
        verified="verified",
        footnote="footnote",
        entry_url="https://kb.example/entry",
    )
    shown = render(reply)
    parts = [
        "rating",
        "lead",
        "A title</a>",
        "The Paper, A. Writer, ",
        "note",
        "summary",
        "caveat 1",
        "caveat 2",
        "difference",
        "verified",
        "footnote",
        "https://kb.example/entry",
    ]
    places = [shown.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


def test_a_short_answer_has_no_empty_blocks() -> None:
    assert (
        render(Reply(lead="Nothing verified on this yet."))
        == "<p><strong>Nothing verified on this yet.</strong></p>"
    )


def test_a_form_can_be_copied_as_it_is_and_cannot_break_out_of_its_block() -> None:
    form = "id: a\noriginal:\n  url: https://a.example/x\n  title: </code></pre><b>& more ```\n\u202eodd"
    shown = render(Reply(lead="A form:", form=form))
    assert "<pre><code>id: a\noriginal:\n  url: https://a.example/x\n" in shown
    assert "title: &lt;/code&gt;&lt;/pre&gt;&lt;b&gt;&amp; more" in shown
    assert "```" not in shown
    assert "\u202e" not in shown


def test_addresses_in_lines_for_curators_can_be_copied_and_are_no_links() -> None:
    shown = render(Reply(lead="Links:", lines=("2×: https://a.example/x?b=<c> (nearest: d)",)))
    assert "<li>2×: <code>https://a.example/x?b=&lt;c&gt;</code> (nearest: d)</li>" in shown
    assert "<a " not in shown


def test_what_can_be_done_next_is_shown_as_what_to_type() -> None:
    choices = (
        Choice(label="Approve", command="approve a", base=3),
        Choice(label="Send back", command="send-back a", base=3, note="What should be changed?"),
    )
    shown = render(Reply(lead="A text waits.", choices=choices))
    assert "<code>!caveat approve a</code>" in shown
    assert "<code>!caveat send-back a NOTE</code>" in shown
