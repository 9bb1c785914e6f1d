"""Which of the pages that were posted lately an entry would have matched: an estimate, made beforehand.

Of those pages no text is kept (kb/text/fingerprint.py), only a vector and hashes of word triples. So names
cannot be compared, and figures and quotes as far as three of their words stand together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest

import numpy as np

from kb.entries.entry import Entry
from kb.entries.texts import encoded_texts
from kb.match.basis import COPIED
from kb.search.embedder import Embedder, Vectors
from kb.text.fingerprint import Fingerprint, containment, read_fingerprint, triples
from kb.urls.identity import identify

_SAME_MEANING = 0.8  # cosine from which the subject alone is enough, and with a shared phrase
_NEAR_MEANING = 0.6  # with a shared phrase; set by hand, as the one before
_MOST = 2_000  # pages: a curator who asks waits for them
_QUOTED = 0.8  # share of a quotation's triples: a word or two may be cut off


@dataclass(frozen=True, kw_only=True)
class SeenPage:
    """What is kept of a page that was posted: `count` times; `vector` (float32) was made by `model`."""

    key: str
    url: str
    count: int = 1
    model: str | None = None
    vector: bytes | None = None
    fingerprint: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class PreviewedPage:
    """A page that the entry would have matched, and why."""

    page: SeenPage
    why: str


def preview(
    entry: Entry, pages: Iterable[SeenPage], embedder: Embedder, *, original: bytes | None = None
) -> tuple[PreviewedPage, ...]:
    """Tell which pages an entry would have matched, of the 2,000 posted most often, those first.

    `original` is the fingerprint of its original's text, if that was read. Raises ModelError.
    """
    listed = {identify(entry.original.url).key, *(identify(page.url).key for page in entry.appearances)}
    views = embedder.encode(list(encoded_texts(entry)))
    source = read_fingerprint(original) if original else None
    phrases = _phrases(entry)
    matched = []
    for page in nsmallest(_MOST, pages, key=lambda page: (-page.count, page.url)):
        why = "the entry lists it" if page.key in listed else None
        if why is None and page.fingerprint:
            shown = read_fingerprint(page.fingerprint)
            why = _copied(shown, source) or _told(shown, phrases, _meaning(page, views, embedder.model))
        if why:
            matched.append(PreviewedPage(page=page, why=why))
    return tuple(matched)


def _copied(page: Fingerprint, source: Fingerprint | None) -> str | None:
    share = containment(page, source) if source is not None else 0.0
    return f"{share:.0%} of its wording is the original's" if share >= COPIED else None


def _told(page: Fingerprint, phrases: Iterable[tuple[str, Fingerprint]], meaning: float) -> str | None:
    if meaning >= _NEAR_MEANING:
        for phrase, hashes in phrases:
            if containment(hashes, page) >= _QUOTED:
                return f"it is about the same and has “{phrase}”"
    return "it is about the same" if meaning >= _SAME_MEANING else None


def _meaning(page: SeenPage, views: Vectors, model: str) -> float:
    if page.vector is None or page.model != model:
        return 0.0
    vector = np.frombuffer(page.vector, dtype=np.float32)
    return float((views @ vector).max()) if vector.shape == views.shape[1:] else 0.0


def _phrases(entry: Entry) -> tuple[tuple[str, Fingerprint], ...]:
    """Figures as stated and quotations, as far as they have three words to be known by."""
    texts = [*(figure.as_stated for figure in entry.figures), *(quote.text for quote in entry.quotes)]
    hashed = [(text, triples(text)) for text in texts]
    return tuple((text, hashes) for text, hashes in hashed if len(hashes))
