"""Query → Hits: candidates, signals, one calibrated probability, and the basis that readers are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kb.entries.entry import AppearanceKind
from kb.match import evidence
from kb.match.basis import COPIED, Standing, basis_of, is_older
from kb.match.columns import are_dated
from kb.match.lineup import Lineup
from kb.match.model import Combiner, packaged, values
from kb.match.query import Basis, Evidence, Hit, Query, Thresholds
from kb.match.reading import QueryReading, read_query
from kb.match.retrieve import line_up, look_closer
from kb.search.bm25 import Floats
from kb.search.candidates import PASSAGE
from kb.search.embedder import Embedder
from kb.search.index import Index
from kb.search.profile import Profile
from kb.text.fingerprint import containment, read_fingerprint

HITS = 5  # set by hand
BY_HAND = Thresholds(cutoff=0.55, page=0.8, words=0.7, gap=0.05)
"""For scores: what holds for encoders that no model was trained with."""

_SURE, _HOPELESS = 0.95, 0.01  # on title and lead alone
_FEW_WORDS = 8  # shorter words only ever suggest


def known_page(index: Index, key: str) -> Hit | None:
    """Find the entry that lists the page with this canonical key: no fetch and no model is needed."""
    page = index.page(key)
    entry = index.entry(page.entry_id) if page else None
    if page is None or entry is None:
        return None
    words = {
        None: (Basis.ORIGINAL, "is the original itself"),
        AppearanceKind.COPY: (Basis.SAME_PAGE, "is listed as a copy"),
        AppearanceKind.REPORT: (Basis.SAME_PAGE, "is listed as a report of the same story"),
        AppearanceKind.DEBUNK: (Basis.SAME_PAGE, "is listed as a page that debunks it"),
    }
    basis, text = words[page.kind]
    if page.prefix:
        text += f", with every page below {page.prefix}"
    evidence = Evidence(feature="page", text=text, score=1.0)
    return Hit(
        entry=entry, score=1.0, basis=basis, evidence=(evidence,), debunk=page.kind is AppearanceKind.DEBUNK
    )


class Ranked(NamedTuple):
    """A candidate's place in the lineup, and how likely it is meant."""

    place: int
    likely: float


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """All candidates of a query, the best first, and the limits that hold for them.

    With an encoder that no model was trained with, `likely` is the score, and `calibrated` is false.
    """

    lineup: Lineup
    ranked: tuple[Ranked, ...]
    limits: Thresholds
    calibrated: bool

    @property
    def lead(self) -> float:
        """How far the first is before the second."""
        return self.ranked[0].likely - (self.ranked[1].likely if len(self.ranked) > 1 else 0.0)

    def ids(self) -> list[str]:
        """The entries' ids, the best first."""
        return [self.lineup.found.profiles[ranked.place].entry_id for ranked in self.ranked]


def match(
    index: Index,
    embedder: Embedder,
    query: Query,
    thresholds: Thresholds,
    combiner: Combiner | None = None,
    *,
    reading: QueryReading | None = None,
) -> tuple[Hit, ...]:
    """Give the entries that an article or words may be about: at most five, best first.

    `combiner` takes the place of the packaged model. With a `reading` of the query, made elsewhere, its text
    is not looked at. Raises ModelError when the encoder fails.
    """
    ranking = rank(index, embedder, query, thresholds, combiner, reading=reading)
    return hits(index, ranking) if ranking else ()


def rank(
    index: Index,
    embedder: Embedder,
    query: Query,
    thresholds: Thresholds,
    combiner: Combiner | None = None,
    *,
    reading: QueryReading | None = None,
) -> Ranking | None:
    """Put all candidates in order; None when there are none. Raises ModelError when the encoder fails."""
    reading = reading or read_query(query)
    if not reading.whole.terms or not len(index):
        return None
    combiner = combiner or packaged("page" if reading.is_page else "words")
    lineup = line_up(index, embedder, reading)
    if not len(lineup.found):
        return None
    if combiner.encoder != index.model:
        scores = [combine(evidence_for(lineup, place)) for place in range(len(lineup.found))]
        limits = over(thresholds, BY_HAND)
        return Ranking(lineup=lineup, ranked=_ranked(scores), limits=limits, calibrated=False)
    signals = values(lineup, combiner.names)
    ranking = _calibrated(lineup, combiner, signals, thresholds)
    if reading.is_page and not _decided(ranking):
        places = [ranked.place for ranked in ranking.ranked]
        lineup = look_closer(index, embedder, lineup, places)
        signals = values(lineup, combiner.names, signals)
        ranking = _calibrated(lineup, combiner, signals, thresholds)
    return ranking


def _calibrated(
    lineup: Lineup, combiner: Combiner, signals: Mapping[str, Floats], thresholds: Thresholds
) -> Ranking:
    both_days = are_dated(lineup)
    ranked = _ranked(combiner.probabilities(signals, both_days))
    model = combiner.of(dated=bool(both_days[ranked[0].place]))
    enough = model.threshold(thresholds.precision)
    limits = over(thresholds, Thresholds(cutoff=model.cutoff, page=enough, words=enough, gap=0.0))
    return Ranking(lineup=lineup, ranked=ranked, limits=limits, calibrated=True)


def over(first: Thresholds, second: Thresholds) -> Thresholds:
    """The first thresholds, and where they leave one open, the second."""
    return Thresholds(
        **{
            name: other if own is None else own
            for (name, own), other in zip(vars(first).items(), vars(second).values(), strict=True)
        }
    )


def evidence_for(lineup: Lineup, place: int) -> tuple[Evidence, ...]:
    """Everything that speaks for a candidate, strongest kind first."""
    candidates, reading = lineup.found, lineup.reading.whole
    profile = candidates.profiles[place]
    least = min(candidates.shares.own[place, 0], candidates.shares.asked)
    pieces = (
        evidence.figures(profile, reading.numbers),
        evidence.quotes(profile, reading),
        evidence.credit(profile, reading),
        evidence.shared_names(profile, reading, lineup.rarity),
        evidence.meaning(float(candidates.cosines[place, :, PASSAGE].max())),
        evidence.vocabulary(float(candidates.shares.shared[place, 0] / least) if least else 0.0),
    )
    return tuple(piece for piece in pieces if piece is not None)


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


def _ranked(likely: Iterable[float]) -> tuple[Ranked, ...]:
    ordered = sorted(
        map(Ranked._make, enumerate(map(float, likely))), key=lambda ranked: (-ranked.likely, ranked.place)
    )
    return tuple(ordered)


def _decided(ranking: Ranking) -> bool:
    """A clear match on title and lead, or none at all, needs no look at the rest of the page."""
    first = ranking.ranked[0].likely
    sure = first >= max(_SURE, ranking.limits.page or 0.0) and ranking.lead >= _SURE / 2
    return sure or first < _HOPELESS


def hits(index: Index, ranking: Ranking) -> tuple[Hit, ...]:
    """The first candidates with entry, evidence and basis; those below the cut-off left out."""
    lineup, limits = ranking.lineup, ranking.limits
    reading = lineup.reading
    given = []
    for rank, (place, likely) in enumerate(ranking.ranked[:HITS]):
        profile, evidence = lineup.found.profiles[place], evidence_for(lineup, place)
        entry = index.entry(profile.entry_id)
        if entry is None or likely < (limits.cutoff or 0.0):
            continue
        contained = _contained(index, reading, profile) if rank == 0 else None
        doubt = why_only_suggested(reading, profile, contained=contained)
        older = reading.is_page and not profile.is_check and is_older(reading.day, profile.published)
        standing = Standing(
            clear=rank == 0 and _is_clear(ranking),
            only_suggest=doubt is not None,
            older_than_original=older,
            contained=contained,
        )
        hit = Hit(
            entry=entry,
            score=round(combine(evidence), 4),
            basis=basis_of(standing),
            evidence=evidence,
            probability=round(likely, 4) if ranking.calibrated else None,
            doubt=doubt or ("the page is older than the original" if older else None),
        )
        given.append(hit)
    return tuple(given)


def why_only_suggested(
    reading: QueryReading, profile: Profile, *, contained: float | None = None
) -> str | None:
    """Why words are too few, or a page is no report of this entry's story, to be answered unasked; or None.

    A page whose title denies something, or tells that somebody was sacked or sued, has news of its own,
    unless the story itself is that, or its text is the original's (real titles: docs/matching.md).
    """
    title, copied = reading.stance.title, contained is not None and contained >= COPIED
    reasons = (
        (reading.whole.length < _FEW_WORDS, "the words are too few"),
        (reading.stance.argues, "the page says that it is an opinion"),
        (reading.stance.denies, "the page says that it checks a claim"),
        (not copied and title.denials_beside(profile.cues) > 0, "the page's title denies something"),
        (not copied and title.aftermath - profile.cues.aftermath, "the page's title tells what followed"),
    )
    return next((reason for holds, reason in reasons if holds), None)


def only_suggests(reading: QueryReading, profile: Profile) -> bool:
    """Whether rules forbid to answer unasked with this entry, whatever the model says."""
    return why_only_suggested(reading, profile) is not None


def held_back(ranking: Ranking) -> bool:
    """Whether something other than the threshold stands against answering unasked."""
    first = ranking.lineup.found.profiles[ranking.ranked[0].place]
    return ranking.lead < (ranking.limits.gap or 0.0) or only_suggests(ranking.lineup.reading, first)


def _is_clear(ranking: Ranking) -> bool:
    """Whether the first is probable enough. That a neighbour of it fits as well does not speak against it."""
    limits = ranking.limits
    enough = limits.page if ranking.lineup.reading.is_page else limits.words
    return ranking.ranked[0].likely >= (enough or 0.0) and ranking.lead >= (limits.gap or 0.0)


def _contained(index: Index, reading: QueryReading, profile: Profile) -> float | None:
    """The share of a page's word triples that the original of an entry has; None where it was never read."""
    kept = index.fingerprints(profile.original) if reading.is_page else None
    return containment(read_fingerprint(reading.fingerprint), read_fingerprint(kept)) if kept else None
