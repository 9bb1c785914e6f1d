"""What a page's markup says of it: JSON-LD, microdata and RDFa, read once and tolerantly.

Only the page's main entity speaks for the page: not the related articles, nor the list of other fact checks,
that a site marks up beside it.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from bot.pages.read.readable import line
from kb.errors import UrlError
from kb.formats.jsonld import Graph, Node, as_list, kinds, local, walk
from kb.text.word_lists import word_list
from kb.text.words import terms
from kb.urls.identity import identify

ARTICLE_TYPES = frozenset(word_list("bot/pages/read/tables/article_types.txt"))
CLAIM_REVIEW = "ClaimReview"

_JSON = 1_000_000
_MAIN = frozenset({"@graph", "mainEntity", "mainEntityOfPage", "review", "hasPart"})
"""Properties by which a page's own node is reached; everything behind another one is beside it."""
_BESIDE = frozenset({"aside", "nav", "footer"})
_VALUE = 500  # characters of a property; headlines and claims have two hundred
_PIECES = 40  # of text in an element
_ALIKE = 0.3  # share of the shorter headline's telling words: sites shorten and vary them
_ABOUT = 0.5  # share of a reviewed claim's telling words that its own page has
_TELLING = 2  # words; of fewer nobody can say what they are about
_DECODER = json.JSONDecoder(strict=False)
# A string is kept as it is; around them go comments, CDATA and a comma before a closing bracket.
_ODD = re.compile(
    r'("(?:[^"\\]|\\.)*+(?:"|\Z))|<!--|-->|(?://\s*)?(?:<!\[CDATA\[|\]\]>)'
    r"|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|//[^\n]*|,(?=\s*[}\]])",
    re.DOTALL,
)


@dataclass(frozen=True, kw_only=True)
class Markup:
    """Every node of a page, and those of them that may speak for the page itself."""

    every: tuple[Node, ...] = ()
    own: tuple[Node, ...] = ()

    def dates(self, url: str, titles: Sequence[str], day: Callable[[object], date | None]) -> list[date]:
        """The days on which its own articles say they were published, each once."""
        found = {
            published: None
            for node in self.own
            if not ARTICLE_TYPES.isdisjoint(kinds(node)) and _is_this(node, url, titles)
            for value in _texts(node, "datePublished")
            if (published := day(value))
        }
        return list(found)

    def dates_anywhere(self, day: Callable[[object], date | None]) -> set[date]:
        """Every day that the markup names anywhere."""
        names = ("datePublished", "dateCreated", "dateModified", "uploadDate")
        told = (value for node in self.every for name in names for value in _texts(node, name))
        return set(filter(None, map(day, told)))

    def reviews_claim(self, url: str, text: str) -> bool:
        """Whether the page is a fact check by its markup: of a claim that its text is about.

        A page that marks up the review of something else is taken for what its text says.
        """
        reviews = [node for node in self.own if CLAIM_REVIEW in kinds(node)]
        return any(_is_page(node, url) or _is_about(node, text) for node in reviews)


def read_markup(tree: HtmlElement) -> Markup:
    """Read all markup of a parsed page; what cannot be read is left out."""
    documents = list(_json_documents(tree))
    embedded = list(_embedded(tree))
    return Markup(
        every=(*(node for document in documents for node in walk(document)), *(node for node, _ in embedded)),
        own=(
            *(node for document in documents for node in _own(document)),
            *(node for node, main in embedded if main),
        ),
    )


def _json_documents(tree: HtmlElement) -> Iterator[Any]:
    """Every block of JSON that can be read; the tree is left with no other, for others read it after us."""
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        raw = (script.text or "")[:_JSON]
        found = read_json(raw)
        with suppress(RecursionError):
            script.text = json.dumps(found[0] if len(found) == 1 else found) if found else ""
        yield from found


def read_json(text: str) -> list[Any]:
    """The values of a block of JSON: several of them, with comments, trailing commas or entities, too."""
    for mended in (str, _mended, lambda raw: _mended(html.unescape(raw))):
        with suppress(ValueError, RecursionError):
            return list(_values(mended(text)))
    return []


def _mended(text: str) -> str:
    return _ODD.sub(lambda odd: odd[1] or "", text)


def _values(text: str) -> Iterator[Any]:
    place = 0
    while place < len(text):
        if text[place] in " \t\r\n;,\ufeff":
            place += 1
            continue
        value, place = _DECODER.raw_decode(text, place)
        yield value


def _own(document: Any) -> Iterator[Node]:
    """The nodes on top of a document and those that they name as the page's main entity."""
    graph, waiting = Graph(document), [document]
    seen: set[int] = set()
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, Mapping) and id(item) not in seen:
            seen.add(id(item))
            yield item
            for name, value in item.items():
                if local(name) in _MAIN:
                    waiting.extend(graph.whole(each) for each in as_list(value))


def _embedded(tree: HtmlElement) -> Iterator[tuple[Node, bool]]:
    """The nodes of microdata and RDFa, and whether each stands by itself in the body of the page."""
    owner: dict[HtmlElement, tuple[dict[str, list[Any]], bool] | None] = {}
    beside: dict[HtmlElement, bool] = {}
    for element in tree.iter("*"):
        parent = element.getparent()
        around = owner.get(parent)
        beside[element] = beside.get(parent, False) or element.tag in _BESIDE
        names = (element.get("itemprop") or element.get("property") or "").split()
        types = (element.get("itemtype") or element.get("typeof") or "").split()
        node: dict[str, list[Any]] = {"@type": list(types)}
        if types:
            named_main = around is not None and around[1] and not _MAIN.isdisjoint(map(local, names))
            own = not beside[element] and (not names or named_main)
            owner[element] = (node, own)
            yield node, own
        else:
            owner[element] = around
        if around:
            for name in names:
                around[0].setdefault(local(name), []).append(node if types else _value(element))


def _value(element: HtmlElement) -> str:
    given = next(filter(None, map(element.get, ("content", "datetime", "href", "src", "resource"))), None)
    return line(given or "".join(islice(element.itertext(), _PIECES)))[:_VALUE]


def _texts(node: Node, *names: str) -> list[str]:
    """The plain values of the first of these properties that has any."""
    return [str(each) for each in Graph(node).values(node, *names) if isinstance(each, str | int | float)]


def _is_this(node: Node, url: str, titles: Sequence[str]) -> bool:
    """Whether an article's node is that of this page: by its address, or by its headline, if it has one."""
    headlines = [
        found for name in ("headline", "name") for each in _texts(node, name) if (found := terms(each))
    ]
    named = [found for title in titles if (found := terms(title))]
    if not headlines or not named or _is_page(node, url):
        return True
    return any(
        len(headline & title) >= _ALIKE * min(len(headline), len(title))
        for headline in headlines
        for title in named
    )


def _is_page(node: Node, url: str) -> bool:
    addresses = [*_texts(node, "url"), *_texts(node, "@id"), *_texts(node, "mainEntityOfPage")]
    with suppress(UrlError):
        return any(identify(each).key == identify(url).key for each in addresses if each.startswith("http"))
    return False


def _is_about(node: Node, text: str) -> bool:
    claims = [found for each in _texts(node, "claimReviewed") if len(found := terms(each)) >= _TELLING]
    if not claims:
        return not _texts(node, "url")
    there = terms(text)
    return any(len(claim & there) >= _ABOUT * len(claim) for claim in claims)
