"""The whole bot as a process, with its settings from the environment; only resolver and dial are a test's.

Every name under `.example` resolves to a public address; what is dialled there leads to a loopback port.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.app.run import Network, open_database, run
from bot.cli.main import report_errors
from bot.load_settings import load_settings
from bot.log import configure
from bot.storage.ledger import Ledger
from kb.formats.files import starter_entries
from kb.store.entries import Store
from tests.servers.synapse import Account
from tests.servers.web import PUBLIC

ROOT = Path(__file__).parents[2]


def command(port: int) -> list[str]:
    """The command that starts it. Not as a module: the processes that it spawns would import it again."""
    return [sys.executable, "-c", f"from {__name__} import start; start({port})"]


def environment(account: Account, folder: Path, **settings: str) -> Mapping[str, str]:
    """The settings of a bot with this Matrix account, which keeps everything in a folder."""
    given = {
        "MATRIX_HOMESERVER": account.server,
        "MATRIX_USER": account.user_id,
        "MATRIX_PASSWORD": account.password,
    }
    return variables(folder, **(given | settings))


def variables(folder: Path, **settings: str) -> Mapping[str, str]:
    """Settings as environment variables, for a bot that keeps everything in a folder."""
    given = {"DATA_DIR": str(folder), "LOG_LEVEL": "debug"} | settings
    return {"PATH": "/usr/bin:/bin", "HOME": str(folder), **{f"CAVEAT_{name}": given[name] for name in given}}


def with_starter_entries(folder: Path) -> None:
    """Put the starter entries into the store of a bot that keeps everything in a folder."""
    engine = open_database(f"sqlite:///{folder / 'caveat.db'}")
    Store(engine).save(starter_entries(), by="a test")
    engine.dispose()


def _resolve(host: str) -> list[str]:
    if host.endswith(".example"):
        return [PUBLIC]
    raise OSError("no such name")


def main(port: int) -> None:
    """Run until a signal ends it."""
    settings = load_settings()
    configure(settings.log_level, settings.log_format)
    network = Network(sample=True, resolve=_resolve, dial=lambda _host, _port: ("127.0.0.1", port))
    asyncio.run(run(settings, network=network))


def start(port: int) -> None:
    """Run, and tell errors as the command line does."""
    report_errors(lambda: main(port))


async def all_handled(folder: Path) -> None:
    """Wait until a bot that keeps everything in a folder has handled all it took in: a minute at most."""
    engine = open_database(f"sqlite:///{folder / 'caveat.db'}")
    try:
        async with asyncio.timeout(60):
            while await Ledger(engine).unhandled():  # noqa: ASYNC110  # of another process: it gives no event
                await asyncio.sleep(0.05)
    finally:
        engine.dispose()
