"""Was an answer posted already? The thread tells; where there is none, the room's recent messages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from bot.errors import InconclusiveError
from bot.model import Place, Receipt
from bot.platforms.matrix import outbound
from bot.platforms.matrix.client import Client, LockedError, Slice
from bot.platforms.matrix.inbound import Event, mapping
from bot.platforms.matrix.transport import RefusedError

_PAGES = 20
"""How far back is looked, in pages of a hundred events."""


async def find_answer(client: Client, place: Place, key: str) -> Receipt | None:
    """Find our message that carries `key`; None when there surely is none.

    One that stands in no thread is a note to curators: it is looked for among the room's last messages, and
    would rather be said twice than not at all.

    Raises InconclusiveError when that cannot be told, PlatformError when the homeserver is away.
    """
    try:
        if not place.root:
            return await _search(client, _recent(client, place), place, key)
        try:
            thread = _pages(lambda start: client.thread(place.channel, place.root, start))
            return await _search(client, thread, place, key)
        except RefusedError as refused:
            if not refused.missing:
                raise
            return await _search(client, _since_asked(client, place), place, key)
    except RefusedError as refused:
        if not refused.final:
            raise
        raise InconclusiveError(f"Cannot tell whether an answer was posted: {refused}") from refused


async def _search(client: Client, events: AsyncIterator[Event], place: Place, key: str) -> Receipt | None:
    locked: LockedError | None = None
    async for event in events:
        if event.get("sender") != client.user_id or "redacted_because" in mapping(event.get("unsigned")):
            continue
        try:
            clear = client.decrypt(event)
        except LockedError as error:
            locked = error
            continue
        if outbound.carries(clear, key):
            return Receipt(channel=place.channel, message_id=str(event["event_id"]))
    if locked:
        raise InconclusiveError(f"One of our own messages cannot be read: {locked}") from locked
    return None


async def _recent(client: Client, place: Place) -> AsyncIterator[Event]:
    for event in (await client.history(place.channel)).events:
        yield event


async def _since_asked(client: Client, place: Place) -> AsyncIterator[Event]:
    async for event in _pages(lambda start: client.history(place.channel, start)):
        if event.get("event_id") == place.message_id:
            return
        yield event


async def _pages(read: Callable[[str | None], Awaitable[Slice]]) -> AsyncIterator[Event]:
    start: str | None = None
    for _ in range(_PAGES):
        page = await read(start)
        for event in page.events:
            yield event
        start = page.next
        if not start:
            return
    raise InconclusiveError("Too much was said since to look through it")
