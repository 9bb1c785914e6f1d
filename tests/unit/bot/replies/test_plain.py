"""Reply → plain text: what curators get beside an answer's parts."""

from __future__ import annotations

from bot.model import Choice, Reply
from bot.replies.plain import render


def test_a_form_is_a_code_block_that_nothing_in_it_ends() -> None:
    form = "\nid: a\n  title: ``` **x**\u202e\n"
    assert render(Reply(lead="A form:", form=form)) == "A form:\n```\nid: a\n  title: ''' **x**\n```"


def test_a_line_stays_one_line_whatever_stands_in_it() -> None:
    assert render(Reply(lead="Links:", lines=("one\ntwo", "three"))) == "Links:\none two\nthree"


def test_choices_say_what_to_type_and_where_a_note_goes() -> None:
    choices = (
        Choice(label="Approve", command="approve a"),
        Choice(label="Back", command="send-back a", note="Why?"),
    )
    shown = render(Reply(lead="Waits.", choices=choices), prefix="@caveat ")
    assert shown == "Waits.\n→ @caveat approve a\n→ @caveat send-back a NOTE"
