"""A page's markup is read as sites write it, and only its main entity speaks for it."""

from __future__ import annotations

import json

import pytest

from bot.pages.read.read_html import read_html

URL = "https://lantern.example/checks/kites"
TITLE = "Did the warden ban all kites from Lower Meadow?"
PROSE = "".join(
    f"<p>The warden of Lower Meadow wrote letter number {number} about the ban of kites.</p>"
    for number in "two three four five six seven".split()
)
REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "claimReviewed": "The warden banned kites",
}
ABOUT_CHEESE = REVIEW | {"claimReviewed": "The moon landed on a cheese"}
DAY = '<meta property="article:published_time" content="{}">'
BRIDGE = {"@type": "Article", "headline": "A bridge opens", "datePublished": "2019-01-02"}
RELATED = {"isRelatedTo": {"@type": "Article", "datePublished": "2011-01-02"}}
ARTICLE = {"@type": "NewsArticle", "headline": TITLE, "datePublished": "2024-03-05"}


def page(head: str = "", before: str = "", title: str = TITLE) -> str:
    body = f"{before}<article><h1>{title}</h1>{PROSE}</article>"
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def script(*values: object, text: str = "") -> str:
    return f'<script type="application/ld+json">{text or json.dumps(values[0])}</script>'


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(REVIEW) + ";",
        f"<!-- \n{json.dumps(REVIEW)}\n-->",
        f"//<![CDATA[\n{json.dumps(REVIEW)}\n//]]>",
        f"/* the check */ {json.dumps(REVIEW)} // and no more",
        json.dumps(REVIEW)[:-1] + ",}",
        json.dumps({"@type": "WebSite", "url": "https://lantern.example//"}) + json.dumps(REVIEW),
        json.dumps(REVIEW).replace('"', "&quot;"),
        json.dumps(REVIEW | {"@type": "schema:ClaimReview"}),
        json.dumps(REVIEW | {"@type": ["Review", "http://schema.org/ClaimReview"]}),
        json.dumps({"@graph": [{"@type": "WebPage", "mainEntity": {"@id": "#r"}}, REVIEW | {"@id": "#r"}]}),
        json.dumps([{"@type": "Article", "headline": TITLE, "review": [REVIEW]}]),
    ],
)
def test_a_fact_check_is_known_however_its_markup_is_written(text: str) -> None:
    assert read_html(page(script(text=text)), URL).debunk


@pytest.mark.parametrize(
    "body",
    [
        '<div itemscope itemtype="https://schema.org/ClaimReview"></div>',
        '<div typeof="ClaimReview"><b property="claimReviewed">The warden banned kites</b></div>',
        '<div typeof="s:ClaimReview"><meta property="s:claimReviewed" content="Warden banned kites"></div>',
        '<div itemscope itemtype="WebPage"><div itemprop="mainEntity" itemscope itemtype="ClaimReview">',
    ],
)
def test_microdata_and_rdfa_say_it_too(body: str) -> None:
    assert read_html(page(before=body), URL).debunk


@pytest.mark.parametrize(
    "head",
    [
        script({"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": REVIEW}]}),
        script(ARTICLE | {"mentions": REVIEW}),
        script(
            REVIEW
            | {"claimReviewed": "The moon landed on a cheese", "url": "https://lantern.example/checks/moon"}
        ),
        script(ABOUT_CHEESE),
    ],
)
def test_a_list_of_other_checks_and_the_check_of_something_else_do_not_speak_for_the_page(head: str) -> None:
    assert not read_html(page(head), URL).debunk


def test_what_stands_beside_the_article_does_not_speak_for_it() -> None:
    other = '<aside><div itemscope itemtype="https://schema.org/ClaimReview"></div></aside>'
    assert not read_html(page(before=other), URL).debunk


@pytest.mark.parametrize(
    ("head", "day", "source"),
    [
        (script({"@graph": [ARTICLE, BRIDGE]}), "2024-03-05", "MARKUP"),
        (script({"@graph": [BRIDGE]}), None, None),
        (script(ARTICLE | RELATED), "2024-03-05", "MARKUP"),
        (script(ARTICLE | {"datePublished": "1970-01-01T00:00:00Z"}), None, None),
        (DAY.format("1969-12-31T23:00:00-01:00"), None, None),
        (DAY.format("2022-08-01") + script(ARTICLE), None, "CONTRADICTED"),
        (DAY.format("2024-03-06T01:00Z") + script(ARTICLE), "2024-03-05", "MARKUP"),
    ],
)  # fmt: skip
def test_the_day_is_that_of_the_page_itself(head: str, day: str | None, source: str | None) -> None:
    reading = read_html(page(head), "https://lantern.example/kites")
    assert (reading.published, reading.published_from) == (day, source)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 50_000, '"' + '\\"' * 100_000, "/*" * 100_000, "," * 200_000]
)
def test_markup_that_never_ends_is_left_out(text: str) -> None:
    assert read_html(page(script(text=text)), URL).title == TITLE
