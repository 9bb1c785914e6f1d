"""Training: the same numbers every time, probabilities that hold, thresholds that keep what they promise."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

from kb.errors import MeasureError
from kb.evaluate.cases import groups
from kb.evaluate.testsets import Labelled
from kb.evaluate.training import Case, First, fold, speaking, train
from kb.match.model import Combiner, Regression, from_json, packaged, to_json
from kb.match.query import Query

pytest.importorskip("sklearn")
NAMES = ("meaning", "length")


def cases(count: int = 400, *, seed: int = 3) -> list[Case]:
    """Half of the texts have an entry, whose first signal tends to be larger; the second is noise."""
    random = np.random.default_rng(seed)
    made = []
    for number in range(count):
        answerable = number % 2 == 0
        signals = random.normal(size=(6, 2))
        right = np.zeros(6, dtype=np.bool_)
        if answerable:
            signals[0, 0] += 3.0
            right[0] = True
        made.append(
            Case(
                group=f"g{number // 2}",
                kind="k",
                signals=signals,
                right=right,
                answerable=answerable,
                silent=np.zeros(6, dtype=np.bool_),
            )
        )
    return made


def trained(made: list[Case]) -> tuple[Regression, tuple[First, ...]]:
    return train(made, names=NAMES, strength=0.1, precision=0.9)


def combined() -> Combiner:
    """The same model for candidates with days and without."""
    model = trained(cases())[0]
    return Combiner(kind="words", encoder="e", dated=model, undated=model, provenance={})


def named(values: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    return dict(zip(NAMES, values.T, strict=True))


def test_training_twice_gives_the_same_numbers() -> None:
    first, second = combined(), combined()
    assert json.dumps(to_json(first)) == json.dumps(to_json(second))


def test_a_model_reads_back_as_it_was_written() -> None:
    model = combined()
    again = from_json(json.loads(json.dumps(to_json(model))))
    values = named(np.random.default_rng(1).normal(size=(5, 2)))
    dated = np.array([True, False, True, False, True])
    assert again.names == NAMES
    assert again.probabilities(values, dated) == pytest.approx(model.probabilities(values, dated), abs=1e-4)


def test_what_tells_gets_weight_and_noise_gets_none() -> None:
    weights = {weight.name: weight.weight for weight in trained(cases())[0].weights}
    assert weights["meaning"] > 1.0
    assert abs(weights["length"]) < 0.2


def test_probabilities_hold_on_cases_that_were_not_learnt_from() -> None:
    model = trained(cases())[0]
    fresh = cases(seed=4)
    firsts = [(float(likely.max()), case.right[int(likely.argmax())]) for case in fresh
              if len(likely := model.probabilities(named(case.signals)))]  # fmt: skip
    sure = [right for likely, right in firsts if likely > 0.8]
    unsure = [right for likely, right in firsts if 0.2 < likely < 0.8]
    assert np.mean(sure) > 0.8
    assert 0.2 < np.mean(unsure) < 0.8


def test_a_threshold_keeps_its_precision_and_a_higher_one_costs_recall() -> None:
    model, firsts = trained(cases())
    for point in model.curve:
        said = speaking(firsts, point.threshold)
        assert said.precision >= point.wanted - 1e-9
        assert said.false_replies <= (1.0 - point.wanted) / 2 + 1e-9
    thresholds = [model.threshold(wanted) for wanted in (0.8, 0.9, 0.95)]
    assert thresholds == sorted(thresholds)
    assert model.threshold() == model.threshold(0.9)


def test_texts_without_any_entry_teach_nothing() -> None:
    with pytest.raises(MeasureError, match="nothing to learn"):
        trained([case for case in cases() if not case.answerable])


def test_one_claims_posts_never_stand_on_both_sides() -> None:
    """Also where two posts share a claim only through a third."""
    labelled = [
        Labelled(id=str(number), query=Query(text="w"), relevant=frozenset(relevant))
        for number, relevant in enumerate(["a", "ab", "bc", "d", "", ""])
    ]
    named = groups(labelled)
    assert len({*named[:3]}) == 1
    assert len({*named}) == 4
    assert fold(named[0]) == fold(named[2])


@pytest.mark.parametrize("kind", ["words", "page"])
def test_the_packaged_models_say_where_they_come_from(kind: str) -> None:
    model = packaged("page" if kind == "page" else "words")
    assert model.kind == kind
    assert {"data", "date", "method", "cases", "held_out"} <= model.provenance.keys()
    for part in (model.dated, model.undated):
        assert 0.0 < part.cutoff < part.threshold() < 1.0
        assert part.threshold(0.95) < part.threshold(0.98)


def test_a_model_with_an_unknown_signal_is_refused() -> None:
    told = to_json(combined())
    told["dated"]["weights"][0]["name"] = "moon_phase"
    with pytest.raises(ValueError, match="moon_phase"):
        from_json(told)
