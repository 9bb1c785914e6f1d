"""At the start, what passes by itself is waited for; what a person must mend is told, without a password."""

from __future__ import annotations

import asyncio
import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import structlog

from bot.app.run import open_database
from bot.app.starting import check_free, is_final, when_possible
from bot.errors import SettingsError
from bot.load_settings import load_settings
from bot.patience import Patience
from bot.platforms.matrix.session import Credentials
from kb.errors import StoreError
from tests.servers.stepped_time import SteppedTime

SECRET = "hunter2"


def lock(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    return connection


async def test_a_database_that_is_locked_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE t (a)")
    holder = lock(path)
    time = SteppedTime()
    with structlog.testing.capture_logs() as logged:
        waiting = asyncio.create_task(
            when_possible(
                lambda: asyncio.to_thread(check_free, path), "the queue", patience=Patience(sleep=time.sleep)
            )
        )
        await time.awaken(1.0)
        await time.asleep(2.0)
        assert not waiting.done()
        holder.close()
        await time.awaken(2.0)
        await asyncio.wait_for(waiting, 30)
    assert [(each["of"], each["failures"]) for each in logged] == [("the queue", 1), ("the queue", 2)]


def _raised(how: str, folder: Path) -> StoreError:
    path = folder / "caveat.db"
    match how:
        case "no database":
            path.write_bytes(b"text " * 1000)
        case "a folder":
            path.mkdir()
        case "no address":
            with pytest.raises(StoreError) as error:
                open_database("nonsense")
            return error.value
        case "newer":
            engine = open_database(f"sqlite:///{path}")
            with engine.begin() as connection:
                connection.exec_driver_sql("UPDATE kb_alembic_version SET version_num = '9999'")
            engine.dispose()
    with pytest.raises(StoreError) as error:
        open_database(f"sqlite:///{path}")
    return error.value


@pytest.mark.parametrize("how", ["no database", "a folder", "no address", "newer"])
def test_what_a_person_must_mend_is_not_waited_for(tmp_path: Path, how: str) -> None:
    assert is_final(_raised(how, tmp_path))


@pytest.mark.parametrize(
    ("number", "final"),
    [(errno.ENOSPC, False), (errno.EIO, False), (errno.EACCES, True), (errno.EROFS, True)],
)
def test_a_full_disk_may_pass_and_a_wrong_owner_does_not(number: int, final: bool) -> None:
    error = StoreError("it cannot be made")
    error.__cause__ = OSError(number, "as the system says")
    assert is_final(error) is final


ADDRESSES = [
    f"https://bot:{SECRET}@chat.example",
    f"https://{SECRET}@chat.example/",
    f"https://:{SECRET}@chat.example:8448/x",
    f"HTTPS://bot:{SECRET}@chat.example",
    f"bot:{SECRET}@chat.example",
    f"ftp://bot:{SECRET}@chat.example",
    f"https://bot:{SECRET}@chat.example:99999999",
    f"https://bot:{SECRET}@/",
    f"https://chat.example/?access_token={SECRET}",
    f"https://chat.example/#{SECRET}",
    f"https://bot:{SECRET}@chat example",
]


@pytest.mark.parametrize("setting", ["matrix_homeserver", "slack_api_url"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_with_a_password_is_refused_and_never_printed(setting: str, address: str) -> None:
    with pytest.raises(SettingsError, match=f"^CAVEAT_{setting.upper()}: it must ") as error:
        load_settings(**{setting: address})
    assert SECRET not in str(error.value)


@pytest.mark.parametrize("address", ADDRESSES)
def test_nor_is_it_by_the_adapter(address: str) -> None:
    with pytest.raises(SettingsError, match="CAVEAT_MATRIX_HOMESERVER: it must ") as error:
        Credentials(homeserver=address, user="@a:chat.example", password="x")
    assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://bot:{SECRET}@db.example/caveat",
        f"postgres//bot:{SECRET}@db.example/caveat",
        f"postgresql://bot:{SECRET}@db.example:port/caveat",
        f"sqlite://bot:{SECRET}@db.example/caveat.db",
        f"sqlite://bot:{SECRET}@/caveat.db",
        f"sqlite+nonsense://bot:{SECRET}@db.example/caveat.db",
        f"bot:{SECRET}@db.example",
    ],
)
def test_a_password_in_the_databases_address_is_never_printed(address: str) -> None:
    with pytest.raises(StoreError) as error:
        open_database(address)
    assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    "address",
    [
        f"https://bot:{SECRET}@proxy.example",
        f"http://bot:{SECRET}@proxy.example/path",
        f"bot:{SECRET}@proxy.example",
        f"http://bot:{SECRET}@proxy.example:99999999",
    ],
)
def test_nor_in_the_proxys_or_in_that_of_the_people_to_ask(address: str) -> None:
    for setting in ("fetch_proxy", "contact_url"):
        with pytest.raises(SettingsError) as error:
            load_settings(**{setting: address})
        assert SECRET not in str(error.value)


@pytest.mark.parametrize(
    "address",
    ["https://matrix.example", "http://127.0.0.1:8008/", "https://chat.example/matrix", "http://[::1]:8008"],
)
def test_an_address_as_it_should_be_is_taken(address: str) -> None:
    assert load_settings(matrix_homeserver=address, slack_api_url=address).matrix_homeserver == address
