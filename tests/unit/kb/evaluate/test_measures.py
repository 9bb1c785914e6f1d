"""Measures of order and silence, checked against figures worked out by hand."""

from __future__ import annotations

import pytest

from kb.evaluate.measures import Outcome, average_precision, retrieval, speaking, wilson
from kb.evaluate.testsets import Labelled
from kb.match.query import Query


def outcome(found: str, relevant: str, *, spoke: bool = False) -> Outcome:
    labelled = Labelled(id="q", query=Query(text="w"), relevant=frozenset(relevant))
    return Outcome(
        labelled=labelled,
        relevant=frozenset(relevant),
        found=tuple(found),
        spoke=spoke,
        free=True,
        probability=0.5,
        milliseconds=1.0,
    )


@pytest.mark.parametrize(
    ("found", "relevant", "expected"),
    [
        ("abcde", "a", 1.0),
        ("abcde", "c", 1 / 3),
        ("abcdef", "f", 0.0),
        ("abcde", "ab", 1.0),
        ("abcde", "bd", (1 / 2 + 2 / 4) / 2),
        ("", "a", 0.0),
    ],
)
def test_average_precision_at_five(found: str, relevant: str, expected: float) -> None:
    assert average_precision(found, relevant, 5) == pytest.approx(expected)


def test_order_is_measured_over_queries_that_have_an_entry() -> None:
    told = retrieval([outcome("ab", "a"), outcome("ab", "b"), outcome("ab", "")])
    assert told == pytest.approx({"map_at_5": 0.75, "precision_at_1": 0.5, "mrr": 0.75, "recall_at_10": 1.0})
    assert set(retrieval([outcome("ab", "")]).values()) == {0.0}


def test_a_wrong_first_entry_and_an_answer_where_there_is_none_are_false_replies() -> None:
    said = speaking(
        [
            outcome("ab", "a", spoke=True),
            outcome("ab", "b", spoke=True),
            outcome("ab", "", spoke=True),
            outcome("ab", "a"),
            outcome("ab", ""),
        ]
    )
    assert (said.right, said.wrong_first, said.to_no_match) == (1, 1, 1)
    assert said.precision == pytest.approx(1 / 3)
    assert said.recall == pytest.approx(1 / 3)
    assert said.false_reply_rate == pytest.approx(2 / 5)
    assert said.no_match_reply_rate == pytest.approx(1 / 2)


def test_silence_throughout_is_precise_and_recalls_nothing() -> None:
    said = speaking([outcome("a", "a"), outcome("a", "")])
    assert (said.precision, said.recall, said.false_reply_rate) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (81, 263, 0.255, 0.366)],
)
def test_wilson_intervals(part: int, whole: int, low: float, high: float) -> None:
    """The last row is an example of Newcombe, "Two-sided confidence intervals" (1998)."""
    assert wilson(part, whole) == pytest.approx((low, high), abs=0.0006)
