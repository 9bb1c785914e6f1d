from __future__ import annotations

import multiprocessing
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from kb.errors import StoreError
from kb.store.database import connect, reading, upgrade, writing
from kb.store.entries import Store


def _open_and_upgrade(url: str) -> int:
    engine = connect(url)
    try:
        upgrade(engine, "kb.store")
        with reading(engine) as connection:
            found: int = connection.execute(text("SELECT count(*) FROM kb_alembic_version")).scalar_one()
    finally:
        engine.dispose()
    return found


def test_the_folder_and_the_file_are_made_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "caveat.db"
    connect(f"sqlite:///{path}").dispose()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    connect(f"sqlite:///{tmp_path}/caveat.db").dispose()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "no database address"),
        ("", "no database address"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("postgresql+psycopg://caveat:secret@db.example/caveat", "only SQLite is supported"),
    ],
)
def test_an_address_that_cannot_be_used_is_told_in_plain_words(url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words) as caught:
        connect(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_told_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "caveat.db"
    path.write_text("a letter to the editor, and quite a long one at that" * 50)
    with pytest.raises(StoreError, match=r"caveat\.db cannot be used: file is not a database"):
        connect(f"sqlite:///{path}")


def test_a_folder_that_cannot_be_made_is_told_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be made"):
        connect(f"sqlite:///{tmp_path}/file/caveat.db")


def test_upgrading_twice_changes_nothing_and_leaves_alembic_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/caveat.db"
    assert _open_and_upgrade(url) == 1
    code = (
        "import sys; from kb.store.database import connect, upgrade; "
        f"upgrade(connect({url!r}), 'kb.store'); print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "False\n"
    assert done.stderr == ""


@pytest.mark.slow
def test_processes_that_start_at_once_all_find_the_tables(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/caveat.db"
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        assert pool.map(_open_and_upgrade, [url] * 8, chunksize=1) == [1] * 8


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "caveat.db"
    _open_and_upgrade(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE kb_alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="made by a newer caveat"):
        _open_and_upgrade(f"sqlite:///{path}")


@pytest.mark.parametrize("package", ["kb/store", "bot/storage"])
def test_migrations_follow_each_other_and_their_files_bear_their_names(package: str) -> None:
    """`upgrade` tells the newest revision from the files' names: they must say what the files say."""
    files = sorted((Path(__file__).parents[4] / package / "migrations" / "versions").glob("*.py"))
    assert files
    before = None
    for path in files:
        namespace: dict[str, object] = {}
        exec(path.read_text(), namespace)  # a migration cannot be imported: its name starts with a digit
        assert namespace["revision"] == path.name.partition("_")[0]
        assert namespace["down_revision"] == before
        before = namespace["revision"]


def test_writers_wait_for_each_other(store: Store) -> None:
    """A transaction that reads first and writes then would fail at once if it began without the lock."""
    engine = store._engine
    entered, go_on = threading.Event(), threading.Event()
    errors: list[Exception] = []

    def write(wait: bool) -> None:
        try:
            with writing(engine) as connection:
                before = connection.execute(text("SELECT count(*) FROM vectors")).scalar_one()
                entered.set()
                if wait:
                    go_on.wait(10)
                connection.execute(
                    text("INSERT INTO vectors VALUES ('m', :digest, x'00')"), {"digest": str(before)}
                )
        except StoreError as error:
            errors.append(error)

    first = threading.Thread(target=write, args=(True,))
    first.start()
    entered.wait(10)
    second = threading.Thread(target=write, args=(False,))
    second.start()
    go_on.set()
    first.join(20)
    second.join(20)
    assert errors == []
    assert store.vectors("m", ["0", "1"]).keys() == {"0", "1"}


def test_a_reader_does_not_hold_up_a_writer(store: Store) -> None:
    with reading(store._engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM vectors")).scalar_one() == 0
        store.save_vectors("m", {"d": b"1"})
        assert connection.execute(text("SELECT count(*) FROM vectors")).scalar_one() == 0
    assert store.vectors("m", ["d"]) == {"d": b"1"}


def _write_and_fail(store: Store) -> None:
    with writing(store._engine) as connection:
        connection.execute(text("INSERT INTO vectors VALUES ('m', 'd', x'00')"))
        raise ZeroDivisionError


def test_a_block_that_fails_writes_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        _write_and_fail(store)
    assert store.vectors("m", ["d"]) == {}


def test_foreign_keys_hold(store: Store) -> None:
    row = text("INSERT INTO entries (id, revision, status, body) VALUES ('a', 7, 'draft', '{}')")
    with pytest.raises(StoreError, match="FOREIGN KEY"), writing(store._engine) as connection:
        connection.execute(row)
