"""From a page that was read to a draft: what it says of itself, and figures and quotes to choose from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from bot.commands.values import Draft
from bot.model import Page
from kb.text.cutting import shortened
from kb.text.words import numbers, quotes, sentences, words

_FIGURES = 8
_QUOTES = 5
_LONGEST = 500
_LONGEST_QUOTE = 600
_LONGEST_ID = 60
_FEWEST_QUOTED_WORDS = 4
_REVIEW_AFTER = timedelta(days=180)
_NAME = r"([A-Z][\w'’.-]{1,40}(?:\s[A-Z][\w'’.-]{1,40}){0,3}\s?)"
_SPEAKER = re.compile(
    r"(?:said|says|told|according to|added)\s+" + _NAME + "|" + _NAME + "(?:said|says|told|added)"
)
_YEARS = range(1800, 2101)


def prefill(page: Page, url: str, *, today: date) -> Draft:
    """Make a draft from an original's page; what a curator has to write (summary, caveats) stays empty."""
    title = _line(page.title)
    fields: dict[str, Any] = {
        "id": _id(title or page.host),
        "title": title or None,
        "summary": None,
        "original": {
            "publisher": page.host.removeprefix("www.") or None,
            "title": title or None,
            "url": url,
            "author": _line(page.author or "") or None,
            "published": page.published,
        },
        "caveats": None,
        "sensitive": None,
        "review_by": today + _REVIEW_AFTER,
    }
    if page.language and page.language != "en":
        fields["language"] = page.language
    candidates = {"figures": list(_figures(page.text)), "quotes": list(_quotes(page.text))}
    return Draft(entry_id=fields["id"], fields=fields, candidates=candidates)


def _figures(text: str) -> Iterator[dict[str, Any]]:
    """The numbers of a text, each once with the sentence that it stands in; bare years are left out."""
    seen: set[float] = set()
    for sentence in sentences(text):
        for number in numbers(sentence):
            is_year = number.value in _YEARS and number.text.strip().isdigit()
            if number.value in seen or is_year or not any(each.isdigit() for each in number.text):
                continue
            seen.add(number.value)
            yield {"value": number.value, "what": _line(sentence), "as_stated": _line(number.text)}
            if len(seen) == _FIGURES:
                return


def _quotes(text: str) -> Iterator[dict[str, Any]]:
    found = 0
    for sentence in text.splitlines():
        for quote in quotes(sentence):
            if len(words(quote)) < _FEWEST_QUOTED_WORDS or len(quote) > _LONGEST_QUOTE:
                continue
            around = sentence.replace(quote, " ")
            named = _SPEAKER.search(around)
            speaker = _line((named[1] or named[2]) if named else "") or None
            yield {"speaker": speaker, "text": quote.strip()}
            found += 1
            if found == _QUOTES:
                return


def _id(title: str) -> str:
    """A short name for the entry: the title's first words, in plain letters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    whole = "-".join(re.findall(r"[a-z0-9]+", plain))
    short = whole[:_LONGEST_ID].rpartition("-")[0] if len(whole) > _LONGEST_ID else whole
    return short or whole[:_LONGEST_ID] or "entry"


def _line(text: str) -> str:
    """As much of a page's text as fits a field on one line, without characters that a field refuses."""
    kept = "".join(each if not unicodedata.category(each).startswith("C") else " " for each in text)
    return shortened(" ".join(kept.split()), _LONGEST)
