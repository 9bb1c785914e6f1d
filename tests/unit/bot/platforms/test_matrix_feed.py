"""The stream of events, with a scripted homeserver for what a real one does not do on demand."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from bot.errors import LoginError, PlatformError
from bot.model import Message
from bot.patience import Patience
from bot.platforms.matrix import inbound
from bot.platforms.matrix.client import Batch, Client, LockedError, Timeline
from bot.platforms.matrix.feed import Feed
from bot.platforms.matrix.inbound import Event, Room
from bot.platforms.matrix.mentions import Me
from bot.platforms.matrix.transport import LimitedError, RefusedError
from bot.storage.memory import MemoryTexts
from tests.contract.platform_suite import Accepted

ROOM = Room(id="!room", me=Me(user_id="@caveat:here.example"))
PLACE = f"matrix {ROOM.me.user_id} sync"


def said(name: str, **fields: Any) -> dict[str, Any]:
    """A message with a link."""
    content = {"msgtype": "m.text", "body": f"https://news.example/{name}"}
    return {
        "type": "m.room.message",
        "event_id": name,
        "sender": "@ann:here.example",
        "content": content,
    } | fields


def batch(name: str, *events: Event, new_keys: bool = False) -> Batch:
    """One answer to a sync."""
    return Batch(next=name, timelines=(Timeline(room=ROOM, events=events),), invites=(), new_keys=new_keys)


class Script:
    """Answers each sync with the next line of a script, and ends by a refused login."""

    user_id = ROOM.me.user_id
    encrypts = True

    def __init__(self, *lines: Batch | Exception) -> None:
        self._lines = iter(lines)
        self.places: list[str | None] = []
        self.open = False

    async def sync(self, since: str | None, *, first: bool) -> Batch:  # a script knows its order
        self.places.append(since)
        line = next(self._lines, LoginError("the script ends"))
        if isinstance(line, Exception):
            raise line
        self.open = self.open or line.new_keys
        return line

    def decrypt(self, event: Event) -> Event:
        if event.get("locked") and not self.open:
            raise LockedError("no key yet")
        return event

    async def tend(self) -> None:
        return None


async def play(script: Script, state: MemoryTexts) -> list[str]:
    """Run a feed to the end of its script; gives the ids of the messages handed over."""
    accepted = Accepted()
    feed = Feed(cast("Client", script), state, accepted, Patience(first=0.001, longest=0.002))
    with pytest.raises(LoginError, match="the script ends"):
        await asyncio.wait_for(feed.run(lambda: None), 10)
    return [message.id for message in accepted.messages]


@pytest.fixture
async def state() -> MemoryTexts:
    """A saved place: this is not the first start."""
    state = MemoryTexts()
    await state.save(PLACE, "0")
    return state


async def test_a_message_whose_key_comes_late_is_handed_over_then(state: MemoryTexts) -> None:
    script = Script(
        batch("1", said("early", locked=True), said("plain")),
        batch("2"),
        batch("3", new_keys=True),
        batch("4"),
    )
    assert await play(script, state) == ["plain", "early"]


async def test_failed_syncs_go_on_where_they_were(state: MemoryTexts) -> None:
    script = Script(
        PlatformError("away"),
        RefusedError("not its answer", status=502, code=""),
        batch("1", said("a")),
        LimitedError("too many", status=429, code="M_LIMIT_EXCEEDED", retry_after=0.001),
        batch("2", said("b")),
    )
    assert await play(script, state) == ["a", "b"]
    assert script.places == ["0", "0", "0", "1", "1", "2"]
    assert await state.load(PLACE) == "2"


async def test_a_message_that_trips_us_up_stops_no_other(
    state: MemoryTexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would come again after every restart."""
    read = inbound.read_message

    def trip(event: Event, room: Room, original: Event | None = None) -> Message:
        if event["event_id"] == "bad":
            raise RecursionError
        return read(event, room, original)

    monkeypatch.setattr(inbound, "read_message", trip)
    assert await play(Script(batch("1", said("bad"), said("good"))), state) == ["good"]


@pytest.mark.parametrize(
    ("failures", "error", "seconds"),
    [
        (1, PlatformError("away"), 1),
        (2, PlatformError("away"), 2),
        (4, PlatformError("away"), 8),
        (100, PlatformError("away"), 60),
        (1, LimitedError("slow", status=429, code="M_LIMIT_EXCEEDED", retry_after=90), 90),
        (3, LimitedError("slow", status=429, code="M_LIMIT_EXCEEDED", retry_after=0.5), 4),
    ],
)
def test_waits_double_up_to_a_minute_and_are_as_long_as_the_homeserver_asks(
    failures: int, error: Exception, seconds: float
) -> None:
    assert Patience().pause(failures, error) == seconds
