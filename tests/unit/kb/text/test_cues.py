"""What a title does with a story: it denies, negates, or tells what followed."""

from __future__ import annotations

import pytest

from kb.text.cues import NO_CUES, read_cues

ENTRY = read_cues("The port never checked its boats. Nobody looked at them.")


@pytest.mark.parametrize(
    ("title", "denials"),
    [
        ("Port checks no boats for years", 0),
        ("Port did not check its boats", 0),
        ("Port denies that boats were not checked", 1),
        ("Minister dismisses fears over boats", 1),
        ("Boats checked after all", 0),
    ],
)
def test_who_tells_that_something_was_never_done_denies_nothing_by_it(title: str, denials: int) -> None:
    assert read_cues(title).denials_beside(ENTRY) == denials


@pytest.mark.parametrize(
    ("title", "denials"),
    [("Port did not hide the cracks", 1), ("Cracks aren’t new, port can't say", 2), ("Port hid cracks", 0)],
)
def test_a_negation_denies_what_is_told_without_one(title: str, denials: int) -> None:
    assert read_cues(title).denials_beside(read_cues("The port hid cracks.")) == denials


@pytest.mark.parametrize(
    ("title", "aftermath"),
    [
        ("Engineer who spoke is fired", {"fire"}),
        ("Fire in the engine room", set()),
        ("Families sue the port", {"sue"}),
        ("A fine day at the port", set()),
    ],
)
def test_only_forms_that_are_meant_so_tell_what_followed(title: str, aftermath: set[str]) -> None:
    assert set(read_cues(title).aftermath) == aftermath


def test_a_text_without_words_has_no_cues() -> None:
    assert read_cues("") == read_cues("… 12 %") == NO_CUES
