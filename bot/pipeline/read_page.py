"""Reads a page in a worker process that may be killed: bytes in, plain values out.

Nothing of the bot but rules and errors is imported here, so that two workers cost little memory.
"""

from __future__ import annotations

import codecs
import json
import re
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction

from bot.errors import UnreadableError
from bot.pipeline import page_kind

_MAX_HTML = 2 * 2**20
_MAX_TEXT = 200_000
_MAX_ELEMENTS = 60_000  # ten times a large news page; trafilatura's time grows faster than the number
_MAX_TITLE = 300
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_SPARE_SECONDS = 2  # the wall clock should run out before the CPU limit does


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a worker hands back; `kind` names a PageKind, `canonical` is as the page wrote it."""

    kind: str
    title: str
    text: str
    author: str | None = None
    published: date | None = None
    language: str | None = None
    debunk: bool = False
    canonical: str | None = None


def limit_memory(size: int) -> None:
    """Bound this process's address space, once, when it starts."""
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def limit_cpu(seconds: float) -> None:
    """Bound the CPU time from now on; the limit counts a process's whole life, so it moves with each page."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + _SPARE_SECONDS
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(
        resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard)
    )


def read_page(body: bytes, content_type: str, charset: str | None, url: str, cpu_seconds: float) -> Reading:
    """Read a response. Raises UnreadableError with a plain reason."""
    limit_cpu(cpu_seconds)
    text = decode(body[:_MAX_HTML], charset, html=content_type in _HTML_TYPES).replace("\0", "")
    try:
        return _read_html(text, url) if content_type in _HTML_TYPES else _read_text(text, url)
    except MemoryError as error:
        raise UnreadableError("it needs too much memory to be read") from error
    except RecursionError as error:
        raise UnreadableError("its parts are nested too deeply") from error
    except UnreadableError:
        raise
    except (
        Exception
    ) as error:  # the edge of three libraries, fed with hostile input: they raise what they like
        raise UnreadableError("its HTML could not be understood") from error


_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META_CHARSET = re.compile(
    rb"<(?:meta[^>]{1,200}?charset|\?xml[^>]{1,100}?encoding)\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.IGNORECASE
)
_META_WINDOW = 4096
# The WHATWG Encoding Standard's encodings; Python's other codecs are slow or no encodings of pages at all.
_NAMED_CODECS = (
    "utf-8 utf-16 utf-16-le utf-16-be cp866 koi8-r koi8-u mac-roman mac-cyrillic gbk gb2312 gb18030 big5"
    " big5hkscs euc_jp shift_jis cp932 iso2022_jp euc_kr cp949 cp874 tis-620 iso8859-11"
)
_CODECS = (
    frozenset(_NAMED_CODECS.split())
    | {f"iso8859-{n}" for n in (*range(2, 9), 10, 13, 14, 15, 16)}
    | {f"cp125{n}" for n in range(9)}
)
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gbk", "euc_kr": "cp949"}
_NOT_ASCII_BASED = ("utf-16", "iso2022")


def decode(body: bytes, charset: str | None, *, html: bool) -> str:
    """Turn bytes into text: by mark, as UTF-8 where that fits, as declared, as Windows-1252 otherwise.

    UTF-8 comes before what is declared: text of another encoding is never valid UTF-8 by chance, while
    servers often declare the wrong one.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    meta = _META_CHARSET.search(body[:_META_WINDOW].replace(b"\0", b"")) if html else None
    declared = [
        found for name in (charset, meta and meta[1].decode("ascii")) if name and (found := _codec(name))
    ]
    if not any(name.startswith(_NOT_ASCII_BASED) for name in declared[:1]):
        try:
            return codecs.getincrementaldecoder("utf-8")().decode(body)  # the end may be cut in a character
        except UnicodeDecodeError:
            pass
    return body.decode(declared[0] if declared else "cp1252", "replace")


def _codec(name: str) -> str | None:
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    found = _MEANT.get(found, found)
    return found if found in _CODECS else None


def _read_text(text: str, url: str) -> Reading:
    title, rest = split_title(text)
    kind = page_kind.kind_of(url=url, titles=(title,), text=rest)
    return Reading(kind=kind, title=title, text=rest[:_MAX_TEXT], debunk=page_kind.says_debunk(title))


_TITLE_END = re.compile(r"[.,;:]$|^\W*$")
_TITLE_WORDS = 25


def split_title(text: str) -> tuple[str, str]:
    """Take the first line of a plain text for its title if it looks like one: short, and no sentence."""
    lines = text.strip().splitlines()
    first = lines[0].strip() if lines else ""
    rest = "\n".join(lines[1:]).strip()
    if not rest or len(first) > _MAX_TITLE or len(first.split()) > _TITLE_WORDS or _TITLE_END.search(first):
        return "", text.strip()
    return first, rest


def _read_html(html: str, url: str) -> Reading:
    tree = _parse(html)
    if tree is None:
        return Reading(kind=page_kind.EMPTY, title="", text="")
    head_title = _line(tree.findtext(".//title"))
    claims_review = _is_claim_review(tree)
    canonical = _canonical(tree)
    asks_password = bool(tree.xpath("//input[@type='password']"))
    language = _language(tree)
    document: Any = bare_extraction(
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
    title = _line(document.title if document else None) or head_title
    text = _without_title((document.text if document else None) or "", title)
    return Reading(
        kind=page_kind.kind_of(url=url, titles=(head_title, title), text=text, asks_password=asks_password),
        title=title,
        text=text[:_MAX_TEXT],
        author=_line(document.author if document else None) or None,
        published=_date(document.date if document else None),
        language=language,
        debunk=claims_review or page_kind.says_debunk(title) or page_kind.says_debunk(head_title),
        canonical=canonical,
    )


def _parse(html: str) -> HtmlElement | None:
    parser = HTMLParser(encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # an empty document
        tree = None
    # libxml2 drops whatever is nested deeper than 256, and the page would seem to hold no article.
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise UnreadableError("its parts are nested too deeply")
    if tree is not None and sum(1 for _ in tree.iter()) > _MAX_ELEMENTS:
        raise UnreadableError("it is made of too many parts")
    return tree


def _line(text: str | None) -> str:
    return " ".join((text or "").split())[:_MAX_TITLE]


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _without_title(text: str, title: str) -> str:
    first, _, rest = text.strip().partition("\n")
    return rest.strip() if title and _line(first).casefold() == title.casefold() else text.strip()


_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)


def _language(tree: HtmlElement) -> str | None:
    named = (tree.get("lang") or "").strip().replace("_", "-")
    return named.partition("-")[0].lower() if _LANGUAGE.fullmatch(named) else None


def _canonical(tree: HtmlElement) -> str | None:
    for path in (
        "//link[translate(@rel, 'CANOIL', 'canoil')='canonical']/@href",
        "//meta[@property='og:url']/@content",
    ):
        for claim in tree.xpath(path):
            if claim.strip():
                return str(claim).strip()[:2000]
    return None


def _is_claim_review(tree: HtmlElement) -> bool:
    if tree.xpath("//*[contains(@itemtype, 'schema.org/ClaimReview')]"):
        return True
    for script in tree.xpath("//script[contains(@type, 'ld+json')]/text()"):
        if "ClaimReview" not in script:
            continue
        try:
            data = json.loads(script)
        except (ValueError, RecursionError):
            continue
        if any(kind == "ClaimReview" for kind in _types(data)):
            return True
    return False


def _types(data: object) -> Iterator[object]:
    """Walk JSON-LD without recursion, for it may nest as deeply as it likes."""
    waiting = [data]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            kinds = item.get("@type")
            yield from kinds if isinstance(kinds, list) else [kinds]
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
