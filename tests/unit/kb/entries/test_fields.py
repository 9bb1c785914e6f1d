from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.slack.views.entry_form import INPUTS
from kb.entries.entry import Entry, Source, Status, entry_data, parse_entry
from kb.entries.fields import BY_HAND, BY_STEPS, FIELDS, Kind, is_required
from kb.errors import EntryError
from kb.formats.forms import draft_form, read_form
from tests.unit.kb.curate.curating import sound

DOCS = Path(__file__).parents[4] / "docs" / "entries.md"


def schema_of(path: str) -> dict[str, Any]:
    """A field as the model describes it, whether or not it may be missing."""
    part, name = (Source, path.partition(".")[2]) if "." in path else (Entry, path)
    schema: dict[str, Any] = part.model_json_schema()["properties"][name]
    return next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), schema)


def kind_in(schema: dict[str, Any]) -> Kind:
    """How a field is written, by the model."""
    if schema.get("type") == "array":
        return Kind.LIST if "$ref" in schema["items"] else Kind.LINES
    plain = {"boolean": Kind.SWITCH, "integer": Kind.NUMBER}
    if schema.get("type") in plain:
        return plain[schema["type"]]
    if schema.get("format") == "date":
        return Kind.DAY
    if "$ref" in schema and not schema["$ref"].endswith(Status.__name__):
        return Kind.GROUP
    return Kind.TEXT if schema.get("maxLength", 0) > 500 else Kind.LINE


def test_every_field_of_an_entry_is_registered() -> None:
    """Who adds a field is told here that editors need a name for it."""
    assert FIELDS.keys() == {*Entry.model_fields, *(f"original.{name}" for name in Source.model_fields)}


@pytest.mark.parametrize(
    "path", sorted(FIELDS.keys() - {"original.url"})
)  # it is as long as a text, on one line
def test_what_is_registered_is_what_the_model_says(path: str) -> None:
    """Both say how a field is written; they cannot differ unnoticed."""
    assert FIELDS[path].kind is kind_in(schema_of(path))
    assert FIELDS[path].asked or not is_required(path)


def test_every_field_is_set_by_hand_or_by_steps() -> None:
    """None is forgotten, and none is in both."""
    assert {*BY_HAND, *BY_STEPS} == set(Entry.model_fields)
    assert not BY_STEPS.keys() & BY_HAND


def test_a_form_takes_what_is_set_by_hand_and_refuses_the_rest_by_name() -> None:
    """A form that shows a field reads it, too."""
    entry = sound(content_note="war", tags=["a"], compiled="by hand", match_text=False, example=True)
    read = read_form(draft_form(entry)).entry
    shown = {name: value for name, value in entry_data(entry).items() if name in BY_HAND}
    assert parse_entry(shown) == read
    for name, why in BY_STEPS.items():
        with pytest.raises(EntryError, match=re.escape(f"{name}: {why}; delete this line")):
            read_form(draft_form(entry) + f"{name}: draft")


def test_every_field_is_described_for_editors() -> None:
    """`docs/entries.md` names each."""
    text = DOCS.read_text()
    assert not [name for name in Entry.model_fields if f"`{name}`" not in text]


def test_what_steps_set_has_no_input_of_its_own() -> None:
    """Nobody types a status."""
    assert not BY_STEPS.keys() & {each.name for each in INPUTS}
