"""Trains a model: cases → logistic regression → calibration → thresholds, all by grouped cross-validation.

scikit-learn is imported here only; what comes out is plain numbers (kb/match/model.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.errors import MeasureError
from kb.evaluate.measures import average_precision
from kb.match.model import Regression, Weight, Working
from kb.search.bm25 import Floats

FOLDS = 5
_WANTED = tuple(round(0.8 + 0.005 * step, 3) for step in range(40))
_KEPT = 0.98  # of the right first hits that the cut-off must let through
_STEPS = 2000  # a bound, so that training ends
_UNBOUND = 1e6  # two numbers need no regularisation
_FLAT = 1e-9  # a signal that never varies


@dataclass(frozen=True, kw_only=True)
class Case:
    """One query against one corpus: its candidates' signals, and which of them are right.

    `answerable`: the corpus has an entry for it. `silent`: rules forbid an answer with it whatever the model
    says.
    `weight` says how much it counts while learning. Cases of one `group` never stand on both sides of the
    cross-validation.
    """

    group: str
    kind: str
    signals: Floats
    right: NDArray[np.bool_]
    answerable: bool
    silent: NDArray[np.bool_]
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class First:
    """A case's first candidate: how likely it is by a model that never saw its group."""

    likely: float
    right: bool
    silent: bool
    average_precision: float
    case: Case


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A logistic regression on standardised signals."""

    means: Floats
    scales: Floats
    weights: Floats
    intercept: float

    def logits(self, signals: Floats) -> Floats:
        """The linear part, one value a candidate."""
        values: Floats = (signals - self.means) / self.scales @ self.weights + self.intercept
        return values


def train(
    cases: Sequence[Case],
    *,
    names: tuple[str, ...],
    strength: float,
    precision: float,
) -> tuple[Regression, tuple[First, ...]]:
    """Learn from cases; gives the model and, for its measures, the held-out view of every case.

    `names` are those of the signals' columns. `strength` is scikit-learn's C: smaller keeps weights smaller.
    Raises MeasureError for too few cases.
    """
    held_out = _held_out(cases, strength)
    slope, offset = _calibration(cases, held_out)
    firsts = tuple(map(_first, cases, [_sigmoid(slope * logits + offset) for logits in held_out]))
    fit = _fit(cases, strength)
    weights = tuple(
        Weight(name=name, mean=float(mean), scale=float(scale), weight=float(weight))
        for name, mean, scale, weight in zip(names, fit.means, fit.scales, fit.weights, strict=True)
    )
    model = Regression(
        precision=precision,
        weights=weights,
        intercept=fit.intercept,
        slope=slope,
        offset=offset,
        cutoff=float(np.quantile([first.likely for first in firsts if first.right], 1.0 - _KEPT)),
        curve=tuple(_at(firsts, wanted) for wanted in _WANTED),
    )
    return model, firsts


def fold(group: str, folds: int = FOLDS) -> int:
    """The part of a cross-validation that a group belongs to: the same on every machine."""
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:4]) % folds


def speaking(firsts: Sequence[First], threshold: float) -> Working:
    """What speaking from a threshold on comes to, on cases that the model did not see."""
    spoken = [first for first in firsts if first.likely >= threshold and not first.silent]
    right = sum(first.right for first in spoken)
    answerable = sum(first.case.answerable for first in firsts)
    wrongly = sum(not first.case.answerable for first in spoken)
    return Working(
        wanted=0.0,
        threshold=threshold,
        precision=right / len(spoken) if spoken else 1.0,
        recall=right / max(answerable, 1),
        false_replies=wrongly / max(len(firsts) - answerable, 1),
    )


def _at(firsts: Sequence[First], wanted: float) -> Working:
    """The lowest threshold that keeps a wanted precision.

    Of the texts without an entry no larger share is answered than half of what may be wrong: so the precision
    holds where such texts are more frequent, too.
    """
    best = (1.0, 1.0, 0.0, 0.0)
    answerable = sum(first.case.answerable for first in firsts)
    right = spoken = wrongly = 0
    for each in sorted(firsts, key=lambda first: -first.likely):
        if each.silent:
            continue
        spoken, right, wrongly = (
            spoken + 1,
            right + each.right,
            wrongly + (not each.case.answerable),
        )
        false_replies = wrongly / max(len(firsts) - answerable, 1)
        if right / spoken >= wanted and false_replies <= (1.0 - wanted) / 2.0:
            best = (each.likely, right / spoken, right / max(answerable, 1), false_replies)
    threshold, precision, recall, false_replies = best
    return Working(
        wanted=wanted, threshold=threshold, precision=precision, recall=recall, false_replies=false_replies
    )


def _first(case: Case, likely: Floats) -> First:
    order = [int(place) for place in np.argsort(-likely, kind="stable")]
    wanted = [str(place) for place in np.flatnonzero(case.right)]
    return First(
        likely=float(likely[order[0]]),
        right=bool(case.right[order[0]]),
        silent=bool(case.silent[order[0]]),
        average_precision=average_precision([str(place) for place in order], wanted, 5) if wanted else 0.0,
        case=case,
    )


def _held_out(cases: Sequence[Case], strength: float) -> list[Floats]:
    logits: dict[int, Floats] = {}
    for part in range(FOLDS):
        seen = [case for case in cases if fold(case.group) != part]
        unseen = [(number, case) for number, case in enumerate(cases) if fold(case.group) == part]
        if unseen:
            fit = _fit(seen, strength)
            logits |= {number: fit.logits(case.signals) for number, case in unseen}
    return [logits[number] for number in range(len(cases))]


def _fit(cases: Sequence[Case], strength: float) -> Fit:
    if not cases or not any(case.right.any() for case in cases):
        raise MeasureError("there is nothing to learn from: no query has its entry among the candidates")
    signals = np.concatenate([case.signals for case in cases])
    right = np.concatenate([case.right for case in cases])
    counts = np.concatenate([np.full(len(case.right), case.weight) for case in cases])
    means, scales = signals.mean(axis=0), signals.std(axis=0)
    scales[scales < _FLAT] = 1.0
    weights, intercept = _regression((signals - means) / scales, right, strength, counts)
    return Fit(means=means, scales=scales, weights=weights, intercept=intercept)


def _calibration(cases: Sequence[Case], logits: Sequence[Floats]) -> tuple[float, float]:
    """Platt scaling of the first candidates, the cases without an entry among them."""
    firsts = [int(np.argmax(values)) for values in logits]
    values = np.array([values[first] for values, first in zip(logits, firsts, strict=True)])
    right = np.array([case.right[first] for case, first in zip(cases, firsts, strict=True)])
    if right.all() or not right.any():
        raise MeasureError("probabilities need queries with an entry, and queries without one")
    counts = np.array([case.weight for case in cases])
    slope, offset = _regression(values.reshape(-1, 1), right, _UNBOUND, counts)
    return float(slope[0]), offset


def _regression(
    values: Floats, right: NDArray[np.bool_], strength: float, counts: Floats
) -> tuple[Floats, float]:
    try:
        from sklearn.linear_model import (  # type: ignore[import-untyped] # noqa: PLC0415 - untyped; slow to import
            LogisticRegression,
        )
    except ModuleNotFoundError as error:
        raise MeasureError("training needs scikit-learn: install caveat with its extra `eval`") from error
    model = LogisticRegression(C=strength, max_iter=_STEPS).fit(values, right, sample_weight=counts)
    return model.coef_[0], float(model.intercept_[0])


def _sigmoid(values: Floats) -> Floats:
    likely: Floats = 1.0 / (1.0 + np.exp(-values))
    return likely
