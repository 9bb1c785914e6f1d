"""A real matrix-synapse on loopback, run from an environment of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.matrix_user import Account, Json, User
from tests.servers.tls import contexts

__all__ = ["Account", "Synapse", "User", "synapse_python"]

_ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 60.0
_LIMITERS = ("rc_message", "rc_registration", "rc_joins_per_room", "rc_admin_redaction", "rc_presence")


def synapse_python() -> Path:
    """Find the interpreter that has Synapse; fails, never skips, and says what to do."""
    path = Path(os.environ.get("CAVEAT_SYNAPSE_PYTHON") or _ROOT / ".synapse-venv" / "bin" / "python")
    if not path.exists():
        raise RuntimeError(
            f"No Synapse at {path}: `make test` installs it, or name an interpreter that has "
            "matrix-synapse in CAVEAT_SYNAPSE_PYTHON"
        )
    return path


class Synapse:
    """One homeserver with SQLite in a temporary folder; it stays when the block fails: the log is there.

    One that `federates` speaks to others on loopback that do, over TLS; certificates are not checked.
    """

    def __init__(self, *, default_limits: bool = False, federates: bool = False) -> None:
        self._python = synapse_python()
        self.folder = Path(tempfile.mkdtemp(prefix="caveat-synapse-"))
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._secret = secrets.token_hex(16)
        self._default_limits = default_limits
        self._federation_port = _free_port() if federates else None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        (self.folder / "signing.key").write_text(_signing_key())
        (self.folder / "homeserver.json").write_text(json.dumps(self._config(), indent=1))
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if error is None:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            error.add_note(f"Synapse's log is kept: {self.log}")

    @property
    def log(self) -> Path:
        """What Synapse wrote."""
        return self.folder / "synapse.log"

    def start(self) -> None:
        """Start, or start again with the same data, and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._python, "-m", "synapse.app.homeserver", "-c", self.folder / "homeserver.json"],
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            try:
                status = self._process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                if time.monotonic() < deadline:
                    continue
                self.stop()
                status = None
            raise RuntimeError(f"Synapse did not start (exit status {status}); its log is {self.log}")

    def stop(self) -> None:
        """Stop the process that we started."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(timeout=20)
        self._process = None

    def register(self, name: str, *, password: str = "correct horse", display_name: str = "") -> Account:
        """Create an account with the shared secret and log it in."""
        nonce = self._call("GET", "/_synapse/admin/v1/register")["nonce"]
        text = "\0".join((nonce, name, password, "notadmin")).encode()
        answer = self._call(
            "POST",
            "/_synapse/admin/v1/register",
            {
                "nonce": nonce,
                "username": name,
                "displayname": display_name or name,
                "password": password,
                "admin": False,
                "mac": hmac.new(self._secret.encode(), text, hashlib.sha1).hexdigest(),
            },
        )
        return Account(
            server=self.address,
            user_id=answer["user_id"],
            password=password,
            token=answer["access_token"],
            device_id=answer["device_id"],
        )

    def _answers(self) -> bool:
        try:
            self._call("GET", "/_matrix/client/versions")
        except (urllib.error.URLError, OSError):
            return False
        return True

    def _call(self, method: str, path: str, body: Json | None = None) -> Json:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, method=method)
        with urllib.request.urlopen(request, timeout=10) as response:
            answer: Json = json.load(response)
            return answer

    def _config(self) -> Json:
        listener = {
            "port": self.port,
            "bind_addresses": ["127.0.0.1"],
            "type": "http",
            "resources": [{"names": ["client"], "compress": False}],
        }
        config: Json = {
            "server_name": "caveat.test",
            "public_baseurl": self.address,
            "listeners": [listener],
            "database": {"name": "sqlite3", "args": {"database": str(self.folder / "homeserver.db")}},
            "media_store_path": str(self.folder / "media"),
            "signing_key_path": str(self.folder / "signing.key"),
            "pid_file": str(self.folder / "pid"),
            "registration_shared_secret": self._secret,
            "macaroon_secret_key": secrets.token_hex(16),
            "form_secret": secrets.token_hex(16),
            "bcrypt_rounds": 4,
            "trusted_key_servers": [],
            "federation_domain_whitelist": [],
            "url_preview_enabled": False,
            "report_stats": False,
            "presence": {"enabled": False},
        }
        if self._federation_port:
            config |= _federation(self._federation_port, self.folder, listener)
        return config if self._default_limits else config | _relaxed_limits()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _signing_key() -> str:
    seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    return f"ed25519 a_test {seed}\n"


def _federation(port: int, folder: Path, listener: Json) -> Json:
    """What a server needs to be reached by others, under a name that is an address: nobody looks it up."""
    contexts("127.0.0.1", folder)
    certificate = str(folder / "127.0.0.1.pem")
    resources = [{"names": ["federation", "keys"], "compress": False}]
    return {
        "server_name": f"127.0.0.1:{port}",
        "listeners": [listener, listener | {"port": port, "tls": True, "resources": resources}],
        "tls_certificate_path": certificate,
        "tls_private_key_path": certificate,
        "federation_domain_whitelist": None,
        "federation_verify_certificates": False,
        "federation_ip_range_blacklist": [],
        "ip_range_blacklist": [],
    }


def _relaxed_limits() -> Json:
    free = {"per_second": 10_000, "burst_count": 10_000}
    limits: Json = dict.fromkeys(_LIMITERS, free)
    limits["rc_login"] = dict.fromkeys(("address", "account", "failed_attempts"), free)
    limits["rc_joins"] = dict.fromkeys(("local", "remote"), free)
    limits["rc_invites"] = dict.fromkeys(("per_room", "per_user", "per_issuer"), free)
    return limits
