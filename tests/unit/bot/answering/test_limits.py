"""Budgets: what is over them is refused, and comes back with time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.answering.limits import Buckets, Limits
from bot.model import Message


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def message(name: str, *, sender: str = "ana", asked: bool = False, channel: str = "c") -> Message:
    return Message(
        platform="memory",
        channel=channel,
        id=name,
        event=name,
        sender=sender,
        text="",
        links=(),
        asked=asked,
        sent_at=datetime(2026, 1, 10, tzinfo=UTC),
    )


def limits(clock: Clock, *, person: int = 4, channel: int = 6) -> Limits:
    return Limits(links_per_message=3, per_person=person, per_channel=channel, clock=clock)


def spent(budget: Limits, event: Message, amount: int = 1) -> bool:
    budget.heard(event)
    return budget.spend(replace(event, sender=""), amount)  # as it comes out of the queue


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    clock = Clock()
    buckets = Buckets[str](per_minute=30, burst=3, clock=clock)
    assert [buckets.take("a") for _ in range(4)] == [True, True, True, False]
    assert buckets.take("b"), "each key has its own"
    clock.now += 2.0
    assert [buckets.take("a") for _ in range(2)] == [True, False]
    clock.now += 3600
    assert [buckets.take("a") for _ in range(4)] == [True, True, True, False]


def test_a_person_over_the_budget_waits_and_the_others_in_the_channel_do_not() -> None:
    clock = Clock()
    budget = limits(clock)
    assert [spent(budget, message(f"a{n}")) for n in range(5)] == [True] * 4 + [False]
    assert spent(budget, message("b", sender="ben"))
    clock.now += 60
    assert spent(budget, message("a9"))


def test_a_channel_has_a_budget_and_what_is_asked_there_has_another() -> None:
    budget = limits(Clock(), person=100)
    assert [spent(budget, message(f"m{n}", sender=f"p{n}")) for n in range(7)] == [True] * 6 + [False]
    assert spent(budget, message("question", asked=True))
    assert spent(budget, message("elsewhere", channel="d"))


def test_an_event_that_is_tried_again_costs_nothing_more() -> None:
    budget = limits(Clock(), person=1)
    assert all(spent(budget, message("m")) for _ in range(6))
    assert not spent(budget, message("n"))


def test_all_edits_of_one_message_share_its_budget() -> None:
    budget = limits(Clock())
    first = message("m")
    assert budget.of_message(first, ["a", "b"]) == ("a", "b")
    edits = [replace(first, event=f"edit {n}") for n in range(20)]
    looked = [budget.of_message(edit, ["a", f"new {n}"]) for n, edit in enumerate(edits)]
    assert looked == [("a", "new 0"), *[("a",)] * 19]
    assert budget.of_message(message("n"), ["x"]) == ("x",)


def test_answers_given_before_a_restart_count_for_a_message() -> None:
    budget = limits(Clock())
    assert budget.of_message(message("m"), ["a", "b"], answered=2) == ("a",)
    assert budget.of_message(message("n"), ["a"], answered=3) == ()
    assert budget.of_message(message("m"), ["a", "c"], answered=3) == ("a",)
