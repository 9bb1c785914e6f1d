"""Entries as inputs of a modal: whatever stands in an entry or is typed, Slack takes it, nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.values import Draft
from bot.model import Choice
from bot.platforms.slack.views.choices import buttons, has_choices, read_choice, without_choices, write_choice
from bot.platforms.slack.views.entry_form import INPUTS, REST, fields_of, input_of, kept, texts_of, told
from bot.platforms.slack.views.entry_view import Sheet, entry_view, merge, open_sheet, read_view
from kb.curate.lifecycle import drafted
from kb.entries.entry import Entry, entry_data, parse_entry
from kb.errors import Problem
from tests.servers.slack_blocks import check_blocks, check_view
from tests.servers.slack_state import View
from tests.servers.slack_views import states
from tests.unit.kb.make_entries import entries, entry_fields

NAMES = [each.name for each in INPUTS]


def on_one_line(entry: Entry) -> Entry:
    """Caveats stand on a line each; all else stays letter by letter."""
    caveats = tuple(" ".join(each.split()) for each in entry.caveats)
    return drafted(entry).model_copy(update={"caveats": caveats})


def submitted(view: dict[str, Any]) -> dict[str, Any]:
    """A view as Slack sends it when nothing was typed into it."""
    shown = View(id="V1", hash="1", user="U1", content=check_view(view, ("modal",)))
    return {**shown.content, "state": {"values": states(shown)}}


@settings(max_examples=25)  # entries are slow to make; they are many-sided each
@given(entries)
def test_an_entry_comes_back_from_its_inputs_as_it_was(entry: Entry) -> None:
    fields, problems = fields_of(texts_of(entry_data(entry)))
    assert problems == ()
    assert parse_entry(fields) == on_one_line(entry).model_copy(update={"status": parse_entry(fields).status})


@settings(max_examples=25)  # entries are slow to make; they are many-sided each
@given(entries)
def test_an_entry_comes_back_from_a_modal_as_it_was(entry: Entry) -> None:
    data = entry_data(entry)
    sheet = open_sheet(Draft(entry_id=entry.id, fields=data, base=7), "T1/C1", ("C1", "1.2"))
    back = read_view(submitted(entry_view(sheet)))
    assert (back.entry_id, back.base, back.channel, back.at) == (entry.id, 7, "T1/C1", ("C1", "1.2"))
    fields, problems = fields_of(back.texts)
    fields = kept(data, back.hidden) | fields | {"id": entry.id}
    assert problems == ()
    assert parse_entry(fields) == on_one_line(entry).model_copy(update={"status": parse_entry(fields).status})


awkward = st.sampled_from(["x" * 3000, "- a: b: c", "[" * 99, "&a *a", "\u202e"])
anything = st.one_of(st.text(max_size=50), awkward)
problem_fields = st.sampled_from([*NAMES, "", "claims[0]"])


@given(
    st.dictionaries(st.sampled_from(NAMES), anything),
    st.lists(st.builds(Problem, field=problem_fields, message=anything), max_size=9),
    st.lists(anything, max_size=40),
)
def test_whatever_was_typed_is_shown_again_in_a_view_that_slack_takes(
    texts: dict[str, str], problems: list[Problem], notices: list[str]
) -> None:
    sheet = Sheet(entry_id="a", base=3, channel="T1/C1", texts={"title": "", **texts}, marks={})
    view = submitted(entry_view(sheet, notices=notices, problems=problems))
    days = {"original.published", "review_by", "sensitive"}
    again = read_view(view)
    assert {name: text for name, text in again.texts.items() if name not in days} == {
        name: text for name, text in sheet.texts.items() if name not in days
    }
    fields_of(again.texts)


@pytest.mark.parametrize(
    ("field", "shown_at", "said"),
    [
        ("summary", "summary", "is wrong"),
        ("caveats[2]", "caveats", "[2]: is wrong"),
        ("figures[0].what", "figures", "[0].what: is wrong"),
        ("original.url", "original.url", "is wrong"),
        ("original", REST, "original: is wrong"),
        ("claims[1].rating.label", REST, "claims[1].rating.label: is wrong"),
        ("", "title", "is wrong"),
    ],
)
def test_each_problem_is_shown_at_its_input(field: str, shown_at: str, said: str) -> None:
    problem = Problem(field=field, message="is wrong")
    assert (input_of(problem), told(problem)) == (shown_at, said)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("- speaker: Ann\n  text: Hello", [{"speaker": "Ann", "text": "Hello"}]),
        ("quotes:\n- speaker: Ann\n  text: Hello", [{"speaker": "Ann", "text": "Hello"}]),
        ("quotes:", []),
        ("# - speaker: Ann", []),
    ],
)
def test_a_list_may_be_written_with_or_without_its_heading(text: str, value: list[Any]) -> None:
    fields, problems = fields_of({"quotes": text})
    assert (fields["quotes"], problems) == (value, ())


def sheet_of(base: int, **texts: str) -> Sheet:
    shown = texts_of(entry_fields(summary="S", content_note="N", **texts))
    draft = Draft(entry_id="a", fields=fields_of(shown)[0], base=base)
    return open_sheet(draft, "T1/C1", None)


def test_what_was_typed_is_put_into_the_text_that_somebody_else_changed() -> None:
    mine = sheet_of(3)
    mine = replace(mine, texts={**mine.texts, "summary": "Mine", "title": "My title"}, turn=1)
    merged, both = merge(mine, sheet_of(5, title="Theirs", compiled="Theirs"))
    assert (merged.texts["summary"], merged.texts["title"]) == ("Mine", "My title")
    assert merged.texts[REST] == "compiled: Theirs"
    assert (merged.base, merged.turn, both) == (5, 1, ("title",))


def test_what_both_wrote_alike_is_no_conflict() -> None:
    mine = sheet_of(3)
    mine = replace(mine, texts={**mine.texts, "title": "Alike"})
    assert merge(mine, sheet_of(5, title="Alike"))[1] == ()


def test_figures_of_a_page_are_offered_as_many_as_an_input_takes() -> None:
    sentence = " ".join(["word"] * 90)
    offered = [{"value": float(n), "what": sentence, "as_stated": str(n)} for n in range(20)]
    texts = texts_of({"original": {"published": date(2026, 1, 2)}}, {"figures": offered, "quotes": []})
    assert 2000 < len(texts["figures"]) <= 3000
    assert texts["quotes"] == ""
    figures = fields_of(texts)[0]["figures"]
    assert figures == offered[: len(figures)]


choices = st.builds(
    Choice,
    label=st.text(max_size=200),
    command=st.text(max_size=3000),
    base=st.none() | st.integers(1, 10**9),
    note=st.none() | st.text(max_size=100),
)


@given(st.lists(choices, max_size=40))
def test_choices_are_buttons_that_slack_takes_and_that_carry_them(given_: list[Choice]) -> None:
    blocks = check_blocks(buttons(given_))
    fitting = [each for each in given_ if len(write_choice(each)) <= 2000][:25]
    carried = [read_choice(part["value"]) for block in blocks for part in block["elements"]]
    assert carried == fitting
    assert has_choices(blocks) is bool(fitting)
    assert without_choices(blocks) == []
