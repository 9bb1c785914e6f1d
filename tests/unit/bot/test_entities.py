"""Character references."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.entities import decoded
from bot.platforms.matrix.formatted import read_formatted


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a &amp; b &lt;", "a & b <"),
        ("&#65;&#x42;", "AB"),
        ("&#" + "9" * 5000 + ";", "\ufffd"),
        ("&#x" + "f" * 5000, "\ufffd"),
        ("&#" + "0" * 5000 + "65;", "\ufffd"),
        ("&#", "&#"),
    ],
)
def test_references_become_characters(html: str, text: str) -> None:
    assert decoded(html) == text


@given(st.text(alphabet="&#xX0123456789;amplt", max_size=200))
def test_any_text_can_be_decoded(html: str) -> None:
    decoded(html)


def test_a_message_of_long_references_can_be_read() -> None:
    """It raised ValueError, and what its writer asked was never read."""
    html = f'<a href="https://a.example/&#{"9" * 5000};">@</a> <a href="https://b.example/?a&amp;b">b</a>'
    assert read_formatted(html).links[1] == "https://b.example/?a&b"
