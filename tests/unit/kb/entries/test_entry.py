from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from kb.entries.entry import Entry, Status, entry_data, parse_entry
from kb.errors import EntryError
from tests.unit.kb.make_entries import entries, entry_fields, make_entry

SOURCE = entry_fields()["original"]
FIGURE = {"value": 582, "what": "families told", "as_stated": "582"}
ID = (
    "must start with a letter or a digit and hold only letters, digits, dots, hyphens and underscores, "
    "at most 200 in all"
)
GROUP = "must be a group of fields, each on a line of its own such as `title: …`"
NUMBER = "must be a plain number, such as 8600"
DATE = "must be a date, such as 2022-04-15"
ORIGINAL = "https://paper.example/a"


def problems_of(data: object) -> list[str]:
    with pytest.raises(EntryError) as caught:
        parse_entry(data)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"title": None}, "title: is empty; fill it in or leave the field out"),
        ({"title": ""}, "title: is empty"),
        ({"title": " \n\u00a0"}, "title: is empty"),
        ({"title": "\u200b"}, "title: is empty"),
        ({"title": 2022}, "title: must be text, but 2022 is read as a number; put it in quotes"),
        ({"title": False}, "title: must be text, but is read as false; put it in quotes"),
        (
            {"title": date(2022, 4, 15)},
            "title: must be text, but 2022-04-15 is read as a date; put it in quotes",
        ),
        ({"title": ["a"]}, "title: must be one text, not a list or a group of fields"),
        ({"title": "x" * 501}, "title: is longer than 500 characters"),
        ({"title": "two\nlines"}, "title: must stand on one line, without tabs"),
        ({"title": "bell\a"}, "title: holds an invisible control character (U+0007); delete it"),
        ({"title": "a\u202egpj.exe"}, "title: holds an invisible control character (U+202E); delete it"),
        ({"title": "a\u2028b"}, "title: holds an invisible control character (U+2028); delete it"),
        ({"title": "\ud800"}, "title: holds half of a character (a lone surrogate); write it again"),
        ({"summary": "a\x00b"}, "summary: holds an invisible control character (U+0000); delete it"),
        ({"summary": "x" * 2001}, "summary: is longer than 2000 characters"),
        ({"titel": "x"}, "titel: is no field here; is title meant?"),
        ({"zzz": "x"}, "zzz: is no field here; check its spelling and its indentation"),
        ({"id": "a b"}, f"id: {ID}"),
        ({"id": "../a"}, f"id: {ID}"),
        ({"language": "English"}, "language: must be a language code, such as en or pt-BR"),
        ({"caveats": []}, "caveats: needs at least 1"),
        ({"caveats": None}, "caveats: is empty; fill it in or leave the field out"),
        ({"caveats": "one"}, "caveats: must be a list, one item to a line after `- `"),
        ({"caveats": ["x"] * 6}, "caveats: has more than 5"),
        ({"caveats": ["x", ""]}, "caveats[1]: is empty"),
        ({"tags": None}, "tags: is empty; fill it in or leave the field out"),
        ({"status": "live"}, "status: must be one of 'draft', 'in_review', 'published' or 'retired'"),
        ({"sensitive": "perhaps"}, "sensitive: must be true or false"),
        ({"sensitive": [1]}, "sensitive: must be true or false"),
        ({"original": "The Paper"}, f"original: {GROUP}"),
        (
            {"original": {**SOURCE, "url": "paper"}},
            "original.url: 'paper' is no web address; one starts with https://",
        ),
        ({"original": {**SOURCE, "published": "yesterday"}}, f"original.published: {DATE}"),
        ({"original": {**SOURCE, "published": "2022-13-01"}}, f"original.published: {DATE}"),
        ({"original": {**SOURCE, "published": "1650000000"}}, f"original.published: {DATE}"),
        ({"original": {**SOURCE, "published": 0}}, f"original.published: {DATE}"),
        (
            {"original": {**SOURCE, "published": datetime(2022, 4, 15, 9, tzinfo=UTC)}},
            "original.published: must be a date without a time, such as 2022-04-15",
        ),
        ({"figures": [{**FIGURE, "value": "many"}]}, f"figures[0].value: {NUMBER}"),
        ({"figures": [{**FIGURE, "value": "8,600"}]}, f"figures[0].value: {NUMBER}"),
        ({"figures": [{**FIGURE, "value": True}]}, f"figures[0].value: {NUMBER}"),
        ({"figures": [{**FIGURE, "value": float("nan")}]}, f"figures[0].value: {NUMBER}"),
        ({"figures": [{**FIGURE, "value": 10**400}]}, f"figures[0].value: {NUMBER}"),
        ({"figures": [{**FIGURE, "value": [1]}]}, f"figures[0].value: {NUMBER}"),
        ({"figures": [{"value": 1, "what": "x"}]}, "figures[0].as_stated: is missing"),
        ({"figures": {"value": 1}}, "figures: must be a list, one item to a line after `- `"),
        (
            {"rating": {"label": "false", "value": 9, "worst": 1, "best": 5}},
            "rating: the value 9 lies outside 1 (worst) to 5 (best)",
        ),
        (
            {
                "appearances": [
                    {"url": ORIGINAL},
                    {"url": "https://b.example/b/"},
                    {"url": "https://b.example/b"},
                ]
            },
            (
                f"appearances: {ORIGINAL} names the same page as the original; "
                "https://b.example/b names the same page as appearances[1]: list each page once"
            ),
        ),
        (
            {"appearances": [{"url": "https://b.example/b", "kind": "spoof"}]},
            "appearances[0].kind: must be one of 'copy', 'report' or 'debunk'",
        ),
        *(
            (
                {"appearances": [{"url": front, "prefix": prefix}]},
                (
                    f"appearances[0].url: {front} is the front page of a whole site; "
                    "give the address of the article's page"
                ),
            )
            for front in ("https://b.example", "http://www.b.example/index.html#top")
            for prefix in (True, False)
        ),
        (
            {"verified_on": "2022-04-15"},
            "verified_on: is given, but verified_by is not: say who verified the entry",
        ),
        ({"verified_on": "2022-04-15", "verified_by": ""}, "verified_by: is empty"),
        ({1: "x"}, "[1]: is no name of a field; names are text"),
    ],
    ids=str,
)
def test_a_broken_rule_is_told_in_an_editors_words(fields: dict[str, Any], problem: str) -> None:
    assert problems_of({**entry_fields(), **fields}) == [problem]


@pytest.mark.parametrize("data", ["text", 7, ["a"], None], ids=str)
def test_what_is_no_group_of_fields_is_no_entry(data: object) -> None:
    assert problems_of(data) == [GROUP.replace("must be", "an entry is")]


def test_all_problems_are_told_at_once_with_their_place() -> None:
    data = {"id": "a", "title": "", "summary": 7, "original": {"publisher": "P", "url": "x"}, "figures": [{}]}
    with pytest.raises(EntryError) as caught:
        parse_entry(data, place="war.yaml")
    assert [problem.field for problem in caught.value.problems] == [
        "title",
        "summary",
        "original.title",
        "original.url",
        "caveats",
        "figures[0].value",
        "figures[0].what",
        "figures[0].as_stated",
    ]
    assert str(caught.value).count("war.yaml: ") == 8


@pytest.mark.parametrize(
    ("given_title", "kept"),
    [
        ("  spaces around \n", "spaces around"),
        ("«Привет» 👨‍👩‍👧 שלום", "«Привет» 👨‍👩‍👧 שלום"),
        ("soft\u00adhyphen \u200fmark", "soft\u00adhyphen \u200fmark"),
    ],
)
def test_text_is_kept_as_it_was_written_but_for_space_around_it(given_title: str, kept: str) -> None:
    assert make_entry(title=given_title).title == kept


def test_long_text_may_have_paragraphs() -> None:
    assert make_entry(summary="One.\r\n\r\nTwo.\tThree.").summary == "One.\n\nTwo.\tThree."


@pytest.mark.parametrize("value", [8600, 8600.0, "8600", "8.6e3"])
def test_a_number_may_be_written_in_several_ways(value: object) -> None:
    assert make_entry(figures=[{**FIGURE, "value": value}]).figures[0].value == 8600.0


def test_only_what_an_editor_must_say_is_needed() -> None:
    entry = make_entry()
    assert (entry.status, entry.language, entry.match_text, entry.sensitive) == (
        Status.PUBLISHED,
        "en",
        True,
        None,
    )
    assert entry_data(entry) == entry_fields()


def test_an_entry_is_never_changed_in_place() -> None:
    with pytest.raises(ValidationError):
        make_entry().title = "other"  # type: ignore[misc]  # what the test is about


@given(entries)
def test_plain_data_loses_nothing(entry: Entry) -> None:
    assert parse_entry(json.loads(json.dumps(entry_data(entry)))) == entry
