"""One account on one homeserver, as typed calls.

nio logs in, follows the state of rooms, sends, and holds the encryption keys. What is read (sync, history,
single events, threads) is read as plain JSON: nio's own readers hide which error it was, drop fields that
we need (`unsigned`), and one malformed encrypted event in a room would end every sync of the whole bot.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nio  # type: ignore[import-untyped]  # nio ships no type information
import structlog

from bot.errors import BotError, PlatformError
from bot.faults import placed
from bot.platforms.matrix.inbound import Event, Room, mapping
from bot.platforms.matrix.invitations import Invitation, read_invitation, room_server, server_of
from bot.platforms.matrix.login import log_in, new_client
from bot.platforms.matrix.mentions import Me
from bot.platforms.matrix.session import Credentials
from bot.platforms.matrix.transport import CALL_SECONDS, RefusedError, Transport

_log = structlog.get_logger(__name__)

_FIRST_SYNC_SECONDS = 180.0
_POLL_SECONDS = 30
_DEEPEST = 100
_NOTHING: dict[str, list[str]] = {"types": []}
_SYNC_FILTER = {
    "presence": _NOTHING,
    "account_data": _NOTHING,
    "room": {"ephemeral": _NOTHING, "account_data": _NOTHING, "timeline": {"limit": 20}},
}


class LockedError(BotError):
    """An encrypted event cannot be read: encryption is off, or its key did not reach us."""


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """What is new in one room; `limited` when there is more before it, from `prev_batch` backwards."""

    room: Room
    events: tuple[Event, ...]
    limited: bool = False
    prev_batch: str | None = None


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One answer to a sync; `next` is where the following one goes on."""

    next: str
    timelines: tuple[Timeline, ...]
    invites: tuple[Invitation, ...]
    new_keys: bool = False


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Some events of the past, newest first, and where it goes on (None at the end)."""

    events: tuple[Event, ...]
    next: str | None


class Client:
    """The homeserver, from `log_in` to `close`; calls raise as `transport` says."""

    def __init__(self, credentials: Credentials, folder: Path) -> None:
        self.user_id = credentials.user
        self._credentials = credentials
        self._folder = folder
        self._nio = new_client(credentials, folder)
        self._transport = Transport(self._nio)
        self._servers: dict[str, str] = {}

    @property
    def device_id(self) -> str:
        """The device that we are, once logged in."""
        return str(self._nio.device_id)

    @property
    def encrypts(self) -> bool:
        """Whether encrypted rooms can be read and written."""
        return self._nio.olm is not None

    async def log_in(self) -> None:
        """Log in; see `login.log_in`."""
        await log_in(self._nio, self._credentials, self._folder)

    async def close(self) -> None:
        """Close the connections and the store of keys."""
        await self._nio.close()
        if self._nio.store:
            self._nio.store.database.close()

    async def sync(self, since: str | None, *, first: bool) -> Batch:
        """Wait for news, half a minute at most; the first time, get the state of every room at once."""
        query = {"filter": json.dumps(_SYNC_FILTER), "timeout": "0" if first else str(_POLL_SECONDS * 1000)}
        query |= {"since": since} if since else {}
        query |= {"full_state": "true"} if first else {}
        seconds = _FIRST_SYNC_SECONDS if first else _POLL_SECONDS + CALL_SECONDS
        answer = await self._transport.get("sync", "v3/sync", query, seconds=seconds)
        await self._follow(answer)
        rooms = _mapping(answer, "rooms")
        return Batch(
            next=str(answer["next_batch"]),
            timelines=tuple(self._timeline(*joined) for joined in _mapping(rooms, "join").items()),
            invites=tuple(filter(None, starmap(self._invitation, _mapping(rooms, "invite").items()))),
            new_keys=bool(_mapping(answer, "to_device").get("events")),
        )

    async def tend(self) -> None:
        """Do what encryption asks for between two syncs: keys to publish, to look up and to claim."""
        if not self.encrypts:
            return
        client, ask = self._nio, self._transport.ask
        await ask("send keys to devices", client.send_to_device_messages)
        if client.should_upload_keys:
            await ask("publish our keys", client.keys_upload)
        if client.should_query_keys:
            await ask("look keys up", client.keys_query)
        if client.should_claim_keys:
            await ask("claim keys", lambda: client.keys_claim(client.get_users_for_key_claiming()))

    def room(self, room_id: str) -> Room:
        """Give what is known of a room: two members and no name make it a direct one."""
        known = self._nio.rooms.get(room_id)
        own = known.users.get(self.user_id) if known else None
        me = Me(user_id=self.user_id, display_name=(own.display_name or "") if own else "")
        return Room(id=room_id, me=me, direct=bool(known and known.joined_count == 2 and not known.is_named))  # noqa: PLR2004  # a pair

    def is_own(self, room_id: str) -> bool:
        """Whether a room was made on our own server; False where that is not known."""
        return (server_of(room_id) or self._servers.get(room_id)) == server_of(self.user_id)

    def is_encrypted(self, room_id: str) -> bool:
        """Whether messages in a room must be encrypted."""
        known = self._nio.rooms.get(room_id)
        return bool(known and known.encrypted)

    def decrypt(self, event: Event) -> Event:
        """Give an event in the clear; one that is not encrypted as it is. Raises LockedError."""
        if event.get("type") != "m.room.encrypted":
            return event
        if not self.encrypts:
            raise LockedError("Encrypted rooms need CAVEAT_MATRIX_PICKLE_KEY")
        try:
            clear = self._nio.decrypt_event(nio.Event.parse_event(dict(event))).source
            return {**event, "type": clear["type"], "content": clear["content"]}
        except Exception as error:  # anybody may have written it, and nio raises whatever it trips over
            raise LockedError(f"Cannot decrypt {event.get('event_id')}: {placed(error)}") from error

    async def history(self, room_id: str, start: str | None = None, end: str | None = None) -> Slice:
        """Read a room's past backwards, from `start` (None: now) to `end` (None: its beginning)."""
        bounds = {name: value for name, value in (("from", start), ("to", end)) if value}
        path = f"v3/rooms/{quote(room_id, '')}/messages"
        answer = await self._transport.get("read messages", path, {"dir": "b", "limit": "100"} | bounds)
        return Slice(events=_events(answer, "chunk", room_id), next=answer.get("end"))

    async def thread(self, room_id: str, root: str, start: str | None = None) -> Slice:
        """Read a thread's messages backwards, from `start` (None: now)."""
        path = f"v1/rooms/{quote(room_id, '')}/relations/{quote(root, '')}/m.thread"
        bounds = {"from": start} if start else {}
        answer = await self._transport.get("read a thread", path, {"limit": "100"} | bounds)
        return Slice(events=_events(answer, "chunk", room_id), next=answer.get("next_batch"))

    async def event(self, room_id: str, event_id: str) -> Event | None:
        """Read one event; None when there is none for us."""
        path = f"v3/rooms/{quote(room_id, '')}/event/{quote(event_id, '')}"
        try:
            return {"room_id": room_id} | await self._transport.get("read a message", path)
        except RefusedError as refused:
            if refused.missing or refused.code == "M_FORBIDDEN":
                return None
            raise

    async def send(self, room_id: str, kind: str, content: dict[str, Any], transaction: str) -> str:
        """Send an event, encrypted where the room is; gives its id."""
        if self.is_encrypted(room_id) and not self.encrypts:
            raise PlatformError(
                f"{room_id} is encrypted: set CAVEAT_MATRIX_PICKLE_KEY to read and write there"
            )
        answer = await self._transport.ask(
            "send a message",
            lambda: self._nio.room_send(
                room_id, kind, content, tx_id=transaction, ignore_unverified_devices=True
            ),
        )
        return str(answer.event_id)

    async def redact(self, room_id: str, event_id: str, transaction: str) -> None:
        """Delete an event."""
        await self._transport.ask(
            "delete a message", lambda: self._nio.room_redact(room_id, event_id, tx_id=transaction)
        )

    async def join(self, room_id: str) -> None:
        """Accept an invitation."""
        await self._transport.ask("join a room", lambda: self._nio.join(room_id))

    async def leave(self, room_id: str) -> None:
        """Leave a room, or decline an invitation."""
        await self._transport.ask("decline an invitation", lambda: self._nio.room_leave(room_id))

    async def mark_read(self, room_id: str, event_id: str, thread_id: str | None) -> None:
        """Show that a message was read, in its thread or in the main timeline."""
        await self._transport.ask(
            "mark a message as read",
            lambda: self._nio.update_receipt_marker(
                room_id, event_id, nio.ReceiptType.read, thread_id=thread_id or "main"
            ),
        )

    async def _follow(self, answer: Mapping[str, Any]) -> None:
        """Let nio learn rooms, members and keys; encrypted messages are kept from it (see `decrypt`)."""
        try:
            copy = _copy(_without_encrypted(answer))  # nio takes what it reads apart
            await self._nio.receive_response(nio.SyncResponse.from_dict(copy))
        except Exception as error:  # noqa: BLE001  # as in `decrypt`; the messages are read all the same
            _log.error("matrix: the state of some room could not be read", error=placed(error))

    def _timeline(self, room_id: str, info: Mapping[str, Any]) -> Timeline:
        timeline = _mapping(info, "timeline")
        state = [*(_mapping(info, "state").get("events") or ()), *(timeline.get("events") or ())]
        if server := room_server(room_id, state):
            self._servers[room_id] = server
        return Timeline(
            room=self.room(room_id),
            events=_events(timeline, "events", room_id),
            limited=timeline.get("limited") is True,
            prev_batch=timeline.get("prev_batch"),
        )

    def _invitation(self, room_id: str, info: Mapping[str, Any]) -> Invitation | None:
        state = _mapping(info, "invite_state").get("events") or ()
        return read_invitation(room_id, state, self.user_id)


def _copy(value: Any, depth: int = 0) -> Any:
    """Copy JSON, without what nests too deeply to mean anything: nio and the copy itself are recursive."""
    if depth == _DEEPEST:
        return None
    if isinstance(value, dict):
        return {name: _copy(each, depth + 1) for name, each in value.items()}
    return [_copy(each, depth + 1) for each in value] if isinstance(value, list) else value


def _without_encrypted(answer: Mapping[str, Any]) -> dict[str, Any]:
    rooms = _mapping(answer, "rooms")
    joined = {}
    for room_id, info in _mapping(rooms, "join").items():
        timeline = _mapping(info, "timeline")
        events = [event for event in timeline.get("events", ()) if event.get("type") != "m.room.encrypted"]
        joined[room_id] = {**info, "timeline": {**timeline, "events": events}}
    return {**answer, "rooms": {**rooms, "join": joined}}


def _events(answer: Mapping[str, Any], name: str, room_id: str) -> tuple[Event, ...]:
    return tuple({"room_id": room_id} | event for event in answer.get(name) or ())


def _mapping(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return mapping(answer.get(name))
