"""Reads an article out of a response, in processes that can be killed: no library bounds its own time."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import TimeoutError  # noqa: A004 - pebble raises these very ones
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import ada_url
from pebble import ProcessExpired, ProcessFuture, ProcessPool

from bot.errors import UnreadableError
from bot.model import Fetched, Page, PageKind
from bot.pipeline.page_kind import is_home_path
from bot.pipeline.read_page import Reading, limit_memory, read_page
from kb.spawn import without_ctrl_c
from kb.url import identify

_GIBIBYTE = 2**30
_PAGES_PER_WORKER = 200  # then a fresh one: parsers hold on to memory
_MAX_FILE = 5 * 2**20
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_HTML_BEGINNINGS = (b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")


class PooledReader:
    """The `Reader` port: two spawned workers, each page within `seconds` of wall and CPU time.

    Spawned and not forked: the program has threads, and the memory limit counts what a parent had.
    """

    def __init__(self, *, workers: int = 2, seconds: float = 10, memory: int = _GIBIBYTE) -> None:
        self._workers = workers
        self._seconds = seconds
        self._memory = memory
        self._pool: ProcessPool | None = None
        self._pending: set[ProcessFuture[Reading]] = set()
        self._closed = False

    async def start(self) -> None:
        """Start the workers, which the first page would otherwise wait for."""
        await self._run(b"", "text/plain", None, "")

    async def close(self) -> None:
        """Stop the workers, whatever they are doing; nothing is read from then on."""
        self._closed = True
        await self._stop()

    async def read(self, fetched: Fetched) -> Page:
        """Find title, text and the rest. Raises UnreadableError with a plain reason."""
        reading = await self._run(fetched.body, fetched.content_type, fetched.charset, fetched.url)
        address = identify(fetched.url)
        path = address.key.partition("/")[2] if "/" in address.key else ""
        home = is_home_path(path) and "?" not in address.key and "#" not in address.key
        host = ada_url.URL(fetched.url).hostname
        return _page(reading, fetched.url, host, PageKind.HOME if home else PageKind[reading.kind])

    async def read_file(self, path: Path) -> Page:
        """Read a text or HTML file as if it had been fetched; its `host` is empty. Raises UnreadableError."""
        try:
            url, body = await asyncio.to_thread(_file_bytes, path)
        except OSError as error:
            raise UnreadableError(f"the file {path} cannot be opened: {error.strerror or error}") from error
        html = path.suffix.lower() in _HTML_SUFFIXES or body[:200].lstrip().lower().startswith(
            _HTML_BEGINNINGS
        )
        if not html and b"\0" in body and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise UnreadableError(f"the file {path} is neither text nor HTML")
        reading = await self._run(body, "text/html" if html else "text/plain", None, url)
        return _page(reading, url, "", PageKind[reading.kind])

    async def _run(self, body: bytes, content_type: str, charset: str | None, url: str) -> Reading:
        work = (body, content_type, charset, url, self._seconds)
        for _ in range(2):
            pool = self._open()
            try:
                with without_ctrl_c():
                    future = pool.schedule(read_page, args=work, timeout=self._seconds)
                return await self._result(pool, future)
            except (BrokenProcessPool, RuntimeError):
                # pebble gives a whole pool up when a worker dies idle; the next pool is as good.
                if self._pool is pool:
                    await self._stop()
        raise UnreadableError("the workers that read pages do not start")

    async def _result(self, pool: ProcessPool, future: ProcessFuture[Reading]) -> Reading:
        self._pending.add(future)
        try:
            return await asyncio.wrap_future(future)
        except TimeoutError as error:
            raise UnreadableError("reading it took too long") from error
        except ProcessExpired as error:
            raise UnreadableError("reading it took too much time or memory") from error
        except asyncio.CancelledError:
            if self._pool is pool:  # the caller gave up
                raise
            raise BrokenProcessPool("the pool was stopped") from None
        finally:
            self._pending.discard(future)

    async def _stop(self) -> None:
        pool, self._pool = self._pool, None
        # pebble leaves the futures of a stopped pool pending for good.
        for future in list(self._pending):
            future.cancel()  # type: ignore[no-untyped-call]  # pebble's own
        if pool:
            await asyncio.to_thread(_stop_and_join, pool)

    def _open(self) -> ProcessPool:
        if self._closed:
            raise UnreadableError("the bot is shutting down")
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=_PAGES_PER_WORKER,
                initializer=limit_memory,
                initargs=(self._memory,),
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool


def _stop_and_join(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble's own
    pool.join()


def _file_bytes(path: Path) -> tuple[str, bytes]:
    with path.open("rb") as file:
        return path.absolute().as_uri(), file.read(_MAX_FILE)


def _page(reading: Reading, url: str, host: str, kind: PageKind) -> Page:
    return Page(
        url=url,
        host=host,
        kind=kind,
        title=reading.title,
        text=reading.text,
        author=reading.author,
        published=reading.published,
        language=reading.language,
        debunk=reading.debunk,
        canonical=_absolute(reading.canonical, url),
    )


def _absolute(claim: str | None, url: str) -> str | None:
    try:
        found = ada_url.URL(claim, url) if claim else None
    except ValueError:
        return None
    return found.href if found and found.protocol in {"http:", "https:"} else None
