"""Lists of words ship as text files: what is wrong with one is told by its file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kb.errors import WordListError
from kb.text.word_lists import alternatives, any_of, filled, parsed, whole, word_list

ROOT = Path(__file__).parents[4]
FILES = sorted(path for package in ("bot", "kb") for path in (ROOT / package).rglob("tables/*.txt"))


def test_remarks_and_empty_lines_are_no_items() -> None:
    text = "# where it comes from\n\n[weak]\nnot less than\n\n# a remark\nto date\n[strong]\n a yr\\b \n"
    found = parsed(text, "here.txt", ["strong", "weak"])
    assert {name: list(items) for name, items in found.items()} == {
        "strong": ["a yr\\b"],
        "weak": ["not less than", "to date"],
    }
    assert list(found) == ["strong", "weak"]


def test_a_row_says_what_its_word_stands_for() -> None:
    assert parsed("a third: 1/3\n", "here.txt", [""], rows=True) == {"": {"a third": "1/3"}}


@pytest.mark.parametrize(
    ("text", "rows", "told"),
    [
        ("one\n\none\n", False, "here.txt, line 3: “one” stands in its section before"),
        ("one: 1\none: 2\n", True, "here.txt, line 2: “one” stands in its section before"),
        ("one\n[week]\ntwo\n", False, "here.txt, line 2: the section “week” is unknown"),
        ("# nothing\n", False, "here.txt: the section “” is empty or not there"),
        ("one: 1\ntwo\n", True, "here.txt, line 2: “two” needs a colon"),
    ],
)
def test_what_is_wrong_is_told_by_file_and_line(text: str, rows: bool, told: str) -> None:
    with pytest.raises(WordListError) as raised:
        parsed(text, "here.txt", [""], rows=rows)
    assert str(raised.value).startswith(told)


def test_a_section_without_items_is_told_by_its_line() -> None:
    with pytest.raises(WordListError, match=r"here\.txt, line 3: the section “b” is empty"):
        parsed("[a]\none\n[b]\n\n", "here.txt", ["a", "b"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_list_says_first_where_it_comes_from(path: Path) -> None:
    """Whoever adds to a list, or takes it over, has to know whose it is."""
    head = path.read_text(encoding="utf-8").partition("\n\n")[0].splitlines()
    assert head
    assert all(line.startswith("#") for line in head)


def test_a_list_is_read_as_it_is_packaged() -> None:
    assert "the" in word_list("kb/text/tables/stop_words.txt")


def test_words_are_escaped_and_patterns_are_not() -> None:
    assert alternatives(["rs", "rs.", "$"]) == r"(?:rs\.|rs|\$)"
    assert any_of(["rs?", "us"]) == "(?:rs?|us)"


def test_a_pattern_is_filled_with_its_pieces_and_its_groups_stay() -> None:
    assert filled(r"(?P<day>\d{1,2}) <month>", month="May|June") == r"(?P<day>\d{1,2}) May|June"


def test_a_piece_that_is_not_given_is_an_error() -> None:
    with pytest.raises(KeyError, match="month"):
        filled("<month>", day="1")


def test_whole_words_are_no_parts_of_others() -> None:
    assert re.findall(whole(["cat", "dogs?"]), "concat cat, dog") == ["cat", "dog"]
