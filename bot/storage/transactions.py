"""The one way in which the bot's storage works on its database: short transactions, off the event loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, Executable, Row

from bot.threads import in_thread
from kb.store.database import reading, writing

P = ParamSpec("P")
Result = TypeVar("Result")


async def read(
    engine: Engine, work: Callable[Concatenate[Connection, P], Result], *args: P.args, **kwargs: P.kwargs
) -> Result:
    """Do some work on one consistent state of the database. Raises StoreError, and what the work raises."""
    return await in_thread(_done, reading(engine), lambda connection: work(connection, *args, **kwargs))


async def write(
    engine: Engine, work: Callable[Concatenate[Connection, P], Result], *args: P.args, **kwargs: P.kwargs
) -> Result:
    """Do some work in one transaction, which is kept if the work raises nothing. Raises as `read`."""
    return await in_thread(_done, writing(engine), lambda connection: work(connection, *args, **kwargs))


def _done(transaction: AbstractContextManager[Connection], work: Callable[[Connection], Result]) -> Result:
    with transaction as connection:
        return work(connection)


async def rows(engine: Engine, statement: Executable) -> Sequence[Row[Any]]:
    """Give the rows that a statement finds. Raises StoreError."""
    return await read(engine, lambda connection: connection.execute(statement).all())


async def change(engine: Engine, statement: Executable) -> int:
    """Carry out one statement; give how many rows it changed. Raises StoreError."""
    return await write(engine, lambda connection: connection.execute(statement).rowcount)
