"""Lexical search: BM25 over stems, where adding or removing one entry touches only its own words.

BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), query terms counted once.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

K1 = 0.9  # both as in Anserini's defaults; no measurement of ours stands behind them
B = 0.4
_POSTINGS = 400_000  # read for one query: some ten milliseconds
_SPARE = 8  # postings of removed rows that a term may keep beside the living ones

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Shares:
    """What rows and a query have in common, by the summed rarity of distinct terms.

    `shared` and `own` have shape (rows, parts): column 0 is the whole row, the others are the parts that it
    was added with. `asked` is the sum over the query.
    """

    shared: Floats
    own: Floats
    asked: float


class Lexical:
    """An inverted index from terms to rows; rows are small integers that the caller assigns."""

    def __init__(self) -> None:
        self._terms: dict[str, int] = {}  # term → its number; rows and postings hold numbers, to stay small
        self._postings: list[tuple[array[int], array[int]]] = []  # by number: rows, and how often in each
        self._document_frequency: NDArray[np.int32] = np.zeros(1024, dtype=np.int32)
        self._rows: dict[
            int, tuple[array[int], bytes]
        ] = {}  # its numbers, and for each the parts that have it
        self._lengths = np.zeros(1024, dtype=np.float32)  # 0: no such row (never added, or removed)
        self._total_length = 0.0

    def add(self, row: int, tokens: Iterable[str], parts: Sequence[Collection[str]] = ()) -> None:
        """Index `tokens` under a new `row`, up to eight `parts` of them apart; no row is used twice."""
        counts = Counter(tokens)
        while row >= len(self._lengths):
            self._lengths = np.concatenate([self._lengths, np.zeros_like(self._lengths)])
        self._lengths[row] = max(counts.total(), 1)
        self._total_length += float(self._lengths[row])
        marks = bytes(sum(1 << bit for bit, part in enumerate(parts) if term in part) for term in counts)
        self._rows[row] = (array("i", map(self._number, counts)), marks)
        for number, count in zip(self._rows[row][0], counts.values(), strict=True):
            rows, tallies = self._postings[number]
            rows.append(row)
            tallies.append(count)
            self._document_frequency[number] += 1

    def remove(self, row: int) -> None:
        """Forget a row; what postings still hold of it is skipped, its length being 0, and swept in time."""
        numbers, _ = self._rows.pop(row)
        self._total_length -= float(self._lengths[row])
        self._lengths[row] = 0.0
        for number in numbers:
            self._document_frequency[number] -= 1
            if len(self._postings[number][0]) > 2 * self._document_frequency[number] + _SPARE:
                self._sweep(number)

    def rarity(self, term: str) -> float:
        """How much a term tells: BM25's inverse document frequency, > 0; high for unknown terms."""
        number = self._terms.get(term)
        frequency = 0 if number is None else int(self._document_frequency[number])
        return math.log(1.0 + (len(self._rows) - frequency + 0.5) / (frequency + 0.5))

    def scores(self, terms: Iterable[str]) -> NDArray[np.float32]:
        """BM25 of every row for the distinct `terms`, at the row's place; 0 for rows that are not there."""
        numbers = self._affordable(self._numbers(terms))
        if not numbers:
            return np.zeros(len(self._lengths), dtype=np.float32)
        postings = [self._postings[number] for number in numbers]
        rows = np.concatenate([np.frombuffer(places, dtype=np.int32) for places, _ in postings])
        tallies = np.concatenate([np.frombuffer(counts, dtype=np.int32) for _, counts in postings])
        rarities = self._rarities(np.array(numbers, dtype=np.int32)).astype(np.float32) * np.float32(K1 + 1.0)
        weights = np.repeat(rarities, [len(places) for places, _ in postings])
        mean = self._total_length / max(len(self._rows), 1)
        damping = np.float32(K1) * (np.float32(1.0 - B) + np.float32(B / mean) * self._lengths[rows])
        scores = np.bincount(
            rows, weights=weights * tallies / (tallies + damping), minlength=len(self._lengths)
        )
        scores[self._lengths == 0.0] = 0.0
        return scores.astype(np.float32)

    def search(self, terms: Iterable[str], k: int) -> list[int]:
        """The up to `k` best rows for the distinct `terms`, best first; rows without any of them left out."""
        return best(self.scores(terms), k)

    def shares(
        self, rows: Sequence[int], queries: Sequence[Collection[str]], parts: int = 0
    ) -> tuple[Shares, ...]:
        """Compare rows with each of the queries; of rows that were added with `parts`, each part too."""
        held = [self._rows[row] for row in rows]
        numbers = np.concatenate(
            [np.empty(0, np.int32), *(np.frombuffer(each, np.int32) for each, _ in held)]
        )
        marks = np.frombuffer(b"".join(mark for _, mark in held), dtype=np.uint8)
        starts = np.cumsum([0] + [len(each) for each, _ in held])
        rarities = self._rarities(numbers)
        chosen = [(marks >> (part - 1)) & 1 if part else np.ones_like(marks) for part in range(1 + parts)]
        own = _sums(starts, [rarities * each for each in chosen])
        found = []
        for terms in queries:
            common = np.isin(numbers, np.array(self._numbers(terms), dtype=np.int32))
            found.append(
                Shares(
                    shared=_sums(starts, [rarities * common * each for each in chosen]),
                    own=own,
                    asked=math.fsum(map(self.rarity, terms)),
                )
            )
        return tuple(found)

    def _affordable(self, numbers: list[int]) -> list[int]:
        """The rarest terms, as far as their postings can be read in milliseconds; at least the rarest one.

        What is left out of a long text in a large base are words that tell next to nothing.
        """
        numbers = sorted(numbers, key=lambda number: (int(self._document_frequency[number]), number))
        read = np.cumsum(self._document_frequency[numbers]) if numbers else np.zeros(0)
        return numbers[: max(1, int(np.searchsorted(read, _POSTINGS)))]

    def _number(self, term: str) -> int:
        number = self._terms.setdefault(term, len(self._terms))
        if number == len(self._postings):
            self._postings.append((array("i"), array("i")))
            if number == len(self._document_frequency):
                self._document_frequency = np.concatenate(
                    [self._document_frequency, np.zeros(number, np.int32)]
                )
        return number

    def _numbers(self, terms: Iterable[str]) -> list[int]:
        known = (self._terms.get(term) for term in terms)
        return [number for number in known if number is not None and self._document_frequency[number]]

    def _rarities(self, numbers: NDArray[np.int32]) -> Floats:
        frequency = self._document_frequency[numbers].astype(np.float64)
        rarities: Floats = np.log(1.0 + (len(self._rows) - frequency + 0.5) / (frequency + 0.5))
        return rarities

    def _sweep(self, number: int) -> None:
        rows, tallies = self._postings[number]
        living = [place for place, row in enumerate(rows) if self._lengths[row]]
        self._postings[number] = (
            array("i", (rows[place] for place in living)),
            array("i", (tallies[place] for place in living)),
        )


def _sums(starts: NDArray[np.int64], columns: Sequence[NDArray[Any]]) -> Floats:
    """The sum of each row's values, a column each; row after row stands between two of `starts`."""
    summed = [np.diff(np.cumsum(np.concatenate([[0.0], column]))[starts]) for column in columns]
    return np.stack(summed, axis=1)


def best(scores: NDArray[np.float32], k: int) -> list[int]:
    """The places of the up to `k` largest scores above 0, the largest first, of equals the first."""
    places = np.flatnonzero(scores)
    if len(places) > k:
        floor = np.partition(scores[places], -k)[-k]
        places = places[scores[places] >= floor]
    ordered = places[np.argsort(-scores[places], kind="stable")][:k]
    return [int(place) for place in ordered]
