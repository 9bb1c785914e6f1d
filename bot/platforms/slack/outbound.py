"""Posts, finds, withdraws and reads messages of one workspace, through its web client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import GoneError, InconclusiveError, LoginError
from bot.model import Message, Place, Receipt, Reply, Unfurl
from bot.platforms.slack import inbound
from bot.platforms.slack.calls import RefusedError, call
from bot.platforms.slack.inbound import COMPOSER, UNFURLED, Me
from bot.platforms.slack.views import blocks
from bot.replies.shorter import shorter

_log = structlog.get_logger(__name__)

EVENT_TYPE = "caveat_answer"
"""The type of the metadata by which an answer carries its key."""

_TOO_MUCH = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"})

_PAGE = 200
_PAGES = 10
"""How far a thread, or a channel, is looked through: two thousand messages."""


async def post(client: AsyncWebClient, place: Place, reply: Reply, key: str) -> Receipt:
    """Post in the thread, or in the channel itself, marked with its key.

    Raises PlatformError, LoginError and RefusedError.
    """
    try:
        answer = await _say(
            "chat.postMessage",
            lambda said: client.chat_postMessage(
                channel=channel_id(place.channel),
                thread_ts=place.root or None,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
                **said,
            ),
            reply,
        )
    except (RefusedError, LoginError) as error:
        _log.error("slack: cannot post the answer", channel=place.channel, error=str(error))
        raise
    return Receipt(channel=place.channel, message_id=str(answer["ts"]))


async def _say(
    method: str, send: Callable[[dict[str, Any]], Awaitable[AsyncSlackResponse]], reply: Reply
) -> AsyncSlackResponse:
    """Say a reply or, where Slack does not take the whole of it, a few plain lines: better than nothing."""
    try:
        return await call(method, send({"text": blocks.fallback(reply), "blocks": blocks.render(reply)}))
    except RefusedError as error:
        if error.code not in _TOO_MUCH:
            raise
        _log.error("slack: only a part of an answer was taken", error=str(error))
        return await call(method, send({"text": blocks.fallback(shorter(reply)), "blocks": []}))


async def unfurl(client: AsyncWebClient, place: Place, wanted: Unfurl, reply: Reply) -> Receipt:
    """Show an answer below a link; where it can no longer be shown there is nothing more to do.

    Raises PlatformError, LoginError and RefusedError.
    """
    receipt = Receipt(channel=place.channel, message_id=f"{UNFURLED}{wanted.unfurl_id}")
    preview = {"blocks": blocks.render(reply, answer_id=receipt.message_id)}
    try:
        await call(
            "chat.unfurl",
            client.chat_unfurl(
                unfurl_id=wanted.unfurl_id, source=wanted.source, unfurls={wanted.url: preview}
            ),
        )
    except (RefusedError, LoginError) as error:
        _log.error("slack: cannot show the answer below the link", channel=place.channel, error=str(error))
        if isinstance(error, LoginError) or error.code == "missing_scope":
            raise
    return receipt


async def find(client: AsyncWebClient, place: Place, key: str, me: Me) -> Receipt | None:
    """Find our message that carries `key`, in the thread or, where that is gone, among what was said since.

    Raises InconclusiveError where that cannot be told, PlatformError and LoginError.
    """
    if place.unfurl or channel_id(place.channel) == COMPOSER:
        return None  # a preview that is shown again replaces itself
    asked = {"channel": channel_id(place.channel), "include_all_metadata": True, "limit": _PAGE}
    try:
        if not place.root:
            found = await _search(client, "conversations.history", asked, key, me)
            return Receipt(channel=place.channel, message_id=found) if found else None
        try:
            found = await _search(client, "conversations.replies", asked | {"ts": place.root}, key, me)
        except RefusedError as error:
            if error.code != "thread_not_found":
                raise
            since = asked | {"oldest": place.message_id}
            found = await _search(client, "conversations.history", since, key, me)
    except RefusedError as error:
        raise InconclusiveError(f"Cannot tell whether an answer was posted: {error}") from error
    return Receipt(channel=place.channel, message_id=found) if found else None


async def amend(client: AsyncWebClient, receipt: Receipt, reply: Reply, key: str, edition: int) -> None:
    """Put another text in a message's place, unless it has that edition already.

    Raises GoneError, PlatformError and LoginError.
    """
    if receipt.message_id.startswith(UNFURLED):
        raise GoneError("Slack does not let the preview below a link be changed later")
    try:
        message = await shown(client, channel_id(receipt.channel), receipt.message_id)
        if message is None:
            raise GoneError("the message is gone")
        if _payload(message).get("edition") == edition:
            return
        await _say(
            "chat.update",
            lambda said: client.chat_update(
                channel=channel_id(receipt.channel),
                ts=receipt.message_id,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key, "edition": edition}},
                **said,
            ),
            reply,
        )
    except RefusedError as error:
        raise GoneError(str(error)) from error


def _payload(message: dict[str, Any]) -> dict[str, Any]:
    """What a message of ours carries."""
    return (message.get("metadata") or {}).get("event_payload") or {}


async def shown(client: AsyncWebClient, channel: str, stamp: str) -> dict[str, Any] | None:
    """A message as it stands, in the channel or in a thread; None when it is gone.

    Raises PlatformError, LoginError and RefusedError.
    """
    more = {"ts": stamp, "include_all_metadata": True}
    return await _message(client, "conversations.replies", channel, stamp, **more)


async def _message(
    client: AsyncWebClient, method: str, channel: str, stamp: str, **more: Any
) -> dict[str, Any] | None:
    asked = {"channel": channel, "inclusive": True, "limit": 1, "oldest": stamp, "latest": stamp}
    page = await call(method, client.api_call(method, params=asked | more))
    found = (message for message in page.get("messages") or [] if message.get("ts") == stamp)
    return next(map(dict, found), None)


async def withdraw(client: AsyncWebClient, receipt: Receipt) -> None:
    """Delete a message; one that is gone, or is a preview below somebody else's, is success."""
    if receipt.message_id.startswith(UNFURLED):
        return
    try:
        await call(
            "chat.delete",
            client.chat_delete(channel=channel_id(receipt.channel), ts=receipt.message_id),
        )
    except RefusedError as error:
        if error.code != "message_not_found":
            _log.error("slack: cannot delete an answer", channel=receipt.channel, error=str(error))
            raise


async def read(client: AsyncWebClient, channel: str, message_id: str, me: Me) -> Message | None:
    """Read one message, in the channel or in a thread; None where there is none for us to read.

    All its links count, for it is somebody else who asks about them. Raises PlatformError and LoginError.
    """
    place = channel_id(channel)
    if place == COMPOSER:
        return None
    for method, thread in (("conversations.history", {}), ("conversations.replies", {"ts": message_id})):
        try:
            message = await _message(client, method, place, message_id, **thread)
        except RefusedError as error:
            tell = _log.warning if error.code == "missing_scope" else _log.debug
            tell("slack: cannot read a message", channel=channel, error=str(error))
            continue
        if message is not None:
            return inbound.read_message(message, place, me)
    return None


def team_id(channel: str) -> str:
    """The workspace of one of our channel names."""
    return channel.partition("/")[0]


def channel_id(channel: str) -> str:
    """Slack's id of a channel, out of our name of it."""
    return channel.partition("/")[2]


async def _search(client: AsyncWebClient, method: str, asked: dict[str, Any], key: str, me: Me) -> str | None:
    async for message in _messages(client, method, asked):
        kind = (message.get("metadata") or {}).get("event_type")
        if message.get("user") == me.user and kind == EVENT_TYPE and _payload(message).get("key") == key:
            return str(message["ts"])
    return None


async def _messages(
    client: AsyncWebClient, method: str, asked: dict[str, Any]
) -> AsyncIterator[dict[str, Any]]:
    cursor = ""
    for _ in range(_PAGES):
        page = await call(
            method, client.api_call(method, params=asked | ({"cursor": cursor} if cursor else {}))
        )
        for message in page.get("messages") or []:
            yield message
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return
    raise InconclusiveError("Too much was said since to look through it")
