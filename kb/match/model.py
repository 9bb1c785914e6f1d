"""From signals to a probability: logistic regressions that stand in the package as JSON (models/*.json).

They are trained by `caveat eval train` (kb/evaluate/training.py) and computed here with plain arithmetic.
"""

from __future__ import annotations

import importlib.resources
import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np

from kb.errors import ModelError
from kb.match.lineup import Lineup
from kb.match.signals import BY_MEANING, SIGNALS
from kb.search.bm25 import Floats

Kind = Literal["words", "page"]


@dataclass(frozen=True, kw_only=True)
class Weight:
    """What one signal counts: its value less `mean`, over `scale`, times `weight`."""

    name: str
    mean: float
    scale: float
    weight: float


@dataclass(frozen=True, kw_only=True)
class Working:
    """One point of the curve: the threshold for a wanted precision, and what was measured there.

    `false_replies` is the share of the texts without an entry that would be answered.
    """

    wanted: float
    threshold: float
    precision: float
    recall: float
    false_replies: float


@dataclass(frozen=True, kw_only=True)
class Combiner:
    """One trained model. `encoder` names the embedder that its signals were computed with."""

    kind: Kind
    encoder: str
    weights: tuple[Weight, ...]
    intercept: float
    slope: float
    offset: float
    cutoff: float
    gap: float
    precision: float
    curve: tuple[Working, ...]
    provenance: dict[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        """The signals that it weighs, in order."""
        return tuple(weight.name for weight in self.weights)

    def probabilities(self, values: Floats) -> Floats:
        """How likely each candidate is meant, from its signals: shape (candidates, signals)."""
        means, scales, weights = (
            np.array([getattr(each, part) for each in self.weights]) for part in ("mean", "scale", "weight")
        )
        logits = ((values - means) / scales) @ weights + self.intercept
        likely: Floats = 1.0 / (1.0 + np.exp(-(self.slope * logits + self.offset)))
        return likely

    def threshold(self, precision: float | None = None) -> float:
        """The probability from which to speak, for a wanted precision (default: the model's own)."""
        wanted = self.precision if precision is None else precision
        fitting = [point.threshold for point in self.curve if point.wanted >= wanted - 1e-9]
        return fitting[0] if fitting else 1.0


def matrix(lineup: Lineup, names: tuple[str, ...], known: Floats | None = None) -> Floats:
    """The named signals of each candidate, shape (candidates, signals).

    `known` are those from before more of the page was compared by meaning: the others are still right.
    """
    columns = [
        SIGNALS[name](lineup) if known is None or name in BY_MEANING else known[:, place]
        for place, name in enumerate(names)
    ]
    return np.stack(columns, axis=1)


@cache
def packaged(kind: Kind) -> Combiner:
    """The model in the package. Raises ModelError when it cannot be read."""
    file = importlib.resources.files("kb.match") / "models" / f"{kind}.json"
    try:
        return from_json(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"the packaged model {kind}.json cannot be read ({error}); install again") from error


def from_json(told: dict[str, Any]) -> Combiner:
    """Read what `to_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    weights = tuple(Weight(**weight) for weight in told["signals"])
    if unknown := {weight.name for weight in weights} - SIGNALS.keys():
        raise ValueError(f"no such signal: {', '.join(sorted(unknown))}")
    plain = {name: value for name, value in told.items() if name not in {"signals", "curve"}}
    return Combiner(weights=weights, curve=tuple(Working(**point) for point in told["curve"]), **plain)


def to_json(combiner: Combiner) -> dict[str, Any]:
    """Everything of a model, to be read by people too; numbers to six digits."""
    fields = ("kind", "encoder", "precision", "cutoff", "gap", "provenance", "intercept", "slope", "offset")
    told = {name: getattr(combiner, name) for name in fields}
    told["signals"] = [vars(weight) for weight in combiner.weights]
    told["curve"] = [vars(point) for point in combiner.curve]
    rounded: dict[str, Any] = _rounded(told)
    return rounded


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list) else value
