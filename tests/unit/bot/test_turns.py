"""Who is handled next: lanes of their own, turns among channels and people, and no slot is ever lost."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Deletion, Message
from bot.turns import Lane, Room, Turns, lane_of

TIGHT = dict.fromkeys(Lane, Room(slots=2, channel=2, person=1))


class Handlers:
    """Handlers that run until they are told to end; `started` has them in the order of their turns."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self.started: list[str] = []
        self._end: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, name: str, channel: str, person: str, lane: Lane = Lane.UNASKED) -> None:
        """Ask for a turn."""
        self._end[name] = asyncio.Event()

        async def handle() -> None:
            async with self._turns.turn(lane, channel, person):
                self.started.append(name)
                await self._end[name].wait()

        self.tasks[name] = asyncio.create_task(handle())
        await settle()

    async def end(self, name: str) -> None:
        """Let one end."""
        self._end[name].set()
        await self.tasks[name]
        await settle()


async def settle() -> None:
    """Let every task run as far as it can."""
    for _ in range(5):
        await asyncio.sleep(0)


def message(*, asked: bool = False, command: bool = False) -> Message:
    return Message(
        platform="memory",
        channel="c",
        id="m",
        event="m",
        sender="ana",
        text="",
        links=(),
        asked=asked,
        command=command,
        sent_at=datetime(2026, 1, 10, tzinfo=UTC),
    )


def test_commands_and_deletions_are_urgent_and_asked_work_goes_before_the_rest() -> None:
    assert lane_of(message(asked=True, command=True)) is Lane.URGENT
    assert lane_of(Deletion(platform="memory", channel="c", id="m", event="d")) is Lane.URGENT
    assert lane_of(message(asked=True)) is Lane.ASKED
    assert lane_of(message()) is Lane.UNASKED


async def test_what_nobody_asked_for_holds_up_neither_a_question_nor_a_command() -> None:
    handlers = Handlers(Turns(TIGHT))
    for number in range(6):
        await handlers.come(f"link {number}", f"c{number}", "ana")
    await handlers.come("question", "c0", "ben", Lane.ASKED)
    await handlers.come("pause", "c0", "cleo", Lane.URGENT)
    assert handlers.started == ["link 0", "link 1", "question", "pause"]


async def test_channels_take_turns_and_so_do_people_in_them() -> None:
    handlers = Handlers(Turns(dict.fromkeys(Lane, Room(slots=1, channel=1, person=1))))
    await handlers.come("first", "busy", "ana")
    for number in range(3):
        await handlers.come(f"ana {number}", "busy", "ana")
    await handlers.come("ben", "busy", "ben")
    await handlers.come("quiet", "quiet", "cleo")
    for name in ("first", "ana 0", "quiet", "ben", "ana 1"):
        await handlers.end(name)
    assert handlers.started == ["first", "ana 0", "quiet", "ben", "ana 1", "ana 2"]


async def test_one_person_or_channel_never_holds_all_slots() -> None:
    rooms = dict.fromkeys(Lane, Room(slots=4, channel=3, person=2))
    handlers = Handlers(Turns(rooms))
    for number in range(5):
        await handlers.come(f"ana {number}", "c", "ana")
    for number in range(3):
        await handlers.come(f"ben {number}", "c", "ben")
    await handlers.come("other", "d", "ana")
    assert handlers.started == ["ana 0", "ana 1", "ben 0", "other"]


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from(["end", "cancel"])),
        max_size=25,
    )
)
async def test_no_slot_is_lost_whoever_leaves_and_whenever(steps: list[tuple[str, str, str]]) -> None:
    """After any come and go, as many can run at a time as before."""
    turns = Turns(TIGHT)
    handlers = Handlers(turns)
    for number, (channel, person, leaves) in enumerate(steps):
        name = str(number)
        await handlers.come(name, channel, person)
        if leaves == "cancel":
            handlers.tasks[name].cancel()
            with suppress(asyncio.CancelledError):
                await handlers.tasks[name]
    for name in [name for name, task in handlers.tasks.items() if not task.done()]:
        handlers.tasks[name].cancel()
    await asyncio.gather(*handlers.tasks.values(), return_exceptions=True)
    before = len(handlers.started)
    for number in range(3):
        await handlers.come(f"late {number}", f"channel {number}", "dora")
    assert handlers.started[before:] == ["late 0", "late 1"]
    for task in handlers.tasks.values():
        task.cancel()
    await asyncio.gather(*handlers.tasks.values(), return_exceptions=True)
