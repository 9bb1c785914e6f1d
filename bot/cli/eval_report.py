"""What was measured, under the names that scripts rely on, and in lines for people."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kb.evaluate.measures import Outcome, Speaking, retrieval, speaking, wilson
from kb.evaluate.pagesets import SPOKEN
from kb.match.match import BY_HAND
from kb.match.model import Kind, packaged


def told(outcomes: Sequence[Outcome], kind: Kind, *, model: str, precision: float | None) -> dict[str, Any]:
    """The measures as JSON: order, speaking unasked, milliseconds, and with what settings."""
    combiner, said = packaged(kind), speaking(outcomes)
    calibrated = combiner.encoder == model
    by_hand = BY_HAND.page if kind == "page" else BY_HAND.words
    thresholds = [
        combiner.of(dated=dated).threshold(precision) if calibrated else by_hand or 0.0
        for dated in (True, False)
    ]
    times = sorted(each.milliseconds for each in outcomes)
    return {
        **{name: round(value, 4) for name, value in retrieval(outcomes).items()},
        "speaking": {
            "precision": round(said.precision, 4),
            "recall": round(said.recall, 4),
            "false_reply_rate": round(said.false_reply_rate, 4),
            "threshold": round(thresholds[0], 4),
            "threshold_undated": round(thresholds[1], 4),
        },
        "ms_p50": round(statistics.median(times), 2),
        "ms_p95": round(times[int(0.95 * (len(times) - 1))], 2),
        "model": model,
        "settings": {
            "wanted_precision": combiner.dated.precision if precision is None else precision,
            "cutoff": round(combiner.dated.cutoff, 4),
            "calibrated": calibrated,
            "trained": combiner.provenance.get("date", ""),
        },
        "counts": _counts(said),
    }


def kinds(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Any]]:
    """Replies by kind of page, and by whether its entry was there."""
    table: dict[str, dict[str, Any]] = {}
    for each in outcomes:
        missing = each.labelled.kind in SPOKEN and not each.relevant
        name = f"{each.labelled.kind}, entry missing" if missing else each.labelled.kind
        row = table.setdefault(name, {"pages": 0, "replies": 0})
        row["pages"] += 1
        row["replies"] += each.spoke
    for row in table.values():
        row["interval_95"] = _interval(row["replies"], row["pages"])
    return table


def lines(told: Mapping[str, Any]) -> Iterator[str]:
    """The measures for people to read."""
    said, counts = told["speaking"], told["counts"]
    between = {name: f"({low:.3f} to {high:.3f})" for name, (low, high) in counts["intervals_95"].items()}
    yield f"{counts['with_entry']} of {counts['queries']} have an entry; of these:"
    yield (
        f"  MAP@5 {told['map_at_5']:.3f}, precision at 1 {told['precision_at_1']:.3f}, "
        f"MRR {told['mrr']:.3f}, recall at 10 {told['recall_at_10']:.3f}"
    )
    yield (
        f"Speaking unasked from probability {said['threshold']:.3f} on, without a day from "
        f"{said['threshold_undated']:.3f} on (95 % intervals in brackets):"
    )
    for name in ("precision", "recall", "false_reply_rate"):
        yield f"  {name.replace('_', ' ')} {said[name]:.3f} {between[name]}"
    yield (
        f"  answered though there is no entry {counts['no_match_reply_rate']:.3f} "
        f"{between['no_match_reply_rate']}"
    )
    yield f"{told['ms_p50']} ms (p50), {told['ms_p95']} ms (p95) each; model {told['model']}"
    for kind, row in told.get("kinds", {}).items():
        low, high = row["interval_95"]
        yield f"  {kind}: {row['replies']} of {row['pages']} answered ({low:.3f} to {high:.3f})"


def _counts(said: Speaking) -> dict[str, Any]:
    no_match = said.queries - said.answerable
    return {
        "queries": said.queries,
        "with_entry": said.answerable,
        "replies": said.replies,
        "right": said.right,
        "wrong_first": said.wrong_first,
        "to_no_match": said.to_no_match,
        "no_match_reply_rate": round(said.no_match_reply_rate, 4),
        "intervals_95": {
            "precision": _interval(said.right, said.replies),
            "recall": _interval(said.right, said.answerable),
            "false_reply_rate": _interval(said.replies - said.right, said.queries),
            "no_match_reply_rate": _interval(said.to_no_match, no_match),
        },
    }


def _interval(part: int, whole: int) -> list[float]:
    return [round(each, 4) for each in wilson(part, whole)]
