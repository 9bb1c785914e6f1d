"""Calls to the homeserver, with a time limit each, that give JSON or raise our errors."""

from __future__ import annotations

import json
import re
from asyncio import timeout
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import nio  # type: ignore[import-untyped]  # nio ships no type information
from aiohttp import ClientError, ClientTimeout
from nio import exceptions

from bot.errors import LoginError, PlatformError

CALL_SECONDS = 30.0
_REST_SECONDS = 5.0
_SUCCESS = 200
_NOT_FOUND = 404
_TOO_MANY = 429
_BROKEN = 500
_PASSING = frozenset({408, 425, 429})  # of HTTP; what a proxy says while its backend is away is 5xx
_PASSING_CODES = frozenset({"M_USER_LOCKED", "M_RESOURCE_LIMIT_EXCEEDED"})
_REVOKED = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED"})
_DEEPEST = 100
_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[][{}]', re.DOTALL)  # what never closes is read once
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
        return (
            self.code != "" and 400 <= self.status < _BROKEN and self.code not in _PASSING_CODES  # noqa: PLR2004  # the caller's fault, in HTTP
        )

    @property
    def foreign(self) -> bool:
        """Whether what answered seems to be no homeserver, nor a proxy before one that is away."""
        return self.code == "" and self.status < _BROKEN and self.status not in _PASSING


class LimitedError(RefusedError):
    """Too many requests: the homeserver wants `retry_after` seconds of rest."""

    def __init__(self, text: str, *, status: int, code: str, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(text, status=status, code=code)

    @property
    def final(self) -> bool:
        """Waiting helps."""
        return False


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
        told = f"{code}: {message}"
        if not code:
            told = "the homeserver behind it is away"
            if status < _BROKEN:
                told = "not a Matrix homeserver; check CAVEAT_MATRIX_HOMESERVER"
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
    except RecursionError:  # one member's event must not cost everybody the others
        return _json(_without_the_deep(body))
    return answer if isinstance(answer, dict) else None


def _without_the_deep(body: bytes) -> bytes:
    """JSON with null in the place of what nests too deeply to be read."""
    kept, depth, start = [], 0, 0
    for match in _STRUCTURE.finditer(body):
        if match[0] in b"[{":
            depth += 1
            if depth == _DEEPEST:
                kept += [body[start : match.start()], b"null"]
        elif match[0] in b"]}":
            if depth == _DEEPEST:
                start = match.end()
            depth -= 1
    return b"".join([*kept, body[start:]]) if depth < _DEEPEST else b""
