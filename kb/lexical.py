"""Lexical search: BM25 over stems, where adding or removing one entry touches only its own words.

BM25 as in Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), query terms counted once.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable

import numpy as np

K1 = 0.9
B = 0.4


class Lexical:
    """An inverted index from terms to rows; rows are small integers that the caller assigns."""

    def __init__(self) -> None:
        self._terms: dict[str, int] = {}  # term → its number; rows and postings hold numbers, to stay small
        self._postings: list[tuple[array[int], array[int]]] = []  # by number: rows, and how often in each
        self._document_frequency: list[int] = []
        self._rows: dict[int, array[int]] = {}
        self._lengths = np.zeros(1024, dtype=np.float32)  # 0: no such row (never added, or removed)
        self._total_length = 0.0

    def add(self, row: int, tokens: Iterable[str]) -> None:
        """Index `tokens` under a new `row`; a row is never used twice."""
        counts = Counter(tokens)
        while row >= len(self._lengths):
            self._lengths = np.concatenate([self._lengths, np.zeros_like(self._lengths)])
        self._lengths[row] = max(counts.total(), 1)
        self._total_length += float(self._lengths[row])
        self._rows[row] = array("i", map(self._number, counts))
        for number, count in zip(self._rows[row], counts.values(), strict=True):
            rows, tallies = self._postings[number]
            rows.append(row)
            tallies.append(count)
            self._document_frequency[number] += 1

    def remove(self, row: int) -> None:
        """Forget a row; what its postings still hold is skipped, since its length is 0."""
        for number in self._rows.pop(row):
            self._document_frequency[number] -= 1
        self._total_length -= float(self._lengths[row])
        self._lengths[row] = 0.0

    def rarity(self, term: str) -> float:
        """How much a term tells: BM25's inverse document frequency, > 0; high for unknown terms."""
        number = self._terms.get(term)
        return self._rarity(0 if number is None else self._document_frequency[number])

    def search(self, terms: Iterable[str], k: int) -> list[int]:
        """The up to `k` best rows for the distinct `terms`, best first; rows without any of them left out."""
        if not self._rows:
            return []
        scores = np.zeros(len(self._lengths), dtype=np.float32)
        mean = self._total_length / len(self._rows)
        for number in self._numbers(terms):
            rows, tallies = (np.frombuffer(part, dtype=np.int32) for part in self._postings[number])
            damping = K1 * (1.0 - B + B * self._lengths[rows] / mean)
            rarity = self._rarity(self._document_frequency[number])
            scores[rows] += rarity * tallies * (K1 + 1.0) / (tallies + damping)
        scores[self._lengths == 0.0] = 0.0
        best = np.argsort(-scores, kind="stable")[:k]
        return [int(row) for row in best if scores[row] > 0.0]

    def overlap(self, row: int, terms: frozenset[str]) -> float:
        """Share of meaning that row and query have in common, 0..1: summed rarity of the shared terms over
        that of the side which has less of it, so that a post and an article can both reach 1."""
        wanted = set(self._numbers(terms))
        own = {number: self._rarity(self._document_frequency[number]) for number in self._rows[row]}
        shared = sum(rarity for number, rarity in own.items() if number in wanted)
        smaller = min(sum(own.values()), sum(map(self.rarity, terms)))
        return shared / smaller if smaller else 0.0

    def _number(self, term: str) -> int:
        number = self._terms.setdefault(term, len(self._terms))
        if number == len(self._postings):
            self._postings.append((array("i"), array("i")))
            self._document_frequency.append(0)
        return number

    def _numbers(self, terms: Iterable[str]) -> list[int]:
        known = (self._terms.get(term) for term in terms)
        return [number for number in known if number is not None and self._document_frequency[number]]

    def _rarity(self, frequency: int) -> float:
        return math.log(1.0 + (len(self._rows) - frequency + 0.5) / (frequency + 0.5))
