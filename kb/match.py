"""Query → Hits: candidates, features with evidence, one score, and the basis that readers are told."""

from __future__ import annotations

from collections.abc import Sequence

from kb import features
from kb.embed import Embedder
from kb.entry import AppearanceKind
from kb.index import Candidate, Index
from kb.query import Basis, Evidence, Hit, Query, Thresholds
from kb.stance import no_report
from kb.text import Reading, words

CANDIDATES = 50
HITS = 5
_PASSAGE = 2000  # characters: more than the 256 tokens that the default model reads
_FEW_WORDS = 8  # shorter words only ever suggest


def known_page(index: Index, key: str) -> Hit | None:
    """Find the entry that lists the page with this canonical key: no fetch and no model is needed."""
    page = index.page(key)
    entry = index.entry(page.entry_id) if page else None
    if page is None or entry is None:
        return None
    told = {
        None: (Basis.ORIGINAL, "is the original itself"),
        AppearanceKind.COPY: (Basis.SAME_PAGE, "is listed as a copy"),
        AppearanceKind.REPORT: (Basis.SAME_PAGE, "is listed as a report of the same story"),
        AppearanceKind.DEBUNK: (Basis.SAME_PAGE, "is listed as a page that debunks it"),
    }
    basis, text = told[page.kind]
    if page.prefix:
        text += f", with every page below {page.prefix}"
    evidence = Evidence(feature="page", text=text, score=1.0)
    return Hit(
        entry=entry, score=1.0, basis=basis, evidence=(evidence,), debunk=page.kind is AppearanceKind.DEBUNK
    )


def match(index: Index, embedder: Embedder, query: Query, thresholds: Thresholds) -> tuple[Hit, ...]:
    """Give the entries that an article or words may be about: at most five, best first.

    Raises ModelError when the encoder fails.
    """
    reading = Reading(title=query.title, text=query.text)
    if not reading.terms or not len(index):
        return ()
    vector = embedder.encode([reading.whole[:_PASSAGE]])[0]
    candidates = index.candidates(reading.terms, vector, CANDIDATES)
    scored = [
        (combine(found), found, near) for near in candidates if (found := evidence_for(index, near, reading))
    ]
    scored.sort(key=lambda row: (-row[0], row[2].profile.entry_id))
    best = [row for row in scored[:HITS] if row[0] >= thresholds.cutoff]
    runner_up = scored[1][0] if len(scored) > 1 else 0.0
    enough = thresholds.page if query.is_page else thresholds.words
    only_suggest = len(words(reading.whole)) < _FEW_WORDS or (
        query.is_page and no_report(reading) is not None
    )
    hits = []
    for rank, (score, evidence, near) in enumerate(best):
        clear = rank == 0 and score >= enough and score - runner_up >= thresholds.gap
        entry = index.entry(near.profile.entry_id)
        if entry is not None:
            basis = Basis.SAME_STORY if clear and not only_suggest else Basis.RELATED
            hits.append(Hit(entry=entry, score=round(score, 4), basis=basis, evidence=evidence))
    return tuple(hits)


def evidence_for(index: Index, candidate: Candidate, reading: Reading) -> tuple[Evidence, ...]:
    """Everything that speaks for a candidate, strongest kind first."""
    profile = candidate.profile
    found = (
        features.figures(profile, reading),
        features.quotes(profile, reading),
        features.credit(profile, reading),
        features.shared_names(profile, reading, index.rarity),
        features.meaning(candidate.cosine),
        features.vocabulary(candidate.overlap),
    )
    return tuple(evidence for evidence in found if evidence is not None)


_SUBJECT = {"meaning": 0.7, "words": 0.3}
_SPECIFICS = {"figures": 0.5, "quotes": 0.5, "names": 0.35, "credit": 0.15}


def combine(evidence: Sequence[Evidence]) -> float:
    """One score in 0..1: what the text is about, lifted by what only this story has.

    Meaning and words say how close the subjects are; figures, quotes, names and the credit are what tell
    neighbours apart, each closing a part of what is missing to certainty, in proportion to the subject.
    """
    scores = {piece.feature: piece.score for piece in evidence}
    subject = sum(weight * scores.get(feature, 0.0) for feature, weight in _SUBJECT.items())
    doubt = 1.0
    for feature, weight in _SPECIFICS.items():
        doubt *= 1.0 - weight * scores.get(feature, 0.0)
    return subject + (1.0 - subject) * (1.0 - doubt)
