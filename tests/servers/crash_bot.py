"""A bot of a few lines on the real queue, ledger and delivery, for tests that kill it.

Usage: python -m tests.servers.crash_bot SERVER_URL DATA_FOLDER
"""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.answers import Intent, answer_key
from bot.errors import PlatformError
from bot.model import Action, Deletion, Event, Feedback, Incoming, Message, Place, Receipt, Reply
from bot.ports import Accept
from bot.replies.deliver import deliver, withdraw_answers
from bot.storage.ledger import Ledger
from bot.storage.work_queue import DurableWork
from bot.turns import Lane, Room, Turns
from kb.store.database import connect, upgrade

CHANNEL = "room"


class HttpPlatform:
    """The `Platform` port on `ChatServer`."""

    name = "chat"

    def __init__(self, session: ClientSession, ledger: Ledger) -> None:
        self._session = session
        self._ledger = ledger

    async def listen(self, accept: Accept) -> None:
        """Follow the feed; the place in it is saved once everything before it was accepted."""
        while True:
            after = await self._ledger.load("chat.after") or "0"
            batch = await self._call("GET", f"/events?after={after}")
            for data in batch["events"]:
                await accept(_event(data))
                await self.checkpoint("accepted", data["id"])
            await self._ledger.save("chat.after", str(batch["next"]))

    async def read(self, channel: str, message_id: str) -> Message | None:
        """Give nothing: this bot asks for no message."""
        return None

    async def find(self, place: Place, key: str) -> Receipt | None:
        """Look a post up by its key."""
        found = (await self._call("GET", f"/posts/{key}"))["ids"]
        return Receipt(channel=place.channel, message_id=found[0]) if found else None

    async def post(self, place: Place, reply: Reply, key: str) -> Receipt:
        """Post; the server does not mind posting a key twice."""
        data = {"message": place.message_id, "key": key, "text": reply.lead}
        posted = await self._call("POST", "/posts", json=data)
        return Receipt(channel=place.channel, message_id=posted["id"])

    async def withdraw(self, receipt: Receipt) -> None:
        """Delete a post."""
        await self._call("DELETE", f"/posts/{receipt.message_id}")

    async def fetch(self, message_id: str) -> str:
        """Fetch the page behind a message."""
        title: str = (await self._call("GET", f"/page/{message_id}"))["title"]
        return title

    async def checkpoint(self, point: str, message_id: str) -> None:
        """Tell the server how far the bot has come; a test may hold it there."""
        await self._call("POST", f"/checkpoint/{point}/{message_id}")

    async def _call(self, method: str, path: str, **options: Any) -> Any:
        try:
            async with self._session.request(method, path, raise_for_status=True, **options) as response:
                return await response.json()
        except (ClientError, TimeoutError) as error:
            raise PlatformError(f"{method} {path} failed: {error}") from error


class SlowLedger(Ledger):
    """A ledger that says when it is about to record a post."""

    platform: HttpPlatform

    async def posted(self, key: str, receipt: Receipt) -> bool:
        """Record a post, after a checkpoint."""
        answer = await self.answer(key)
        assert answer is not None
        await self.platform.checkpoint("unrecorded", answer.intent.place.message_id)
        return await super().posted(key, receipt)


def _event(data: dict[str, Any]) -> Event:
    if data["kind"] == "deletion":
        return Deletion(platform="chat", channel=CHANNEL, id=data["id"], event=f"deletion:{data['id']}")
    return Message(
        platform="chat",
        channel=CHANNEL,
        id=data["id"],
        event=f"message:{data['id']}",
        sender="somebody",
        text="https://news.example/",
        links=("https://news.example/",),
        asked=False,
        sent_at=datetime.now(UTC),
    )


async def answer(platform: HttpPlatform, ledger: Ledger, event: Event) -> None:
    """Fetch, then say it once; or take it back."""
    if isinstance(event, Deletion):
        await withdraw_answers(ledger, platform, event)
        return
    title = await platform.fetch(event.id)
    intent = Intent(
        key=answer_key(event.platform, event.channel, event.id, "news.example"),
        platform=event.platform,
        place=Place(channel=event.channel, message_id=event.id),
        action=Action.REPLY,
        entry_id=f"entry-of-{event.id}",
    )
    await deliver(
        ledger, platform, intent, Reply(lead=title), not_said_since=datetime(2000, 1, 1, tzinfo=UTC)
    )
    await platform.checkpoint("unfinished", event.id)


async def run(url: str, folder: Path) -> None:
    """Run until SIGTERM."""
    engine = connect(f"sqlite:///{folder}/caveat.db")
    upgrade(engine, "bot.storage")
    room = Room(slots=8, channel=8, person=8)  # a test holds that many in one channel at once
    turns = Turns(dict.fromkeys(Lane, room))
    work = DurableWork(folder / "work.db", turns=turns, retry_waits=(0.1, 0.5, 2.0))
    ledger = SlowLedger(engine)
    async with ClientSession(url, timeout=ClientTimeout(total=60)) as session:
        ledger.platform = platform = HttpPlatform(session, ledger)

        async def accept(event: Incoming) -> None:
            assert not isinstance(event, Feedback)  # nobody votes here
            await work.enqueue(f"{event.platform}:{event.channel}:{event.event}", event)

        await work.start(lambda event: answer(platform, ledger, event))
        listening = asyncio.create_task(platform.listen(accept))
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, listening.cancel)
        try:
            with suppress(asyncio.CancelledError):
                await listening
        finally:
            await work.stop()
    engine.dispose()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], Path(sys.argv[2])))
