from __future__ import annotations

import pytest
from hypothesis import given, settings

from kb.curate.lifecycle import drafted
from kb.entries.entry import Entry
from kb.errors import EntryError
from kb.formats.forms import draft_form, read_form
from tests.unit.kb.curate.curating import sound
from tests.unit.kb.make_entries import entries


@given(entries)
@settings(max_examples=30, deadline=None)
def test_a_form_that_is_sent_back_unchanged_is_the_same_text(entry: Entry) -> None:
    form = read_form(draft_form(entry, base=7))
    assert drafted(form.entry) == drafted(entry)
    assert form.base == 7


def test_a_new_entry_has_no_base() -> None:
    assert read_form(draft_form(sound())).base is None


def test_what_has_to_be_said_stands_there_empty_and_is_asked_for() -> None:
    form = draft_form({"id": "a", "original": {"url": "https://paper.example/a"}})
    assert form.splitlines() == [
        "# A new entry.",
        "id: a",
        "title:",
        "summary:",
        "original:",
        "  publisher:",
        "  title:",
        "  url: https://paper.example/a",
        "  author:",
        "  published:",
        "caveats:",
        "sensitive:",
        "review_by:",
    ]
    with pytest.raises(EntryError) as refused:
        read_form(form)
    assert [str(problem) for problem in refused.value.problems] == [
        "line 3: title: is empty; fill it in or leave the field out",
        "line 4: summary: is empty; fill it in or leave the field out",
        "line 6: original.publisher: is empty; fill it in or leave the field out",
        "line 7: original.title: is empty; fill it in or leave the field out",
        "line 11: caveats: is empty; fill it in or leave the field out",
    ]


@pytest.mark.parametrize(
    "sent",
    [
        "```\n{form}```",
        "```yaml\n{form}\n```\nthanks!",
        "!caveat save\n```yaml\n{form}```",
        "Here it is:\n```\n{form}",
        "{form}",
    ],
)
def test_a_form_is_read_with_what_stands_around_its_code_block(sent: str) -> None:
    form = draft_form(sound(), base=3)
    assert drafted(read_form(sent.format(form=form)).entry) == drafted(sound())


def test_blanks_that_a_chat_client_has_replaced_are_read() -> None:
    form = draft_form(sound()).replace("  url", "\u00a0\u00a0url").replace("\n", "\r\n")
    assert read_form(form).entry.original.url == sound().original.url


def test_candidates_are_comments_to_choose_from() -> None:
    found = {"figures": [{"value": 582.0, "what": "families", "as_stated": "582"}], "quotes": []}
    form = draft_form(sound(), candidates=found)
    assert read_form(form).entry.figures == ()
    lines = form.splitlines()
    start = lines.index("# figures:")
    chosen = "\n".join([*lines[:start], *(line.removeprefix("# ") for line in lines[start:])])
    assert read_form(chosen).entry.figures[0].value == 582


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty; fill in the form and send it back"),
        ("```\n```", "is empty; fill in the form and send it back"),
        ("- id: a\n- id: b", "holds more than one entry; send one at a time"),
        ("just words", "an entry is a group of fields"),
        ("title: a: b", "line 1: is no valid YAML"),
        ("verified_by: me", "line 1: verified_by: is set when the entry is approved; delete this line"),
    ],
)
def test_what_is_no_form_says_what_is_wrong(text: str, problem: str) -> None:
    with pytest.raises(EntryError) as refused:
        read_form(text)
    assert problem in str(refused.value)
