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
        self._postings: dict[str, tuple[array[int], array[int]]] = {}
        self._document_frequency: Counter[str] = Counter()
        self._rows: dict[int, frozenset[str]] = {}
        self._lengths = np.zeros(1024, dtype=np.float32)  # 0: no such row (never added, or removed)
        self._total_length = 0.0

    def add(self, row: int, tokens: Iterable[str]) -> None:
        """Index `tokens` under a new `row`; a row is never used twice."""
        counts = Counter(tokens)
        while row >= len(self._lengths):
            self._lengths = np.concatenate([self._lengths, np.zeros_like(self._lengths)])
        self._lengths[row] = max(counts.total(), 1)
        self._total_length += float(self._lengths[row])
        self._rows[row] = frozenset(counts)
        for term, count in counts.items():
            rows, tallies = self._postings.setdefault(term, (array("q"), array("q")))
            rows.append(row)
            tallies.append(count)
            self._document_frequency[term] += 1

    def remove(self, row: int) -> None:
        """Forget a row; what its postings still hold is skipped, since its length is 0."""
        for term in self._rows.pop(row):
            self._document_frequency[term] -= 1
        self._total_length -= float(self._lengths[row])
        self._lengths[row] = 0.0

    def rarity(self, term: str) -> float:
        """How much a term tells: BM25's inverse document frequency, > 0; high for unknown terms."""
        frequency = self._document_frequency[term]
        return math.log(1.0 + (len(self._rows) - frequency + 0.5) / (frequency + 0.5))

    def search(self, terms: Iterable[str], k: int) -> list[int]:
        """The up to `k` best rows for the distinct `terms`, best first; rows without any of them left out."""
        if not self._rows:
            return []
        scores = np.zeros(len(self._lengths), dtype=np.float32)
        mean = self._total_length / len(self._rows)
        for term in terms:
            if self._document_frequency[term] == 0:
                continue
            rows, tallies = (np.frombuffer(part, dtype=np.int64) for part in self._postings[term])
            damping = K1 * (1.0 - B + B * self._lengths[rows] / mean)
            scores[rows] += self.rarity(term) * tallies * (K1 + 1.0) / (tallies + damping)
        scores[self._lengths == 0.0] = 0.0
        best = np.argsort(-scores, kind="stable")[:k]
        return [int(row) for row in best if scores[row] > 0.0]

    def overlap(self, row: int, terms: frozenset[str]) -> float:
        """Share of meaning that row and query have in common, 0..1: summed rarity of the shared terms over
        that of the side which has less of it, so that a post and an article can both reach 1."""
        own = self._rows[row]
        shared = sum(map(self.rarity, own & terms))
        smaller = min(sum(map(self.rarity, own)), sum(map(self.rarity, terms)))
        return shared / smaller if smaller else 0.0
