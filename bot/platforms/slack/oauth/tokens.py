"""Seals the workspaces' tokens with a key from the settings, so that the database alone gives none away."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken

from bot.errors import SettingsError

_SETTING = "CAVEAT_SLACK_TOKEN_KEY"
_KEY_BYTES = 32
_SHORTEST = 16
_MEMORY = 2**26  # scrypt below takes 32 MB, which is what OpenSSL refuses by default


class TokenCipher:
    """Seals and opens texts with Fernet. Raises SettingsError for a missing, short or other key.

    `key` is 32 bytes in URL-safe base64, or a passphrase, from which scrypt makes the key with a salt that
    stands in each sealed text. Sealing and opening may take 0.1 s: call them off the event loop.
    """

    def __init__(self, key: str) -> None:
        if not key:
            raise SettingsError(
                f"{_SETTING} is not set: it encrypts the workspaces' tokens; choose a long secret and keep it"
            )
        self._bytes = _key_bytes(key)
        if self._bytes is None and len(key) < _SHORTEST:
            raise SettingsError(f"{_SETTING} is too short: a passphrase needs {_SHORTEST} characters or more")
        self._passphrase = key.encode()
        self._salt = "" if self._bytes else secrets.token_hex(16)

    def seal(self, text: str) -> str:
        """Encrypt a text."""
        return f"{self._salt}:{self._fernet(self._salt).encrypt(text.encode()).decode()}"

    def open(self, sealed: str) -> str:
        """Decrypt what was sealed with the same key, also by an earlier run."""
        salt, _, token = sealed.partition(":")
        try:
            return self._fernet(salt).decrypt(token).decode()
        except (InvalidToken, ValueError) as error:
            raise SettingsError(
                f"{_SETTING} does not open the tokens in the database: set the key of then, "
                "or empty the table slack_installations and let every workspace install the app again"
            ) from error

    def _fernet(self, salt: str) -> Fernet:
        if self._bytes is not None and not salt:
            return Fernet(base64.urlsafe_b64encode(self._bytes))
        return Fernet(base64.urlsafe_b64encode(_stretched(self._passphrase, salt)))


def _key_bytes(key: str) -> bytes | None:
    try:
        decoded = base64.b64decode(key, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return decoded if len(decoded) == _KEY_BYTES else None


@lru_cache(maxsize=64)
def _stretched(passphrase: bytes, salt: str) -> bytes:
    return hashlib.scrypt(
        passphrase, salt=bytes.fromhex(salt), n=2**15, r=8, p=1, maxmem=_MEMORY, dklen=_KEY_BYTES
    )
