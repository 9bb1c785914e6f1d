"""Whose event is handled next: commands and asked work never wait behind unasked work.

Each lane has slots of its own. Inside a lane the channels take turns, and inside a channel the people;
neither a channel nor a person may hold all slots of a lane, whatever they send.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum

from bot.model import Deletion, Event

ASKED: ContextVar[bool] = ContextVar("asked", default=False)
"""Whether somebody waits for what this task of the event loop does: that goes first where work queues up."""


class Lane(StrEnum):
    """How soon an event matters to somebody who waits for it."""

    URGENT = "urgent"
    """Commands, and deletions, which take answers back."""
    ASKED = "asked"
    UNASKED = "unasked"


def lane_of(event: Event) -> Lane:
    """The lane of an event."""
    if isinstance(event, Deletion) or event.command:
        return Lane.URGENT
    return Lane.ASKED if event.asked else Lane.UNASKED


@dataclass(frozen=True, kw_only=True)
class Room:
    """How many events of a lane are handled at a time: in all, of one channel, of one person in it."""

    slots: int
    channel: int
    person: int


# Most of a handler's time is waiting for somebody else's server, so slots are cheap; what computes has limits
# of its own (the reading pool, the encoder).
ROOMS: Mapping[Lane, Room] = {
    Lane.URGENT: Room(slots=8, channel=6, person=2),
    Lane.ASKED: Room(slots=16, channel=6, person=2),
    Lane.UNASKED: Room(slots=8, channel=4, person=3),
}


@dataclass
class _Line:
    """One lane: who is handled, and who waits, by channel and then by person."""

    room: Room
    running: int = 0
    channels: Counter[str] = field(default_factory=Counter)
    people: Counter[tuple[str, str]] = field(default_factory=Counter)
    waiting: OrderedDict[str, OrderedDict[str, deque[asyncio.Future[None]]]] = field(
        default_factory=OrderedDict
    )


class Turns:
    """Hands out the slots. Who a person is matters only for taking turns: any name, "" for unknown."""

    def __init__(self, rooms: Mapping[Lane, Room] = ROOMS) -> None:
        self._lines = {lane: _Line(rooms[lane]) for lane in Lane}

    @asynccontextmanager
    async def turn(self, lane: Lane, channel: str, person: str) -> AsyncIterator[None]:
        """Wait for a slot and hold it."""
        line = self._lines[lane]
        slot = asyncio.get_running_loop().create_future()
        line.waiting.setdefault(channel, OrderedDict()).setdefault(person, deque()).append(slot)
        _hand_out(line)
        try:
            await slot
            yield
        finally:
            if slot.done() and not slot.cancelled():
                _give_back(line, channel, person)
            else:
                _leave(line, channel, person, slot)
            _hand_out(line)


def _hand_out(line: _Line) -> None:
    """Give the free slots to those whose turn it is."""
    while line.running < line.room.slots and (place := _next(line)):
        channel, person = place
        slot = line.waiting[channel][person].popleft()
        line.waiting.move_to_end(channel)
        line.waiting[channel].move_to_end(person)
        _tidy(line, channel, person)
        if slot.done():  # whoever waited was cancelled in this very moment
            continue
        line.running += 1
        line.channels[channel] += 1
        line.people[channel, person] += 1
        slot.set_result(None)


def _next(line: _Line) -> tuple[str, str] | None:
    for channel, people in line.waiting.items():
        if line.channels[channel] < line.room.channel:
            for person in people:
                if line.people[channel, person] < line.room.person:
                    return channel, person
    return None


def _give_back(line: _Line, channel: str, person: str) -> None:
    line.running -= 1
    line.channels[channel] -= 1
    line.people[channel, person] -= 1
    if not line.channels[channel]:
        del line.channels[channel]
    if not line.people[channel, person]:
        del line.people[channel, person]


def _leave(line: _Line, channel: str, person: str, slot: asyncio.Future[None]) -> None:
    if slot in line.waiting.get(channel, OrderedDict()).get(person, ()):
        line.waiting[channel][person].remove(slot)
        _tidy(line, channel, person)


def _tidy(line: _Line, channel: str, person: str) -> None:
    if not line.waiting[channel][person]:
        del line.waiting[channel][person]
    if not line.waiting[channel]:
        del line.waiting[channel]
