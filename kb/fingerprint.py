"""What is kept of an original's text so that copies of it are known: hashes of its word triples, no words.

After Broder, "On the resemblance and containment of documents" (1997), with triples as shingles.
"""

from __future__ import annotations

import hashlib
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from kb.text import fold, words

_TRIPLE = 3
_LONGEST = 20_000  # words: beyond that, more of a page tells nothing new

Fingerprint = NDArray[np.uint64]


def fingerprint(text: str) -> bytes:
    """Hash a text's word triples: sorted, distinct 64-bit numbers, little-endian, 8 bytes each."""
    return triples(text).astype("<u8").tobytes()


def triples(text: str) -> Fingerprint:
    """The hashes of a text's distinct word triples, in rising order; empty for fewer than three words."""
    tokens = [fold(word) for word in words(text)[:_LONGEST]]
    runs = zip(*(islice(tokens, start, None) for start in range(_TRIPLE)), strict=False)
    hashes = {hashlib.blake2b(" ".join(run).encode(), digest_size=8).digest() for run in runs}
    return np.unique(np.frombuffer(b"".join(hashes), dtype="<u8").astype(np.uint64))


def read_fingerprint(kept: bytes) -> Fingerprint:
    """Read what `fingerprint` made."""
    return np.frombuffer(kept, dtype="<u8").astype(np.uint64)


def containment(page: Fingerprint, original: Fingerprint) -> float:
    """Which share of the page's triples the original has, 0..1; 0 for a page without any."""
    if not len(page):
        return 0.0
    return float(np.isin(page, original, assume_unique=True).mean())
