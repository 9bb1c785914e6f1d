"""Learns the models from labelled sets, and says in each what was measured while learning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from kb.entries.entry import Entry
from kb.evaluate.cases import page_rows, words_cases
from kb.evaluate.days import Days, with_days
from kb.evaluate.pagesets import PageSet
from kb.evaluate.rows import DATED, NAMES, UNDATED_NAMES, Row
from kb.evaluate.testsets import Labelled
from kb.evaluate.training import FOLDS, Case, First, speaking, train
from kb.match.model import Combiner, Regression
from kb.match.signals import WORDS, WORDS_DATED
from kb.search.embedder import Embedder
from kb.store.entries import Store

WORDS_PRECISION, PAGE_PRECISION, UNDATED_PAGE_PRECISION = 0.98, 0.97, 0.95
"""What is wanted of answers unasked. Of pages, what a stricter threshold leaves out are cases that people
argue about (is this news of its own?), and many reports with them."""

_WORDS_STRENGTH, _PAGE_STRENGTH = 0.1, 0.05  # scikit-learn's C; of 0.01 to 0.2 none is better held out
_OWN = 0.3  # what a page of our own counts beside one of the world: they are made to be told apart
_PAIR = 0.5  # and one of a set that has only pages of other events


def learn_words(
    store: Store,
    embedder: Embedder,
    corpus: Mapping[str, Entry],
    labelled: Sequence[Labelled],
    *,
    data: str,
) -> Combiner:
    """Learn what somebody's words are weighed by. Raises ModelError, MeasureError."""
    without, having = words_cases(store, embedder, corpus, labelled)
    names = tuple(signal.__name__ for signal in WORDS)
    dated_names = names + tuple(signal.__name__ for signal in WORDS_DATED)
    dated, known = train(having, names=dated_names, strength=_WORDS_STRENGTH, precision=WORDS_PRECISION)
    undated, unknown = train(without, names=names, strength=_WORDS_STRENGTH, precision=WORDS_PRECISION)
    whole = [*known, *(first for first in unknown if first.case.kind != DATED)]
    measures = {
        "as_they_are": measured(whole, dated),
        "without_dates": measured(unknown, undated),
    }
    text = f"{data}: {len(labelled)} texts, {len(corpus)} entries"
    return Combiner(
        kind="words",
        encoder=embedder.model,
        dated=dated,
        undated=undated,
        provenance=provenance(text, len(having) + len(without), measures, _WORDS_STRENGTH),
    )


def learn_page(
    store: Store,
    embedder: Embedder,
    pages: PageSet,
    others: Sequence[Entry],
    *,
    tables: Mapping[str, Sequence[Row]],
    days: Days,
) -> Combiner:
    """Learn what a page is weighed by: pages of our own among `others`, and `tables` of the world's.

    Raises ModelError, MeasureError.
    """
    own = page_rows(store, embedder, pages, others)
    rows = [(row, _OWN) for row in own]
    world = [(row, _weight(table)) for table in tables.values() for row in table]
    having = [*_cases(rows, dated=True), *_cases([(with_days(r, days), w) for r, w in world], dated=True)]
    dated, known = train(having, names=NAMES, strength=_PAGE_STRENGTH, precision=PAGE_PRECISION)
    without = [*_cases(rows, dated=False), *_cases(world, dated=False)]
    undated, unknown = train(
        without, names=UNDATED_NAMES, strength=_PAGE_STRENGTH, precision=UNDATED_PAGE_PRECISION
    )
    measures = {
        f"{name}_{view}": measured(_of(table, firsts), model)
        for name, table in ({"own": own} | dict(tables)).items()
        for view, firsts, model in (("dated", known, dated), ("undated", unknown, undated))
    }
    data = f"{len(own)} pages of our own on {len(pages.entries)} entries among {len(others)}; " + ", ".join(
        f"{len(table)} of {name}" for name, table in tables.items()
    )
    return Combiner(
        kind="page",
        encoder=embedder.model,
        dated=dated,
        undated=undated,
        provenance=provenance(data, len(known) + len(unknown), measures, _PAGE_STRENGTH),
    )


def _cases(rows: Iterable[tuple[Row, float]], *, dated: bool) -> list[Case]:
    return [case for row, weight in rows for case in row.cases(dated=dated, weight=weight)]


def _weight(table: Sequence[Row]) -> float:
    return 1.0 if any(row.right.any() for row in table) else _PAIR


def _of(table: Sequence[Row], firsts: Sequence[First]) -> list[First]:
    stories = {row.story for row in table}
    return [first for first in firsts if first.case.group in stories]


def provenance(data: str, cases: int, measures: Mapping[str, Any], strength: float) -> dict[str, Any]:
    """Where a model comes from, and what was measured on what it had not seen."""
    return {
        "data": data,
        "date": datetime.now(UTC).date().isoformat(),
        "method": f"logistic regression, scikit-learn, C = {strength}; {FOLDS} folds by story",
        "cases": cases,
        "held_out": dict(measures),
    }


def measured(firsts: Sequence[First], model: Regression) -> dict[str, float]:
    """Order and silence on cases that weights were not fitted on; thresholds were chosen on them."""
    having = [first for first in firsts if first.case.answerable]
    said = speaking(firsts, model.threshold())
    return {
        "map_at_5": float(np.mean([first.average_precision for first in having])) if having else 0.0,
        "precision": said.precision,
        "recall": said.recall,
        "no_match_reply_rate": said.false_replies,
    }
