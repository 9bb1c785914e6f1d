"""The process that reads outside text: a line of JSON and a body in, a line of JSON out.

python -m bot.pages.read.read_worker BYTES_OF_ADDRESS_SPACE
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, BinaryIO

from bot.errors import UnreadableError
from bot.pages.read.exchange import Job, Request
from bot.pages.read.read_page import read_page
from kb.compare import compare
from kb.compare.json_values import article_from, comparison_json, entry_from
from kb.match.reading import read_query
from kb.match.reading_json import query_from, reading_json

_SPARE_SECONDS = 2  # the wall clock should run out before the CPU limit does


def main() -> None:
    """Do what is asked until standard input ends."""
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)  # whatever a library prints is no answer
    limit_process(int(sys.argv[1]))
    _send(answers, {"ready": True})
    while line := requests.readline():
        head = json.loads(line)
        body, job, seconds = requests.read(head.pop("size")), Job(head.pop("job")), head.pop("seconds")
        limit_cpu(seconds)
        _send(answers, _answer(job, head, body))


def _answer(job: Job, head: dict[str, Any], body: bytes) -> dict[str, Any]:
    """What came of a task: `done`, `unreadable` with a reason, or `failed` with a place in our code."""
    try:
        return {"done": _DOERS[job](head, body)}
    except UnreadableError as error:
        return {"unreadable": error.reason}
    except MemoryError:  # what is left of this process is not to be trusted
        raise
    except Exception as error:  # noqa: BLE001 - whatever a text trips is told to the bot, which logs it
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return {"failed": f"{type(error).__name__} in {frame.name}:{frame.lineno}"}


def _compare(_head: dict[str, Any], body: bytes) -> dict[str, Any]:
    both = json.loads(body)
    return comparison_json(compare(entry_from(both["entry"]), article_from(both["article"])))


_DOERS: dict[Job, Callable[[dict[str, Any], bytes], dict[str, Any]]] = {
    Job.PAGE: lambda head, body: asdict(read_page(Request(body=body, **head))),
    Job.QUERY: lambda _head, body: reading_json(read_query(query_from(json.loads(body)))),
    Job.COMPARE: _compare,
}


def _send(answers: BinaryIO, answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()


def limit_process(memory: int) -> None:
    """Bound this process once: its address space; no file written, no core left."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_cpu(seconds: float) -> None:
    """Bound the CPU time from now on; the limit counts a process's whole life, so it moves with each page."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + _SPARE_SECONDS
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    most = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


if __name__ == "__main__":
    main()
