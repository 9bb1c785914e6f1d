"""What a match is told to be, by a table."""

from __future__ import annotations

from datetime import date

import pytest

from kb.match.basis import Standing, basis_of, is_older
from kb.match.query import Basis


@pytest.mark.parametrize(
    ("standing", "basis"),
    [
        (Standing(clear=True), Basis.SAME_STORY),
        (Standing(clear=False), Basis.RELATED),
        (Standing(clear=True, only_suggest=True), Basis.RELATED),
        (Standing(clear=True, older_than_original=True), Basis.RELATED),
        (Standing(clear=True, contained=0.6), Basis.NEAR_COPY),
        (Standing(clear=False, contained=0.6), Basis.NEAR_COPY),
        (Standing(clear=False, contained=0.6, older_than_original=True), Basis.RELATED),
        (Standing(clear=False, contained=0.6, only_suggest=True), Basis.RELATED),
        (Standing(clear=True, contained=0.1), Basis.SAME_STORY),
    ],
)
def test_what_a_match_is_told_to_be(standing: Standing, basis: Basis) -> None:
    assert basis_of(standing) is basis


@pytest.mark.parametrize(
    ("page", "original", "older"),
    [
        (date(2024, 5, 1), date(2024, 5, 4), True),
        (date(2024, 5, 3), date(2024, 5, 4), False),
        (date(2024, 5, 5), date(2024, 5, 4), False),
        (None, date(2024, 5, 4), False),
        (date(2024, 5, 1), None, False),
    ],
)
def test_a_page_older_than_the_original_by_more_than_time_zones(
    page: date | None, original: date | None, older: bool
) -> None:
    assert is_older(page, original) is older
