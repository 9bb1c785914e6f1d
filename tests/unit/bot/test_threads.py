"""What a thread raises reaches whoever waits for it, whatever it is."""

from __future__ import annotations

import asyncio

import pytest

from bot.threads import in_thread


@pytest.mark.parametrize(
    ("raised", "arrives"),
    [
        (StopIteration("no more"), RuntimeError),
        (StopAsyncIteration("no more"), StopAsyncIteration),
        (GeneratorExit(), GeneratorExit),
        (RecursionError("too deep"), RecursionError),
        (KeyError("k"), KeyError),
    ],
)
async def test_every_exception_arrives(raised: BaseException, arrives: type[BaseException]) -> None:
    def work() -> None:
        raise raised

    with pytest.raises(arrives):
        async with asyncio.timeout(10):
            await in_thread(work)


async def test_what_was_worked_out_arrives() -> None:
    assert await in_thread(round, 2.345, ndigits=1) == 2.3
