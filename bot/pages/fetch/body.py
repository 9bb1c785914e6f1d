"""Reads a response's body within limits: as it is sent, as it is inflated, and one layer of gzip at most.

Neither aiohttp nor httpx can be asked to stop inflating: 800 bytes become gigabytes before anyone counts.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterator

from aiohttp import ClientResponse

from bot.errors import FetchError

BROKE_OFF = "the connection broke off before the page was whole"
_GZIP_MAGIC = b"\x1f\x8b"
_MEBIBYTE = 2**20
_STEP = 2**18  # inflated at once: a bomb is seen after a quarter of a megabyte


async def read_body(response: ClientResponse, most: int) -> bytes:
    """Give the body, inflated, of at most `most` bytes before and after. Raises FetchError."""
    packing = _Packing(response.headers.getall("Content-Encoding", []))
    if (response.content_length or 0) > most:
        raise _too_large(most)
    body, received = bytearray(), 0
    async for chunk in response.content.iter_any():
        received += len(chunk)
        for piece in packing.inflated(chunk):
            body += piece
            if max(received, len(body)) > most:
                raise _too_large(most)
            await asyncio.sleep(0)  # a bomb must not hold up the rest of the bot
    packing.finish()
    if body.startswith(_GZIP_MAGIC):
        raise FetchError("the page is packed more than once")
    return bytes(body)


def _too_large(most: int) -> FetchError:
    return FetchError(f"the page is larger than {most / _MEBIBYTE:.2g} MiB")


class _Packing:
    """One layer of gzip or none; never inflates more than a step at a time."""

    def __init__(self, encodings: list[str]) -> None:
        named = [name.strip().lower() for line in encodings for name in line.split(",") if name.strip()]
        named = [name for name in named if name != "identity"]
        if named and named not in (["gzip"], ["x-gzip"]):
            raise FetchError(f"the page is packed in a way that was not asked for ({', '.join(named)[:60]})")
        self._inflater = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS) if named else None

    def inflated(self, chunk: bytes) -> Iterator[bytes]:
        if self._inflater is None:
            yield chunk
            return
        while chunk:
            try:
                piece = self._inflater.decompress(chunk, _STEP)
            except zlib.error as error:
                raise FetchError("the page cannot be unpacked") from error
            chunk = self._inflater.unconsumed_tail
            yield piece

    def finish(self) -> None:
        if self._inflater and not self._inflater.eof:
            raise FetchError(BROKE_OFF)
