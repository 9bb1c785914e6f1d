"""A query's candidates, compared with its words and, passage by passage, with its meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kb.match.lineup import Lineup
from kb.match.reading import QueryReading
from kb.search.embedder import Embedder
from kb.search.index import Index

CANDIDATES = 50  # by words, and as many by meaning; set by hand
_CLOSER = 2  # passages behind the lead that are encoded: each costs as much as a post does
_RIVALS = 3  # candidates that choose them


def line_up(index: Index, embedder: Embedder, reading: QueryReading) -> Lineup:
    """Find the candidates: by words, and by the meaning of the words, or of a page's lead.

    Raises ModelError when the encoder fails.
    """
    vectors = embedder.encode(reading.texts)
    parts = (reading.lead.terms, reading.lead.title)
    found = index.candidates(reading.whole.terms, parts, vectors, CANDIDATES)
    return Lineup(reading=reading, day=reading.day, found=found, rarity=index.rarity)


def look_closer(index: Index, embedder: Embedder, lineup: Lineup, ranking: Sequence[int]) -> Lineup:
    """Compare passages behind a long page's lead too: those that share most words with the first candidates.

    `ranking` holds the candidates' places in the lineup, the best first. Raises ModelError when the encoder
    fails.
    """
    rivals = [lineup.found.rows[place] for place in ranking[:_RIVALS]]
    rest = lineup.reading.rest
    if not rest or not rivals:
        return lineup
    shared = [index.shared(rivals, passage.terms) for passage in rest]
    chosen = sorted(range(len(shared)), key=lambda place: -shared[place])[:_CLOSER]
    vectors = embedder.encode([rest[place].text for place in sorted(chosen)])
    closer = index.cosines(lineup.found.rows, vectors)
    cosines = np.concatenate([lineup.found.cosines, closer], axis=1)
    return replace(lineup, found=replace(lineup.found, cosines=cosines))
