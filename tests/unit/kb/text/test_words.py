"""One reading of text: numbers, names, quotes, sentences and stems, by tables of cases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text import words

NUMBERS = [
    ("Practically 9,000 searches", [9000]),
    ("2 million pictures, not 2 billion", [2e6, 2e9]),
    ("$4.5bn and 1.2 million", [4.5e9, 1.2e6]),
    ("50m people and 10k more", [5e7, 1e4]),
    ("five agencies", [5]),
    ("two hundred and fifty people", [250]),
    ("twenty-one thousand", [21000]),
    ("a dozen eggs", [12]),
    ("one of the two", [1, 2]),
    ("a man and several dogs", []),
    ("model B2B, version 1.2.3", []),
    ("10\u202f000 steps", [10000]),
    ("3.5% of 582", [3.5, 582]),
    ("1 234 567 people", [1234567]),
    ("123 456 789 12", [123, 456, 789, 12]),
    ("a row of 123 124 125 126 127 128 129 130 131 1", [123, 124, 125, 126, 127, 128, 129, 130, 131, 1]),
    ("", []),
]


@pytest.mark.parametrize(("written", "values"), NUMBERS)
def test_numbers_are_read_as_people_write_them(written: str, values: list[float]) -> None:
    assert [number.value for number in words.numbers(written)] == pytest.approx(values)


@given(st.integers(min_value=0, max_value=10**12))
def test_any_whole_number_is_read_back_with_and_without_separators(value: int) -> None:
    assert [number.value for number in words.numbers(f"some {value:,} things")] == [value]
    assert [number.value for number in words.numbers(f"some {value} things")] == [value]


@given(st.text(max_size=300))
def test_no_text_makes_reading_fail(anything: str) -> None:
    assert words.terms(anything) <= frozenset(words.stems(anything))
    for number in words.numbers(anything):
        assert anything[number.start :].startswith(number.text)
    assert all(quote in anything for quote in words.quotes(anything))


@pytest.mark.parametrize(
    ("value", "digits"), [(582, 3), (8600, 2), (2e9, 1), (340, 2), (0.5, 1), (1.25e6, 3), (0, 1), (100, 1)]
)
def test_significant_digits_are_those_a_number_is_stated_with(value: float, digits: int) -> None:
    assert words.significant_digits(value) == digits


def test_names_are_not_words_that_only_start_a_sentence() -> None:
    assert words.names("Officers told the Harbour Gazette. Yesterday a certain Anna Example left.") == {
        "harbour",
        "gazette",
        "anna",
        "example",
    }


def test_a_headline_in_title_case_tells_nothing_about_names() -> None:
    assert words.names("Ten Soups For A Cold Winter Evening") == frozenset()


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        ("She said: “Never again.” He left.", ["Never again."]),
        ('"Straight marks too," she said.', ["Straight marks too,"]),
        ("Er sagte «so nicht» und „niemals“.", ["so nicht", "niemals"]),
        ("It's the owner's shop.", []),
    ],
)
def test_quotes_are_found_in_all_kinds_of_marks(written: str, quoted: list[str]) -> None:
    assert list(words.quotes(written)) == quoted


def test_hashtags_and_handles_are_words_and_addresses_are_not() -> None:
    assert words.words("#BigFlood seen by @HarbourGazette https://a.example/b pic.twitter.com/x1") == [
        "Big",
        "Flood",
        "seen",
        "by",
        "Harbour",
        "Gazette",
    ]


def test_sentences_end_at_stops_and_line_breaks() -> None:
    assert words.sentences("One. Two! “Three?” four\nFive") == ["One.", "Two!", "“Three?” four", "Five"]
