"""The searchable view of the published entries: pages, words and vectors; it follows the store.

An entry is found by its pages and words as soon as the store has it; its vector follows, from the cache or
from the encoder. Searching and following may happen in different threads.
"""

from __future__ import annotations

import hashlib
import math
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TypeVar

import numpy as np

from kb.entries.entry import Entry, Status
from kb.entries.revision import Change
from kb.entries.texts import encoded_texts, parts, passage
from kb.search.bm25 import Lexical, best
from kb.search.candidates import CLAIM, PASSAGE, TITLE, Candidates
from kb.search.embedder import Embedder, Vectors
from kb.search.known_pages import KnownPage, KnownPages
from kb.search.profile import Profile, profile, tokens
from kb.search.vectors import FlatVectors, VectorIndex, Views
from kb.store.entries import Store

_BATCH = 64  # entries to encode that are looked up at once; set by hand
_CHANGES = 200  # taken over in one go: searches wait for so many at most
_PARTS = 2
_Item = TypeVar("_Item")

Fingerprints = Callable[[str], bytes | None]
"""Gives the fingerprint (kb/text/fingerprint.py) of the original at an address; None if it was never read."""


def _none(_: str) -> bytes | None:
    return None


class Index:
    """Finds entries by page, words and meaning. `held` entries are searched beside those of the store."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        *,
        held: Iterable[Entry] = (),
        fingerprints: Fingerprints = _none,
    ) -> None:
        self._store, self._embedder = store, embedder
        self.fingerprints = fingerprints
        self._lock = threading.RLock()
        self._revision = -1
        self._left_out: dict[str, Exception] = {}
        self._held: dict[str, Entry] = {}
        self._profiles: dict[int, Profile] = {}
        self._rows: dict[str, int] = {}
        self._next_row = 0
        self._pages = KnownPages()
        self._names: Counter[str] = Counter()
        self._lexical = Lexical()
        self._vectors: VectorIndex = FlatVectors()
        self._views = Views()
        self._unencoded: dict[int, tuple[str, ...]] = {}
        for entry in held:
            self._held[entry.id] = entry
            self._put(entry)

    def __len__(self) -> int:
        return len(self._profiles)

    @property
    def revision(self) -> int:
        """The last revision of the store that the index has seen."""
        return self._revision

    @property
    def model(self) -> str:
        """Names the model whose vectors are kept."""
        return self._embedder.model

    @property
    def left_out(self) -> dict[str, Exception]:
        """The published entries that cannot be found because their texts cannot be read, and the errors."""
        return dict(self._left_out)

    def follow(self) -> bool:
        """Take over what changed in the store since the last call; True when anything did.

        An entry whose texts cannot be read is left out, so that the others are found.
        """
        if self._store.revision() == self._revision:
            return False
        changes = iter(self._store.changes(self._revision))
        while batch := list(islice(changes, _CHANGES)):
            with self._lock:
                self._take_over(batch)
        return True

    def encode(self, limit: int) -> int:
        """Give the entries that lack them their vectors, all that are cached and up to `limit` others.

        Returns how many still lack them. Raises ModelError when the encoder fails.
        """
        with self._lock:
            lacking = list(self._unencoded.items())
        for batch in _batches(lacking, _BATCH):
            digests = {text: digest(text) for _, texts in batch for text in texts}
            known = self._store.vectors(self._embedder.model, list(digests.values()))
            new = [row for row, texts in batch if any(digests[text] not in known for text in texts)][:limit]
            limit -= len(new)
            missing = {
                text for row, texts in batch if row in new for text in texts if digests[text] not in known
            }
            if missing:
                known |= self._encoded(sorted(missing))
            vectors = {
                text: np.frombuffer(known[digest], dtype=np.float32)
                for text, digest in digests.items()
                if digest in known
            }
            self._add_vectors(
                {
                    row: np.stack([vectors[text] for text in texts])
                    for row, texts in batch
                    if all(text in vectors for text in texts)
                }
            )
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

    def candidates(
        self, terms: frozenset[str], parts: Sequence[frozenset[str]], vectors: Vectors, k: int
    ) -> Candidates:
        """The up to `k` best by words, and the up to `k` nearest to the first of `vectors`.

        `parts` hold the terms of parts of the text; all of `vectors`, one a row, are compared.
        """
        with self._lock:
            scores = self._lexical.scores(terms)
            near = self._vectors.search(vectors[0], k)
            rows = tuple(
                row for row in dict.fromkeys([*best(scores, k), *near]) if self._profiles[row].match_text
            )
            whole, *others = self._lexical.shares(rows, (terms, *parts), _PARTS)
            return Candidates(
                rows=rows,
                profiles=tuple(self._profiles[row] for row in rows),
                bm25=scores[list(rows)].astype(np.float64),
                shares=whole,
                parts=tuple(others),
                cosines=self.cosines(rows, vectors),
            )

    def cosines(self, rows: Sequence[int], vectors: Vectors) -> Vectors:
        """Compare entries with vectors: shape (rows, vectors, views); 0 where an entry has no vector yet."""
        cosines = np.zeros((len(rows), len(vectors), 3), dtype=np.float32)
        with self._lock:
            cosines[:, :, PASSAGE] = self._vectors.cosines(rows, vectors)
            near, starts = self._views.cosines(rows, vectors)
        for place, views in enumerate(np.split(near, starts[1:])):
            if len(views):
                cosines[place, :, TITLE] = views[0]
                cosines[place, :, CLAIM] = (
                    views[1:].max(axis=0) if len(views) > 1 else cosines[place, :, PASSAGE]
                )
        return cosines

    def shared(self, rows: Sequence[int], terms: frozenset[str]) -> float:
        """The most that the words of one of the entries tell which are among `terms`."""
        with self._lock:
            there = [row for row in rows if row in self._profiles]
            return float(self._lexical.shares(there, [terms])[0].shared.max(initial=0.0))

    def _take_over(self, changes: Sequence[Change]) -> None:
        self._drop([change.entry_id for change in changes])
        for change in changes:
            self._held.pop(change.entry_id, None)  # the store's word counts
            if change.entry is not None and change.entry.status is Status.PUBLISHED:
                self._put(change.entry)
            self._revision = change.revision

    def _put(self, entry: Entry) -> None:
        try:  # all that reads texts comes first, so that nothing is half there when it fails
            kept, words, split, texts = (
                profile(entry),
                tokens(passage(entry)),
                parts(entry),
                encoded_texts(entry),
            )
        except Exception as error:  # noqa: BLE001  # whatever it is, the other entries are found
            self._left_out[entry.id] = error
            return
        row, self._next_row = self._next_row, self._next_row + 1
        self._profiles[row], self._rows[entry.id] = kept, row
        self._lexical.add(row, words, split)
        self._names.update(kept.names)
        self._unencoded[row] = texts
        self._pages.add(entry.id, kept.pages)

    def _drop(self, entry_ids: Sequence[str]) -> None:
        for entry_id in entry_ids:
            self._left_out.pop(entry_id, None)
        rows = [row for entry_id in entry_ids if (row := self._rows.pop(entry_id, None)) is not None]
        for row in rows:
            kept = self._profiles.pop(row)
            self._lexical.remove(row)
            self._names.subtract(kept.names)
            self._unencoded.pop(row, None)
            self._pages.remove(kept.entry_id, kept.pages)
        self._vectors.remove(rows)
        self._views.remove(rows)

    def _add_vectors(self, vectors: dict[int, Vectors]) -> None:
        """Take in each row's vectors: of its passage, then of its views."""
        with self._lock:
            rows = [row for row in vectors if self._unencoded.pop(row, None)]  # not dropped meanwhile
            if rows:
                self._vectors.add(rows, np.stack([vectors[row][0] for row in rows]))
            for row in rows:
                self._views.add(row, vectors[row][1:])

    def _encoded(self, passages: list[str]) -> dict[str, bytes]:
        rows = self._embedder.encode(passages)
        fresh = {digest(text): row.tobytes() for text, row in zip(passages, rows, strict=True)}
        self._store.save_vectors(self._embedder.model, fresh)
        return fresh


def digest(text: str) -> str:
    """The key under which a text's vector is kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def _batches(items: Sequence[_Item], size: int) -> Iterable[Sequence[_Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))
