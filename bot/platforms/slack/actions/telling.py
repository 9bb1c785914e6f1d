"""Answers one person at once: through a response_url, or in a modal. What Slack does not take is logged."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import aiohttp
import structlog
from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.model import Reply
from bot.platforms.slack.actions.commands import messages

Json = dict[str, Any]

log = structlog.get_logger(__name__)

FAILURES = (SlackClientError, aiohttp.ClientError, TimeoutError)


ACK_SECONDS = 2.0
"""How long a submission is thought about before it is acknowledged: of the three seconds that Slack gives."""

_AFTER_ACK_SECONDS = 0.5  # so that Slack does not take the ack's view for the newer one


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a submission leads to: another view or, in time, errors at the inputs of the one that is there.

    `done` tells that what was asked for was done.
    """

    view: Json
    errors: Mapping[str, str] = field(default_factory=dict)
    done: bool = False


async def acknowledge(
    ack: AsyncAck,
    client: AsyncWebClient,
    view_id: str,
    work: asyncio.Future[Shown],
    *,
    meanwhile: Json,
    seconds: float,
) -> Shown:
    """Acknowledge a submission with what it leads to; after so many seconds with `meanwhile`, until then."""
    await asyncio.wait({work}, timeout=seconds)
    if not work.done():
        await ack(response_action="update", view=meanwhile)
        shown, _ = await asyncio.gather(work, asyncio.sleep(_AFTER_ACK_SECONDS))
        await update_modal(client, view_id, shown.view)
        return shown
    shown = work.result()
    if shown.errors:
        await ack(response_action="errors", errors=dict(shown.errors))
    else:
        await ack(response_action="update", view=shown.view)
    return shown


async def open_modal(client: AsyncWebClient, body: Json, view: Json) -> str | None:
    """Open a modal while its trigger lives, for three seconds; None, and a log line, when it was late."""
    try:
        opened = await client.views_open(trigger_id=body["trigger_id"], view=view)
    except FAILURES as error:
        log.warning("slack_modal_not_opened", error=named(error))
        return None
    return str(opened["view"]["id"])


async def update_modal(client: AsyncWebClient, view_id: str, view: Json) -> None:
    """Show something else in an open modal; most often it fails because the modal was closed meanwhile."""
    try:
        await client.views_update(view_id=view_id, view=view)
    except FAILURES as error:
        log.info("slack_modal_not_updated", error=named(error))


async def send(respond: AsyncRespond, content: Json) -> bool:
    """Answer through the response_url; False, and a log line, when Slack does not take it."""
    try:
        sent = await respond(content)
    except FAILURES as error:
        log.warning("slack_response_not_sent", error=named(error))
        return False
    is_taken = bool(sent.status_code == HTTPStatus.OK)
    if not is_taken:
        log.warning("slack_response_refused", status=sent.status_code, error=sent.body[:200])
    return is_taken


async def send_all(respond: AsyncRespond, replies: Iterable[Reply], *, instead: bool = False) -> None:
    """Tell replies to one person; `instead` of the private message with the button that was pressed."""
    for number, each in enumerate(messages(replies)):
        if not await send(respond, each | {"replace_original": instead and number == 0}):
            return


def named(error: Exception) -> str:
    """Slack's own word for an error, or its type: never the text, which may quote what was asked."""
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else type(error).__name__
