"""A front page is known by its address."""

from __future__ import annotations

import pytest

from bot.pages.read.text_reader import is_home_path


@pytest.mark.parametrize(
    ("path", "home"),
    [
        ("", True),
        ("en", True),
        ("en-us", True),
        ("de_AT", True),
        ("home", True),
        ("a-story", False),
        ("en/a", False),
        ("2024", False),
    ],
)
def test_a_front_page_is_known_by_its_path(path: str, home: bool) -> None:
    assert is_home_path(path) is home
