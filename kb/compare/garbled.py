"""Names of the entry that the article has in a garbled form: words swapped for synonyms or near relations.

Certain are only: swaps that programs are known to make ("Post" → "Publish"), words grown from the same
beginning ("Circuit" → "Circuitry"), and a publisher's name with another word where the page reports what it
wrote and never names it. Short forms ("the Post") and other real papers ("The Washington Times") are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from kb.compare.papers import EDITIONS, INSTITUTIONS, REAL_PAPERS
from kb.compare.passage import Passage
from kb.compare.speech import SPEECH_VERBS
from kb.compare.spinning import weight
from kb.compare.swaps import SPINS
from kb.compare.values import Difference, DifferenceKind, Record
from kb.entry import Entry
from kb.text import fold, stem_words

_WORD = re.compile(r"[A-Za-zÀ-ÿ][\w’'-]*")
_MORE_VERBS = """
    studies documented reviews stories experiences discovered realized newspaper learned found
    calculated published uncovered quotes quoted broke
"""
_REPORTING = "|".join(sorted({*SPEECH_VERBS, *_MORE_VERBS.split()}, key=len, reverse=True))
_AFTER = re.compile(
    rf"^(?:[’']s)?(?:\s(?:[a-z]+\s)?|,\s[^,.]{{0,40}},\s)(?:has\s|have\s|had\s|also\s|first\s|later\s|additionally\s)*(?:(?:{_REPORTING})\b"
    r"|(?:was|were) (?:the )?first to\b|has (?:the|more|full|all) (?:story|details|report)\b)"
)
_BEFORE = re.compile(
    r"\b(?:according to|told|informed|advised|tells|by|reported (?:in|by)|citing|from|interview with|as per"
    r"|published (?:in|by)|quoted by|in keeping with|to|newspaper|magazine|paper|within"
    r"|says|said|writes|wrote|reports|reported|in)\s(?:the\s)?$",
    re.IGNORECASE,
)
_NAMES = re.compile(r"[A-Z][\w’'-]*(?:\s(?:of\s|for\s|the\s|and\s)?[A-Z][\w’'-]*)+")
_SMALL_WORDS = frozenset("the of for and a an in".split())
_BEGINNING, _BEGINNING_SHARE = 4, 0.6
_LONG_ALONE = 6  # letters of a one-word name of which a form can be told
_MANY_WORDS = 3
_SPUN = 4  # weight of phrases that programs leave behind
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


def garbled_names(entry: Entry, passage: Passage) -> Iterator[Difference]:
    """The garbled names, one difference for each name, with all its forms."""
    if passage.language not in {"en", None}:
        return
    spun = weight(passage.text) >= _SPUN
    for name in _names(entry):
        found = _forms(name, passage, free=spun)
        forms = [form for form in found if _is_garbled(name, form, passage, entry, spun=spun)]
        if not forms:
            continue
        snippets = [passage.snippet(form.start, form.end) for form in forms]
        shown = tuple({snippet.text: snippet for snippet in snippets}.values())
        told = " and ".join(f"“{snippet.text}”" for snippet in shown)
        yield Difference(
            kind=DifferenceKind.NAME_GARBLED,
            here=shown[0],
            original=Record(text=name.written, about="name", source=entry.original),
            evidence=f"{told}: words of the name are swapped for others",
            also=shown[1:],
            words=tuple((snippet.text, name.written) for snippet in shown),
        )


def _names(entry: Entry) -> Iterator[_Name]:
    publishers = [entry.original.publisher, *(each.source.publisher for each in entry.figures if each.source)]
    texts = [
        entry.summary,
        *(claim.text for claim in entry.claims),
        *(quote.speaker for quote in entry.quotes),
    ]
    texts += [figure.attributed_to for figure in entry.figures if figure.attributed_to]
    texts += [claim.claimed_by for claim in entry.claims if claim.claimed_by]
    found = (re.sub(r"[’']s?$", "", match[0]) for text in texts for match in _NAMES.finditer(text))
    own = {word for publisher in publishers for word in _telling(publisher)}
    for written in dict.fromkeys(chain(publishers, found)):
        words, is_publisher = _telling(written), written in publishers
        if is_publisher or (len(words) > 1 and not set(words) <= own):
            yield _Name(written=written, words=words, is_publisher=is_publisher)


def _telling(name: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in _WORD.findall(name) if fold(word) not in _SMALL_WORDS)


def _forms(name: _Name, passage: Passage, *, free: bool) -> Iterator[_Form]:
    """Where the article has the name, or words put in for some of its words."""
    patterns = [_pattern(name.words)]
    if len(name.words) > 1 and (name.is_publisher or free):
        anywhere = free or len(name.words) >= _MANY_WORDS
        places = range(len(name.words)) if anywhere else [len(name.words) - 1]
        patterns += [_pattern(name.words, anything_at=place) for place in places]
    seen: set[int] = set()
    for pattern in patterns:
        for match in pattern.finditer(passage.text):
            there = [match[f"w{place}"] for place in range(len(name.words))]
            swaps = tuple((own, put) for own, put in zip(name.words, there, strict=True) if fold(put) != own)
            if swaps and match.start() not in seen and there[0][0].isupper():
                seen.add(match.start())
                yield _Form(start=match.start(), end=match.end(), swaps=swaps)


@lru_cache(maxsize=1024)
def _pattern(words: tuple[str, ...], *, anything_at: int | None = None) -> re.Pattern[str]:
    pieces = [
        rf"(?P<w{place}>{_ANYTHING if place == anything_at else _allowed(word)})"
        for place, word in enumerate(words)
    ]
    return re.compile(r"(?:\b[Tt]he\s)?\b" + _GAP.join(pieces) + r"\b")


def _allowed(word: str) -> str:
    """The word itself, what is known to be put in for it, and words with the same beginning."""
    listed = [re.escape(put).replace(r"\-", "[ -]?") for put in SPINS.get(word, "").split()]
    options = [re.escape(word) + "(?:[’']s)?", *(rf"{put}\w{{0,3}}" for put in listed)]
    if len(word) > _BEGINNING:
        beginning = max(_BEGINNING, round(_BEGINNING_SHARE * len(word)))
        options.append(rf"{re.escape(word[:beginning])}\w{{0,8}}")
        options += [rf"{re.escape(word[:cut])}\s[A-Z]\w+" for cut in range(_BEGINNING, len(word) - 2)]
    return "(?i:" + "|".join(options) + ")"


def _is_garbled(name: _Name, form: _Form, passage: Passage, entry: Entry, *, spun: bool) -> bool:
    """Whether another form of a name is surely that name spoilt; `spun`: the page swaps other words too."""
    text = passage.text
    said = text[form.start : form.end]
    if said.casefold().removeprefix("the ") in _all_text(entry) or _goes_on(name, text[form.end :]):
        return False
    if any(_same_word(own, put) for own, put in form.swaps):
        return False
    before, after = text[max(0, form.start - 30) : form.start], text[form.end : form.end + 80]
    reporting = bool(_AFTER.search(after) or _BEFORE.search(before))
    listed = [_is_listed(own, put) for own, put in form.swaps]
    grown = [not known and _has_grown(own, put) for known, (own, put) in zip(listed, form.swaps, strict=True)]
    if name.is_publisher:
        credited = reporting or (spun and not passage.is_title(form.start))
        return credited and _is_paper_spoilt(name, form, text, listed, grown)
    absent = name.written.casefold() not in text.casefold()
    kept = len(form.swaps) < len(name.words)
    known = all(known or new for known, new in zip(listed, grown, strict=True)) or (
        spun and _is_likely(name, form, passage)
    )
    return (
        absent
        and kept
        and known
        and all(put[0].isupper() for _, put in form.swaps)
        and not _is_personal(name, entry)
    )


def _is_paper_spoilt(name: _Name, form: _Form, text: str, listed: list[bool], grown: list[bool]) -> bool:
    """Whether the one who reports is the publisher by another name: known swaps, or one word put in freely.

    A free swap counts only on a page without the true name, and never if it makes another body's name.
    """
    own, put = form.swaps[-1]
    if len(name.words) == 1:
        return grown[0] and len(own) >= _LONG_ALONE and put[0].isupper()
    if all(listed):
        return True
    plain = text[form.start : form.end].casefold().removeprefix("the ")
    other_body = fold(put) in INSTITUTIONS or plain in REAL_PAPERS
    if len(form.swaps) > 1 or not put[0].isupper() or other_body:
        return False
    if own != name.words[-1] and fold(put) in EDITIONS:
        return False
    return grown[0] or name.written.casefold().removeprefix("the ") not in text.casefold()


def _is_likely(name: _Name, form: _Form, passage: Passage) -> bool:
    """Whether, on a page that swaps synonyms, a name with one word put in freely is the entry's own."""
    _, put = form.swaps[-1]
    kept = [word for word in name.words if word not in {own for own, _ in form.swaps}]
    return (
        len(form.swaps) == 1
        and fold(put) not in INSTITUTIONS
        and not passage.is_title(form.start)
        and any(len(word) >= _BEGINNING for word in kept)
    )


def _is_personal(name: _Name, entry: Entry) -> bool:
    """Whether a name is a person's: families share first and last names."""
    people = [quote.speaker for quote in entry.quotes] + [entry.original.author or ""]
    return any(name.written in person for person in people) and not any(word in SPINS for word in name.words)


def _goes_on(name: _Name, after: str) -> bool:
    """Whether further capitalised words belong to the name: "The Washington Health Authority"."""
    following = re.match(r"\s([A-Z]\w*)", after)
    return following is not None and fold(following[1]) not in name.words


def _same_word(own: str, put: str) -> bool:
    """Whether a word was only inflected, or spelt another way."""
    own_stem, stem = stem_words([own, fold(put)])
    plain = fold(put).replace("-", "").replace(" ", "")
    return own_stem == stem or plain.replace("ou", "o").replace("re", "er") == own.replace("ou", "o").replace(
        "re", "er"
    )


def _is_listed(own: str, put: str) -> bool:
    listed = SPINS.get(own, "").split()
    plain = fold(put).replace(" ", "-")
    return plain in listed or stem_words([plain])[0] in stem_words(listed)


def _has_grown(own: str, put: str) -> bool:
    """Whether a word begins as the own one and goes on otherwise: Eastern → Easterly."""
    first = fold(put).split()[0]
    if " " in put:
        return own.startswith(first) and len(first) >= _BEGINNING
    common = next(
        (n for n, (a, b) in enumerate(zip(own, first, strict=False)) if a != b), min(len(own), len(first))
    )
    return common >= max(_BEGINNING, _BEGINNING_SHARE * len(own))


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
