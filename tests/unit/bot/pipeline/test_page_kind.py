"""Pages that are no article are known as such; articles about logins, cookies and errors stay articles."""

from __future__ import annotations

import pytest

from bot.pipeline.page_kind import is_home_path, kind_of, says_debunk

STORY = "https://news.example/2024/kites"
SHORT = "The warden of Lower Meadow counted forty kites on Sunday, two more than in the spring before. " * 2
LONG = SHORT * 20
SHELL = "Please wait."


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
        ("Subscribe to read | Daily Kite", "LOGIN"),
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
        ("Just a moment...", "EMPTY"),
        ("Attention Required! | Cloudflare", "EMPTY"),
        ("Access Denied", "EMPTY"),
        ("Are you a robot?", "EMPTY"),
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
    assert kind_of(url=STORY, titles=(title, ""), text=SHORT) == kind
    assert kind_of(url=STORY, titles=(title, ""), text=LONG) == "ARTICLE", (
        "a long text is an article all the same"
    )


@pytest.mark.parametrize(
    ("url", "text", "asks_password", "kind"),
    [
        (STORY, "", False, "EMPTY"),
        (STORY, SHELL, False, "EMPTY"),
        (STORY, SHELL, True, "LOGIN"),
        (STORY, SHORT, True, "LOGIN"),
        (STORY, LONG, True, "ARTICLE"),
        ("https://login.news.example/a", SHELL, False, "LOGIN"),
        ("https://news.example/login?next=/a", SHELL, False, "LOGIN"),
        ("https://news.example/logins-are-hard", SHORT, False, "ARTICLE"),
        ("https://consent.news.example/collect?x=1", SHORT, False, "CONSENT"),
        (
            "https://news.example/a",
            "We use cookies. Accept all or reject all of them. " + SHELL,
            False,
            "CONSENT",
        ),
        (
            "https://news.example/a",
            "The bakery will accept all orders for cookies. " + SHORT,
            False,
            "ARTICLE",
        ),
    ],
)
def test_address_form_and_words_tell_the_kind_as_well(
    url: str, text: str, asks_password: bool, kind: str
) -> None:
    assert kind_of(url=url, titles=("Daily Kite",), text=text, asks_password=asks_password) == kind


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


@pytest.mark.parametrize(
    "title",
    [
        "Fact check: No, the kites of Lower Meadow are not drones",
        "FACT-CHECK | Kites over Lower Meadow",
        "Kite rumour debunked",
        "The kite hoax, explained",
        "False: Lower Meadow bans kites",
        "FAKE: a letter from the warden",
        "Lower Meadow bans kites - False",
        "Did Lower Meadow ban kites? (Misleading)",
        "No, Lower Meadow did not ban kites",
        "No evidence that kites bring rain",
        "There is no proof of a kite ban",
        "Photo does not show the kite festival",
        "Video doesn’t show kites over Lower Meadow",
        "This photo is not from Lower Meadow",
        "The claim that kites bring rain is not true",
        "Posts falsely claim that kites are banned",
        "False claims about kites spread again",
        "Post about kites is missing context",
        "Five myths about kites",
        "Faktencheck: Sind Drachen verboten?",
        "Faux : les cerfs-volants interdits",
    ],
)
def test_a_title_that_corrects_a_story_is_a_debunk(title: str) -> None:
    assert says_debunk(title)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Kites over Lower Meadow counted again",
        "Nobody counted the kites of Lower Meadow",
        "No kites this year in Lower Meadow",
        "False start for the kite festival",
        "False alarm closes Lower Meadow school",
        "It was a false alarm, says the warden",
        "Bomb hoax closes Lower Meadow station",
        "Kite club ends its fact-checking programme",
        "Man charged over hoax call",
        "Fake kites seized at the border",
        "Checking the facts of life with the warden",
        "Warden shows evidence of the kite ban",
        "Altered flight paths annoy Lower Meadow",
        "Wrong turn leads kite flyer to the sea",
        "Ukraine sends photos home",
    ],
)
def test_a_title_that_tells_a_story_is_no_debunk(title: str) -> None:
    assert not says_debunk(title)
