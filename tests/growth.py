"""How work grows with what it is given: ratios of CPU time, never times themselves."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from time import thread_time
from types import FrameType
from typing import TypeVar

STEP = 8
LINEAR = 16.0
"""`STEP` times as much may take so many times as long: 8 is linear, 64 quadratic; noise is between."""

LARGEST = 2**17
"""Characters: more than a chat message may have, and than is read of most pages."""

Given = TypeVar("Given")
Work = Callable[[str], object]

_SCREENED = (128, 1024, 8192)
_TELLING = 0.0003  # seconds, of the larger text, below which noise is all there is
_MEASURABLE = 0.001  # the same of the smaller text, where it is measured in earnest
_ENOUGH = 0.1  # larger texts than take so long are not tried
_PATIENCE = 1.0  # for one text; none of these sizes takes so long where work grows as its text
_ATTEMPTS = 4


class _TooLongError(Exception):
    pass


def growth(work: Work, text_of: Callable[[int], str], *, largest: int = LARGEST) -> float:
    """How many times as long `work` takes on a text that is `STEP` times as long.

    0 where even the largest text is too fast to be told from noise, infinite where the work does not come to
    an end. It is measured on ever larger texts until it looks linear: a repeat that is bounded is quadratic
    as long as the text is shorter than the bound. `text_of` makes a text of about so many characters.
    """
    size, found = largest // STEP**2, 0.0
    while (cost := _cost(work, text_of(size))) > _ENOUGH and size > _SCREENED[0]:
        size //= STEP
    if cost == inf:  # for the shortest text there is nothing to compare it with
        return inf
    while size * STEP <= largest:
        small, large = text_of(size), text_of(size * STEP)
        before = _least(work, small)
        if before > _ENOUGH:
            break
        if before > _MEASURABLE or size * STEP * STEP > largest:
            found = ratio(work, small, large)
            if found < LINEAR:
                break
        size *= STEP
    return found


def is_suspect(work: Work, text_of: Callable[[int], str]) -> bool:
    """A quick look, for thousands of texts: False where `work` surely grows no faster than its text."""
    before = _cost(work, text_of(_SCREENED[0]))
    if before > _ENOUGH:
        return True
    for size in _SCREENED[1:]:
        after = _cost(work, text_of(size))
        if after > _TELLING:
            return after / before > 0.8 * LINEAR
        before = after
    return False


def ratio(work: Callable[[Given], object], small: Given, large: Given) -> float:
    """How many times as long `work` takes on the large one, which is `STEP` times the small one.

    The least of several measurements: noise only adds. 0 where it is too fast to be measured, infinite where
    it does not come to an end.
    """
    found = inf
    for _ in range(_ATTEMPTS):
        before, after = _least(work, small), _least(work, large)
        if after < _TELLING * STEP:
            return 0.0
        found = min(found, after / before)
        if found < LINEAR or found == inf:
            break
    return found


def _least(work: Callable[[Given], object], given: Given) -> float:
    """The least cost of three runs; what takes long is not tried again, as noise is short."""
    found = inf
    for _ in range(3):
        found = min(found, _cost(work, given))
        if found > _ENOUGH:
            break
    return found


def _cost(work: Callable[[Given], object], given: Given) -> float:
    """Seconds of this thread's CPU; infinite where it does not come to an end.

    Without the garbage collector: what it takes depends on all that earlier tests left.
    """
    gc.disable()
    before = thread_time()
    try:
        with _patience():
            work(given)
        return thread_time() - before
    except _TooLongError:
        return inf
    finally:
        gc.enable()


@contextmanager
def _patience() -> Iterator[None]:
    """End a regex that backtracks without end: `re` looks for signals while it matches."""

    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise _TooLongError

    assert threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, _PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
