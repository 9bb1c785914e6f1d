"""Quality on labelled sets, by the bot's own path: what is on top, whether it speaks, how long it takes."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kb.evaluate.testsets import Labelled
from kb.match.match import held_back, hits, rank
from kb.match.model import Combiner
from kb.match.query import Basis, Thresholds
from kb.search.embedder import Embedder
from kb.search.index import Index

OPEN = Thresholds()
_DEPTH = 5  # of average precision
_RECALLED = 10  # places in which recall is counted
SPEAKING = frozenset({Basis.NEAR_COPY, Basis.SAME_STORY})


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of one query: the entries' ids, best first, whether it was answered unasked, in how long.

    `free`: nothing but the threshold stands against answering it.
    """

    labelled: Labelled
    relevant: frozenset[str]
    found: tuple[str, ...]
    spoke: bool
    free: bool
    probability: float
    milliseconds: float

    @property
    def right(self) -> bool:
        """Whether the first entry is one that was meant."""
        return bool(self.found) and self.found[0] in self.relevant


def ask(
    index: Index,
    embedder: Embedder,
    labelled: Labelled,
    relevant: frozenset[str],
    *,
    thresholds: Thresholds = OPEN,
    combiner: Combiner | None = None,
) -> Outcome:
    """Match one query as the bot does; `relevant` holds entries' ids. Raises ModelError."""
    started = time.perf_counter()
    ranking = rank(index, embedder, labelled.query, thresholds, combiner)
    given = hits(index, ranking) if ranking else ()
    taken = (time.perf_counter() - started) * 1000.0
    return Outcome(
        labelled=labelled,
        relevant=relevant,
        found=tuple(ranking.ids()) if ranking else (),
        spoke=bool(given) and given[0].basis in SPEAKING,
        free=ranking is not None and not held_back(ranking),
        probability=ranking.ranked[0].likely if ranking else 0.0,
        milliseconds=taken,
    )


@dataclass(frozen=True, kw_only=True)
class Speaking:
    """How answering unasked went; a wrong first entry is a false reply, as is any answer where there is none.

    `false_reply_rate` is over all queries, `no_match_reply_rate` over those without an entry.
    """

    precision: float
    recall: float
    false_reply_rate: float
    no_match_reply_rate: float
    replies: int
    right: int
    wrong_first: int
    to_no_match: int
    queries: int
    answerable: int


def speaking(outcomes: Sequence[Outcome]) -> Speaking:
    """Count replies; without any, precision is 1."""
    spoken = [outcome for outcome in outcomes if outcome.spoke]
    right = sum(outcome.right for outcome in spoken)
    to_no_match = sum(not outcome.relevant for outcome in spoken)
    answerable = sum(bool(outcome.relevant) for outcome in outcomes)
    return Speaking(
        precision=right / len(spoken) if spoken else 1.0,
        recall=right / answerable if answerable else 0.0,
        false_reply_rate=(len(spoken) - right) / len(outcomes) if outcomes else 0.0,
        no_match_reply_rate=to_no_match / (len(outcomes) - answerable) if len(outcomes) > answerable else 0.0,
        replies=len(spoken),
        right=right,
        wrong_first=len(spoken) - right - to_no_match,
        to_no_match=to_no_match,
        queries=len(outcomes),
        answerable=answerable,
    )


def retrieval(outcomes: Sequence[Outcome]) -> Mapping[str, float]:
    """MAP@5, precision at 1, mean reciprocal rank and recall at 10, over the queries that have an entry."""
    having = [outcome for outcome in outcomes if outcome.relevant]
    measures = {
        "map_at_5": [average_precision(outcome.found, outcome.relevant, _DEPTH) for outcome in having],
        "precision_at_1": [float(outcome.right) for outcome in having],
        "mrr": [_reciprocal_rank(outcome.found, outcome.relevant) for outcome in having],
        "recall_at_10": [
            len(outcome.relevant.intersection(outcome.found[:_RECALLED])) / len(outcome.relevant)
            for outcome in having
        ],
    }
    return {name: float(np.mean(values)) if values else 0.0 for name, values in measures.items()}


def average_precision(ids: Sequence[str], relevant: Collection[str], depth: int) -> float:
    """Average precision at `depth`, over the relevant entries that can stand there."""
    right, total = 0, 0.0
    for place, entry in enumerate(ids[:depth], 1):
        if entry in relevant:
            right += 1
            total += right / place
    return total / min(len(relevant), depth)


def _reciprocal_rank(ids: Sequence[str], relevant: Collection[str]) -> float:
    return next((1.0 / place for place, entry in enumerate(ids, 1) if entry in relevant), 0.0)


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of a rate (Wilson, "Probable inference", 1927); 0 to 1 where nothing was counted."""
    if not whole:
        return 0.0, 1.0
    z, rate = 1.959964, part / whole
    middle = (rate + z * z / (2 * whole)) / (1 + z * z / whole)
    reach = z * math.sqrt(rate * (1 - rate) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return max(0.0, middle - reach), min(1.0, middle + reach)
