"""Names of the entry that the article has in a garbled form: words swapped for synonyms or near relations.

Certain are only: swaps that programs are known to make ("Post" → "Publish"), words grown from the same
beginning ("Circuit" → "Circuitry"), and a publisher's name with another word where the page reports what it
wrote and never names it. Short forms ("the Post") and other real papers ("The Washington Times") are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice

from kb.compare.budgets import LONGEST_NAME_WORD, MOST_FORMS, MOST_NAME_WORDS, MOST_NAMES
from kb.compare.measures import plain
from kb.compare.names.word_forms import BEGINNING, allowed, has_grown, is_listed, is_same
from kb.compare.passage import Passage
from kb.compare.quotes.speech import SPEECH_VERBS
from kb.compare.tables.papers import EDITIONS, INSTITUTIONS, REAL_PAPERS
from kb.compare.tables.spinning import weight
from kb.compare.tables.swaps import SPINS
from kb.compare.values import Difference, DifferenceKind, Record, Snippet
from kb.entries.entry import Entry
from kb.text.word_lists import alternatives, any_of, filled, word_lists
from kb.text.words import fold

_WORD = re.compile(r"[A-Za-zÀ-ÿ][\w’'-]*")
_WORDS = word_lists("kb/compare/tables/reporting.txt", "publisher", "before publisher", "before listener")
_AFTER = re.compile(
    filled(
        r"^(?:[’']s)?(?:\s(?:[a-z]+\s)?|,\s[^,.]{0,40},\s)"
        r"(?:has\s|have\s|had\s|also\s|first\s|later\s|additionally\s)*"
        r"(?:<reporting>\b|(?:was|were) (?:the )?first to\b"
        r"|has (?:the|more|full|all) (?:story|details|report)\b)",
        reporting=alternatives(SPEECH_VERBS.union(_WORDS["publisher"])),
    )
)
_BEFORE = re.compile(r"\b" + any_of(_WORDS["before publisher"]) + r"\s(?:the\s)?$", re.IGNORECASE)
_NAMES = re.compile(r"[A-Z][\w’'-]*(?:\s(?:of\s|for\s|the\s|and\s)?[A-Z][\w’'-]*)+")
_FOLLOWING = re.compile(r"\s([A-Z]\w*)")
_SMALL_WORDS = frozenset("the of for and a an in".split())
# By eye. On the labelled pairs to tune on 8 letters miss a name; the others change nothing by one or two.
_LONG_ALONE = 6  # letters of a one-word name of which a form can be told
_MANY_WORDS = 3  # of a publisher's name: with any one of them swapped the others still tell it
_SPUN = 4  # weight of phrases that programs leave behind: two that are wrong as English
_SHOWN = 8  # forms of one name
_ANYTHING = r"[A-Z][\w-]*"
_GAP = r"\s(?:of\s|for\s|the\s|and\s)?"


@dataclass(frozen=True, kw_only=True)
class _Name:
    """A name of the entry: as written, and its telling words in order."""

    written: str
    words: tuple[str, ...]
    is_publisher: bool


@dataclass(frozen=True, kw_only=True)
class _Form:
    """Where the article has a name in another form, and which words were put in for which."""

    start: int
    end: int
    swaps: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class GarbledNames:
    """The garbled names, one difference for each name, and whether names or places of them were left out."""

    differences: tuple[Difference, ...] = ()
    left_out: bool = False
    too_many_forms: bool = False


@dataclass(frozen=True, kw_only=True)
class _Page:
    """The article and the entry's own text, each folded once; `spun`: the page swaps other words too."""

    passage: Passage
    plain: str
    beginnings: frozenset[str]
    own_text: str
    people: tuple[str, ...]
    spun: bool


def garbled_names(entry: Entry, passage: Passage) -> GarbledNames:
    """Find the names of an entry that the article has in another form."""
    if passage.language not in {"en", None}:
        return GarbledNames()
    page = _Page(
        passage=passage,
        plain=passage.text.casefold(),
        beginnings=_beginnings(passage.text),
        own_text=_all_text(entry),
        people=(*(quote.speaker for quote in entry.quotes), entry.original.author or ""),
        spun=weight(passage.text) >= _SPUN,
    )
    names = list(_names(entry))
    short = [name for name in names if _is_short(name)]
    differences, too_many = list[Difference](), False
    for name in short[:MOST_NAMES]:
        forms = list(islice(_forms(name, page), MOST_FORMS + 1))
        too_many = too_many or len(forms) > MOST_FORMS
        snippets = _garbled_forms(name, forms[:MOST_FORMS], page)
        if snippets:
            differences.append(_difference(entry, name, snippets))
    left_out = len(short) < len(names) or len(short) > MOST_NAMES
    return GarbledNames(differences=tuple(differences), left_out=left_out, too_many_forms=too_many)


def _garbled_forms(name: _Name, forms: Sequence[_Form], page: _Page) -> tuple[Snippet, ...]:
    """The garbled forms of a name, each where it stands first."""
    snippets: dict[str, Snippet] = {}
    for form in forms:
        snippet = page.passage.snippet(form.start, form.end)
        if snippet.text not in snippets and _is_garbled(name, form, page):
            snippets[snippet.text] = snippet
    return tuple(snippets.values())


def _difference(entry: Entry, name: _Name, snippets: tuple[Snippet, ...]) -> Difference:
    shown = snippets[:_SHOWN]
    quoted = " and ".join(f"“{snippet.text}”" for snippet in shown)
    more = f" and {len(snippets) - len(shown)} more" if len(snippets) > len(shown) else ""
    return Difference(
        kind=DifferenceKind.NAME_GARBLED,
        here=shown[0],
        original=Record(text=name.written, about="name", source=entry.original),
        evidence=f"{quoted}{more}: words of the name are swapped for others",
        also=shown[1:],
        words=tuple((snippet.text, name.written) for snippet in shown),
    )


def _is_short(name: _Name) -> bool:
    return 0 < len(name.words) <= MOST_NAME_WORDS and max(map(len, name.words)) <= LONGEST_NAME_WORD


def _names(entry: Entry) -> Iterator[_Name]:
    publishers = dict.fromkeys(
        [entry.original.publisher, *(figure.source.publisher for figure in entry.figures if figure.source)]
    )
    texts = [
        entry.summary,
        *(claim.text for claim in entry.claims),
        *(quote.speaker for quote in entry.quotes),
    ]
    texts += [figure.attributed_to for figure in entry.figures if figure.attributed_to]
    texts += [claim.claimed_by for claim in entry.claims if claim.claimed_by]
    capitalised = (re.sub(r"[’']s?$", "", match[0]) for text in texts for match in _NAMES.finditer(text))
    own = {word for publisher in publishers for word in _telling(publisher)}
    for written in dict.fromkeys(chain(publishers, capitalised)):
        words, is_publisher = _telling(written), written in publishers
        if words and (is_publisher or (len(words) > 1 and not set(words) <= own)):
            yield _Name(written=written, words=words, is_publisher=is_publisher)


def _telling(name: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in _WORD.findall(name) if fold(word) not in _SMALL_WORDS)


def _forms(name: _Name, page: _Page) -> Iterator[_Form]:
    """Where the article has the name, or words put in for some of its words."""
    absent = [place for place, word in enumerate(name.words) if not _may_stand(word, page)]
    patterns = [] if absent else [_pattern(name.words)]
    if len(name.words) > 1 and (name.is_publisher or page.spun) and len(absent) <= 1:
        anywhere = page.spun or len(name.words) >= _MANY_WORDS
        free = range(len(name.words)) if anywhere else [len(name.words) - 1]
        patterns += [_pattern(name.words, anything_at=place) for place in free if absent in ([], [place])]
    seen: set[int] = set()
    for pattern in patterns:
        for match in pattern.finditer(page.passage.text):
            there = [match[f"w{place}"] for place in range(len(name.words))]
            swaps = tuple((own, put) for own, put in zip(name.words, there, strict=True) if fold(put) != own)
            if swaps and match.start() not in seen and there[0][0].isupper():
                seen.add(match.start())
                yield _Form(start=match.start(), end=match.end(), swaps=swaps)


def _beginnings(text: str) -> frozenset[str]:
    """How the words of a text begin, by up to as many letters as every form of a word has in common."""
    words = {word[:BEGINNING] for word in re.findall(r"\w+", plain(text))}
    return frozenset(word[:length] for word in words for length in range(1, len(word) + 1))


def _may_stand(word: str, page: _Page) -> bool:
    """Whether any word of the page begins as a form of this one must, by the pattern of `allowed`."""
    forms = (word, *(put.partition("-")[0] for put in SPINS.get(word, "").split()))
    return any(re.split(r"\W", plain(form), maxsplit=1)[0][:BEGINNING] in page.beginnings for form in forms)


@lru_cache(maxsize=1024)
def _pattern(words: tuple[str, ...], *, anything_at: int | None = None) -> re.Pattern[str]:
    pieces = [
        "(?P<w" + str(place) + ">" + (_ANYTHING if place == anything_at else allowed(word)) + ")"
        for place, word in enumerate(words)
    ]
    return re.compile(r"(?:\b[Tt]he\s)?\b" + _GAP.join(pieces) + r"\b")


def _is_garbled(name: _Name, form: _Form, page: _Page) -> bool:
    """Whether another form of a name is surely that name spoilt."""
    text = page.passage.text
    said = text[form.start : form.end]
    if said.casefold().removeprefix("the ") in page.own_text or _goes_on(name, text, form.end):
        return False
    if any(is_same(own, put) for own, put in form.swaps):
        return False
    before, after = text[max(0, form.start - 30) : form.start], text[form.end : form.end + 80]
    reporting = bool(_AFTER.search(after) or _BEFORE.search(before))
    listed = [is_listed(own, put) for own, put in form.swaps]
    grown = [not known and has_grown(own, put) for known, (own, put) in zip(listed, form.swaps, strict=True)]
    if name.is_publisher:
        credited = reporting or (page.spun and not page.passage.is_title(form.start))
        return credited and _is_paper_spoilt(name, form, page, listed, grown)
    absent = name.written.casefold() not in page.plain
    kept = len(form.swaps) < len(name.words)
    known = all(known or new for known, new in zip(listed, grown, strict=True)) or (
        page.spun and _is_likely(name, form, page.passage)
    )
    return (
        absent
        and kept
        and known
        and all(put[0].isupper() for _, put in form.swaps)
        and not _is_personal(name, page.people)
    )


def _is_paper_spoilt(name: _Name, form: _Form, page: _Page, listed: list[bool], grown: list[bool]) -> bool:
    """Whether the one who reports is the publisher by another name: known swaps, or one word put in freely.

    A free swap counts only on a page without the true name, and never if it makes another body's name.
    """
    own, put = form.swaps[-1]
    if len(name.words) == 1:
        return grown[0] and len(own) >= _LONG_ALONE and put[0].isupper()
    if all(listed):
        return True
    said = page.passage.text[form.start : form.end].casefold().removeprefix("the ")
    other_body = fold(put) in INSTITUTIONS or said in REAL_PAPERS
    if len(form.swaps) > 1 or not put[0].isupper() or other_body:
        return False
    if own != name.words[-1] and fold(put) in EDITIONS:
        return False
    return grown[0] or name.written.casefold().removeprefix("the ") not in page.plain


def _is_likely(name: _Name, form: _Form, passage: Passage) -> bool:
    """Whether, on a page that swaps synonyms, a name with one word put in freely is the entry's own."""
    _, put = form.swaps[-1]
    kept = [word for word in name.words if word not in {own for own, _ in form.swaps}]
    return (
        len(form.swaps) == 1
        and fold(put) not in INSTITUTIONS
        and not passage.is_title(form.start)
        and any(len(word) >= BEGINNING for word in kept)
    )


def _is_personal(name: _Name, people: Sequence[str]) -> bool:
    """Whether a name is a person's: families share first and last names."""
    return any(name.written in person for person in people) and not any(word in SPINS for word in name.words)


def _goes_on(name: _Name, text: str, end: int) -> bool:
    """Whether further capitalised words belong to the name: "The Washington Health Authority"."""
    following = _FOLLOWING.match(text, end)
    return following is not None and fold(following[1]) not in name.words


def _all_text(entry: Entry) -> str:
    own = [
        entry.title,
        entry.summary,
        entry.original.title,
        entry.original.publisher,
        *entry.caveats,
        *entry.tags,
    ]
    own += [figure.attributed_to for figure in entry.figures if figure.attributed_to]
    return " ".join([*own, *(quote.speaker for quote in entry.quotes)]).casefold()
