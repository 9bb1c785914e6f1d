"""From signals to a probability: logistic regressions that stand in the package as JSON (models/*.json).

Of each kind there are two: for candidates whose day is known beside that of the text, and for all others. A
date says so much that what was learnt with it is of no use without.

They are trained by `caveat eval train` (kb/evaluate/training.py) and computed here with plain arithmetic.
"""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

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
class Regression:
    """One trained model: what it weighs, how its sum becomes a probability, and what was measured.

    `precision` is what is wanted of answers unasked, where nobody says otherwise.
    """

    precision: float
    weights: tuple[Weight, ...]
    intercept: float
    slope: float
    offset: float
    cutoff: float
    curve: tuple[Working, ...]

    def probabilities(self, signals: Mapping[str, Floats]) -> Floats:
        """How likely each candidate is meant, from the named signals, one value for each candidate."""
        logits = sum(
            ((signals[weight.name] - weight.mean) / weight.scale * weight.weight for weight in self.weights),
            self.intercept,
        )
        likely: Floats = 1.0 / (1.0 + np.exp(-(self.slope * logits + self.offset)))
        return likely

    def threshold(self, precision: float | None = None) -> float:
        """The probability from which to speak, for a wanted precision (default: the model's own)."""
        wanted = self.precision if precision is None else precision
        fitting = [point.threshold for point in self.curve if point.wanted >= wanted - 1e-9]
        return fitting[0] if fitting else 1.0


@dataclass(frozen=True, kw_only=True)
class Combiner:
    """The models of one kind. `encoder` names the embedder that their signals were computed with."""

    kind: Kind
    encoder: str
    dated: Regression
    undated: Regression
    provenance: dict[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        """The signals that are weighed, each once."""
        return tuple(
            dict.fromkeys(weight.name for part in (self.dated, self.undated) for weight in part.weights)
        )

    def of(self, *, dated: bool) -> Regression:
        """The model for candidates of which both days are known, or for the others."""
        return self.dated if dated else self.undated

    def probabilities(self, signals: Mapping[str, Floats], dated: NDArray[np.bool_]) -> Floats:
        """How likely each candidate is meant; `dated` says of which both days are known."""
        likely: Floats = np.where(
            dated, self.dated.probabilities(signals), self.undated.probabilities(signals)
        )
        return likely


def values(
    lineup: Lineup, names: Iterable[str], known: Mapping[str, Floats] | None = None
) -> dict[str, Floats]:
    """The named signals, of each candidate one value.

    `known` are those from before more of the page was compared by meaning: the others are still right.
    """
    return {
        name: SIGNALS[name](lineup) if known is None or name in BY_MEANING else known[name] for name in names
    }


@cache
def packaged(kind: Kind) -> Combiner:
    """The model in the package. Raises ModelError when it cannot be read."""
    file = importlib.resources.files("kb.match") / "models" / f"{kind}.json"
    try:
        return from_json(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"the packaged model {kind}.json cannot be read ({error}); install again") from error


def from_json(record: dict[str, Any]) -> Combiner:
    """Read what `to_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
    parts = {name: _regression(record[name]) for name in ("dated", "undated")}
    return Combiner(**(record | parts))


def _regression(record: dict[str, Any]) -> Regression:
    weights = tuple(Weight(**weight) for weight in record["weights"])
    if unknown := {weight.name for weight in weights} - SIGNALS.keys():
        raise ValueError(f"no such signal: {', '.join(sorted(unknown))}")
    curve = tuple(Working(**point) for point in record["curve"])
    return Regression(**(record | {"weights": weights, "curve": curve}))


def to_json(combiner: Combiner) -> dict[str, Any]:
    """Everything of the models, to be read by people too; numbers to six digits."""
    rounded: dict[str, Any] = _rounded(asdict(combiner))
    return rounded


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {name: _rounded(part) for name, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list | tuple) else value
