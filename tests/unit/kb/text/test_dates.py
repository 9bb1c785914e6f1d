"""The day that words are dated with."""

from __future__ import annotations

from datetime import date

import pytest

from kb.text.dates import last_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("… — A Name (@handle) January 9, 2019", date(2019, 1, 9)),
        ("9 January 2019", date(2019, 1, 9)),
        ("on Sept. 3rd, 2021 and then on 2021-10-04", date(2021, 10, 4)),
        ("26 May 2015", date(2015, 5, 26)),
        ("June 31, 2019", None),
        ("in January 2019", None),
        ("version 12019-01-091", None),
        ("", None),
    ],
)
def test_the_last_full_date_of_a_text_is_its_day(text: str, day: date | None) -> None:
    assert last_date(text) == day
