"""Opens the database and brings its tables up to date.

Two ways in: `reading` and `writing`. A write takes SQLite's write lock as it begins (BEGIN IMMEDIATE), so
that writers wait for each other: a transaction that turns from reading to writing half-way may be refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from kb.errors import StoreError

BUSY_SECONDS = 15.0
"""How long a writer waits for another one before it gives up."""

_READ_ONLY = "caveat_read_only"
_LIKE = "one looks like sqlite:////var/lib/caveat/caveat.db"


def connect(url: str) -> Engine:
    """Open the SQLite database at an SQLAlchemy address, such as `sqlite:////var/lib/caveat/caveat.db`.

    Makes the file (for its owner only) and its folder where they are missing. Raises StoreError.
    """
    path = _file(url)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise StoreError(
            f"The database {path} cannot be made: {error.strerror}. Check the folder."
        ) from error
    # isolation_level None: Python's sqlite3 would begin transactions by itself, and only at the first write.
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    try:
        with reading(engine) as connection:
            connection.execute(text("SELECT count(*) FROM sqlite_schema"))
    except StoreError:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Read from one consistent state of the database; writers are not held up. Raises StoreError."""
    with _told_plainly(engine), engine.connect() as connection:
        yield connection.execution_options(**{_READ_ONLY: True})


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Write in one transaction, kept only if the block ends without an error. Raises StoreError."""
    with _told_plainly(engine), engine.begin() as connection:
        yield connection


def upgrade(engine: Engine, package: str) -> None:
    """Bring the tables of `package`, such as "kb.store", up to date with its `migrations/versions`.

    A migration's file is named after its revision (`0001_entries.py` is revision 0001) and they follow each
    other in one line, so that a look at the folder tells whether Alembic is needed at all. Raises StoreError.
    """
    versions = Path(str(resources.files(package))) / "migrations" / "versions"
    known = sorted(path.name.partition("_")[0] for path in versions.glob("[0-9]*.py"))
    if not known:
        raise StoreError(f"The migrations of {package} are missing from {versions}; install caveat again.")
    table = f"{package.partition('.')[0]}_alembic_version"
    with reading(engine) as connection:
        if _current(connection, table) == known[-1]:
            return
    with writing(engine) as connection:
        current = _current(connection, table)  # another process may have been quicker
        if current is not None and current not in known:
            raise StoreError(
                f"The database {_shown(engine)} was made by a newer caveat (revision {current}, "
                f"this one knows {known[-1]}); install that version or restore a backup."
            )
        if current != known[-1]:
            _migrate(connection, versions, table)


def _migrate(connection: Connection, versions: Path, table: str) -> None:
    from alembic import command  # noqa: PLC0415  # 0.2 s of imports that a start without changes can do without
    from alembic.config import Config  # noqa: PLC0415  # the same
    from alembic.util import CommandError  # noqa: PLC0415  # the same

    config = Config()
    config.attributes["connection"] = connection
    config.attributes["version_table"] = table
    options = {
        "script_location": Path(__file__).with_name("migrations"),
        "version_locations": versions,
        "path_separator": "newline",
    }
    for name, value in options.items():
        config.set_main_option(name, str(value).replace("%", "%%"))  # configparser expands a single %
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(f"The database could not be brought up to date: {error}") from error


def _current(connection: Connection, table: str) -> str | None:
    if not inspect(connection).has_table(table):
        return None
    version: str | None = connection.execute(text(f'SELECT version_num FROM "{table}"')).scalar()  # noqa: S608  # a package's name
    return version


def _file(url: str) -> Path:
    """Give the file at an address; no error quotes the address as it stands: it may hold a password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise StoreError(f"That is no database address; {_LIKE}") from error
    if parsed.get_backend_name() != "sqlite":
        raise StoreError(
            f"{parsed.render_as_string(hide_password=True)}: only SQLite is supported so far; {_LIKE}"
        )
    if parsed.username or parsed.password or parsed.host or parsed.port:
        raise StoreError(f"The database address names a user, host or port, which SQLite has not; {_LIKE}")
    if not parsed.database or parsed.database == ":memory:" or parsed.database.startswith("file:"):
        raise StoreError(f"The database address {parsed} names no file; {_LIKE}")
    return Path(parsed.database)


def _prepare(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _shown(engine: Engine) -> str:
    return engine.url.database or ""


@contextmanager
def _told_plainly(engine: Engine) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        advice = "Try again shortly." if "locked" in str(cause) else "Check the file and the free space."
        raise StoreError(f"The database {_shown(engine)} cannot be used: {cause}. {advice}") from error
