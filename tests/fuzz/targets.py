"""The readers under fire, each with what it is fed and with the promises that hold whatever comes out."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from hypothesis import strategies as st

from bot.errors import UnreadableError
from bot.model import PageKind
from bot.pages.read.exchange import ReadPage, Request
from bot.pages.read.read_page import read_page
from bot.pages.read.readable import MAX_TEXT
from kb.compare.saying import held_against
from kb.errors import UrlError
from kb.formats.files import starter_entries
from kb.match.query import Query
from kb.match.reading import read_query
from kb.match.reading_json import reading_from, reading_json
from kb.text import words as kb_text
from kb.urls.identity import claimed_address, identify
from tests.fuzz import inputs

_URL = "https://www.daily-kite.example/news/forty-kites-counted"


@dataclass(frozen=True, kw_only=True)
class Target:
    """One reader: `run` raises nothing for anything that `data` gives."""

    name: str
    data: st.SearchStrategy[Any]
    run: Callable[[Any], None]


_ENTRIES = tuple(starter_entries())


def _url(address: str) -> None:
    try:
        found = identify(address)
    except UrlError:
        return
    again = identify(f"https://{found.key}")
    assert again.key == found.key, "the key is a fixed point"
    claimed_address(found.url, address)


def _page(body: bytes, content_type: str, charset: str | None) -> None:
    request = Request(body=body, content_type=content_type, charset=charset, url=_URL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # libraries warn about what they are fed
        try:
            found = read_page(request)
        except UnreadableError:
            return
    assert found.kind in PageKind.__members__
    assert len(found.text) <= MAX_TEXT
    for text in (found.title, found.text, found.author or ""):
        text.encode()  # no half of a character
        assert "\0" not in text
    assert ReadPage.from_json(json.loads(json.dumps(asdict(found)))) == found


def _prose(text: str) -> None:
    for read in (
        kb_text.numbers,
        kb_text.names,
        kb_text.quotes,
        kb_text.sentences,
        kb_text.words,
        kb_text.terms,
    ):
        read(text)
    query = Query(title=text[:20], text=text, is_page=True)
    reading = read_query(query)
    assert reading_from(json.loads(json.dumps(reading_json(reading)))) == reading
    assert all(number.text in text for number in kb_text.numbers(text))
    for entry in _ENTRIES:
        assert held_against(entry, text) == held_against(entry, text)


TARGETS = (
    Target(name="url", data=inputs.addresses, run=_url),
    Target(
        name="html",
        data=st.tuples(inputs.html, inputs.charsets),
        run=lambda given: _page(given[0], "text/html", given[1]),
    ),
    Target(name="pdf", data=inputs.pdf, run=lambda body: _page(body, "application/pdf", None)),
    Target(
        name="plain",
        data=st.tuples(
            inputs.html | inputs.prose.map(lambda text: text.encode("utf-8", "replace")), inputs.charsets
        ),
        run=lambda given: _page(given[0], "text/plain", given[1]),
    ),
    Target(name="text", data=inputs.prose, run=_prose),
)
