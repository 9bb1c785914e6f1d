"""The encoder as a process of its own: torch never runs beside the event loop, and requests are batched."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple

import numpy as np

from kb.errors import ModelError
from kb.search.embedder import Vectors, load_embedder, model_name
from kb.search.spawn import without_ctrl_c

_BATCH = 64  # texts that are encoded in one go; set by hand
_ANSWER_SECONDS = 120.0  # then the process is taken to hang; set by hand
_TRIES = 2  # a process that dies twice over the same texts dies of them
_CLOSED = "the encoder was closed"


class _Request(NamedTuple):
    texts: list[str]
    vectors: Future[Vectors]


class Encoder:
    """An `Embedder` whose model lives in a spawned process: loaded in the background, restarted if it dies.

    `encode` may be called from any thread; it waits for the model, and requests that wait together are
    encoded together.
    """

    def __init__(self, model: str, sha256: str = "") -> None:
        self.model = model_name(model, sha256)
        self._arguments = (model, sha256)
        self._requests: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._pump = threading.Thread(target=self._serve, name="encoder", daemon=True)
        self._process: BaseProcess | None = None
        self._connection: Connection[Any, Any] | None = None
        self._closed = False

    def start(self) -> None:
        """Begin to load the model; returns at once."""
        self._pump.start()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give one row per text. Raises ModelError when the model cannot be loaded or keeps dying."""
        if self._closed:
            raise ModelError(_CLOSED)
        request = _Request(list(texts), Future())
        self._requests.put(request)
        return request.vectors.result()

    def close(self) -> None:
        """End the process; requests that still wait fail."""
        self._closed = True
        self._requests.put(None)
        if self._pump.is_alive():
            self._stop_process()
            self._pump.join(timeout=10)

    def _serve(self) -> None:
        with contextlib.suppress(ModelError):  # the first request tells it again, to somebody who listens
            self._connect()
        while (request := self._requests.get()) is not None:
            batch = [request, *self._waiting(_BATCH - len(request.texts))]
            try:
                vectors = self._ask([text for waiting in batch for text in waiting.texts])
            except ModelError as error:
                for waiting in batch:
                    waiting.vectors.set_exception(error)
                continue
            start = 0
            for waiting in batch:
                waiting.vectors.set_result(vectors[start : start + len(waiting.texts)])
                start += len(waiting.texts)
        self._stop_process()
        for late in self._waiting(_BATCH):
            late.vectors.set_exception(ModelError(_CLOSED))

    def _waiting(self, room: int) -> list[_Request]:
        waiting: list[_Request] = []
        while room > 0:
            try:
                request = self._requests.get_nowait()
            except queue.Empty:
                break
            if request is None:
                self._requests.put(None)
                break
            waiting.append(request)
            room -= len(request.texts)
        return waiting

    def _ask(self, texts: list[str]) -> Vectors:
        last: Exception | None = None
        for _ in range(_TRIES):
            try:
                connection = self._connect()
                connection.send(texts)
                return np.asarray(self._receive(connection), dtype=np.float32)
            except (EOFError, OSError) as error:
                last = error
                self._stop_process()
        raise ModelError(
            f"the encoder's process ended {_TRIES} times while it worked; is there enough memory?"
        ) from last

    def _connect(self) -> Connection[Any, Any]:
        if self._closed:
            raise ModelError(_CLOSED)
        if self._connection is None:
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe()
            process = context.Process(
                target=_work, args=(theirs, *self._arguments), name="encoder", daemon=True
            )
            with without_ctrl_c():
                process.start()
            theirs.close()
            self._process, self._connection = process, ours
            try:
                self._receive(ours)
            except (EOFError, OSError) as error:
                self._stop_process()
                raise ModelError("the encoder's process ended while it loaded the model") from error
        return self._connection

    def _receive(self, connection: Connection[Any, Any]) -> object:
        if not connection.poll(_ANSWER_SECONDS):
            raise OSError(f"no answer within {_ANSWER_SECONDS:.0f} seconds")
        answer = connection.recv()
        if isinstance(answer, str):
            self._stop_process()
            raise ModelError(answer)
        return answer

    def _stop_process(self) -> None:
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if connection is not None:
            connection.close()  # the process ends by itself when its pipe does
        if process is not None:
            process.join(timeout=2)
            process.kill()
            process.join(timeout=5)


def _work(connection: Connection[Any, Any], model: str, sha256: str) -> None:
    """Load the model, then answer lists of texts with vectors until the other side is gone."""
    os.environ["TQDM_DISABLE"] = "1"  # a progress bar on standard error would stand in the chat
    # Threads that spin while they wait for each other took ten times the CPU time on a busy machine.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    with contextlib.suppress(EOFError, OSError):  # the bot ended: so do we
        try:
            embedder = load_embedder(model, sha256)
        except ModelError as error:
            connection.send(str(error))
            return
        connection.send(True)
        while True:
            connection.send(embedder.encode(connection.recv()))
