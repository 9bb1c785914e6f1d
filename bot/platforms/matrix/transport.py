"""Calls to the homeserver, with a time limit each, that give JSON or raise our errors."""

from __future__ import annotations

import json
from asyncio import timeout
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from traceback import extract_tb
from typing import Any
from urllib.parse import urlencode

import nio  # type: ignore[import-untyped]  # nio ships no type information
from aiohttp import ClientError, ClientTimeout
from nio import exceptions

from bot.errors import BotError, LoginError, PlatformError

CALL_SECONDS = 30.0
_REST_SECONDS = 5.0
_SUCCESS = 200
_NOT_FOUND = 404
_TOO_MANY = 429
_REVOKED = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED"})
_NIO_ERRORS = (
    exceptions.ProtocolError,
    exceptions.OlmTrustError,
    exceptions.EncryptionError,
    exceptions.GroupEncryptionError,
)


class RefusedError(PlatformError):
    """An error was answered: `status` of HTTP, `code` of Matrix (empty: another server spoke)."""

    def __init__(self, text: str, *, status: int, code: str) -> None:
        self.status = status
        self.code = code
        super().__init__(text)

    @property
    def missing(self) -> bool:
        """Whether the homeserver knows no such event or room."""
        return self.code != "" and self.status == _NOT_FOUND

    @property
    def final(self) -> bool:
        """Whether the same call would be refused again."""
        return self.code != "" and 400 <= self.status < 500  # noqa: PLR2004  # the caller's fault, in HTTP


class LimitedError(RefusedError):
    """Too many requests: the homeserver wants `retry_after` seconds of rest."""

    def __init__(self, text: str, *, status: int, code: str, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(text, status=status, code=code)

    @property
    def final(self) -> bool:
        """Waiting helps."""
        return False


def describe(error: BaseException) -> str:
    """Put an error into a log: our own with their text, others by kind and place: they may quote messages."""
    if isinstance(error, BotError):
        return str(error)
    places = extract_tb(error.__traceback__)
    place = f" at {Path(places[-1].filename).name}:{places[-1].lineno}" if places else ""
    return f"{type(error).__name__}{place}"


class Transport:
    """A homeserver's client API, through the connections of a nio client."""

    def __init__(self, client: nio.AsyncClient) -> None:
        self._client = client

    async def get(
        self, what: str, path: str, query: Mapping[str, str] | None = None, *, seconds: float = CALL_SECONDS
    ) -> dict[str, Any]:
        """Read JSON below `/_matrix/client/`; `what` is for the error's text.

        Raises LoginError when our token was revoked, RefusedError, or PlatformError for no usable answer.
        """
        address = f"/_matrix/client/{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"Authorization": f"Bearer {self._client.access_token}"}
        try:
            async with timeout(seconds):
                response = await self._client.send(
                    "GET", address, headers=headers, timeout=ClientTimeout(total=seconds)
                )
                status, body = response.status, await response.read()
        except (ClientError, OSError, ValueError) as error:  # ValueError: an address that is none
            raise self._unreachable(error) from error
        answer = _json(body)
        if status == _SUCCESS and answer is not None:
            return answer
        raise self._refusal(what, status, answer or {})

    async def ask(self, what: str, call: Callable[[], Awaitable[Any]]) -> Any:
        """Await one of nio's own calls; its errors, answered or raised, become ours."""
        try:
            async with timeout(2 * CALL_SECONDS):  # sending to an encrypted room is several requests
                answer = await call()
        except (ClientError, OSError) as error:
            raise self._unreachable(error) from error
        except _NIO_ERRORS as error:
            raise PlatformError(f"Could not {what} on Matrix: {error}") from error
        if not isinstance(answer, nio.ErrorResponse):
            return answer
        told = {
            "errcode": answer.status_code,
            "error": answer.message,
            "retry_after_ms": answer.retry_after_ms,
        }
        raise self._refusal(what, answer.transport_response.status, told)

    def _unreachable(self, error: Exception) -> PlatformError:
        reason = (
            "no answer in time" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
        )
        return PlatformError(
            f"Cannot reach the Matrix homeserver at {self._client.homeserver}: {reason}; "
            "check CAVEAT_MATRIX_HOMESERVER and the network"
        )

    def _refusal(self, what: str, status: int, answer: Mapping[str, Any]) -> LoginError | RefusedError:
        code, message = str(answer.get("errcode") or ""), str(answer.get("error") or "")
        if code in _REVOKED:
            return LoginError(
                f"The Matrix homeserver does not accept the bot's token ({code}: {message}); "
                "give a new CAVEAT_MATRIX_TOKEN, or CAVEAT_MATRIX_PASSWORD"
            )
        told = f"{code}: {message}" if code else "not a Matrix homeserver; check CAVEAT_MATRIX_HOMESERVER"
        text = f"Could not {what} at {self._client.homeserver}: status {status}, {told}"
        if status == _TOO_MANY or code == "M_LIMIT_EXCEEDED":
            wait = answer.get("retry_after_ms")
            seconds = wait / 1000 if isinstance(wait, int | float) else _REST_SECONDS
            return LimitedError(text, status=status, code=code, retry_after=seconds)
        return RefusedError(text, status=status, code=code)


def _json(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None
