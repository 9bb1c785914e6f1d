"""A short run of the fuzzer; `make fuzz` is the long one."""

from __future__ import annotations

import time

import pytest
from hypothesis import strategies as st

from tests.fuzz.__main__ import feed
from tests.fuzz.targets import TARGETS, Target


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_a_reader_raises_nothing_but_our_errors(target: Target) -> None:
    assert feed(target, number=1, until=time.monotonic() + 60, most=40) == 40


def test_the_fuzzer_sees_an_error() -> None:
    """A fuzzer that cannot fail proves nothing."""

    def fragile(number: int) -> None:
        if number > 5:
            raise KeyError(number)

    with pytest.raises(KeyError):
        feed(Target(name="x", data=st.integers(), run=fragile), 1, time.monotonic() + 60)
