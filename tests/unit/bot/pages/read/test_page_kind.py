"""Pages that are no article are known as such; articles about logins, cookies and errors stay articles."""

from __future__ import annotations

import pytest

from bot.pages.read.page_kind import kind_of
from bot.pages.read.page_signals import Signals
from bot.pages.read.read_html import read_html
from tests.walls.hard import ARTICLES, WALLS
from tests.walls.languages import LANGUAGES, Words
from tests.walls.others import OTHERS
from tests.walls.sites import ARTICLE_URL, STYLES, Style

STORY = "https://news.example/2024/kites"
SHORT = "The warden of Lower Meadow counted forty kites on Sunday, two more than in the spring before. " * 2
LONG = SHORT * 40


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Log in", "LOGIN"),
        ("Log in | Daily Kite", "LOGIN"),
        ("Daily Kite - Sign In", "LOGIN"),
        ("Sign in to continue", "LOGIN"),
        ("Log in or sign up to view", "LOGIN"),
        ("Log into Facebook", "LOGIN"),
        ("Login • Instagram", "LOGIN"),
        ("Subscribe to read | Daily Kite", "PAYWALL"),
        ("Anmelden – Tageblatt", "LOGIN"),
        ("Before you continue to YouTube", "CONSENT"),
        ("We value your privacy", "CONSENT"),
        ("Cookie settings | Daily Kite", "CONSENT"),
        ("Your privacy choices", "CONSENT"),
        ("404", "MISSING"),
        ("404 Not Found", "MISSING"),
        ("Page not found - Daily Kite", "MISSING"),
        ("Daily Kite: Error 404", "MISSING"),
        ("Oops! That page can’t be found.", "MISSING"),
        ("Sorry, this page does not exist", "MISSING"),
        ("The page you requested was not found", "MISSING"),
        ("This article is no longer available", "MISSING"),
        ("Seite nicht gefunden | Tageblatt", "MISSING"),
        ("Just a moment...", "BLOCKED"),
        ("Attention Required! | Cloudflare", "BLOCKED"),
        ("Access Denied", "BLOCKED"),
        ("Are you a robot?", "BLOCKED"),
        # articles
        ("Sign in the sky seen over Lower Meadow", "ARTICLE"),
        ("Log cabins return to Lower Meadow", "ARTICLE"),
        ("Cookies for the kite festival", "ARTICLE"),
        ("Man who was not found for weeks is home", "ARTICLE"),
        ("Bus 404 gets a new stop", "ARTICLE"),
        ("A moment of calm in Lower Meadow", "ARTICLE"),
        ("", "ARTICLE"),
    ],
)
def test_a_page_with_little_text_is_what_its_title_says(title: str, kind: str) -> None:
    assert kind_of(Signals(url=STORY, titles=(title,), text=SHORT, shown=SHORT)) == kind
    assert kind_of(Signals(url=STORY, titles=(title,), text=LONG, shown=LONG)) == "ARTICLE", (
        "a long text is an article all the same"
    )


@pytest.mark.parametrize(
    ("kind", "style"),
    [(kind, style) for kind, styles in STYLES.items() for style in styles],
    ids=lambda each: each if isinstance(each, str) else each.__name__,
)
@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_each_style_of_page_is_known_in_each_language(kind: str, style: Style, words: Words) -> None:
    url, html = style(words)
    assert read_html(html, url).kind == kind


@pytest.mark.parametrize("html", ARTICLES.values(), ids=ARTICLES)
def test_an_article_about_walls_is_no_wall(html: str) -> None:
    """Banner and login form around it included."""
    assert read_html(html, ARTICLE_URL).kind == "ARTICLE"


@pytest.mark.parametrize(
    ("kind", "url", "html"), [wall[1:] for wall in WALLS], ids=[wall[0] for wall in WALLS]
)
def test_a_wall_in_words_of_its_own_is_one(kind: str, url: str, html: str) -> None:
    assert read_html(html, url).kind == kind


@pytest.mark.parametrize(("kind", "url", "html"), OTHERS)
def test_a_page_is_known_in_other_words_too(kind: str, url: str, html: str) -> None:
    assert read_html(html, url).kind == kind
