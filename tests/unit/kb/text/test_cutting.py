"""Where texts are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.text.cutting import at_word, shortened, whole

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1fa\U0001f1e6"
ACCENTED = "e\u0301\u0323"
WAVING = "\U0001f44b\U0001f3fd"


@pytest.mark.parametrize("unit", [FAMILY, FLAG, ACCENTED, WAVING, "\u2764\ufe0f", "ש\u05bc", "क\u094d"])
@pytest.mark.parametrize("before", ["", "a", "ab"])
def test_what_people_see_as_one_character_is_never_parted(unit: str, before: str) -> None:
    text = before + unit * 40
    for end in range(len(before), len(text) + 1):
        kept = text[len(before) : whole(text, end)]
        assert kept == unit * (len(kept) // len(unit))
        assert end - whole(text, end) < len(unit)


def test_a_letter_with_hundreds_of_marks_is_cut() -> None:
    """To look for its beginning without end would take quadratic time."""
    text = "e" + "\u0301" * 500
    assert whole(text, 300) == 300


@given(st.text(), st.integers(-3, 50))
def test_a_cut_text_is_a_beginning_and_no_longer_than_asked(text: str, end: int) -> None:
    cut = at_word(text, end)
    assert text.startswith(cut)
    assert len(cut) <= max(end, 0)
    assert len(shortened(text, max(end, 1))) <= max(end, 1)
    assert len(shortened(text, max(end, 2), " …")) <= max(end, 2)
