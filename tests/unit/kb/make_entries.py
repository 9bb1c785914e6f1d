"""Entries for tests: a plain one, and Hypothesis strategies for every valid one."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from hypothesis import strategies as st

from kb.entries.entry import (
    Appearance,
    AppearanceKind,
    Claim,
    Entry,
    Figure,
    Quote,
    Rating,
    Source,
    Status,
    parse_entry,
)


def entry_fields(id_: str = "a", **fields: Any) -> dict[str, Any]:
    """Give the plain data of an entry, with `fields` in place of its own."""
    return {
        "id": id_,
        "title": f"Title of {id_}",
        "summary": "A summary.",
        "original": {"publisher": "Paper", "title": "Report", "url": f"https://paper.example/{id_}"},
        "caveats": ["A caveat."],
        **fields,
    }


def make_entry(id_: str = "a", **fields: Any) -> Entry:
    """Make an entry, with `fields` in place of its own."""
    return parse_entry(entry_fields(id_, **fields))


_FORBIDDEN = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_characters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=_FORBIDDEN)
_awkward = st.sampled_from(
    [
        "no",
        "2022",
        "2022-04-15",
        "null",
        "~",
        "- a",
        "a: b",
        "#x",
        "'",
        '"',
        "|",
        ">",
        "&a",
        "*a",
        "1e3",
        "{}",
        "%",
        "  ",
        "\u00a0",
        "\u200b",
        "\ufeff",
        "\U0001f468\u200d\U0001f469",
        "\U0010ffff",
        "\ufffe",
        "=",
        "<<",
        "8:30",
        "010",
    ]
)
_words = st.lists(st.one_of(st.text(_characters, max_size=20), _awkward), min_size=1, max_size=30)


def _has_content(text: str) -> bool:
    return re.search(r"\w", text) is not None


def _joined(separators: list[str], longest: int) -> st.SearchStrategy[str]:
    joined = st.builds(lambda separator, words: separator.join(words), st.sampled_from(separators), _words)
    return joined.map(lambda text: _stripped(text[:longest])).filter(_has_content)


def _stripped(text: str) -> str:
    return text.strip("\x85" + "".join(chr(code) for code in range(0x3001) if chr(code).isspace()))


lines = _joined([" ", "", ": "], 500)
texts = _joined([" ", "\n", "\n\n", "\n  ", " \n", "\t", ""], 2000)
numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False), st.integers(-(2**60), 2**60).map(float), st.just(8600.0)
)
days = st.dates(min_value=date(1, 1, 1))
pages = st.integers(0, 10**6).map(lambda number: f"https://paper.example/{number}")


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


sources = st.builds(
    Source, publisher=lines, title=lines, url=pages, author=_maybe(lines), published=_maybe(days)
)
figures = st.builds(
    Figure,
    value=numbers,
    what=lines,
    as_stated=lines,
    qualifier=_maybe(lines),
    unit=_maybe(lines),
    attributed_to=_maybe(lines),
    source=_maybe(sources),
)
ratings = st.builds(Rating, label=lines, explanation=_maybe(texts), value=_maybe(numbers))
claims = st.builds(Claim, text=texts, claimed_by=_maybe(lines), rating=_maybe(ratings))
_copies = st.lists(st.integers(10**6 + 1, 10**7), unique=True, max_size=3).map(
    lambda numbers: [f"https://paper.example/{number}" for number in numbers]
)
appearances = st.builds(
    lambda urls, kind, prefix: tuple(Appearance(url=url, kind=kind, prefix=prefix) for url in urls),
    _copies,
    st.sampled_from(AppearanceKind),
    st.booleans(),
)
entries = st.builds(
    Entry,
    id=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True),
    title=lines,
    summary=texts,
    original=sources,
    caveats=st.lists(texts, min_size=1, max_size=5).map(tuple),
    status=st.sampled_from(Status),
    language=st.sampled_from(["en", "no", "pt-BR"]),
    rating=_maybe(ratings),
    claims=st.lists(claims, max_size=2).map(tuple),
    figures=st.lists(figures, max_size=2).map(tuple),
    quotes=st.lists(st.builds(Quote, speaker=lines, text=texts), max_size=2).map(tuple),
    appearances=appearances,
    tags=st.lists(lines, max_size=3).map(tuple),
    sensitive=st.booleans(),
    content_note=_maybe(lines),
    example=st.booleans(),
    compiled=_maybe(texts),
    match_text=st.booleans(),
    verified_by=lines,
    verified_on=_maybe(days),
    review_by=_maybe(days),
)
