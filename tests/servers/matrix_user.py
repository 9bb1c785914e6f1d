"""Accounts on a test homeserver, and users who speak the client API directly.

So a test sees what the server holds, not what the bot's library says of it.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import aiohttp

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Account:
    """One account on the test server, with one logged-in device."""

    server: str
    user_id: str
    password: str = field(repr=False)
    token: str = field(repr=False)
    device_id: str


class User:
    """Somebody with a client: every method is one client-API call, and fails loudly."""

    def __init__(self, account: Account) -> None:
        self.id = account.user_id
        self._server = account.server
        self._token = account.token
        self._numbers = itertools.count()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {self._token}"}, timeout=aiohttp.ClientTimeout(total=40)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    async def call(self, method: str, path: str, body: Json | None = None, **query: str | int) -> Json:
        """Call the client API below `/_matrix/client`; a refusal is an AssertionError."""
        assert self._session, "use `async with User(…)`"
        url = f"{self._server}/_matrix/client{path}"
        async with self._session.request(method, url, json=body, params=query) as response:
            answer: Json = await response.json()
            assert response.status == 200, f"{method} {path}: {response.status} {answer}"
            return answer

    async def create_room(
        self,
        *invited: str,
        name: str = "News desk",
        encrypted: bool = False,
        direct: bool = False,
        version: str | None = None,
    ) -> str:
        """Create a private room; a direct one has no name."""
        body: Json = {"preset": "private_chat", "invite": list(invited), "is_direct": direct}
        if not direct:
            body["name"] = name
        if version:
            body["room_version"] = version
        if encrypted:
            content = {"algorithm": "m.megolm.v1.aes-sha2"}
            body["initial_state"] = [{"type": "m.room.encryption", "state_key": "", "content": content}]
        room: str = (await self.call("POST", "/v3/createRoom", body))["room_id"]
        return room

    async def invite(self, room: str, user_id: str) -> None:
        """Invite somebody."""
        await self.call("POST", f"/v3/rooms/{quote(room)}/invite", {"user_id": user_id})

    async def join(self, room: str) -> None:
        """Join a room."""
        await self.call("POST", f"/v3/rooms/{quote(room)}/join", {})

    async def send(self, room: str, body: str, **content: Any) -> str:
        """Send a text message; `content` adds to it or replaces its fields (dots in names as `__`)."""
        fields = {name.replace("__", "."): value for name, value in content.items()}
        return await self.send_event(room, "m.room.message", {"msgtype": "m.text", "body": body, **fields})

    async def send_event(self, room: str, kind: str, content: Json) -> str:
        """Send any event; gives its id."""
        path = f"/v3/rooms/{quote(room)}/send/{kind}/{self._transaction()}"
        event_id: str = (await self.call("PUT", path, content))["event_id"]
        return event_id

    async def reply(self, room: str, event_id: str, body: str, **content: Any) -> str:
        """Send a reply to a message."""
        return await self.send(room, body, m__relates_to={"m.in_reply_to": {"event_id": event_id}}, **content)

    async def send_in_thread(self, room: str, root: str, body: str, **content: Any) -> str:
        """Send a message in a thread, as clients do: with a fallback reply."""
        fallback = {"is_falling_back": True, "m.in_reply_to": {"event_id": root}}
        relation = {"rel_type": "m.thread", "event_id": root, **fallback}
        return await self.send(room, body, m__relates_to=relation, **content)

    async def edit(self, room: str, event_id: str, body: str) -> str:
        """Replace the text of a message; gives the edit's own id."""
        relation = {"rel_type": "m.replace", "event_id": event_id}
        new = {"msgtype": "m.text", "body": body}
        return await self.send(room, f"* {body}", m__new_content=new, m__relates_to=relation)

    async def redact(self, room: str, event_id: str) -> str:
        """Delete a message; gives the redaction's own id."""
        path = f"/v3/rooms/{quote(room)}/redact/{quote(event_id)}/{self._transaction()}"
        redaction: str = (await self.call("PUT", path, {}))["event_id"]
        return redaction

    async def event(self, room: str, event_id: str) -> Json:
        """Read one event."""
        return await self.call("GET", f"/v3/rooms/{quote(room)}/event/{quote(event_id)}")

    async def messages(self, room: str, limit: int = 200) -> list[Json]:
        """Read the room's latest events, oldest first."""
        page = await self.call("GET", f"/v3/rooms/{quote(room)}/messages", dir="b", limit=limit)
        return list(reversed(page["chunk"]))

    async def thread(self, room: str, root: str) -> list[Json]:
        """Read the messages of a thread, oldest first, without its root."""
        return await self.relations(room, root, "m.thread")

    async def relations(self, room: str, event_id: str, kind: str) -> list[Json]:
        """Read what relates to an event, oldest first."""
        path = f"/v1/rooms/{quote(room)}/relations/{quote(event_id)}/{kind}"
        return list(reversed((await self.call("GET", path, limit=100))["chunk"]))

    async def members(self, room: str) -> set[str]:
        """Read who is in the room."""
        return set((await self.call("GET", f"/v3/rooms/{quote(room)}/joined_members"))["joined"])

    async def wait_for(self, room: str, wanted: Callable[[Json], bool], *, seconds: float = 40.0) -> Json:
        """Wait for an event of the room (a past one counts); TimeoutError when none comes."""
        async with asyncio.timeout(seconds):
            async for news in self._news(room):
                events = news.get("state", {}).get("events", []) + news.get("timeline", {}).get("events", [])
                found: Json | None = next(filter(wanted, events), None)
                if found is not None:
                    return found
        raise AssertionError("a sync ended by itself")

    async def wait_for_receipt(self, room: str, user_id: str, *, seconds: float = 40.0) -> str:
        """Wait until somebody has read a message; gives its id."""
        async with asyncio.timeout(seconds):
            async for news in self._news(room):
                for event in news.get("ephemeral", {}).get("events", []):
                    for message_id, receipts in (
                        event["content"].items() if event["type"] == "m.receipt" else ()
                    ):
                        if user_id in receipts.get("m.read", {}):
                            return str(message_id)
        raise AssertionError("a sync ended by itself")

    async def _news(self, room: str) -> AsyncIterator[Json]:
        query: dict[str, str | int] = {"timeout": 5000, "filter": '{"room": {"timeline": {"limit": 100}}}'}
        while True:
            answer = await self.call("GET", "/v3/sync", None, **query)
            query["since"] = answer["next_batch"]
            yield answer.get("rooms", {}).get("join", {}).get(room, {})

    async def wait_for_member(self, room: str, user_id: str) -> None:
        """Wait until somebody has joined the room."""
        await self.wait_for_membership(room, user_id, "join")

    async def wait_for_membership(self, room: str, user_id: str, membership: str) -> None:
        """Wait until somebody has come to be in a room, or out of it: "leave" also declines an invitation."""
        await self.wait_for(
            room,
            lambda event: (
                event.get("state_key") == user_id and event["content"].get("membership") == membership
            ),
        )

    def _transaction(self) -> str:
        return f"{secrets.token_hex(8)}-{next(self._numbers)}"
