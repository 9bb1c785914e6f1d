"""A query's candidates, compared with its words and, passage by passage, with its meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kb.dates import last_date
from kb.embed import Embedder
from kb.index import Index
from kb.lineup import Lineup
from kb.passages import passages
from kb.query import Query
from kb.text import Reading, terms

CANDIDATES = 50
_CLOSER = 2  # passages behind the lead that are encoded: each costs as much as a post does
_LEAD_WORDS = 60  # headline and first sentences say what a report is about; background comes later
_RIVALS = 3  # candidates that choose them


def read(query: Query) -> Reading:
    """Read a query once, for everything that looks at its words."""
    return Reading(title=query.title, text=query.text)


def line_up(index: Index, embedder: Embedder, query: Query, reading: Reading) -> Lineup:
    """Find the candidates: by words, and by the meaning of the words, or of a page's lead.

    Raises ModelError when the encoder fails.
    """
    if not query.is_page:
        vectors = embedder.encode([query.text])
        found = index.candidates(reading.terms, reading.terms, vectors, CANDIDATES)
        return Lineup(
            reading=reading, lead=reading, day=last_date(query.text), found=found, rarity=index.rarity
        )
    first, *rest = passages(query.text) or ("",)
    lead = Reading(title=query.title, text=next(iter(passages(first, _LEAD_WORDS)), ""))
    vectors = embedder.encode([lead_of(query), query.title or first])
    found = index.candidates(reading.terms, lead.terms, vectors, CANDIDATES)
    return Lineup(
        reading=reading,
        lead=lead,
        rest=tuple(rest),
        day=query.published,
        found=found,
        rarity=index.rarity,
    )


def lead_of(query: Query) -> str:
    """A page's title and first passage, which its first vector is made of."""
    return f"{query.title}\n{next(iter(passages(query.text)), '')}".strip()


def look_closer(index: Index, embedder: Embedder, lineup: Lineup, ranking: Sequence[int]) -> Lineup:
    """Compare passages behind a long page's lead too: those that share most words with the first candidates.

    `ranking` holds the candidates' places in the lineup, the best first. Raises ModelError when the encoder
    fails.
    """
    rivals = [lineup.found.rows[place] for place in ranking[:_RIVALS]]
    if not lineup.rest or not rivals:
        return lineup
    shared = [index.shared(rivals, terms(passage)) for passage in lineup.rest]
    chosen = sorted(range(len(shared)), key=lambda place: -shared[place])[:_CLOSER]
    vectors = embedder.encode([lineup.rest[place] for place in sorted(chosen)])
    closer = index.cosines(lineup.found.rows, vectors)
    cosines = np.concatenate([lineup.found.cosines, closer], axis=1)
    return replace(lineup, found=replace(lineup.found, cosines=cosines))
