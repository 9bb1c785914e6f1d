"""When a page was published, and who says so."""

from __future__ import annotations

import pytest

from bot.pages.read.read_html import read_html

URL = "https://k.example/kites"
TEXT = (
    "<p>The warden of Lower Meadow counted forty kites on Sunday, two more than in the spring before.</p>" * 3
)


def _ld(fields: str) -> str:
    return f'<script type="application/ld+json">{{{fields}}}</script>'


@pytest.mark.parametrize(
    ("head", "url", "found"),
    [
        (
            "<meta property='article:published_time' content='2024-03-04T23:30:00-05:00'>",
            URL,
            "2024-03-04 MARKUP",
        ),
        (_ld('"@type": "NewsArticle", "datePublished": "2024-03-04"'), URL, "2024-03-04 MARKUP"),
        (_ld('"@type": "NewsArticle", "dateModified": "2024-03-04"'), URL, "None None"),
        ("<meta name='date' content='20240304'>", URL, "2024-03-04 MARKUP"),
        ("<meta name='pubdate' content='Mon, 04 Mar 2024 10:00:00 GMT'>", URL, "2024-03-04 MARKUP"),
        ("<meta name='date' content='2024-13-45'>", URL, "None None"),
        ("<meta name='date' content='2999-01-01'>", URL, "None None"),
        ("<meta name='date' content='yesterday'>", URL, "None None"),
        ("", "https://k.example/2024/03/04/kites", "2024-03-04 ADDRESS"),
        ("", "https://k.example/kites-2024-03-04.html", "2024-03-04 ADDRESS"),
        ("", "https://k.example/20240304-kites", "2024-03-04 ADDRESS"),
        ("", "https://k.example/2024/31/12/kites", "None None"),
        (
            "<meta property='article:published_time' content='2024-03-05'>",
            "https://k.example/2024/03/04/kites",
            "2024-03-05 MARKUP",
        ),
    ],
)
def test_a_date_is_known_with_its_source(head: str, url: str, found: str) -> None:
    page = read_html(f"<html><head><title>Kites</title>{head}</head><body>{TEXT}</body></html>", url)
    assert f"{page.published} {page.published_from}" == found


def test_a_date_that_is_only_shown_is_a_guess() -> None:
    shown = f"<html><body><article><time class=date>4 March 2024</time>{TEXT}</article></body></html>"
    page = read_html(shown, URL)
    assert page.published_from in {None, "TEXT"}
    assert page.published in {None, "2024-03-04"}
