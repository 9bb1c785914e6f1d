"""Lets a chat go on to the next line once the one before is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from bot.answering.answer import Outcome
from bot.model import Event, Incoming
from bot.ports import Accept

_ANSWER_SECONDS = 60.0

Report = Callable[[Event, tuple[Outcome, ...]], None]
"""Is told what came of an event."""


class InTurn:
    """One line after the other: `accepting` waits until `reporting` was told of an answer."""

    def __init__(self) -> None:
        self._answered = asyncio.Event()

    def accepting(self, accept: Accept) -> Accept:
        """Take an event, and wait for its answer."""

        async def accept_and_wait(event: Incoming) -> None:
            self._answered.clear()
            await accept(event)
            with suppress(TimeoutError):  # an answer that fails is in the log
                await asyncio.wait_for(self._answered.wait(), _ANSWER_SECONDS)

        return accept_and_wait

    def reporting(self, report: Report) -> Report:
        """Tell of an event, and let the next one come."""

        def report_and_go_on(event: Event, outcomes: tuple[Outcome, ...]) -> None:
            report(event, outcomes)
            self._answered.set()

        return report_and_go_on
