"""Tells what an unforeseen error was and where, never what it says, which may quote a message or a page."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Hashable, Iterator
from pathlib import Path

from bot.errors import BotError
from kb.errors import KbError

OURS = (BotError, KbError)
"""What is raised on purpose: its text is for people, and quotes nobody."""

_TRIES = 3
_FRAMES = 12  # of each error in the chain, the innermost: enough to find the place, and still one line


def kind_of(error: BaseException) -> str:
    """Name an error: ours by their text, others by their type."""
    return str(error) if isinstance(error, OURS) else type(error).__name__


def placed(error: BaseException) -> str:
    """Name an error: ours by their text, others by their type and the place that raised them."""
    return kind_of(error) if isinstance(error, OURS) else f"{kind_of(error)} at {where(error, 1)}"


def where(error: BaseException, frames: int = 3) -> str:
    """Tell the innermost frames of an error's traceback, the outer one first; "" where it has none."""
    innermost = traceback.extract_tb(error.__traceback__)[-frames:]
    return " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in innermost)


def traced(error: BaseException) -> str:
    """Tell in one line the type and frames of each error in a chain, the last one first."""
    return " <- ".join(f"{type(cause).__name__} at {where(cause, _FRAMES) or '?'}" for cause in _chain(error))


def waiting_at(coroutine: object) -> str:
    """Tell where a suspended coroutine waits, the outer frame first; "" where that cannot be told."""
    places, depth = [], 0
    while coroutine is not None and depth < _FRAMES:
        frame = getattr(coroutine, "cr_frame", None) or getattr(coroutine, "gi_frame", None)
        if frame is not None:
            code = frame.f_code
            places.append(f"{Path(code.co_filename).name}:{frame.f_lineno} {code.co_name}")
        coroutine, depth = getattr(coroutine, "cr_await", None), depth + 1
    return " > ".join(places)


class Spoiled:
    """What failed in a way that nobody foresaw, one of many: three tries each, then it is left alone.

    So one page or message that trips the bot up neither stops the others nor is tried for ever.
    """

    def __init__(self) -> None:
        self._failures: Counter[Hashable] = Counter()

    def __contains__(self, key: Hashable) -> bool:
        return self._failures[key] >= _TRIES

    def note(self, key: Hashable, error: Exception) -> str:
        """Count a failure; gives its traceback for the log."""
        self._failures[key] += 1
        return traced(error)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    queue: list[BaseException] = [error]
    while queue:
        current = queue.pop(0)
        if current in seen:
            continue
        seen.append(current)
        yield current
        if isinstance(current, BaseExceptionGroup):
            queue.extend(current.exceptions)
        cause = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
        if cause is not None:
            queue.append(cause)
