"""Vectors come and go; what is left is found as if the others had never been there."""

from __future__ import annotations

import numpy as np
import pytest

from kb.search.embedder import Vectors
from kb.search.vectors import FlatVectors, VectorIndex, Views


def unit(count: int, seed: int = 1) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, 32)).astype(np.float32)
    normed: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return normed


@pytest.fixture
def flat() -> VectorIndex:
    return FlatVectors()


def test_the_nearest_row_comes_first_and_removed_rows_are_gone(flat: VectorIndex) -> None:
    vectors = unit(50)
    flat.add(range(100, 150), vectors)
    assert flat.search(vectors[7], 3)[0] == 107
    flat.remove([107, 108, 999])
    left = flat.search(vectors[7], 50)
    assert len(left) == 48
    assert not {107, 108} & set(left)
    assert flat.cosines([107, 109], vectors[9:10])[:, 0] == pytest.approx([0.0, 1.0], abs=1e-3)


def test_an_empty_index_finds_nothing(flat: VectorIndex) -> None:
    assert flat.search(unit(1)[0], 5) == []
    assert flat.cosines([1], unit(2)) == pytest.approx(np.zeros((1, 2)))


def test_views_are_compared_row_by_row_within_a_hundredth() -> None:
    views, vectors, queries = Views(), unit(200), unit(3, seed=2)
    for row in range(100):
        views.add(row, vectors[2 * row : 2 * row + 2])
    views.remove([3, 3, 777])
    views.add(500, vectors[:1])
    near, starts = views.cosines([5, 3, 500], queries)
    assert list(starts) == [0, 2, 2]
    assert near == pytest.approx(np.concatenate([vectors[10:12], vectors[:1]]) @ queries.T, abs=0.01)


def test_room_of_removed_views_is_used_again() -> None:
    views, vectors = Views(), unit(64)
    for turn in range(20):
        views.add(turn, vectors)
        views.remove([turn])
    assert len(views._table) == 64
