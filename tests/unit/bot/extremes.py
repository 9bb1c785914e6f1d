"""Entries at the limits of what `parse_entry` takes, and every reply that is made of one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

from hypothesis import strategies as st

from bot.answers import Intent
from bot.commands.lines import entry_lines, review_choices
from bot.model import Action, Decision, Place, Reply
from bot.replies import wording
from bot.replies.compose import compose, unreadable
from bot.replies.correct import corrected, withdrawn
from kb.entries.entry import Entry, entry_data, parse_entry
from kb.entries.field_changes import differences
from kb.formats.forms import draft_form
from kb.match.query import Basis, Evidence, Hit

TODAY = date(2026, 11, 22)
LINE, TEXT, ADDRESS = 500, 2000, 2000

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
PIECES = {
    "cyrillic": "щука ",
    "one long cyrillic word": "щ",
    "chinese": "漢字",
    "emoji": "\U0001f600",
    "families": FAMILY,
    "flags": "\U0001f1fa\U0001f1e6",
    "marks": "e\u0301\u0323",
    "right to left": "שלום ",
    "special": "&<>\"'",
    "ampersands": "&",
    "less": "<",
    "formatting": "*_~`",
    "backticks": "```",
    "pipes": "a|b ",
    "entities": "&amp;&lt;",
    "slack calls": "<!channel> <@U1> <#C1|x> ",
    "matrix calls": "@room @ann:server.example #all:server.example ",
    "matrix links": "https://matrix.to/#/@ann:server.example matrix:u/ann:server.example ",
    "lines": "a\nb\n\n",
    "words": "word ",
    "one long word": "w",
    "tags": "</code></pre><b>",
    "quotes": "“a” ",
}
ADDRESSES = {
    "cyrillic": "https://paper.example/" + "щ" * (ADDRESS - 22),
    "cyrillic of 200": "https://paper.example/" + "щ" * 178,
    "ampersands": "https://paper.example/?" + "&" * (ADDRESS - 23),
    "pipes": "https://paper.example/" + "|" * (ADDRESS - 22),
    "emoji": "https://paper.example/" + "\U0001f600" * (ADDRESS - 22),
    "brackets": "https://paper.example/?" + "<>\"'" * 490,
    "spaces": "https://paper.example/" + " a" * 980,
    "long": "https://paper.example/" + "a" * (ADDRESS - 22),
    "a host of its own script": "https://" + "щука." * 20 + "example/a",
    "a person on matrix": "https://matrix.to/#/@ann:server.example",
    "a room of a client": "https://app.element.io/#/room/#all:server.example",
    "encoded": "https://matrix.to/#/%40ann%3Aserver.example",
}


def of_length(piece: str, most: int, *, on_one_line: bool = False) -> str:
    """As many pieces as fit, with a letter before them: a text of nothing but marks is none."""
    text = ("x" + piece * (most // max(len(piece), 1)))[:most]
    return (" ".join(text.split()) if on_one_line else text).strip() or "x"


def extreme_entry(piece: str, url: str, *, parts: int = 25) -> Entry:
    """An entry whose every text is as long as may be; `parts` figures and quotes."""
    line, text = of_length(piece, LINE, on_one_line=True), of_length(piece, TEXT)
    source = {"publisher": line, "title": line, "url": url, "author": line, "published": "2022-04-15"}
    data: dict[str, Any] = {
        "id": "a" * 200,
        "title": line,
        "summary": text,
        "original": source,
        "caveats": [text] * 5,
        "rating": {"label": line, "explanation": text},
        "claims": [{"text": text, "claimed_by": line}] * 3,
        "figures": [{"value": 8600, "what": line, "as_stated": line, "attributed_to": line}] * parts,
        "quotes": [{"speaker": line, "text": text}] * parts,
        "tags": [line] * 5,
        "sensitive": True,
        "content_note": line,
        "compiled": text,
        "verified_by": line,
        "verified_on": "2022-05-01",
        "review_by": "2023-01-01",
    }
    return parse_entry(data)


def replies_about(entry: Entry) -> Iterator[Reply]:
    """Every kind of reply that an entry can be in."""
    evidence = tuple(Evidence(feature="credit", text=text, score=1.0) for text in entry.caveats)
    for basis in Basis:
        hit = Hit(entry=entry, score=0.9, basis=basis, evidence=evidence)
        if basis is not Basis.RELATED:
            yield compose(Decision(action=Action.REPLY, reason="", hits=(hit,)), today=TODAY)
    related = Hit(entry=entry, score=0.5, basis=Basis.RELATED, evidence=evidence)
    yield compose(Decision(action=Action.SUGGEST, reason="", hits=(related,) * 3), today=TODAY)
    said = Intent(
        key="k",
        platform="slack",
        place=Place(channel="T1/C1", message_id="1.2"),
        action=Action.REPLY,
        entry_id=entry.id,
        basis=Basis.SAME_STORY.value,
        differences=entry.caveats[:3],
    )
    before = parse_entry(entry_data(entry) | {"summary": "Before.", "caveats": ["Before."]})
    yield corrected(said, before, entry, differences(before, entry), on=TODAY, today=TODAY)
    yield withdrawn(said, entry.summary, entry, on=TODAY, today=TODAY)
    yield withdrawn(said, entry.summary, None, on=TODAY, today=TODAY)
    yield unreadable(entry.summary)
    yield Reply(lead=wording.NOTHING, footnote=wording.TELL_ME)
    yield Reply(lead=entry.title, lines=entry_lines(entry), choices=review_choices(entry.id, 10**6))
    yield Reply(lead=entry.title, form=draft_form(entry, base=10**6))
    yield Reply(lead=entry.title, lines=entry_lines(entry), entry_url=entry.original.url)


def extremes() -> Iterator[tuple[str, Entry]]:
    """One entry for each kind of text, and one for each kind of address."""
    plain = ADDRESSES["cyrillic of 200"]
    yield from ((name, extreme_entry(piece, plain)) for name, piece in PIECES.items())
    yield from ((f"at {name}", extreme_entry("word ", url)) for name, url in ADDRESSES.items())


EXTREMES = dict(extremes())

_mixed = st.lists(st.sampled_from([*PIECES.values()]) | st.text(max_size=6), min_size=1, max_size=40)
_paths = st.text("щa&|漢%<>'\"@:/\U0001f600", max_size=200)
any_address = st.sampled_from([*ADDRESSES.values()]) | _paths.map("https://paper.example/{}".format)


@st.composite
def any_text(draw: st.DrawFn, most: int = 4000) -> str:
    """Pieces in any order, repeated up to a length."""
    return of_length("".join(chain(draw(_mixed))), draw(st.integers(1, most)))
