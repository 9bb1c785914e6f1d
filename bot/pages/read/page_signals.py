"""What tells an article from a page that is none, gathered from the tree before trafilatura changes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from bot.pages.read.markup import ARTICLE_TYPES
from kb.formats.jsonld import Node, kinds
from kb.text.word_lists import any_of, word_lists

_SHOWN = 8_000  # characters of what is shown that are looked at; the furniture comes first and last
_BUTTON = 60  # characters; longer ones are teasers
_PARAGRAPH = 10  # words; less is a caption or a button
_PARAGRAPHS = 60

_UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "svg", "iframe", "object"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Looked for in ids, classes and names, and in the addresses of scripts and frames.
_MARK_RULES = {
    name: re.compile(any_of(patterns), re.IGNORECASE)
    for name, patterns in word_lists(
        "bot/pages/read/tables/page_marks.txt", "consent", "paywall", "missing", "blocked", "login"
    ).items()
}
_APP_IDS = "root app __next __nuxt ___gatsby app-root react-root main-app".split()
_APP_ROOTS = (
    "//*[@ng-app or @data-reactroot or self::app-root or starts-with(@id, 'ember')"
    f" or {' or '.join(f'@id={name!r}' for name in _APP_IDS)}]"
)


@dataclass(frozen=True, kw_only=True)
class Signals:
    """What a page shows and how it is built; plain values, so that a rule can be tested without HTML."""

    url: str = ""
    titles: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    text: str = field(default="", repr=False)
    shown: str = field(default="", repr=False)
    buttons: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    links: int = 0
    link_words: int = 0
    shown_words: int = 0
    scripts: int = 0
    noscript: str = ""
    types: frozenset[str] = frozenset()
    declared_words: int = 0


def gather(tree: HtmlElement, data: Sequence[Node], url: str) -> Signals:
    """Look at a parsed page and its markup; titles and text are added once they are extracted."""
    shown, link_words, links = _shown(tree)
    return Signals(
        url=url,
        headings=tuple(_headings(tree)),
        paragraphs=tuple(_paragraphs(tree)),
        shown=shown if len(shown) <= _SHOWN else shown[: _SHOWN // 2] + "\n" + shown[-_SHOWN // 2 :],
        buttons=tuple(_buttons(tree)),
        marks=_marks(tree, data),
        links=links,
        link_words=link_words,
        shown_words=count_words(shown),
        scripts=len(tree.xpath("//script[not(contains(@type, 'json'))]")),
        noscript=" ".join(" ".join(tree.xpath("//noscript//text()")).split())[:1000],
        types=frozenset(_types(tree, data)),
        declared_words=max((_declared_words(item) for item in data), default=0),
    )


_WIDE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")  # written without spaces


def count_words(text: str) -> int:
    """Count words; where they are not told apart by spaces, two characters are one."""
    wide = len(_WIDE.findall(text))
    return wide // 2 + len(_WIDE.sub(" ", text).split()) if wide else len(text.split())


def _types(tree: HtmlElement, data: Sequence[Node]) -> Iterator[str]:
    for item in data:
        yield from kinds(item)
    for kind in tree.xpath("//meta[@property='og:type']/@content"):
        yield f"og:{str(kind).strip().lower()}"


def _declared_words(item: Node) -> int:
    """How long an article says it is; -1 and absurd values tell nothing."""
    if ARTICLE_TYPES.isdisjoint(kinds(item)):
        return 0
    try:
        words = int(str(item.get("wordCount") or 0))
    except ValueError:
        return 0
    return words if 0 < words < 50_000 else 0  # noqa: PLR2004 - a book


def _hidden(element: HtmlElement) -> bool:
    return (
        element.tag in _UNSEEN
        or element.get("hidden") is not None
        or bool(_HIDDEN_STYLE.search(element.get("style") or ""))
    )


def _shown(tree: HtmlElement) -> tuple[str, int, int]:
    """The text that a reader would see, the words of it in links, and the number of links with words."""
    pieces: list[str] = []
    link_words = links = hidden = inside = 0
    for event, element in iterwalk(tree, events=("start", "end"), tag="*"):
        if event == "start":
            hidden += _hidden(element)
            inside += element.tag == "a"
            words = (element.text or "").split() if not hidden else []
            links += element.tag == "a" and not hidden
        else:
            hidden -= _hidden(element)
            inside -= element.tag == "a"
            words = (element.tail or "").split() if not hidden else []
        if words:
            pieces.append(" ".join(words))
            link_words += count_words(pieces[-1]) if inside else 0
    return "\n".join(pieces), link_words, links


def _line(text: str) -> str:
    return " ".join(text.split())


def _headings(tree: HtmlElement) -> Iterator[str]:
    for element in tree.xpath(
        "(//h1 | //h2 | //h3[not(ancestor::nav or ancestor::aside)])[position() <= 12]"
    ):
        if (text := _line(element.text_content())) and len(text) <= 300:  # noqa: PLR2004 - no heading
            yield text


def _paragraphs(tree: HtmlElement) -> Iterator[str]:
    teasers: dict[HtmlElement | None, bool] = {}  # asked once of each parent: it may have 50,000 of them
    taken = 0
    for element in tree.iter("p"):
        parent = element.getparent()
        if parent not in teasers:
            teasers[parent] = parent is not None and bool(parent.xpath("a/h2 | a/h3 | h2/a | h3/a"))
        if teasers[parent] or next(element.iterancestors("a", "footer", "form"), None) is not None:
            continue
        if (text := _line(element.text_content())) and count_words(text) >= _PARAGRAPH:
            yield text
        taken += 1
        if taken == _PARAGRAPHS:
            return


def _buttons(tree: HtmlElement) -> Iterator[str]:
    for element in tree.xpath(
        "//button | //*[@role='button'] | //form//a | //input[@type='submit' or @type='button']"
    ):
        text = _line(element.text_content() or element.get("value") or element.get("aria-label") or "")
        if text and len(text) <= _BUTTON:
            yield text


def _marks(tree: HtmlElement, data: Sequence[Node]) -> frozenset[str]:
    words = " ".join(
        str(value)
        for value in tree.xpath(
            "//*[not(self::a or self::link)]/@id | //@class | //form/@name | //script/@src | //iframe/@src"
        )
    )[:400_000]
    marks = {name for name, rule in _MARK_RULES.items() if rule.search(words)}
    marks |= {name for name, holds in _structural(tree, data).items() if holds}
    return frozenset(marks)


def _structural(tree: HtmlElement, data: Sequence[Node]) -> dict[str, bool]:
    tier = tree.xpath("//meta[@property='article:content_tier' or @name='article:content_tier']/@content")
    robots = " ".join(tree.xpath("//meta[@name='robots']/@content")).lower()
    status = " ".join(
        tree.xpath("//meta[@name='prerender-status-code' or @http-equiv='status' or @name='status']/@content")
    )
    shell = tree.xpath("//html/@class | //body/@class | //body/@id | //main/@class | //main/@id")
    return {
        "password": bool(tree.xpath("//input[translate(@type, 'PASWORD', 'pasword')='password']")),
        "not free": any(str(item.get("isAccessibleForFree")).lower() == "false" for item in data)
        or any(str(value).lower() in {"locked", "metered", "premium", "paid"} for value in tier),
        "noindex": "noindex" in robots,
        "status 404": bool(re.search(r"\b4(?:04|10)\b", status))
        or bool(_MARK_RULES["missing"].search(" ".join(map(str, shell)))),
        "app": bool(tree.xpath(_APP_ROOTS)),
        "dated": bool(tree.xpath("//meta[@property='article:published_time']/@content | //time/@datetime")),
    }
