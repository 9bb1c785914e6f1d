"""Quality floors of holding words against an entry: nothing false is affirmed, nothing true is accused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import yaml

from kb.compare.saying import Standing, held_against
from kb.entries.entry import Entry
from kb.formats.files import starter_entries
from kb.text.numbers import numbers
from kb.text.words import sentences
from tests.unit.kb.make_entries import make_entry

HERE = Path(__file__).parent
FLOORS = json.loads((HERE / "floors.json").read_text(encoding="utf-8"))["sayings"]
ACCUSED = frozenset({Standing.OTHER_NUMBER, Standing.DENIES, Standing.SWAPPED})


@dataclass(frozen=True, kw_only=True)
class Saying:
    """Words beside an entry, with what they are to it and what they are taken for."""

    split: str
    entry: Entry
    words: str
    meant: Standing
    taken: Standing


def sayings() -> Iterator[Saying]:
    for path in sorted((HERE / "sayings").glob("*.yaml")):
        for number, group in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))):
            entry = make_entry(f"{path.stem}-{number}", **group["entry"])
            for meant, words in group["sayings"]:
                yield Saying(
                    split=group["split"],
                    entry=entry,
                    words=words,
                    meant=Standing(meant),
                    taken=held_against(entry, words).standing,
                )


@cache
def of(split: str) -> tuple[Saying, ...]:
    return tuple(each for each in sayings() if each.split == split)


def measured(found: tuple[Saying, ...]) -> dict[str, float]:
    """Shares: of what does not agree, how much is affirmed; of what agrees, how much is accused, and how much
    affirmed; of each kind of other saying, how much is told as such."""
    true = [each for each in found if each.meant is Standing.AGREES]
    false = [each for each in found if each.meant is not Standing.AGREES]
    shares = {
        "false_affirmed": sum(each.taken is Standing.AGREES for each in false) / len(false),
        "true_accused": sum(each.taken in ACCUSED for each in true) / len(true),
        "true_affirmed": sum(each.taken is Standing.AGREES for each in true) / len(true),
    }
    for kind in sorted(ACCUSED):
        own = [each for each in found if each.meant is kind]
        shares[kind.value] = sum(each.taken is kind for each in own) / len(own)
    return shares


def told(found: tuple[Saying, ...]) -> str:
    """What went wrong; of the held split only how often: nobody tunes on it."""
    wrong = [each for each in found if each.taken is not each.meant]
    if found and found[0].split == "held":
        return str(Counter((each.meant.value, each.taken.value) for each in wrong))
    return "\n".join(f"{each.words!r} is {each.meant}, taken for {each.taken}" for each in wrong)


def test_the_set_is_large_and_half_of_it_is_held() -> None:
    sizes = {split: len(of(split)) for split in ("tune", "held")}
    assert sum(sizes.values()) >= 150
    assert sizes["held"] >= sum(sizes.values()) / 2 - 10


@pytest.mark.parametrize("split", ["tune", "held"])
def test_nothing_false_is_affirmed_and_nothing_true_is_accused(split: str) -> None:
    shares, floors = measured(of(split)), FLOORS[split]
    most = {name: floors[name] for name in ("false_affirmed", "true_accused")}
    assert {name: shares[name] for name in most if shares[name] > most[name]} == {}, told(of(split))
    least = {name: floor for name, floor in floors.items() if name not in most}
    assert {name: shares[name] for name in least if shares[name] < least[name]} == {}, told(of(split))


def _changed(text: str) -> Iterator[str]:
    """A text with one of its numbers changed, in several ways."""
    for number in numbers(text):
        others = {number.value * 10, number.value + 3, number.value * 7, max(1.0, number.value // 3), 13.0}
        for other in others - {number.value}:
            yield f"{text[: number.start]}{other:.12g}{text[number.end :]}"


def test_no_sentence_of_an_entry_is_affirmed_with_another_number() -> None:
    found = {each.entry.id: each.entry for each in of("tune")}
    assert len(found) > 1
    affirmed = []
    for entry in (*starter_entries(), *found.values()):
        texts = (entry.title, *sentences(entry.summary), *(claim.text for claim in entry.claims))
        changed = (each for text in texts for each in _changed(text))
        affirmed += [each for each in changed if held_against(entry, each).standing is Standing.AGREES]
    assert affirmed == []


@pytest.mark.slow
def test_rewordings_of_real_news_are_not_accused_and_false_ones_not_affirmed(test_data: Path) -> None:
    text = (test_data / "rewordings" / "train.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    turned = {"antonym_swap", "negation_insertion_removal"}
    taken = {True: Counter[Standing](), False: Counter[Standing]()}
    for row in rows:
        if row["same_facts"] or turned & {*row["edits"]}:
            entry = make_entry(title=row["original"][:480].replace("\n", " "), summary=row["original"])
            taken[row["same_facts"]][held_against(entry, row["reworded"]).standing] += 1
    accused = sum(taken[True][each] for each in ACCUSED) / taken[True].total()
    assert accused <= FLOORS["rewordings"]["true_accused"], taken
    assert taken[False][Standing.AGREES] / taken[False].total() <= FLOORS["rewordings"]["false_affirmed"], (
        taken
    )
