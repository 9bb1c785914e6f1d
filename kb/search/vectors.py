"""Where the index keeps vectors: one of each entry to search among, and more views of it to look closer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from kb.search.embedder import Vectors

Rows = NDArray[np.int64]


class VectorIndex(Protocol):
    """Finds the rows whose vectors are nearest; rows are numbers that the caller assigns and never reuses."""

    def add(self, rows: Sequence[int], vectors: Vectors) -> None:
        """Keep one vector of length 1 for each new row; `vectors` has shape (rows, dimensions)."""

    def remove(self, rows: Sequence[int]) -> None:
        """Forget rows; those that are not kept are passed over."""

    def search(self, vector: Vectors, k: int) -> list[int]:
        """The up to `k` rows with the largest cosine to `vector`, the largest first."""

    def cosines(self, rows: Sequence[int], vectors: Vectors) -> NDArray[np.float32]:
        """Each row's cosine to each of `vectors`, shape (rows, vectors); 0 for a row that is not kept."""


class FlatVectors:
    """A `VectorIndex` that compares with every vector: FAISS flat, 16 bits a number.

    Removing rewrites what lies behind the removed (milliseconds at 100,000 rows), so nothing dead is kept
    and nothing has to be rebuilt; remove many rows in one call.
    """

    def __init__(self) -> None:
        faiss.omp_set_num_threads(1)  # one query is no faster with two, and on a busy machine they spin
        self._flat: faiss.IndexIDMap2 | None = None
        self._kept: set[int] = set()

    def add(self, rows: Sequence[int], vectors: Vectors) -> None:
        """Append; the first vectors settle the dimensions."""
        if self._flat is None:
            half = faiss.IndexScalarQuantizer(
                vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
            )
            self._flat = faiss.IndexIDMap2(half)
        self._flat.add_with_ids(vectors, np.array(rows, dtype=np.int64))
        self._kept.update(rows)

    def remove(self, rows: Sequence[int]) -> None:
        """Take the rows out in one pass."""
        gone = self._kept.intersection(rows)
        if self._flat is not None and gone:
            self._flat.remove_ids(faiss.IDSelectorBatch(np.array(sorted(gone), dtype=np.int64)))
            self._kept -= gone

    def search(self, vector: Vectors, k: int) -> list[int]:
        """Compare with every row."""
        if self._flat is None:
            return []
        _, rows = self._flat.search(vector.reshape(1, -1), k)
        return [int(row) for row in rows[0] if row >= 0]

    def cosines(self, rows: Sequence[int], vectors: Vectors) -> NDArray[np.float32]:
        """Read the rows' vectors back and compare."""
        own = np.zeros((len(rows), vectors.shape[1]), dtype=np.float32)
        for place, row in enumerate(rows):
            if self._flat is not None and row in self._kept:
                self._flat.reconstruct(row, own[place])
        near: NDArray[np.float32] = own @ vectors.T
        return near


class Views:
    """The vectors of an entry's parts (title, claims), 8 bits a number; a row has any number of them."""

    def __init__(self) -> None:
        self._table = np.zeros((0, 0), dtype=np.int8)
        self._scales = np.zeros(0, dtype=np.float32)
        self._slots: dict[int, tuple[int, ...]] = {}
        self._free: list[int] = []

    def add(self, row: int, vectors: Vectors) -> None:
        """Keep the vectors of a new row; `vectors` has shape (views, dimensions)."""
        while len(self._free) < len(vectors):
            self._grow(vectors.shape[1])
        slots = tuple(self._free.pop() for _ in vectors)
        scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9) / 127.0
        self._table[list(slots)] = np.rint(vectors / scales[:, None])
        self._scales[list(slots)] = scales
        self._slots[row] = slots

    def remove(self, rows: Sequence[int]) -> None:
        """Forget rows; their room is used again."""
        for row in rows:
            self._free.extend(self._slots.pop(row, ()))

    def cosines(self, rows: Sequence[int], vectors: Vectors) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Compare all views of the rows with each of `vectors`.

        Gives the cosines, shape (views, vectors), and at which of them each row's views start.
        """
        slots = [self._slots.get(row, ()) for row in rows]
        starts = np.cumsum([0, *map(len, slots)])[:-1]
        flat = [slot for own in slots for slot in own]
        if not flat:
            return np.zeros((0, len(vectors)), dtype=np.float32), starts
        near = self._table[flat].astype(np.float32) @ vectors.T
        return near * self._scales[flat][:, None], starts

    def _grow(self, dimensions: int) -> None:
        had = len(self._table)
        size = max(64, had + had // 4)
        table = np.zeros((size, dimensions), dtype=np.int8)
        table[:had] = self._table.reshape(had, dimensions)
        self._table, self._scales = table, np.concatenate([self._scales, np.zeros(size - had, np.float32)])
        self._free.extend(range(size - 1, had - 1, -1))
