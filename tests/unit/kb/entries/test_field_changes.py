from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from kb.entries.entry import Entry
from kb.entries.field_changes import differences
from tests.unit.kb.curate.curating import sound
from tests.unit.kb.make_entries import entries


def told(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [str(change) for change in differences(sound(**before), sound(**after))]


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({}, {}, []),
        ({"title": "A"}, {"title": "B"}, ["title: was “A”, now “B”"]),
        ({"caveats": ["A", "B"]}, {"caveats": ["A", "C", "B"]}, ["caveat: added “C”"]),
        ({"caveats": ["A", "B"]}, {"caveats": ["B"]}, ["caveat: removed “A”"]),
        ({"caveats": ["A", "B"]}, {"caveats": ["A", "D"]}, ["caveat: was “B”, now “D”"]),
        ({}, {"content_note": "war"}, ["content note: added “war”"]),
        ({"sensitive": True}, {"sensitive": None}, ["sensitive: removed “yes”"]),
        ({"status": "draft"}, {"status": "in_review"}, ["status: was “draft”, now “in review”"]),
        (
            {"figures": [{"value": 2e6, "what": "dead", "as_stated": "2 million"}]},
            {"figures": [{"value": 2e9, "what": "dead", "as_stated": "2 billion"}]},
            ["figure: was “2 million (dead; value 2,000,000)”, now “2 billion (dead; value 2,000,000,000)”"],
        ),
    ],
)
def test_what_changed_is_told_field_by_field(
    before: dict[str, Any], after: dict[str, Any], changes: list[str]
) -> None:
    assert told(before, after) == changes


@given(entries, entries)
@settings(max_examples=20, deadline=None)
def test_two_texts_have_no_differences_only_if_they_are_the_same(one: Entry, other: Entry) -> None:
    assert differences(one, one) == ()
    assert bool(differences(one, other)) is (one != other)
