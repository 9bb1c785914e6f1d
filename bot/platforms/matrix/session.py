"""Who the bot is on its homeserver, and the file that keeps its login: mode 0600, in a folder of mode 0700.

The device must stay the same over restarts: transaction ids and encryption keys belong to it.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bot.addresses import read_address
from bot.errors import SettingsError

_FILE = "session.json"
_NIO_DEFAULT_KEY = "DEFAULT_KEY"


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What the settings say: a password, or a token with the device id it belongs to.

    Raises SettingsError for what cannot be meant.
    """

    homeserver: str
    user: str
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    device_id: str = ""
    pickle_key: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        try:
            read_address(self.homeserver)
        except ValueError as error:
            raise SettingsError(f"CAVEAT_MATRIX_HOMESERVER: {error}") from error
        if not self.user.startswith("@") or ":" not in self.user:
            raise SettingsError(
                f"CAVEAT_MATRIX_USER is {self.user!r}; it is a full id such as @caveat:matrix.example"
            )
        if not self.password and not self.token:
            raise SettingsError(
                "Matrix needs CAVEAT_MATRIX_PASSWORD or CAVEAT_MATRIX_TOKEN; give one of them"
            )
        if self.pickle_key == _NIO_DEFAULT_KEY:
            raise SettingsError(
                f"CAVEAT_MATRIX_PICKLE_KEY is {_NIO_DEFAULT_KEY}, which everybody knows; choose a secret"
            )


@dataclass(frozen=True, kw_only=True)
class Session:
    """A login that worked."""

    homeserver: str
    user_id: str
    device_id: str
    token: str = field(repr=False)


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner may enter, or take that right from the others."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    return folder


def load_session(folder: Path, credentials: Credentials) -> Session | None:
    """Read the saved login of this account; None when there is none, or it is another account's."""
    try:
        session = Session(**json.loads((folder / _FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    same = (session.homeserver, session.user_id) == (credentials.homeserver, credentials.user)
    return session if same else None


def save_session(folder: Path, session: Session) -> None:
    """Keep a login, whole or not at all."""
    draft = private_folder(folder) / f"{_FILE}.new"
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(asdict(session), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / _FILE)


def forget_session(folder: Path) -> None:
    """Drop a saved login that the homeserver does not know any more."""
    (folder / _FILE).unlink(missing_ok=True)
