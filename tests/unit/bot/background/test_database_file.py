"""Files that somebody puts in the place of the running bot's, and all that SQLite itself does with them."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.background.database_file import DatabaseFile
from bot.errors import CannotGoOnError


def count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM t").fetchone()[0])


def fill(path: Path, rows: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE IF NOT EXISTS t (x)")
        connection.executemany("INSERT INTO t VALUES (?)", [("word " * 40,)] * rows)
        connection.commit()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "caveat.db"
    fill(made, 500)
    return made


@pytest.fixture
def watched(path: Path) -> Iterator[DatabaseFile]:
    file = DatabaseFile(path, count=count)
    yield file
    file.close()


def replaced(path: Path) -> None:
    other = path.with_name("other.db")
    fill(other, 500)
    other.rename(path)


def overwritten(path: Path) -> None:
    other = path.with_name("other.db")
    fill(other, 800)
    path.write_bytes(other.read_bytes())


def filled_with_rubbish(path: Path) -> None:
    path.write_bytes(b"no database " * 10_000)


def log_lost(path: Path) -> None:
    fill(path, 1)
    path.with_name(f"{path.name}-wal").unlink()


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (replaced, "was replaced"),
        (Path.unlink, "was removed"),
        (overwritten, "was overwritten"),
        (filled_with_rubbish, "was overwritten"),
        (log_lost, "has lost its log"),
    ],
)
def test_a_file_that_is_not_the_one_any_more_is_noticed(
    path: Path, watched: DatabaseFile, harm: Callable[[Path], None], told: str
) -> None:
    watched.check()
    harm(path)
    with pytest.raises(CannotGoOnError, match=told):
        watched.check()


def test_a_store_that_goes_back_is_noticed(path: Path, watched: DatabaseFile) -> None:
    watched.check()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM t WHERE rowid > 100")
        connection.commit()
    with pytest.raises(CannotGoOnError, match="went back from revision 500 to 100"):
        watched.check()


WRITER = """
import sqlite3, sys
for number in range(60):
    connection = sqlite3.connect(sys.argv[1], timeout=20)
    connection.executemany("INSERT INTO t VALUES (?)", [("word " * 400,)] * 30)
    connection.commit()
    if number % 7 == 0:
        connection.execute("PRAGMA wal_checkpoint(" + ("PASSIVE", "RESTART", "TRUNCATE")[number % 3] + ")")
    connection.close()
"""


@pytest.mark.slow
def test_nothing_that_sqlite_does_is_taken_for_harm(path: Path, watched: DatabaseFile) -> None:
    """Two other processes write, checkpoint and close, a thread backs up, and it is looked at meanwhile."""
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path)]) for _ in range(2)]
    backup = path.with_name("backup.db")

    def back_up() -> None:
        while any(writer.poll() is None for writer in writers):
            with closing(sqlite3.connect(path, timeout=20)) as source, closing(sqlite3.connect(backup)) as to:
                source.backup(to)

    thread = threading.Thread(target=back_up)
    thread.start()
    looks = 0
    while any(writer.poll() is None for writer in writers):
        watched.check()
        looks += 1
    thread.join()
    assert [writer.returncode for writer in writers] == [0, 0]
    assert looks > 20
    with closing(sqlite3.connect(path)) as connection:
        assert count(connection) == 500 + 2 * 60 * 30


def test_a_file_that_is_only_read_and_copied_is_left_alone(path: Path, watched: DatabaseFile) -> None:
    shutil.copy(path, path.with_name("copy.db"))
    os.utime(path.with_name("copy.db"))
    for _ in range(5):
        watched.check()
    assert path.exists()


def test_writing_over_it_is_noticed_also_where_the_bot_before_was_killed(path: Path, tmp_path: Path) -> None:
    """What such a one leaves is a log of which nobody knows how far it was copied."""
    left = tmp_path / "left.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO t VALUES ('not copied yet')")
        connection.commit()
        for end in ("", "-wal"):
            shutil.copyfile(f"{path}{end}", f"{left}{end}")
    file = DatabaseFile(left, count=count)
    file.check()
    left.write_bytes(left.read_bytes())
    with pytest.raises(CannotGoOnError, match="was overwritten"):
        file.check()
    file.close()


def test_writing_over_it_is_noticed_also_as_a_new_log_is_begun(path: Path) -> None:
    """Whoever commits next after the whole log was copied begins a new one, which looks like copying."""
    older = path.read_bytes()
    file = DatabaseFile(path, count=count)
    fill(path, 10)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    file.check()
    path.write_bytes(older)
    fill(path, 1)
    with pytest.raises(CannotGoOnError, match="was overwritten"):
        file.check()
    file.close()
