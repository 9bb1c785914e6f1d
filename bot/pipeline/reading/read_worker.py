"""The process that reads pages: a line of JSON and a body in, a line of JSON out, until its input ends.

python -m bot.pipeline.reading.read_worker BYTES_OF_ADDRESS_SPACE
"""

from __future__ import annotations

import json
import os
import resource
import sys
from dataclasses import asdict
from typing import Any, BinaryIO

from bot.errors import UnreadableError
from bot.pipeline.reading.exchange import Request
from bot.pipeline.reading.read_page import read_page

_SPARE_SECONDS = 2  # the wall clock should run out before the CPU limit does


def main() -> None:
    """Read pages until standard input ends."""
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)  # whatever a library prints is no answer
    limit_process(int(sys.argv[1]))
    _send(answers, {"ready": True})
    while line := requests.readline():
        head = json.loads(line)
        body = requests.read(head.pop("size"))
        limit_cpu(head["seconds"])
        _send(answers, _answer(Request(body=body, **head)))


def _answer(request: Request) -> dict[str, Any]:
    try:
        return {"reading": asdict(read_page(request))}
    except UnreadableError as error:
        return {"unreadable": error.reason}


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
