"""Calls of Slack's Web API, each with a deadline, and what their failures mean."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Mapping
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import BotError, LoginError, PlatformError

_log = structlog.get_logger(__name__)

APP_METHOD = "apps.connections.open"
"""The one method that takes the app-level token."""

_REQUEST_SECONDS = 10
_CALL_SECONDS = 60.0  # with the waits that Slack asks for
_RATE_LIMIT_RETRIES = 2

_LOGIN = frozenset(
    "invalid_auth not_authed account_inactive token_revoked token_expired not_allowed_token_type "
    "app_uninstalled invalid_token no_bot_scopes".split()
)
_DEFECT = (
    "invalid_blocks invalid_arguments invalid_blocks_format msg_blocks_too_long msg_too_long no_text "
    "cannot_parse_attachment".split()
)
_FINAL: Mapping[str, str] = {
    **dict.fromkeys(_DEFECT, "this is a defect of the bot: please report it"),
    "not_in_channel": "invite the bot to the channel again",
    "channel_not_found": "the channel is gone, or the bot was removed from it",
    "is_archived": "the channel is archived",
    "missing_scope": "add the scope to the app and install it again",
    "restricted_action": "the workspace's rules forbid the bot to post there",
    "restricted_action_read_only_channel": "only some people may post in that channel",
    "restricted_action_thread_only_channel": "that channel takes posts in threads only",
    "restricted_action_non_threadable_channel": "that channel takes no posts in threads",
    "restricted_action_thread_locked": "that thread is locked",
    "cannot_reply_to_message": "that message takes no replies",
    "no_permission": "the workspace's rules forbid it",
    "team_access_not_granted": "the app was not granted that workspace",
    "message_not_found": "the message is gone",
    "thread_not_found": "the thread is gone",
    "cant_update_message": "it is not the bot's own message",
    "edit_window_closed": "the workspace's rules allow no edit so late",
    "cant_delete_message": "the workspace's rules forbid it",
    "invalid_ts_latest": "no message can have that id",
    "invalid_ts_oldest": "no message can have that id",
    "cannot_find_channel": "the channel is gone",
    "cannot_find_message": "the message is gone",
    "cannot_find_service": "the app may not unfurl in that workspace",
    "cannot_unfurl_url": "the link was edited away, or its domain is not registered for the app",
    "cannot_unfurl_message": "the message no longer has that link",
    "cannot_prompt": "the workspace's rules forbid it",
    "invalid_source": "the draft is gone",
    "invalid_unfurl_id": "the draft or the message is gone",
}
"""Refusals that another try would not change, and what to do about each."""


class RefusedError(BotError):
    """Slack refused a call for a reason that stays; `code` is Slack's name for it. Not worth another try."""

    def __init__(self, method: str, code: str, detail: str = "") -> None:
        self.code = code
        super().__init__(f"Slack refused {method}: {code}{detail}; {_FINAL[code]}")


def web_client(api_url: str, token: str | None = None) -> AsyncWebClient:
    """A client that waits where Slack asks it to, and repeats nothing else: a post must not be made twice."""
    return AsyncWebClient(
        token=token,
        base_url=api_url,
        timeout=_REQUEST_SECONDS,
        logger=sdk_logger(),
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=_RATE_LIMIT_RETRIES)],
    )


async def call(method: str, request: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Wait for a call. Raises RefusedError, LoginError, or PlatformError for what may pass by itself."""
    try:
        async with asyncio.timeout(_CALL_SECONDS):
            return await request
    except SlackApiError as error:
        raise failure(method, error) from error
    except TimeoutError as error:
        raise PlatformError(f"Slack did not answer {method} in time") from error
    except (aiohttp.ClientError, SlackClientError, OSError, ValueError) as error:
        raise PlatformError(f"Slack cannot be reached for {method}: {type(error).__name__}") from error


def failure(method: str, error: SlackApiError) -> BotError:
    """What an error of Slack's means for us."""
    data = getattr(error.response, "data", None)
    answer: Mapping[str, Any] = data if isinstance(data, dict) else {}
    code = str(answer.get("error") or "")
    if code in _LOGIN:
        setting = "CAVEAT_SLACK_APP_TOKEN" if method == APP_METHOD else "CAVEAT_SLACK_BOT_TOKEN"
        return LoginError(f"Slack refused {method}: {code}; mend {setting}, or install the app again")
    if code in _FINAL:
        needed = f" (needed: {answer['needed']})" if code == "missing_scope" and answer.get("needed") else ""
        return RefusedError(method, code, needed)
    status = getattr(error.response, "status_code", None) or getattr(error.response, "status", "")
    return PlatformError(f"Slack failed {method}: {code or f'status {status}'}")


class Pace:
    """Lets one call pass for each channel and interval; the others wait their turn, in order."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._free: dict[str, float] = {}

    async def turn(self, channel: str) -> None:
        """Wait until it is this call's turn."""
        now = time.monotonic()
        self._free = {each: at for each, at in self._free.items() if at > now}
        at = self._free.get(channel, now)
        self._free[channel] = at + self._seconds
        await asyncio.sleep(at - now)


class _Forward(logging.Handler):
    """Puts the warnings of slack_bolt and slack_sdk into our log, without their tracebacks."""

    def emit(self, record: logging.LogRecord) -> None:
        _log.warning("slack: library", detail=record.getMessage()[:500])


def sdk_logger() -> logging.Logger:
    """The logger to give to slack_bolt and slack_sdk; their own loggers take its handler and level."""
    logger = logging.getLogger("caveat.slack")
    if not logger.handlers:
        logger.addHandler(_Forward(logging.WARNING))
        logger.setLevel(logging.WARNING)
        logger.propagate = False
    return logger
