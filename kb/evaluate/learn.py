"""Learns both models from labelled sets, and says in each what was measured while learning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from kb.entries.entry import Entry
from kb.evaluate.cases import DATED, STRIPPED, page_cases, words_cases
from kb.evaluate.pagesets import PageSet
from kb.evaluate.testsets import Labelled
from kb.evaluate.training import FOLDS, First, speaking, train
from kb.match.model import Combiner
from kb.match.signals import PAGE, WORDS
from kb.search.embedder import Embedder
from kb.store.entries import Store

_STRENGTH = 0.1


def learn_words(
    store: Store,
    embedder: Embedder,
    corpus: Mapping[str, Entry],
    labelled: Sequence[Labelled],
    *,
    precision: float,
    data: str,
) -> Combiner:
    """Learn what somebody's words are weighed by. Raises ModelError, MeasureError."""
    names = tuple(signal.__name__ for signal in WORDS)
    cases = words_cases(store, embedder, corpus, labelled, names)
    combiner, firsts = train(
        cases,
        kind="words",
        encoder=embedder.model,
        names=names,
        strength=_STRENGTH,
        precision=precision,
        judged=lambda case: not case.kind.endswith(STRIPPED),
    )
    stripped = [each for each in firsts if each.case.kind != DATED]
    whole = [each for each in firsts if not each.case.kind.endswith(STRIPPED)]
    measures = {"as_they_are": measured(whole, combiner), "without_dates": measured(stripped, combiner)}
    told = provenance(f"{data}: {len(labelled)} texts, {len(corpus)} entries", len(whole), measures)
    return replace(combiner, provenance=told)


def learn_page(
    store: Store,
    embedder: Embedder,
    pages: PageSet,
    others: Sequence[Entry],
    *,
    precision: float,
) -> Combiner:
    """Learn what a page is weighed by, alone and among `others`. Raises ModelError, MeasureError."""
    names = tuple(signal.__name__ for signal in PAGE)
    cases = page_cases(store, embedder, pages, others, names)
    combiner, firsts = train(
        cases, kind="page", encoder=embedder.model, names=names, strength=_STRENGTH, precision=precision
    )
    measures = {
        "dated": measured([each for each in firsts if not each.case.kind.endswith(STRIPPED)], combiner),
        "without_dates": measured([each for each in firsts if each.case.kind.endswith(STRIPPED)], combiner),
    }
    data = (
        f"{len(pages.pages)} pages of our own on {len(pages.entries)} entries, alone and among {len(others)}"
    )
    return replace(combiner, provenance=provenance(data, len(cases), measures))


def provenance(data: str, cases: int, measures: Mapping[str, Any]) -> dict[str, Any]:
    """Where a model comes from, and what was measured on what it had not seen."""
    return {
        "data": data,
        "date": datetime.now(UTC).date().isoformat(),
        "method": f"logistic regression, scikit-learn, C = {_STRENGTH}; {FOLDS} folds by entry",
        "cases": cases,
        "held_out": dict(measures),
    }


def measured(firsts: Sequence[First], combiner: Combiner) -> dict[str, float]:
    """Order and silence on cases that weights were not fitted on; thresholds were chosen on them."""
    having = [each for each in firsts if each.case.answerable]
    said = speaking(firsts, combiner.threshold(), combiner.gap)
    return {
        "map_at_5": float(np.mean([each.average_precision for each in having])),
        "precision": said.precision,
        "recall": said.recall,
        "no_match_reply_rate": said.false_replies,
    }
