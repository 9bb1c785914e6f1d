"""Files and forms that mean harm: each is told to be wrong, and none ends the process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kb.errors import EntryError
from kb.formats.claimreview_in import read_claim_reviews
from kb.formats.forms import read_form
from kb.formats.json_text import read_json
from kb.formats.jsonld import as_list
from kb.formats.yaml_text import read_yaml

DEEP = {
    "blocks on one line": "- " * 100_000 + "a",
    "keys on one line": "? " * 100_000 + "a",
    "both on one line": "? - " * 50_000 + "a",
    "blocks after a return": "a:\r" + "- " * 100_000 + "b",
    "wide blocks on one line": "-   " * 50_000 + "a",
    "blocks on their own lines": "\n".join(" " * depth + "-" for depth in range(3000)),
    "fields on their own lines": "\n".join(" " * depth + "a:" for depth in range(3000)),
    "brackets": "[" * 100_000,
    "brackets that quoted ones seem to close": "[']'," * 100_000,
    "braces that quoted ones seem to close": "{'}': " * 100_000,
    "brackets that a comment seems to close": "[ # ]\n" * 50_000,
    "brackets in fields": "a: " + "{a: [" * 50_000,
}


FORM = """
id: a
title: A title
summary: A summary.
original: {publisher: Paper, title: Report, url: "https://paper.example/a"}
caveats: [A caveat.]
"""


@pytest.mark.parametrize("name", DEEP)
def test_what_is_nested_too_deeply_is_told_and_the_process_goes_on(name: str) -> None:
    """libyaml goes down until the stack is gone; so it is asked in a process of its own here."""
    code = (
        "import sys; from kb.formats.yaml_text import read_yaml; print(*read_yaml(sys.stdin.read(), 'f')[1])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        input=DEEP[name],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, "f: is nested too deeply to be an entry")


def test_what_only_looks_deep_is_read() -> None:
    brackets, rule = "[" * 2000, " - " * 400
    items, problems = read_yaml(f"a: '{brackets}'\nb: |\n  {rule}x\n", "f")
    assert problems == []
    assert [item.data for item in items] == [{"a": brackets, "b": f"{rule.lstrip()}x\n"}]


@pytest.mark.parametrize("digits", ["9" * 5000, "-" + "9" * 5000, "1" + "0" * 4400, "1e" + "9" * 5000])
@pytest.mark.parametrize("field", ["value", "what"])
def test_a_number_of_thousands_of_digits_is_told_at_its_line(digits: str, field: str) -> None:
    given = {"value": "8600", "what": "people", "as_stated": "8,600"} | {field: digits}
    figure = "\n  ".join(f"{name}: {written}" for name, written in given.items())
    with pytest.raises(EntryError) as caught:
        read_form(f"{FORM}figures:\n- {figure}\n")
    assert [each.field for each in caught.value.problems] == [f"figures[0].{field}"]


@pytest.mark.parametrize("digits", ["9" * 5000, "9" * 30, "٣" * 20])
def test_a_revision_of_thousands_of_digits_is_none(digits: str) -> None:
    form = read_form(f"# Edits revision {digits} of this entry.\n{FORM}")
    assert form.base is None


def test_json_of_any_depth_and_any_number_is_told() -> None:
    for text in ("[" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000, f'{{"a": {"9" * 5000}}}'):
        assert [each.field for each in read_json(text, "f")[1]] == [""]


@pytest.mark.parametrize("depth", [100, 400, 700, 900])
@pytest.mark.parametrize(
    ("opening", "closing"), [("[", "]"), ('{"@list":', "}"), ('{"item":', "}"), ('{"@graph":[', "]}")]
)
def test_deep_claim_reviews_are_told(tmp_path: Path, opening: str, closing: str, depth: int) -> None:
    path = tmp_path / "a.json"
    path.write_text(opening * depth + "{}" + closing * depth)
    with pytest.raises(EntryError):
        read_claim_reviews([path])


@pytest.mark.parametrize("number", ["²", "9" * 5000, -1, True, 1.5, [1], {"a": 1}, None])
def test_an_odd_number_of_claim_reviews_says_nothing(tmp_path: Path, number: object) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"@type": "ItemList", "numberOfItems": number, "itemListElement": [{}]}))
    with pytest.raises(EntryError) as caught:
        read_claim_reviews([path])
    assert "numberOfItems" not in {each.field for each in caught.value.problems}


def test_values_stay_in_their_order_however_deep() -> None:
    value: object = [1, [2, {"@list": [3, [4]]}], None, {"a": [5]}]
    assert as_list(value) == [1, 2, 3, 4, {"a": [5]}]
    for _ in range(100_000):
        value = [value]
    assert as_list(value) == [1, 2, 3, 4, {"a": [5]}]
