"""Content-Type headers."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pages.fetch.media_type import read_media_type


@pytest.mark.parametrize(
    ("header", "essence", "charset"),
    [
        ("text/html", "text/html", None),
        ("TEXT/HTML; Charset=UTF-8", "text/html", "UTF-8"),
        ("text/html;charset=utf-8", "text/html", "utf-8"),
        ('text/html; charset="utf-8"', "text/html", "utf-8"),
        ('text/html; charset="utf-8', "text/html", "utf-8"),
        ("  text/html ; a=b ; charset = koi8-r ; c", "text/html", "koi8-r"),
        ("text/html; charset=utf-8; charset=latin-1", "text/html", "utf-8"),
        ('text/html; x="; charset=evil"; charset=cp866', "text/html", "cp866"),
        (r'text/html; x="a\"; charset=evil"; charset=cp866', "text/html", "cp866"),
        ("text/html, text/html", "text/html", None),
        ("text/html;;;;charset=big5", "text/html", "big5"),
        ("text/html charset=utf-8", "text/html", "utf-8"),
        ("text/html; charset=; charset=big5", "text/html", "big5"),
        ("text/html; charset", "text/html", None),
        ("text/html; charset*", "text/html", None),
        ("text/html; charset*=utf-8''x", "text/html", None),
        ("text/html; charset*0*=x''", "text/html", None),
        ("text/html; charset=" + "(" * 400, "text/html", None),
        ("text/html; charset=" + '"' * 8000, "text/html", None),
        ("text/html; charset=" + "x" * 5000, "text/html", None),
        ("text/html; charset=\xff\xfe", "text/html", None),
        ("text/html; " + "a" * 2000 + "; charset=big5", "text/html", None),
        ("", "", None),
        ("html", "", None),
        ("/", "", None),
        ("text/html\x00", "", None),
        ("text/" + "x" * 90, "", None),
        ('"text/html"', "", None),
    ],
)
def test_type_and_charset_are_read_and_junk_is_neither(
    header: str, essence: str, charset: str | None
) -> None:
    assert read_media_type(header) == (essence, charset)


@given(st.text(alphabet="text/hml;= \"\\(),*'charset\n\xff", max_size=300))
def test_any_header_can_be_read(header: str) -> None:
    essence, charset = read_media_type(header)
    assert essence == essence.lower()
    assert charset is None or charset.isascii()


def _seconds(header: str) -> float:
    """Of this thread's processor time, the least of many."""
    times = []
    for _ in range(50):
        before = time.thread_time()
        read_media_type(header)
        times.append(time.thread_time() - before)
    return min(times)


@pytest.mark.parametrize(
    "piece", ["(", '"', "\\", ";", "=", " ", '="', "; ", "a", "a/", "/", ";charset", ';charset="', "x*="]
)
def test_the_time_grows_with_the_length_at_most(piece: str) -> None:
    """Four times as long a header takes four times as long; quadratic would be sixteen times."""
    short, long = (("text/html; charset=" + piece * 1000)[:length] for length in (240, 960))
    assert _seconds(long) < 12 * _seconds(short)
