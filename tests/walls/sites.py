"""Site styles: each builds one page of a kind in one language, the way real sites put theirs together."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.walls.languages import Words

Style = Callable[[Words], tuple[str, str]]
"""Gives the address and the HTML of a page."""

ARTICLE_URL = "https://www.daily-kite.example/news/forty-kites-counted"
SITE = "Daily Kite"
NAV = "<nav><ul>" + "".join(f"<li><a href='/s{n}'>Rubrik {n}</a></li>" for n in range(12)) + "</ul></nav>"
FOOTER = "<footer><p>© Daily Kite</p><a href='/imprint'>Imprint</a></footer>"


def page(title: str, body: str, *, head: str = "", attributes: str = "") -> str:
    """An HTML document."""
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title>{head}</head>"
        f"<body {attributes}>{body}</body></html>"
    )


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def teasers(words: Words, count: int) -> str:
    """Linked headlines, each with a first sentence."""
    one = (
        f"<div class=teaser><a href='/n{{0}}'><h3>{words.headline} "
        f"{{0}}</h3></a><p>{words.story[0]}</p></div>"
    )
    return "".join(one.format(n) for n in range(count))


def data(**fields: object) -> str:
    written = json.dumps({"@context": "https://schema.org", **fields})
    return f'<script type="application/ld+json">{written}</script>'


def login_form(words: Words) -> tuple[str, str]:
    """A content management system's own form at an address of its own."""
    form = "<form id=loginform><input name=log><input type=password name=pwd><input type=checkbox>"
    body = (
        f"<div id=login><h1>{SITE}</h1>{form}<button>{words.login}</button></form><a>{words.forgot}</a></div>"
    )
    return "https://www.daily-kite.example/wp-login.php?redirect_to=x", page(f"{words.login} ‹ {SITE}", body)


def login_wall(words: Words) -> tuple[str, str]:
    """A network that shows a form in the place of a post, at the post's own address."""
    body = (
        f"{NAV}<main><h2>{words.login_ask}</h2><form><input type=email><input type=password>"
        f"<button>{words.login}</button></form><a href=/reset>{words.forgot}</a></main>{FOOTER}"
    )
    return "https://social.example/posts/12345", page(SITE, body, head="<meta name=robots content=noindex>")


def login_without_password(words: Words) -> tuple[str, str]:
    """A form that asks for the mail address first."""
    body = (
        f"<div class=card><h1>{words.login}</h1><p>{words.login_ask}</p><form><input type=email></form></div>"
    )
    return "https://accounts.daily-kite.example/v3/identifier?continue=x", page(
        f"{words.login} – {SITE}", body
    )


def consent_host(words: Words) -> tuple[str, str]:
    """A page on a host of its own, to which readers are sent before the article."""
    form = f"<form><button>{words.accept}</button><button>{words.refuse}</button></form>"
    body = f"<h1>{SITE}</h1>{paragraphs(words.consent_why, words.consent_why)}{form}"
    return "https://consent.daily-kite.example/v2/collectConsent?sessionId=1", page(SITE, body)


def consent_in_place(words: Words) -> tuple[str, str]:
    """A page in the article's place, with the article's address and its description in the head."""
    head = f"<meta property='og:title' content='{words.headline}'><meta property='og:type' content=article>"
    body = (
        f"<div id=sp_message_container_1><h1>{words.consent}</h1>"
        f"{paragraphs(words.consent_why, words.consent_why)}"
        f"<button>{words.accept}</button><button>{words.refuse}</button></div>"
    )
    return ARTICLE_URL, page(f"{SITE} | {words.consent}", body, head=head)


def consent_long(words: Words) -> tuple[str, str]:
    """A choice between tracking and a subscription, with all the fine print."""
    body = (
        f"<main class=purabo><h1>{words.consent}</h1>{paragraphs(*[words.consent_why] * 8)}"
        f"<button>{words.accept}</button><button>{words.refuse}</button></main>{FOOTER}"
    )
    return ARTICLE_URL, page(SITE, body)


def missing_plain(words: Words) -> tuple[str, str]:
    """A theme's page for what is not there."""
    body = (
        f"{NAV}<main><h1>{words.missing}</h1><p>{words.missing_why}</p><form "
        f"role=search><input></form></main>{FOOTER}"
    )
    return ARTICLE_URL, page(f"{words.missing} - {SITE}", body, attributes="class='error404 hfeed'")


def missing_with_teasers(words: Words) -> tuple[str, str]:
    """An apology over the news of the day."""
    body = f"{NAV}<main><h1>{words.missing}</h1><p>{words.missing_why}</p>{teasers(words, 12)}</main>{FOOTER}"
    return ARTICLE_URL, page(f"{words.missing} | {SITE}", body)


def missing_number(words: Words) -> tuple[str, str]:
    """A large number, and the site's name for a title."""
    body = f"<div><h1>404</h1><h2>{words.missing}</h2><p>{words.missing_why}</p><a href=/>{SITE}</a></div>"
    return ARTICLE_URL, page(SITE, body)


def paywall_marked(words: Words) -> tuple[str, str]:
    """A stub that says in its data that it is none, as search engines ask for."""
    head = data(
        **{
            "@type": "NewsArticle",
            "headline": words.headline,
            "isAccessibleForFree": False,
            "wordCount": 780,
        },
        hasPart={"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".paywall"},
    )
    body = (
        f"{NAV}<article><h1>{words.headline}</h1>{paragraphs(words.story[0])}<div "
        f"class=paywall><h3>{words.paywall}</h3>"
        f"<p>{words.subscriber}</p></div></article>{FOOTER}"
    )
    return ARTICLE_URL, page(f"{words.headline} | {SITE}", body, head=head)


def paywall_unmarked(words: Words) -> tuple[str, str]:
    """Two sentences and an offer."""
    body = (
        f"{NAV}<article><h1>{words.headline}</h1>{paragraphs(*words.story[:2])}<div "
        f"class=offer><strong>{words.paywall}"
        f"</strong><p>{words.subscriber}</p></div></article>{FOOTER}"
    )
    return ARTICLE_URL, page(
        f"{words.headline} | {SITE}", body, head="<meta property=og:type content=article>"
    )


def shell_react(words: Words) -> tuple[str, str]:
    """An application that draws itself."""
    body = (
        f"<noscript>{words.script}</noscript><div id=root></div><script src=/static/js/main.8f3.js></script>"
    )
    return ARTICLE_URL, page(words.headline, body)


def shell_loading(words: Words) -> tuple[str, str]:
    """A spinner and a row of links that the server wrote."""
    links = f"<a href=/login>{words.login}</a> <a href=/imprint>Imprint</a>"
    body = (
        f"<div id=app><div class=spinner></div>{links}</div><script>boot()</script><script "
        "src=/app.js></script>"
    )
    return ARTICLE_URL, page(SITE, body)


def home_sections(words: Words) -> tuple[str, str]:
    """A front page that is not at the root."""
    items = "".join(f"<li><a href='/news/{n}'><h3>{words.headline} {n}</h3></a></li>" for n in range(40))
    head = data(**{"@type": "WebSite", "name": SITE}) + "<meta property=og:type content=website>"
    return "https://www.daily-kite.example/news/latest", page(
        SITE, f"{NAV}<main><ul>{items}</ul></main>", head=head
    )


def article_plain(words: Words) -> tuple[str, str]:
    """An article with all of the furniture: a login form, a consent banner, a search field."""
    banner = (
        f"<div id=onetrust-banner-sdk><p>{words.consent_why}</p><button>{words.accept}</button>"
        f"<button>{words.refuse}</button></div>"
    )
    form = (
        "<div class=modal><form><input "
        f"type=password><button>{words.login}</button><a>{words.forgot}</a></form></div>"
    )
    body = (
        f"<header>{NAV}{form}</header><main><article><h1>{words.headline}</h1>{paragraphs(*words.story)}</article></main>"
        f"<aside>{teasers(words, 4)}</aside>{FOOTER}{banner}<noscript>{words.script}</noscript>"
    )
    return ARTICLE_URL, page(
        f"{words.headline} | {SITE}", body, head="<meta property=og:type content=article>"
    )


def article_bare(words: Words) -> tuple[str, str]:
    """A short report on a page without any markup to speak of."""
    return ARTICLE_URL, page(words.headline, f"<h1>{words.headline}</h1>{paragraphs(*words.story)}")


def article_metered(words: Words) -> tuple[str, str]:
    """A whole article that is marked as not free: some readings of it are."""
    head = data(
        **{"@type": "NewsArticle", "isAccessibleForFree": False, "wordCount": 260, "headline": words.headline}
    )
    body = (
        f"<header>{NAV}<a href=/subscribe>{words.subscriber}</a></header><article><h1>{words.headline}</h1>"
        f"{paragraphs(*words.story * 4)}</article>{FOOTER}"
    )
    return ARTICLE_URL, page(f"{words.headline} | {SITE}", body, head=head)


STYLES: dict[str, tuple[Style, ...]] = {
    "LOGIN": (login_form, login_wall, login_without_password),
    "CONSENT": (consent_host, consent_in_place, consent_long),
    "MISSING": (missing_plain, missing_with_teasers, missing_number),
    "PAYWALL": (paywall_marked, paywall_unmarked),
    "SCRIPTED": (shell_react, shell_loading),
    "HOME": (home_sections,),
    "ARTICLE": (article_plain, article_bare, article_metered),
}
