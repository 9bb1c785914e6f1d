"""What is kept of a page's text so that copies of it are known: hashes of its word triples, no words.

After Broder, "On the resemblance and containment of documents" (1997), with triples as shingles. Of a text
with more than 4,000 triples the smallest 4,000 hashes are kept: a fair sample of them, and the same sample in
every text, so that two samples can be compared. That bounds what is kept of a page to 16 KB.

Written as one byte that says whether it is all or the smallest, then 32-bit numbers in rising order,
little-endian. What earlier versions kept are all of them as 64-bit numbers: today's are their upper halves.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from kb.text.words import begun, fold, words

_TRIPLE = 3
_KEPT = 4_000
_ENOUGH = 16  # of a page's triples that fall into a sample: of fewer, half may be found by chance
_ALL, _SMALLEST = b"\1", b"\2"
_LARGEST = 2**32 - 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Fingerprint:
    """Distinct hashes in rising order; of those up to `limit` the text has no others."""

    hashes: NDArray[np.uint32]
    limit: int = _LARGEST

    def __len__(self) -> int:
        return len(self.hashes)


def fingerprint(text: str) -> bytes:
    """Hash a text's word triples, to be kept: at most 16 KB, nothing for fewer than three words."""
    hashed = triples(text)
    mark = _ALL if hashed.limit == _LARGEST else _SMALLEST
    return mark + hashed.hashes.astype("<u4").tobytes() if len(hashed) else b""


def triples(text: str) -> Fingerprint:
    """The hashes of a text's distinct word triples; empty for fewer than three words."""
    tokens = [fold(word) for word in words(begun(text))]
    runs = zip(*(islice(tokens, start, None) for start in range(_TRIPLE)), strict=False)
    hashes = {hashlib.blake2b(" ".join(run).encode(), digest_size=8).digest() for run in runs}
    halves = _upper_halves(b"".join(hashes))
    if len(halves) <= _KEPT:
        return Fingerprint(hashes=halves)
    return Fingerprint(hashes=halves[:_KEPT], limit=int(halves[_KEPT - 1]))


def read_fingerprint(kept: bytes) -> Fingerprint:
    """Read what `fingerprint` made, or that of an earlier version, which has no byte before its numbers."""
    if len(kept) % 8 == 0:
        return Fingerprint(hashes=_upper_halves(kept))
    hashes = np.frombuffer(kept[1:], dtype="<u4").astype(np.uint32)
    return Fingerprint(hashes=hashes, limit=int(hashes[-1]) if kept[:1] == _SMALLEST else _LARGEST)


def containment(page: Fingerprint, original: Fingerprint) -> float:
    """Which share of the page's triples the original has, 0..1, as far as both were kept.

    0 for a page without any, and where so few of a page's triples can be looked up that they tell nothing.
    """
    limit = min(page.limit, original.limit)
    looked_up = page.hashes[: np.searchsorted(page.hashes, limit, side="right")]
    if not len(original) or len(looked_up) < max(1, min(len(page), _ENOUGH)):
        return 0.0
    places = np.searchsorted(original.hashes, looked_up)
    there = original.hashes[np.minimum(places, len(original) - 1)] == looked_up
    return float(there.mean())


def _upper_halves(hashes: bytes) -> NDArray[np.uint32]:
    return np.unique((np.frombuffer(hashes, dtype="<u8") >> np.uint64(32)).astype(np.uint32))
