"""What people post that once silenced the bot: pages, headers, messages and entries, each of our own writing.

`FAULTS` are what the scenarios and the bench set beside a question of somebody else's.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kb.entries.entry import Entry, parse_entry
from tests.servers.web import Answer, Behaviour, mute

TITLE = "Cable car company of Ostmar knew for years that its brakes were failing"
QUOTE = "We wrote down every cabin that did not stop and nobody in the office opened the book"
STORY = (
    (
        "The company that runs the cable car of Ostmar has known since 2018 that its brakes were failing, the"
        " Highland Observer reports from internal papers. Mechanics wrote down 417 cabins that did not stop."
    ),
    "Neither the passengers nor the county were told. The company says that nobody was ever in danger.",
)
"""The paragraphs of an honest retelling, without the quotation."""

ENTRY = parse_entry(
    {
        "id": "ostmar-brakes",
        "title": TITLE,
        "summary": (
            "The Highland Observer reported, from internal papers, that the company that runs the cable car"
            " of Ostmar had known since 2018 that its brakes were failing. Mechanics wrote down 417 cabins"
            " that did not stop; neither the passengers nor the county were told."
        ),
        "original": {
            "publisher": "Highland Observer",
            "title": "Cable car company knew that its brakes were failing",
            "url": "https://observer.example/brakes",
            "author": "Ina Example",
            "published": "2026-02-10",
        },
        "caveats": ["The company says that nobody was ever in danger."],
        "figures": [{"value": 417, "unit": "cabins", "what": "cabins that did not stop", "as_stated": "417"}],
        "quotes": [{"speaker": "Tora Winge", "text": QUOTE}],
        "sensitive": False,
    }
)


def article(title: str, *paragraphs: str) -> Answer:
    """A page with an article; the paragraphs are text."""
    told = "".join(f"<p>{html.escape(each)}</p>" for each in paragraphs)
    return _html(title, told)


def retold(*more: str) -> Answer:
    """A copy of the story that `ENTRY` is about, with more paragraphs."""
    return article(TITLE, *STORY, *more)


def _html(title: str, body: str) -> Answer:
    shown = html.escape(title)
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{shown}</title></head>'
    return Answer(body=f"{head}<body><main><article><h1>{shown}</h1>{body}</article></main></body></html>")


SPEAKERS = (
    "said Müller",
    "Šefčovič said",
    "said Dvořák",
    "said Núñez",
    "said Lindström’s",
    "Ångström said",
    "said O’Hara's",
    "Ngũgĩ said",
)
"""Lone surnames whose spelling changes once accents and possessives are taken off."""


def numbers(start: int, count: int) -> str:
    """A text of that many numbers, each another one."""
    return " ".join(str(number) for number in range(start, start + count))


def table(rows: int) -> Answer:
    """An innocent table: a town, its people in two years, and the change."""
    lines = ((f"Town {row}", 1000 + row * 7, 900 + row * 5, f"{row / 8:.1f}%") for row in range(rows))
    cells = ("".join(f"<td>{cell}</td>" for cell in line) for line in lines)
    told = "".join(f"<tr>{each}</tr>" for each in cells)
    return _html("The towns of the county and their people", f"<table>{told}</table>")


def quotations(length: int) -> Answer:
    """An article of so many characters, nearly all of it in quotation marks."""
    piece = "“We saw 31 boats,” said Tora Winge. "
    return article("What the harbour said", piece * (length // len(piece)))


def plain(text: str) -> Answer:
    """A page that is text and no more."""
    return Answer(body=text, content_type="text/plain; charset=utf-8")


def towns(count: int) -> tuple[Entry, ...]:
    """Entries with five figures each, as a store of some months holds them."""
    return tuple(
        parse_entry(
            {
                "id": f"town-{number}",
                "title": f"Town {number} counts its people, and the county counts others",
                "summary": f"Town {number} has lost people since 2010, says the county; the town disagrees.",
                "original": {
                    "publisher": "County Gazette",
                    "title": f"Town {number} counts its people",
                    "url": f"https://county.example/town/{number}",
                },
                "caveats": ["The county's count is an estimate."],
                "figures": [
                    {"value": value, "what": f"people in {year}", "as_stated": f"{value:,}"}
                    for year, value in ((2000 + turn, 1203 + 89 * number + 13 * turn) for turn in range(5))
                ],
            }
        )
        for number in range(count)
    )


HOSTILE_TYPES = (
    "text/html; charset=" + "(" * 400,
    "text/html; charset=" + '"' * 8000,
    "text/html; charset*=",
    "text/html; charset*0*=utf-8''x; charset*2*=y",
    "text/html; charset*=utf-8'en",
    "text/html; " + "a=b; " * 1500,
    "text/html; charset=" + "\\" * 8000,
    "(" * 8000,
)
"""Content-Type headers that the standard library's parsers fail on, or take seconds for."""

LONG_ORIGINAL = "https://harbour.example/" + ("бассейнсевернойгавани" * 9)[:176]
"""200 characters, of which a percent-encoded address makes over a thousand."""

_POOL = (
    "Swimming hall of Norrvik was built on a landfill that nobody had surveyed",
    (
        "The swimming hall of Norrvik stands on a landfill that nobody had surveyed before it was built, says"
        " a report of the Harbour Times. Divers found 68 drums below the basin, some of them open."
    ),
    "The town council says that the water was tested each week and that no bather fell ill.",
)

LONG_ENTRY = parse_entry(
    {
        "id": "norrvik-pool",
        "title": _POOL[0],
        "summary": " ".join(_POOL[1:]),
        "original": {
            "publisher": "Harbour Times",
            "title": "The drums below the swimming hall",
            "url": LONG_ORIGINAL,
        },
        "caveats": [
            "The council says that *no* bather fell ill, and that its own papers & tests show it. " * 14
        ],
    }
)
"""An entry with a long Cyrillic address and a caveat of over a thousand characters: all of it allowed."""


def long_copy() -> Answer:
    """A copy of the story that `LONG_ENTRY` is about."""
    return article(*_POOL)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Pages and the messages that lead to them; `asked` is what somebody asks about the fault itself.

    Every message but those in `posts` that hold no link names a host of its own, `{turn}` in it is replaced.
    """

    told: str
    posts: Sequence[str]
    asked: str
    routes: Mapping[str, Behaviour] = field(default_factory=dict)
    entries: Sequence[Entry] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    def turned(self, turn: int) -> tuple[str, ...]:
        """The messages, with addresses that no other turn has."""
        return tuple(post.replace("{turn}", str(turn)) for post in self.posts)


def _pages(told: str, name: str, answers: Sequence[Behaviour], *, entries: Sequence[Entry] = ()) -> Fault:
    """One message for each page, and a question about the first one."""
    paths = [f"/{name}/{number}" for number in range(len(answers))]
    links = [f"http://{name}{number}-{{turn}}.example{path}" for number, path in enumerate(paths)]
    return Fault(
        told=told,
        posts=links,
        asked=f"http://{name}-asked.example{paths[0]}",
        routes=dict(zip(paths, answers, strict=True)),
        entries=entries,
    )


def mute_links(messages: int, *, patience: float | None = None) -> Fault:
    """So many messages with three links each to sites that never answer; `patience`, in seconds, is the
    bot's with one of them."""
    posts = [
        " ".join(f"http://mute{number}-{part}-{{turn}}.example/mute" for part in range(3))
        for number in range(messages)
    ]
    return Fault(
        told=f"{messages} messages with 3 mute links each",
        posts=posts,
        asked="http://mute-asked.example/mute",
        routes={"/mute": mute},
        settings={"FETCH_TIMEOUT": str(patience)} if patience else {},
    )


def speakers() -> Fault:
    """Copies of a story with a quotation that a lone surname is said to have spoken."""
    copies = [retold(f"“{QUOTE},” {speaker}.") for speaker in SPEAKERS]
    return _pages("8 pages with an oddly spelt surname", "surname", copies)


def pages_of_numbers() -> Fault:
    """Pages that hold almost nothing but numbers or quotations."""
    answers = [
        plain("12 " * 66_000),
        table(8000),
        plain(numbers(20_000, 33_000)),
        quotations(200_000),
        plain("12 " * 65_000),
        table(7900),
        plain(numbers(30_000, 32_000)),
        plain("3.5 million, 17 percent and 1,203 towns; " * 4500),
    ]
    return _pages("8 pages of numbers, 60 entries", "numbers", answers, entries=towns(60))


def hostile_headers() -> Fault:
    """Pages with headers that no parser should be given."""
    answers = [Answer(body="<p>Hello.</p>", content_type=each) for each in HOSTILE_TYPES]
    return _pages("8 pages with a hostile Content-Type", "header", answers)


def long_messages(messages: int) -> Fault:
    """Messages as long as Matrix takes them, made of links that never close."""
    post = '[a](http://x "a" ' * 3200
    return Fault(told=f"{messages} messages of 54 KB of open links", posts=[post] * messages, asked=post)


FAULTS: Mapping[str, Callable[[], Fault]] = {
    "odd surnames": speakers,
    "numbers": pages_of_numbers,
    "mute links": lambda: mute_links(16, patience=8),
    "headers": hostile_headers,
    "long messages": lambda: long_messages(24),
}
