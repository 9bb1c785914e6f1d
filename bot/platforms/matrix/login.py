"""Logging in: with the token, else as before, else with the password."""

from __future__ import annotations

from pathlib import Path

import nio  # type: ignore[import-untyped]  # nio ships no type information
import structlog

from bot.errors import LoginError
from bot.platforms.matrix.session import (
    Credentials,
    Session,
    forget_session,
    load_session,
    private_folder,
    save_session,
)
from bot.platforms.matrix.transport import CALL_SECONDS, RefusedError, Transport

_log = structlog.get_logger(__name__)
_DEVICE_NAME = "Caveat"


def new_client(credentials: Credentials, folder: Path) -> nio.AsyncClient:
    """Make a nio client that never retries by itself; it encrypts when there is a key for its store."""
    config = nio.AsyncClientConfig(
        encryption_enabled=bool(credentials.pickle_key),
        pickle_key=credentials.pickle_key,
        max_limit_exceeded=0,
        max_timeouts=0,
        request_timeout=CALL_SECONDS,
    )
    address = credentials.homeserver.rstrip("/")
    return nio.AsyncClient(address, credentials.user, store_path=str(private_folder(folder)), config=config)


async def log_in(client: nio.AsyncClient, credentials: Credentials, folder: Path) -> None:
    """Log `client` in, and keep a login by password for the next start.

    Raises LoginError when the homeserver refuses, PlatformError when it cannot be asked.
    """
    session = await _known_session(client, credentials, folder)
    if session is None:
        session = await _log_in_with_password(client, credentials)
        save_session(folder, session)
    _restore(client, session)


async def _known_session(client: nio.AsyncClient, credentials: Credentials, folder: Path) -> Session | None:
    """Give the login by token, or the saved one while the homeserver accepts it."""
    if credentials.token:
        return await _checked(client, credentials, credentials.token, credentials.device_id)
    saved = load_session(folder, credentials)
    if saved is None:
        return None
    try:
        return await _checked(client, credentials, saved.token, saved.device_id)
    except LoginError:
        _log.warning("matrix: the saved login is not valid any more; logging in with the password")
        forget_session(folder)
        return None


async def _checked(client: nio.AsyncClient, credentials: Credentials, token: str, device_id: str) -> Session:
    client.access_token = token
    told = await Transport(client).get("log in", "v3/account/whoami")
    if not isinstance(told.get("user_id"), str):
        raise RefusedError(
            f"{client.homeserver} does not answer as a Matrix homeserver; check CAVEAT_MATRIX_HOMESERVER",
            status=200,
            code="",
        )
    for name, ours, theirs in (
        ("CAVEAT_MATRIX_USER", credentials.user, told.get("user_id")),
        ("CAVEAT_MATRIX_DEVICE_ID", device_id, told.get("device_id")),
    ):
        if ours and ours != theirs:
            raise LoginError(f"{name} is {ours}, but the token belongs to {theirs}; mend one of the two")
    return Session(
        homeserver=credentials.homeserver,
        user_id=str(told["user_id"]),
        device_id=str(told.get("device_id") or device_id),
        token=token,
    )


async def _log_in_with_password(client: nio.AsyncClient, credentials: Credentials) -> Session:
    newcomer = nio.AsyncClient(client.homeserver, credentials.user, config=client.config)
    try:
        told = await Transport(newcomer).ask(
            "log in", lambda: newcomer.login(credentials.password, device_name=_DEVICE_NAME)
        )
    except RefusedError as refused:
        if refused.code == "M_FORBIDDEN":
            raise LoginError(
                f"The Matrix homeserver refused the password of {credentials.user}; "
                "check CAVEAT_MATRIX_USER and CAVEAT_MATRIX_PASSWORD"
            ) from refused
        raise
    finally:
        await newcomer.close()
    return Session(
        homeserver=credentials.homeserver,
        user_id=told.user_id,
        device_id=told.device_id,
        token=told.access_token,
    )


def _restore(client: nio.AsyncClient, session: Session) -> None:
    """Take a login over, and open its keys; their store fails with many kinds of error."""
    try:
        client.restore_login(session.user_id, session.device_id, session.token)
    except Exception as error:
        raise LoginError(
            f"Cannot open the encryption keys in {client.store_path} ({error}): they are damaged, or were "
            "stored under another CAVEAT_MATRIX_PICKLE_KEY; to do without them, move that folder away"
        ) from error
