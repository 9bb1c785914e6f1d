"""Work in threads, off the event loop, so that whatever it raises reaches whoever waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
Result = TypeVar("Result")


async def in_thread(work: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """Run `work` in one of the loop's threads. Raises what it raises; RuntimeError for a StopIteration."""
    return await asyncio.to_thread(_carried(work), *args, **kwargs)


async def in_thread_of(threads: Executor, work: Callable[[], Result]) -> Result:
    """The same in one of these threads, for work that must not take those of the loop."""
    return await asyncio.get_running_loop().run_in_executor(threads, _carried(work))


def _carried(work: Callable[P, Result]) -> Callable[P, Result]:
    """The same work, raising nothing that a future cannot carry.

    A future refuses a StopIteration, and then is never done: whoever waits for it would wait for ever.
    """

    def run(*args: P.args, **kwargs: P.kwargs) -> Result:
        try:
            return work(*args, **kwargs)
        except StopIteration as error:
            raise RuntimeError("a StopIteration was not caught") from error

    return run
