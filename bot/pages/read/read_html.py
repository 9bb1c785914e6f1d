"""Reads an HTML page: article, metadata, and what kind of page it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction

from bot.errors import UnreadableError
from bot.pages.read import page_kind
from bot.pages.read.exchange import ReadPage
from bot.pages.read.markup import read_markup
from bot.pages.read.page_dates import published
from bot.pages.read.page_signals import gather
from bot.pages.read.readable import line, plain
from kb.match.stance import says_debunk

_MAX_ELEMENTS = 60_000  # ten times a large news page; trafilatura's time grows faster than the number
_MAX_CLAIM = 2000
_MAX_CLAIMS = 5
_TOO_DEEP = "its parts are nested too deeply"
# Who claims an address for a page, in the order of how much it is meant as one.
_CLAIMS = (
    (
        "rel=canonical",
        "//link[contains(concat(' ', translate(@rel, 'CANOIL', 'canoil'), ' '), ' canonical ')]/@href",
    ),
    ("og:url", "//meta[@property='og:url' or @name='og:url']/@content"),
    ("syndication-source", "//meta[@name='syndication-source' or @name='original-source']/@content"),
)  # fmt: skip


def read_html(html: str, url: str) -> ReadPage:
    """Read a decoded page. Raises UnreadableError."""
    tree = _parse(html)
    if tree is None:
        return ReadPage(kind=page_kind.EMPTY)
    titles = [
        *tree.xpath("//head/title/text()")[:1],
        *tree.xpath("//meta[@property='og:title']/@content")[:1],
    ]
    head_title = line(titles[0]) if titles else line(tree.findtext(".//title"))
    markup, named = read_markup(tree), [line(each) for each in (*titles, tree.findtext(".//h1"))]
    signals = gather(tree, markup.every, url)
    claims, language = tuple(_claims(tree)), _language(tree)
    day, day_from = published(tree, markup, url, named, None)
    document = _extracted(tree, url)
    if day is None and day_from is None:
        day, day_from = published(tree, markup, url, named, document.date if document else None)
    title = line(document.title if document else None) or head_title
    text = _without_title((document.text if document else None) or "", title)
    shown_titles = dict.fromkeys(filter(None, (head_title, *map(line, titles), title)))
    return ReadPage(
        kind=page_kind.kind_of(replace(signals, titles=tuple(shown_titles), text=text)),
        title=title,
        text=plain(text),
        author=line(document.author if document else None) or None,
        published=day,
        published_from=day_from,
        language=language,
        debunk=markup.reviews_claim(url, f"{title}\n{text}") or says_debunk(title) or says_debunk(head_title),
        claims=claims,
    )


def _extracted(tree: HtmlElement, url: str) -> Any:
    return bare_extraction(
        tree,
        url=url,
        fast=True,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={
            "original_date": True,
            "extensive_search": False,  # a date guessed from the text is worse than none
            "max_date": datetime.now(UTC).date().isoformat(),
        },
    )


def _parse(html: str) -> HtmlElement | None:
    parser = HTMLParser(encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # an empty document
        tree = None
    # libxml2 drops whatever is nested deeper than 256, and the page would seem to hold no article.
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise UnreadableError(_TOO_DEEP)
    if tree is not None and sum(1 for _ in tree.iter()) > _MAX_ELEMENTS:
        raise UnreadableError("it is made of too many parts")
    return tree


def _without_title(text: str, title: str) -> str:
    first, _, rest = text.strip().partition("\n")
    return rest.strip() if title and line(first).casefold() == title.casefold() else text.strip()


_LANGUAGES = (
    "/*/@lang",
    "/*/@*[local-name()='lang']",
    "//meta[translate(@http-equiv, 'CL', 'cl')='content-language']/@content",
    "//meta[@property='og:locale']/@content",
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)


def _language(tree: HtmlElement) -> str | None:
    for path in _LANGUAGES:
        for attribute in tree.xpath(path):
            named = str(attribute).strip().replace("_", "-")
            if _LANGUAGE.fullmatch(named):
                return named.partition("-")[0].lower()
    return None


def _claims(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for by, path in _CLAIMS:
        for claim in tree.xpath(path)[:_MAX_CLAIMS]:
            if claim.strip():
                yield by, str(claim).strip()[:_MAX_CLAIM]
                break
