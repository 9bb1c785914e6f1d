from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from kb.entries.entry import Entry
from kb.errors import EntryError, KbError
from kb.formats.files import read_entries, write_entries
from tests.unit.kb.make_entries import entries, entry_fields, make_entry

A = """\
id: a
title: Title of a
summary: A summary.
original:
  publisher: Paper
  title: Report
  url: https://paper.example/a
caveats:
  - A caveat.
"""


def problems_of(*paths: Path) -> list[str]:
    with pytest.raises(EntryError) as caught:
        read_entries(paths)
    return [str(problem).replace(f"{paths[0].parent}/", "") for problem in caught.value.problems]


def file_with(folder: Path, content: str | bytes, name: str = "e.yaml") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


LISTED = "- " + A.replace("\n", "\n  ").rstrip() + "\n"
JSON_A = json.dumps(entry_fields())
JSON_B = json.dumps(entry_fields("b"))
GROUP = "an entry is a group of fields, each on a line of its own such as `title: …`"
NAMES = "Expecting property name enclosed in double quotes"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("e.yaml", A),
        ("e.YML", "\ufeff# a note\r\n" + A.replace("\n", "\r\n")),
        ("e.yaml", LISTED),
        ("e.yaml", f"---\n---\n{A}---\n"),
        ("e.json", JSON_A),
        ("e.json", f"[{JSON_A}]"),
        ("e.jsonl", f"\n{JSON_A}\n\n"),
    ],
)
def test_one_entry_can_be_written_in_many_ways(tmp_path: Path, name: str, content: str) -> None:
    assert read_entries([file_with(tmp_path, content, name)]) == (make_entry(),)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("e.yaml", A + "---\n" + A.replace("id: a", "id: b")),
        ("e.yaml", LISTED + LISTED.replace("id: a", "id: b")),
        ("e.json", f"[{JSON_A}, {JSON_B}]"),
        ("e.jsonl", f"{JSON_A}\n{JSON_B}"),
    ],
)
def test_a_file_may_hold_several_entries(tmp_path: Path, name: str, content: str) -> None:
    assert [entry.id for entry in read_entries([file_with(tmp_path, content, name)])] == ["a", "b"]


def test_a_folder_gives_all_its_entry_files_once(tmp_path: Path) -> None:
    (tmp_path / "war").mkdir()
    (tmp_path / ".git").mkdir()
    file_with(tmp_path, "not an entry", "README.md")
    file_with(tmp_path / ".git", "not an entry", "x.yaml")
    file_with(tmp_path / "war", JSON_B, "b.json")
    path = file_with(tmp_path, A)
    assert [entry.id for entry in read_entries([tmp_path, path])] == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        (
            A.replace("title: Title of a", "title: 2022"),
            ["e.yaml, line 2: title: must be text, but 2022 is read as a number; put it in quotes"],
        ),
        (
            A.replace("title: Title of a", "title: no"),
            ["e.yaml, line 2: title: must be text, but is read as false; put it in quotes"],
        ),
        (
            A.replace("title: Title of a", "title: 2022-04-15"),
            ["e.yaml, line 2: title: must be text, but 2022-04-15 is read as a date; put it in quotes"],
        ),
        (
            A.replace("title: Title of a", "title:"),
            ["e.yaml, line 2: title: is empty; fill it in or leave the field out"],
        ),
        (
            A.replace("    ", "").replace("  title: Report\n", ""),
            ["e.yaml, line 4: original.title: is missing"],
        ),
        (
            A + "  - ''\n  -\n",
            [
                "e.yaml, line 10: caveats[1]: is empty",
                "e.yaml, line 11: caveats[2]: is empty; fill it in or leave the field out",
            ],
        ),
        (
            A + "figures:\n  - value: 8:30\n    what: x\n    as_stated: x\n",
            ["e.yaml, line 11: figures[0].value: must be a plain number, such as 8600"],
        ),
        (A + "review_by: 2022-02-30\n", ["e.yaml, line 10: review_by: must be a date, such as 2022-04-15"]),
        (
            A + "review_by: 2022-02-20 10:30:00\n",
            ["e.yaml, line 10: review_by: must be a date without a time, such as 2022-04-15"],
        ),
        (A + "title: Another\n", ["e.yaml, line 10: title: is given twice; keep one"]),
        (
            A + "tags: [&t x, *t]\n",
            ["e.yaml, line 10: tags[1]: is repeated with an alias (`*name`); write it out"],
        ),
        (
            A + "content_note: !!python/object/apply:os.getcwd []\n",
            [
                (
                    "e.yaml, line 10: content_note: bears the tag python/object/apply:os.getcwd; "
                    "only plain text, numbers, lists and groups are read"
                )
            ],
        ),
        (
            A + "? [x]\n: y\n",
            ["e.yaml, line 10: ?: is no field here; check its spelling and its indentation"],
        ),
        (
            "- 1\n- text\n",
            [
                f"e.yaml, line 1: {GROUP}",
                f"e.yaml, line 2: {GROUP}",
            ],
        ),
        ("", ["e.yaml: holds no entry"]),
        ("# only a note\n---\n", ["e.yaml: holds no entry"]),
        ("[]", ["e.yaml: holds no entry"]),
        (
            A + "---\na: b: c\n",
            [
                (
                    "e.yaml, line 11: is no valid YAML (mapping values are not allowed in this context): "
                    "a text with a colon and a space in it must be in quotes"
                )
            ],
        ),
        (
            A + "tags:\n\t- x\n",
            [
                (
                    "e.yaml, line 11: is no valid YAML (found character that cannot start any token): "
                    "indent with spaces, and put a text that starts with @, % or ` in quotes"
                )
            ],
        ),
        (
            A + 'tags: ["x\n',
            [
                (
                    "e.yaml, line 11: is no valid YAML (found unexpected end of stream): "
                    "a closing quote or bracket is missing"
                )
            ],
        ),
        (
            A + "tags: [\a]\n",
            [
                (
                    "e.yaml, line 10: is no valid YAML (unacceptable character #x0007: control "
                    "characters are not allowed): delete the control character"
                )
            ],
        ),
        (A.encode() + b"tags: [caf\xe9]\n", ["e.yaml, line 10: is no UTF-8 text; save the file as UTF-8"]),
        ("- " * 5000 + "x", ["e.yaml: is nested too deeply to be an entry"]),
    ],
    ids=lambda value: str(value)[-60:],
)
def test_a_fault_in_yaml_is_told_with_its_line(
    tmp_path: Path, content: str | bytes, problems: list[str]
) -> None:
    assert problems_of(file_with(tmp_path, content)) == problems


@pytest.mark.parametrize(
    ("name", "content", "problems"),
    [
        ("e.json", JSON_A[:-1], ["e.json, line 1: is no valid JSON (Expecting ',' delimiter, column 174)"]),
        (
            "e.json",
            "{\n'id': 1}",
            [f"e.json, line 2: is no valid JSON ({NAMES}, column 1)"],
        ),
        ("e.json", "", ["e.json: holds no entry"]),
        ("e.json", "[" * 100_000, ["e.json: is nested too deeply to be an entry"]),
        (
            "e.json",
            f'[{JSON_A}, {{"id": "b"}}]',
            [f"e.json, entry 2: {name}: is missing" for name in ("title", "summary", "original", "caveats")],
        ),
        (
            "e.jsonl",
            f"{JSON_A}\n{{,}}\n\n[]",
            [
                f"e.jsonl, line 2: is no valid JSON ({NAMES}, column 2)",
                f"e.jsonl, line 4: {GROUP}",
            ],
        ),
        ("e.jsonl", JSON_A[:-1] + ', "id": "b"}', ["e.jsonl, line 1: id: is given twice; keep one"]),
        (
            "e.json",
            JSON_A.replace("Title of a", r"\ud800"),
            ["e.json: title: holds half of a character (a lone surrogate); write it again"],
        ),
        ("e.txt", A, ["e.txt: is no entry file; their names end in .yaml, .yml, .json or .jsonl"]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_fault_in_json_is_told_with_its_position(
    tmp_path: Path, name: str, content: str, problems: list[str]
) -> None:
    assert problems_of(file_with(tmp_path, content, name)) == problems


def test_every_problem_of_every_file_is_told_and_nothing_given(tmp_path: Path) -> None:
    good = file_with(tmp_path, A, "1.yaml")
    again = file_with(tmp_path, A, "2.yaml")
    bad = file_with(tmp_path, "id: b\ntitle: 7\n", "3.yaml")
    assert problems_of(good, again, bad, tmp_path / "4.yaml", tmp_path / "1.yaml") == [
        "2.yaml, line 1: id: a is also the id of the entry in 1.yaml, line 1; give each its own",
        "3.yaml, line 2: title: must be text, but 7 is read as a number; put it in quotes",
        "3.yaml, line 1: summary: is missing",
        "3.yaml, line 1: original: is missing",
        "3.yaml, line 1: caveats: is missing",
        "4.yaml: cannot be read: No such file or directory",
    ]


def test_a_folder_without_entry_files_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert problems_of(tmp_path / "empty") == [
        "empty: holds no file that ends in .yaml, .yml, .json or .jsonl"
    ]


def test_an_alias_bomb_is_refused_quickly(tmp_path: Path) -> None:
    """Thirty levels of nine aliases each would be 9^30 values, were they ever unfolded."""
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 30))
    problems = problems_of(file_with(tmp_path, f"l0: &l0 x\n{levels}tags: [*l29, *l29]\n"))
    assert sum("is repeated with an alias" in problem for problem in problems) == 29 * 9 + 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entry=entries)
def test_export_and_import_lose_nothing(tmp_path: Path, entry: Entry) -> None:
    path = tmp_path / "e.yaml"
    write_entries([entry], path)
    assert read_entries([path]) == (entry,)


def test_an_exported_entry_is_pleasant_to_read() -> None:
    entry = make_entry(
        summary="Officials said that the tool was used more than 8,600 times in the first fifty days, a "
        "count of searches rather than of people found.",
        caveats=["“First”: an own figure.", "No second source.\n\nSee the note."],
        figures=[
            {"value": 8600, "what": "searches", "as_stated": "more than 8,600", "qualifier": "more than"}
        ],
        verified_by="desk",
        verified_on=date(2026, 11, 22),
        rating={"label": "no", "value": 2.5},
    )
    stream = io.StringIO()
    write_entries([entry], stream)
    assert (
        stream.getvalue()
        == """\
---
id: a
title: Title of a
summary: >-
  Officials said that the tool was used more than 8,600 times in the first fifty days, a count of searches
  rather than of people found.
original:
  publisher: Paper
  title: Report
  url: https://paper.example/a
caveats:
  - '“First”: an own figure.'
  - |-
    No second source.

    See the note.
rating:
  label: 'no'
  value: 2.5
figures:
  - value: 8600
    what: searches
    as_stated: more than 8,600
    qualifier: more than
verified_by: desk
verified_on: 2026-11-22
"""
    )


@pytest.mark.parametrize("target", ["out", "out.yaml", "new/out"])
def test_a_file_or_a_folder_can_be_written_and_read_again(tmp_path: Path, target: str) -> None:
    written = (make_entry("a"), make_entry("b", title="Ünïcode"))
    write_entries(written, tmp_path / target)
    assert read_entries([tmp_path / target]) == written


def test_a_target_that_cannot_be_written_is_told_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(KbError, match=r"missing/out\.yaml cannot be written: No such file"):
        write_entries([make_entry()], tmp_path / "missing" / "out.yaml")
