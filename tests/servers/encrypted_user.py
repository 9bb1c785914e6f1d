"""Somebody in an encrypted room: a client of matrix-nio with a device and a store of its own."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import nio  # type: ignore[import-untyped]  # nio ships no type information

from tests.servers.synapse import Account


class EncryptedUser:
    """Follows its rooms in the background; messages are remembered in the clear."""

    def __init__(self, account: Account, store: Path) -> None:
        store.mkdir(parents=True)
        config = nio.AsyncClientConfig(
            encryption_enabled=True, pickle_key="the user's own", request_timeout=30
        )
        self._client = nio.AsyncClient(account.server, account.user_id, store_path=str(store), config=config)
        self._client.restore_login(account.user_id, account.device_id, account.token)
        self._client.add_event_callback(self._remember, nio.Event)
        self._seen: dict[str, Any] = {}
        self._news = asyncio.Condition()
        self._following: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._client.sync(full_state=True)
        self._following = asyncio.create_task(self._client.sync_forever(timeout=5000, full_state=True))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop_following()
        await self._client.close()
        self._client.store.database.close()

    async def stop_following(self) -> None:
        """Read nothing more; sending still works."""
        if self._following:
            self._following.cancel()
            with suppress(asyncio.CancelledError):
                await self._following
            self._following = None

    async def send(self, room: str, body: str, **content: Any) -> str:
        """Send an encrypted text message."""
        text = {"msgtype": "m.text", "body": body, **content}
        answer = await self._client.room_send(room, "m.room.message", text, ignore_unverified_devices=True)
        assert isinstance(answer, nio.RoomSendResponse), answer
        return str(answer.event_id)

    async def edit(self, room: str, event_id: str, body: str) -> str:
        """Replace the text of a message."""
        new = {"msgtype": "m.text", "body": body}
        relation = {"rel_type": "m.replace", "event_id": event_id}
        return await self.send(room, f"* {body}", **{"m.new_content": new, "m.relates_to": relation})

    async def wait_for_member(self, room: str, user_id: str) -> None:
        """Wait until somebody has joined, as this client sees it: only then it encrypts for them."""
        async with asyncio.timeout(40), self._news:
            await self._news.wait_for(lambda: self._joined(room, user_id))

    async def clear_text(self, event_id: str) -> dict[str, Any]:
        """Wait for a message; gives its decrypted content."""
        async with asyncio.timeout(40), self._news:
            await self._news.wait_for(lambda: event_id in self._seen)
        event = self._seen[event_id]
        assert event.decrypted, f"{event_id} was not encrypted, or cannot be decrypted"
        content: dict[str, Any] = event.source["content"]
        return content

    def _joined(self, room: str, user_id: str) -> bool:
        known = self._client.rooms.get(room)
        return known is not None and user_id in known.users and not known.users[user_id].invited

    async def _remember(self, _room: Any, event: Any) -> None:
        async with self._news:
            self._seen[event.event_id] = event
            self._news.notify_all()
