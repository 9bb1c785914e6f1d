"""Quality floors of comparing, on the labelled pairs: few wrong differences, none on honest reports."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.compare import Article, Comparison, Difference, compare
from kb.entries.entry import Entry, parse_entry
from kb.formats.files import starter_entries

HERE = Path(__file__).parent
FLOORS = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))["differences"]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A labelled page beside its entry."""

    label: dict[str, Any]
    entry: Entry
    article: Article

    @property
    def text(self) -> str:
        """What places in the text refer to."""
        return f"{self.article.title}\n{self.article.text}" if self.article.title else self.article.text


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What was reported on a pair: right ones, wrong ones, and labels that were missed."""

    pair: Pair
    comparison: Comparison
    right: tuple[Difference, ...]
    wrong: tuple[Difference, ...]
    missed: tuple[dict[str, str], ...]


def pairs() -> Iterator[Pair]:
    starter = {entry.id: entry for entry in starter_entries()}
    for path in sorted((HERE / "differences").glob("*.yaml")):
        for label in yaml.safe_load(path.read_text(encoding="utf-8")):
            own = label["entry"]
            page = label["page"]
            yield Pair(
                label=label,
                entry=starter[own] if isinstance(own, str) else parse_entry(own),
                article=Article(
                    text=page["text"], title=page.get("title", ""), published=page.get("published")
                ),
            )


@cache
def outcomes() -> tuple[Outcome, ...]:
    return tuple(map(outcome, pairs()))


def outcome(pair: Pair) -> Outcome:
    comparison = compare(pair.entry, pair.article)
    missed = list(pair.label["differences"])
    right, wrong = list[Difference](), list[Difference]()
    for difference in comparison.differences:
        meant = next((label for label in missed if is_meant(difference, label, pair.text)), None)
        (right if meant else wrong).append(difference)
        if meant:
            missed.remove(meant)
    return Outcome(
        pair=pair, comparison=comparison, right=tuple(right), wrong=tuple(wrong), missed=tuple(missed)
    )


def is_meant(difference: Difference, label: dict[str, str], text: str) -> bool:
    """The same kind, at a place that overlaps the labelled one."""
    start = text.index(label["here"])
    end = start + len(label["here"])
    places = (difference.here, *difference.also)
    return difference.kind.value == label["kind"] and any(
        (each.start < end and start < each.end) or each.text in label["here"] for each in places
    )


def told(split: str) -> str:
    """Every wrong and missed difference of a split; of the held one only how many: nobody tunes on it."""
    own = [each for each in outcomes() if each.pair.label["split"] == split]
    if split == "held":
        kinds = Counter(label["kind"] for each in own for label in each.missed)
        return f"missed: {dict(kinds)}; wrong: {Counter(d.kind.value for each in own for d in each.wrong)}"
    lines = [
        f"{each.pair.label['id']}: wrong {d.kind.value} {d.here.text!r}" for each in own for d in each.wrong
    ]
    lines += [
        f"{each.pair.label['id']}: missed {label['kind']} {label['here']!r}"
        for each in own
        for label in each.missed
    ]
    return "\n".join(lines)


@pytest.mark.parametrize("split", ["tune", "held"])
def test_what_is_reported_is_right_and_most_is_reported(split: str) -> None:
    own = [each for each in outcomes() if each.pair.label["split"] == split]
    right = sum(len(each.right) for each in own)
    wrong = sum(len(each.wrong) for each in own)
    missed = sum(len(each.missed) for each in own)
    floors = FLOORS[split]
    precision, recall = right / (right + wrong), right / (right + missed)
    assert precision >= floors["precision"], told(split)
    assert recall >= floors["recall"], told(split)


def test_nothing_is_reported_on_an_honest_page() -> None:
    honest = [each for each in outcomes() if each.pair.label["honest"]]
    assert len(honest) >= FLOORS["honest_pairs"]
    accused = [
        each.pair.label["id"] for each in honest if each.comparison.differences or each.comparison.rewritten
    ]
    assert accused == []


def test_a_page_that_is_no_automatic_rewrite_is_not_called_one() -> None:
    called = [each for each in outcomes() if each.comparison.rewritten]
    assert [each.pair.label["id"] for each in called if not each.pair.label["rewritten"]] == []
    rewritten = sum(each.pair.label["rewritten"] for each in outcomes())
    assert len(called) >= FLOORS["rewritten_recall"] * rewritten
