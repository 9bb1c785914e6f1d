"""The searchable view of the published entries: pages, words and vectors; it follows the store.

An entry is found by its pages and words as soon as the store has it; its vector follows, from the cache or
from the encoder. Searching and following may happen in different threads.
"""

from __future__ import annotations

import hashlib
import math
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import faiss
import numpy as np

from kb.embed import Embedder, Vectors
from kb.entry import Entry, Status
from kb.lexical import Lexical
from kb.pages import KnownPage, KnownPages
from kb.profile import Profile, passage, profile, tokens
from kb.store import Store

_BATCH = 64
_Item = TypeVar("_Item")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An entry worth a closer look: its profile, and how close words and meaning are (each 0..1)."""

    profile: Profile
    overlap: float
    cosine: float


class Index:
    """Finds entries by page, words and meaning. `held` entries are searched beside those of the store."""

    def __init__(self, store: Store, embedder: Embedder, *, held: Iterable[Entry] = ()) -> None:
        self._store, self._embedder = store, embedder
        self._lock = threading.RLock()
        self._revision = -1
        self._held: dict[str, Entry] = {}
        self._profiles: dict[int, Profile] = {}
        self._rows: dict[str, int] = {}
        self._next_row = 0
        self._pages = KnownPages()
        self._names: Counter[str] = Counter()
        self._lexical = Lexical()
        self._vectors: faiss.IndexIDMap2 | None = None
        self._unencoded: dict[int, str] = {}
        for entry in held:
            self._held[entry.id] = entry
            self._put(entry)

    def __len__(self) -> int:
        return len(self._profiles)

    @property
    def revision(self) -> int:
        """The last revision of the store that the index has seen."""
        return self._revision

    def follow(self) -> bool:
        """Take over what changed in the store since the last call; True when anything did."""
        if self._store.revision() == self._revision:
            return False
        for change in self._store.changes(self._revision):
            with self._lock:
                self._held.pop(change.entry_id, None)  # the store's word counts
                self._drop(change.entry_id)
                if change.entry.status is Status.PUBLISHED:
                    self._put(change.entry)
                self._revision = change.revision
        return True

    def encode(self, limit: int) -> int:
        """Give the entries that lack one their vector, all that are cached and up to `limit` others.

        Returns how many still lack it. Raises ModelError when the encoder fails.
        """
        with self._lock:
            lacking = list(self._unencoded.items())
        for batch in _batches(lacking, _BATCH):
            digests = {row: _digest(text) for row, text in batch}
            known = self._store.vectors(self._embedder.model, list(digests.values()))
            missing = [text for row, text in batch if digests[row] not in known][:limit]
            if missing:
                known |= self._encoded(missing)
                limit -= len(missing)
            self._add_vectors({row: known[digest] for row, digest in digests.items() if digest in known})
        return len(self._unencoded)

    def entry(self, entry_id: str) -> Entry | None:
        """Read a whole entry; None when it was dropped meanwhile."""
        return self._held.get(entry_id) or self._store.get(entry_id)

    def page(self, key: str) -> KnownPage | None:
        """Find the entry that lists the page with this canonical key, or a beginning of it."""
        return self._pages.find(key)

    def rarity(self, name: str) -> float:
        """How much a name tells: in 0..1, less the more entries have it (BM25's rarity, over its largest)."""
        count, frequency = len(self._profiles), self._names[name]
        return math.log(1.0 + (count - frequency + 0.5) / (frequency + 0.5)) / math.log(2.0 + 2.0 * count)

    def candidates(self, terms: frozenset[str], vector: Vectors, k: int) -> list[Candidate]:
        """The up to `k` best by words and the up to `k` best by meaning; `vector` has shape (dimensions,)."""
        with self._lock:
            rows = dict.fromkeys([*self._lexical.search(terms, k), *self._nearest(vector, k)])
            return [
                Candidate(
                    profile=self._profiles[row],
                    overlap=self._lexical.overlap(row, terms),
                    cosine=self._cosine(row, vector),
                )
                for row in rows
                if self._profiles[row].match_text
            ]

    def _put(self, entry: Entry) -> None:
        row, kept, text = self._next_row, profile(entry), passage(entry)
        self._next_row += 1
        self._profiles[row], self._rows[entry.id] = kept, row
        self._lexical.add(row, tokens(text))
        self._names.update(kept.names)
        self._unencoded[row] = text
        self._pages.add(entry.id, kept.pages)

    def _drop(self, entry_id: str) -> None:
        row = self._rows.pop(entry_id, None)
        if row is None:
            return
        kept = self._profiles.pop(row)
        self._lexical.remove(row)
        self._names.subtract(kept.names)
        if self._unencoded.pop(row, None) is None and self._vectors is not None:
            self._vectors.remove_ids(faiss.IDSelectorBatch(np.array([row], dtype=np.int64)))
        self._pages.remove(entry_id, kept.pages)

    def _nearest(self, vector: Vectors, k: int) -> list[int]:
        if self._vectors is None:
            return []
        _, rows = self._vectors.search(vector.reshape(1, -1), k)
        return [int(row) for row in rows[0] if row >= 0]

    def _cosine(self, row: int, vector: Vectors) -> float:
        if self._vectors is None or row in self._unencoded:
            return 0.0
        return float(self._vectors.reconstruct(row) @ vector)

    def _add_vectors(self, vectors: dict[int, bytes]) -> None:
        with self._lock:
            rows = [
                row for row in vectors if self._unencoded.pop(row, None) is not None
            ]  # not dropped meanwhile
            if not rows:
                return
            table = np.stack([np.frombuffer(vectors[row], dtype=np.float32) for row in rows])
            if self._vectors is None:
                self._vectors = faiss.IndexIDMap2(faiss.IndexFlatIP(table.shape[1]))
            self._vectors.add_with_ids(table, np.array(rows, dtype=np.int64))

    def _encoded(self, passages: list[str]) -> dict[str, bytes]:
        rows = self._embedder.encode(passages)
        fresh = {_digest(text): row.tobytes() for text, row in zip(passages, rows, strict=True)}
        self._store.save_vectors(self._embedder.model, fresh)
        return fresh


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _batches(items: Sequence[_Item], size: int) -> Iterable[Sequence[_Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))
