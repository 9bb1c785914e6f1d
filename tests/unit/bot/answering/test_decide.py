"""Silence is the default: the rules for speaking, by a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.answering.decide import Occasion, decide, may_speak
from bot.model import Action, Policy
from kb.formats.files import starter_entries
from kb.match.query import Basis, Hit

TODAY = date(2026, 11, 22)
ASKED, UNASKED = Occasion(asked=True), Occasion(asked=False)


def hit(basis: Basis, *, debunk: bool = False, review_by: date | None = None) -> Hit:
    entry = starter_entries()[0].model_copy(update={"review_by": review_by})
    return Hit(entry=entry, score=0.9, basis=basis, debunk=debunk)


@pytest.mark.parametrize(
    ("first", "debunk", "unasked", "asked"),
    [
        (None, False, Action.SILENT, Action.NOTHING),
        (hit(Basis.SAME_PAGE), False, Action.REPLY, Action.REPLY),
        (hit(Basis.NEAR_COPY), False, Action.REPLY, Action.REPLY),
        (hit(Basis.SAME_STORY), False, Action.REPLY, Action.REPLY),
        (hit(Basis.RELATED), False, Action.SILENT, Action.SUGGEST),
        (hit(Basis.ORIGINAL), False, Action.SILENT, Action.REPLY),
        (hit(Basis.SAME_STORY), True, Action.SILENT, Action.SUGGEST),
        (hit(Basis.SAME_PAGE, debunk=True), False, Action.SILENT, Action.SUGGEST),
        (hit(Basis.SAME_STORY, review_by=date(2026, 11, 21)), False, Action.SILENT, Action.REPLY),
        (hit(Basis.SAME_STORY, review_by=TODAY), False, Action.REPLY, Action.REPLY),
    ],
)
def test_what_is_said_unasked_and_asked(
    first: Hit | None, debunk: bool, unasked: Action, asked: Action
) -> None:
    hits = [first] if first else []
    assert decide(hits, UNASKED, debunk=debunk, today=TODAY).action is unasked
    assert decide(hits, ASKED, debunk=debunk, today=TODAY).action is asked


@pytest.mark.parametrize(
    ("occasion", "muted", "action"),
    [
        (Occasion(asked=False), False, Action.REPLY),
        (Occasion(asked=False), True, Action.SILENT),
        (Occasion(asked=True), True, Action.REPLY),
        (Occasion(asked=False, least=0.9), False, Action.REPLY),
        (Occasion(asked=False, least=0.95), False, Action.SILENT),
        (Occasion(asked=True, least=0.95), False, Action.REPLY),
        (Occasion(asked=False, language="en"), False, Action.REPLY),
        (Occasion(asked=False, language="de"), False, Action.SILENT),
        (Occasion(asked=True, language="de"), False, Action.REPLY),
    ],
)
def test_a_channel_and_its_people_may_ask_for_more_silence(
    occasion: Occasion, muted: bool, action: Action
) -> None:
    found = decide([hit(Basis.SAME_STORY)], occasion, debunk=False, today=TODAY, muted=muted)
    assert found.action is action


def test_a_channels_threshold_is_held_against_the_probability_once_there_is_one() -> None:
    likely = replace(hit(Basis.SAME_STORY), probability=0.99)
    occasion = Occasion(asked=False, least=0.95)
    assert decide([likely], occasion, debunk=False, today=TODAY).action is Action.REPLY


def test_at_most_three_are_suggested_and_one_is_answered() -> None:
    many = [hit(Basis.RELATED)] * 5
    assert len(decide(many, ASKED, debunk=False, today=TODAY).hits) == 3
    assert len(decide([hit(Basis.SAME_STORY), *many], ASKED, debunk=False, today=TODAY).hits) == 1


@pytest.mark.parametrize(
    ("policy", "unasked", "asked"),
    [
        (Policy.PASSIVE, True, True),
        (Policy.MENTION, False, True),
        (Policy.SHADOW, True, True),
        (Policy.OFF, False, False),
    ],
)
def test_a_channels_policy_says_what_is_looked_at(policy: Policy, unasked: bool, asked: bool) -> None:
    assert may_speak(policy, asked=False) is unasked
    assert may_speak(policy, asked=True) is asked
