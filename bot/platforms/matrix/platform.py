"""The Matrix platform: the `Platform` port on one homeserver account."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import structlog

from bot.errors import GoneError, LoginError, PlatformError, SettingsError
from bot.model import Message, Place, Receipt, Reply
from bot.patience import Patience
from bot.platforms.matrix import inbound, outbound
from bot.platforms.matrix.client import Client, LockedError
from bot.platforms.matrix.feed import Feed
from bot.platforms.matrix.inbound import Event
from bot.platforms.matrix.lookup import find_answer
from bot.platforms.matrix.outbound import Content
from bot.platforms.matrix.session import Credentials
from bot.platforms.matrix.transport import LimitedError, RefusedError
from bot.ports import Accept, KeptTexts
from bot.replies.shorter import shorter

_log = structlog.get_logger(__name__)

_READY_SECONDS = 30.0
_ATTEMPTS = 4


@dataclass(kw_only=True, eq=False)
class MatrixPlatform:
    """Rooms of one account; `store` is a folder of its own for the login and the encryption keys.

    Everything but `check` works while `listen` runs, for that logs in and learns which rooms are encrypted.
    Without a `pickle_key` in the credentials encrypted rooms stay closed.
    `invites_from` are the servers and users whose invitations are accepted; empty: everybody's.
    """

    name = inbound.PLATFORM

    credentials: Credentials
    store: Path
    state: KeptTexts
    invites_from: Collection[str] = ()
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        self._client: Client | None = None
        self._ready = asyncio.Event()

    async def check(self) -> str:
        """Log in and say as whom. Raises LoginError or PlatformError."""
        async with self._logged_in() as client:
            plain_only = "plain rooms only, without CAVEAT_MATRIX_PICKLE_KEY"
            rooms = "encrypted rooms too" if client.encrypts else plain_only
            return f"{client.user_id} on {self.credentials.homeserver}, device {client.device_id} ({rooms})"

    async def listen(self, accept: Accept) -> None:
        """Follow the rooms until cancelled; a homeserver that is away is waited for, at the start as later.

        Raises LoginError when the credentials are refused, SettingsError when no homeserver answers there.
        """
        async with self._logged_in(wait=True) as client:
            _log.info(
                "matrix: logged in", user=client.user_id, device=client.device_id, encryption=client.encrypts
            )
            self._client = client
            try:
                feed = Feed(client, self.state, accept, self.patience, invites_from=self.invites_from)
                await feed.run(self._ready.set)
            finally:
                self._ready.clear()
                self._client = None

    def is_own(self, channel: str) -> bool:
        """Whether a room was made on the bot's own homeserver; False until that is known."""
        return self._client is not None and self._client.is_own(channel)

    async def read(self, channel: str, message_id: str) -> Message | None:
        """Read a message with its latest text, notices included.

        None also for the bot's own messages, and for encrypted ones without a key.
        """
        client = await self._connected()
        event = await client.event(channel, message_id)
        if event is None or event.get("sender") == client.user_id:
            return None
        try:
            clear = client.decrypt(event)
            edit = _latest_edit(client, event)
        except LockedError:
            return None
        room = client.room(channel)
        if not inbound.is_text(clear):
            return None
        if edit is not None and inbound.is_edit_of(edit, clear):
            return inbound.read_message(edit, room, clear)
        return inbound.read_message(clear, room)

    async def find(self, place: Place, key: str) -> Receipt | None:
        """Look through the thread for our own message that carries `key`.

        Raises InconclusiveError when that cannot be told, PlatformError when the homeserver is away.
        """
        return await find_answer(await self._connected(), place, key)

    async def post(self, place: Place, reply: Reply, key: str) -> Receipt:
        """Post a notice in the thread; the same key posts once, for its transaction id is the same."""
        client = await self._connected()
        build = partial(outbound.answer, place=place, key=key)
        event_id = await self._send(client, place.channel, reply, build, (place.channel, key))
        if reply.feedback:
            await _offer_feedback(client, place.channel, event_id)
        return Receipt(channel=place.channel, message_id=event_id)

    async def amend(self, receipt: Receipt, reply: Reply, key: str, edition: int) -> None:
        """Send an edit; the same edition is sent once, for its transaction id is the same."""
        client = await self._connected()
        build = partial(outbound.edit, event_id=receipt.message_id, key=key)
        parts = ("edit", receipt.channel, receipt.message_id, str(edition))
        try:
            await self._send(client, receipt.channel, reply, build, parts)
        except RefusedError as refused:
            if refused.final and not isinstance(refused, LimitedError):
                raise GoneError(f"Matrix refused the edit: {refused}") from refused
            raise

    async def withdraw(self, receipt: Receipt) -> None:
        """Redact a message; one that does not exist is success."""
        client = await self._connected()
        transaction = outbound.transaction_id("withdraw", receipt.channel, receipt.message_id)
        try:
            await self.patience.until_done(
                lambda: client.redact(receipt.channel, receipt.message_id, transaction), attempts=_ATTEMPTS
            )
        except RefusedError as refused:
            if not refused.missing:
                raise

    async def _send(
        self,
        client: Client,
        room: str,
        reply: Reply,
        build: Callable[[Reply], Content],
        parts: tuple[str, ...],
    ) -> str:
        """Send what is said or, where a server takes no more, a few words of it; gives the event's id."""

        async def send(content: Content, *parts: str) -> str:
            transaction = outbound.transaction_id(*parts)
            return await self.patience.until_done(
                lambda: client.send(room, "m.room.message", content, transaction), attempts=_ATTEMPTS
            )

        try:
            return await send(outbound.fitting(reply, build), *parts)
        except RefusedError as refused:
            if refused.code != "M_TOO_LARGE":
                raise
            _log.error("matrix: only a part of an answer was taken", room=room, error=str(refused))
        return await send(build(shorter(reply)), "short", *parts)

    @asynccontextmanager
    async def _logged_in(self, *, wait: bool = False) -> AsyncIterator[Client]:
        client = Client(self.credentials, self.store)
        try:
            if wait:
                await self._log_in_at_last(client)
            else:
                await self.patience.until_done(client.log_in, attempts=_ATTEMPTS, on=LimitedError)
            yield client
        finally:
            await client.close()

    async def _log_in_at_last(self, client: Client) -> None:
        """Log in as soon as the homeserver lets us; only what a person must mend is raised."""
        foreign = 0

        def is_final(error: Exception) -> bool:
            nonlocal foreign
            if not isinstance(error, RefusedError):
                return False
            foreign = foreign + 1 if error.foreign else 0  # a proxy that starts may say 404 for a moment
            return error.final or foreign >= _ATTEMPTS

        try:
            await self.patience.until_done(client.log_in, final=is_final, what="the login at Matrix")
        except RefusedError as refused:
            kind = SettingsError if refused.foreign else LoginError
            raise kind(str(refused)) from refused

    async def _connected(self) -> Client:
        try:
            async with asyncio.timeout(_READY_SECONDS):
                await self._ready.wait()
        except TimeoutError as error:
            raise PlatformError("Matrix is not connected yet") from error
        if self._client is None:
            raise PlatformError("Matrix is not connected any more")
        return self._client


def _latest_edit(client: Client, event: Event) -> Event | None:
    """Servers send a message's latest edit along with it."""
    related = inbound.mapping(inbound.mapping(event.get("unsigned")).get("m.relations"))
    edit = inbound.mapping(related.get("m.replace"))
    return client.decrypt({"room_id": event["room_id"], **edit}) if "content" in edit else None


async def _offer_feedback(client: Client, room_id: str, event_id: str) -> None:
    """Set the reactions to press; an answer without them is an answer all the same."""
    for emoji in outbound.FEEDBACK:
        transaction = outbound.transaction_id("feedback", room_id, event_id, emoji)
        try:
            await client.send(room_id, "m.reaction", outbound.reaction(event_id, emoji), transaction)
        except PlatformError as error:
            if not (isinstance(error, RefusedError) and error.code == "M_DUPLICATE_ANNOTATION"):
                _log.info("matrix: no reactions to press", room=room_id, error=str(error))
                return
