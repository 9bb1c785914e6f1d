"""The Matrix platform: the `Platform` port on one homeserver account."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from bot.errors import GoneError, PlatformError
from bot.model import Message, Place, Receipt, Reply
from bot.platforms.matrix import inbound, outbound
from bot.platforms.matrix.client import Client, LockedError
from bot.platforms.matrix.feed import Feed
from bot.platforms.matrix.inbound import Event
from bot.platforms.matrix.lookup import find_answer
from bot.platforms.matrix.patience import Patience
from bot.platforms.matrix.session import Credentials
from bot.platforms.matrix.state import State
from bot.platforms.matrix.transport import LimitedError, RefusedError
from bot.ports import Accept

_log = structlog.get_logger(__name__)

_READY_SECONDS = 30.0
_ATTEMPTS = 4


class MatrixPlatform:
    """Rooms of one account; `store` is a folder of its own for the login and the encryption keys.

    Everything but `check` works while `listen` runs, for that logs in and learns which rooms are encrypted.
    Raises SettingsError for settings that cannot be meant. Without `pickle_key` encrypted rooms stay closed.
    """

    name = inbound.PLATFORM

    def __init__(
        self,
        *,
        homeserver: str,
        user: str,
        store: Path,
        state: State,
        password: str = "",
        token: str = "",
        device_id: str = "",
        pickle_key: str = "",
        patience: Patience | None = None,
    ) -> None:
        self._credentials = Credentials(
            homeserver=homeserver,
            user=user,
            password=password,
            token=token,
            device_id=device_id,
            pickle_key=pickle_key,
        )
        self._store = store
        self._state = state
        self._patience = patience or Patience()
        self._client: Client | None = None
        self._ready = asyncio.Event()

    async def check(self) -> str:
        """Log in and say as whom. Raises LoginError or PlatformError."""
        async with self._logged_in() as client:
            rooms = (
                "encrypted rooms too"
                if client.encrypts
                else "plain rooms only, without CAVEAT_MATRIX_PICKLE_KEY"
            )
            return f"{client.user_id} on {self._credentials.homeserver}, device {client.device_id} ({rooms})"

    async def listen(self, accept: Accept) -> None:
        """Follow the rooms until cancelled; after the start, a homeserver that is away is waited for.

        Raises LoginError when the credentials are refused, PlatformError when at the start nobody answers.
        """
        async with self._logged_in() as client:
            _log.info(
                "matrix: logged in", user=client.user_id, device=client.device_id, encryption=client.encrypts
            )
            self._client = client
            try:
                await Feed(client, self._state, accept, self._patience).run(self._ready.set)
            finally:
                self._ready.clear()
                self._client = None

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
        content, transaction = outbound.answer(reply, place, key), outbound.transaction_id(place.channel, key)
        event_id = await self._patience.until_done(
            lambda: client.send(place.channel, "m.room.message", content, transaction), attempts=_ATTEMPTS
        )
        if reply.feedback:
            await _offer_feedback(client, place.channel, event_id)
        return Receipt(channel=place.channel, message_id=event_id)

    async def amend(self, receipt: Receipt, reply: Reply, key: str, edition: int) -> None:
        """Send an edit; the same edition is sent once, for its transaction id is the same."""
        client = await self._connected()
        content = outbound.edit(reply, receipt.message_id, key)
        transaction = outbound.transaction_id("edit", receipt.channel, receipt.message_id, str(edition))
        try:
            await self._patience.until_done(
                lambda: client.send(receipt.channel, "m.room.message", content, transaction),
                attempts=_ATTEMPTS,
            )
        except RefusedError as refused:
            if refused.final and not isinstance(refused, LimitedError):
                raise GoneError(f"Matrix refused the edit: {refused}") from refused
            raise

    async def withdraw(self, receipt: Receipt) -> None:
        """Redact a message; one that does not exist is success."""
        client = await self._connected()
        transaction = outbound.transaction_id("withdraw", receipt.channel, receipt.message_id)
        try:
            await self._patience.until_done(
                lambda: client.redact(receipt.channel, receipt.message_id, transaction), attempts=_ATTEMPTS
            )
        except RefusedError as refused:
            if not refused.missing:
                raise

    @asynccontextmanager
    async def _logged_in(self) -> AsyncIterator[Client]:
        client = Client(self._credentials, self._store)
        try:
            await self._patience.until_done(client.log_in, attempts=_ATTEMPTS, on=LimitedError)
            yield client
        finally:
            await client.close()

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
    unsigned = event.get("unsigned")
    related = unsigned.get("m.relations") if isinstance(unsigned, dict) else None
    edit = related.get("m.replace") if isinstance(related, dict) else None
    return (
        client.decrypt({"room_id": event["room_id"]} | edit)
        if isinstance(edit, dict) and "content" in edit
        else None
    )


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
