"""Draws how precision, recall and false replies go with the threshold, as a PNG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.errors import BotError
from kb.evaluate.measures import Outcome

_SIZE = (7.0, 4.2)


def draw(outcomes: Sequence[Outcome], path: Path, *, threshold: float, title: str) -> None:
    """Write the curve over all thresholds, the one in use marked. Raises BotError."""
    try:
        import matplotlib as mpl
    except ModuleNotFoundError as error:
        raise BotError("plots need matplotlib: install caveat with its extra `eval`") from error
    mpl.use("Agg")
    from matplotlib import pyplot

    thresholds, curves = curve(outcomes)
    figure, axes = pyplot.subplots(figsize=_SIZE)
    for name, values in curves.items():
        axes.plot(thresholds, values, label=name)
    axes.axvline(threshold, color="grey", linestyle="--", label=f"in use: {threshold:.3f}")
    axes.set(xlabel="probability from which the bot speaks", ylim=(0.0, 1.02), xlim=(0.0, 1.0), title=title)
    axes.grid(alpha=0.3)
    axes.legend(loc="center left")
    try:
        figure.savefig(path, dpi=120, bbox_inches="tight", format="png")
    except OSError as error:
        raise BotError(f"the plot cannot be written to {path}: {error}") from error
    finally:
        pyplot.close(figure)


def curve(outcomes: Sequence[Outcome]) -> tuple[list[float], dict[str, list[float]]]:
    """Precision, recall and false replies from each threshold on, in steps of a hundredth."""
    thresholds = [step / 100 for step in range(100)]
    answerable = max(sum(bool(each.relevant) for each in outcomes), 1)
    curves: dict[str, list[float]] = {"precision": [], "recall": [], "false replies": []}
    for threshold in thresholds:
        spoken = [each for each in outcomes if each.free and each.probability >= threshold]
        right = sum(each.right for each in spoken)
        curves["precision"].append(right / len(spoken) if spoken else 1.0)
        curves["recall"].append(right / answerable)
        curves["false replies"].append((len(spoken) - right) / max(len(outcomes), 1))
    return thresholds, curves
