"""Finds entries that may be the same one twice: one original, or nearly the same title. Pointed out, no bar:
two entries may well stand on one report."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import islice

from kb.entries.entry import Entry
from kb.entries.outline import Outline, outline
from kb.errors import Problem, UrlError
from kb.text.words import STOP_WORDS, fold, words
from kb.urls.identity import identify

_SHARED_WORDS = 0.6  # of all words of both titles: below it they are not compared letter by letter
_ALIKE = 0.9
_NAMED = 3


class Duplicates:
    """Entries by their original and by the words of their titles."""

    def __init__(self, outlines: Iterable[Outline]) -> None:
        self._known: dict[str, Outline] = {}
        self._keys: dict[str, str] = {}
        self._words: dict[str, frozenset[str]] = {}
        self._by_key: dict[str, list[str]] = defaultdict(list)
        self._by_word: dict[str, set[str]] = defaultdict(set)
        for known in outlines:
            self.put(known)

    def put(self, entry: Outline) -> None:
        """Add an entry, in place of the one with its id."""
        self._known[entry.id] = entry
        self._keys[entry.id], self._words[entry.id] = _key(entry.url), _words(entry.title)
        self._by_key[self._keys[entry.id]].append(entry.id)
        for word in self._words[entry.id]:
            self._by_word[word].add(entry.id)

    def of(self, entry: Entry) -> tuple[Problem, ...]:
        """Tell which other entries this one may double."""
        same_original = self._same_original(entry)
        problems = [
            Problem(field="original.url", message=f"is also the original of {self._told(entry_id)}")
            for entry_id in same_original[:_NAMED]
        ]
        if (more := len(same_original) - _NAMED) > 0:
            problems.append(Problem(field="original.url", message=f"… and of {more} more"))
        alike = (entry_id for entry_id in self._alike(entry) if entry_id not in same_original)
        problems += [
            Problem(field="title", message=f"is nearly that of {self._told(entry_id)}")
            for entry_id in islice(alike, _NAMED)
        ]
        return tuple(problems)

    def among(self, entries: Iterable[Entry]) -> tuple[Problem, ...]:
        """Tell of doubles among new entries and between them and the known ones, each pair once."""
        problems: list[Problem] = []
        for entry in entries:
            problems += [
                Problem(field=problem.field, message=problem.message, place=entry.id)
                for problem in self.of(entry)
            ]
            self.put(outline(entry))
        return tuple(problems)

    def _same_original(self, entry: Entry) -> list[str]:
        key = _key(entry.original.url)
        known = dict.fromkeys(self._by_key.get(key, ()))
        return [entry_id for entry_id in known if entry_id != entry.id and self._keys[entry_id] == key]

    def _alike(self, entry: Entry) -> Iterator[str]:
        wanted = _words(entry.title)
        near = set().union(*(self._by_word.get(word, ()) for word in self._rarest(wanted)))
        for known in sorted(near - {entry.id}):
            other = self._words[known]
            shared = len(wanted & other) / len(wanted | other)
            if shared >= _SHARED_WORDS and _ratio(entry.title, self._known[known].title) >= _ALIKE:
                yield known

    def _rarest(self, wanted: frozenset[str]) -> list[str]:
        """So many of the rarest words that a title which shares enough of all has at least one of them."""
        by_count = sorted(wanted, key=lambda word: (len(self._by_word.get(word, ())), word))
        return by_count[: len(by_count) - math.ceil(_SHARED_WORDS * len(by_count)) + 1]

    def _told(self, entry_id: str) -> str:
        known = self._known[entry_id]
        return f"{entry_id} ({known.status.value.replace('_', ' ')}): “{known.title}”"


def _key(url: str) -> str:
    try:
        return identify(url).key
    except UrlError:  # rules for addresses grow stricter; an old entry may hold one that is refused today
        return url


def _words(title: str) -> frozenset[str]:
    folded = frozenset(fold(word) for word in words(title))
    return (folded - STOP_WORDS) or folded


def _ratio(one: str, other: str) -> float:
    matcher = SequenceMatcher(a=one.casefold(), b=other.casefold(), autojunk=False)
    quick = min(matcher.real_quick_ratio(), matcher.quick_ratio())
    return matcher.ratio() if quick >= _ALIKE else quick
