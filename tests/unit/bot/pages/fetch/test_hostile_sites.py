"""Servers that mean harm: each fetch ends within its deadline, in little memory, with a plain reason."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import FetchError
from bot.model import Fetched
from bot.pages.fetch.fetcher import GuardedFetcher
from tests.servers.web import (
    PUBLIC,
    Answer,
    Behaviour,
    PublicWeb,
    WebServer,
    bomb,
    endless,
    large,
    mute,
    packed,
    raw,
    redirect,
)

LIMIT = 2**20
MOST_MEMORY = 24 * 2**20  # the limits of a page several times over, and the server's own part
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = OK + b"Content-Encoding: gzip\r\n\r\n"

TOO_LARGE = "the page is larger than 1 MiB"
BROKE_OFF = "the connection broke off before the page was whole"
NO_HTTP = "the site's answer is not proper HTTP"
SLOW = "the site did not answer in time"
NOT_UNPACKED = "the page cannot be unpacked"
NOT_SECURE = "no secure connection to the site could be made"
MANY = "the site redirects too often"
CIRCLE = "the site redirects in a circle"
NOT_PUBLIC = "the address is not on the public internet"

ENDS_AT_ONCE: dict[str, tuple[Behaviour, str]] = {
    "a page just too large": (Answer(body=b"x" * (LIMIT + 1)), TOO_LARGE),
    "50 MB, declared": (large(50, OK + b"Content-Length: 52428800\r\n\r\n"), TOO_LARGE),
    "50 MB, not declared": (large(50, OK + b"\r\n"), TOO_LARGE),
    "an endless body": (endless(OK + b"\r\n", b"x" * 65_536), TOO_LARGE),
    "endless chunks": (endless(CHUNKED, b"10000\r\n" + b"x" * 65_536 + b"\r\n"), TOO_LARGE),
    "endless NULs": (endless(OK + b"\r\n", b"\0" * 65_536), TOO_LARGE),
    "a gzip bomb": (packed(bomb(200)), TOO_LARGE),
    "gzip just too large": (packed(gzip.compress(b"x" * (LIMIT + 1))), TOO_LARGE),
    "gzip of nothing without end": (
        endless(GZIP + gzip.compress(b"")[:10], b"\0\0\0\xff\xff" * 9999),
        TOO_LARGE,
    ),
    "gzip with more behind its end": (endless(GZIP + gzip.compress(b"x"), b"x" * 65_536), TOO_LARGE),
    "a gzip bomb in gzip": (packed(gzip.compress(bomb(20))), "the page is packed more than once"),
    "gzip twice, declared": (
        packed(gzip.compress(bomb(20)), "gzip, gzip"),
        "the page is packed in a way that was not asked for (gzip, gzip)",
    ),
    "a brotli bomb": (
        packed(b"\xcf\xff\xff\x7f", "br"),
        "the page is packed in a way that was not asked for (br)",
    ),
    "deflate": (
        packed(zlib.compress(b"x"), "deflate"),
        "the page is packed in a way that was not asked for (deflate)",
    ),
    "zstd": (
        packed(b"\x28\xb5\x2f\xfd", "zstd"),
        "the page is packed in a way that was not asked for (zstd)",
    ),
    "gzip that is none": (packed(b"no gzip at all"), NOT_UNPACKED),
    "gzip with a wrong checksum": (packed(gzip.compress(b"x" * 999)[:-8] + b"12345678"), NOT_UNPACKED),
    "gzip that is cut": (packed(gzip.compress(b"x" * 1000)[:-9]), BROKE_OFF),
    "gzip without a byte": (packed(b""), BROKE_OFF),
    "a length that is too long": (raw(OK + b"Content-Length: 1000\r\n\r\nshort"), BROKE_OFF),
    "a negative length": (raw(OK + b"Content-Length: -5\r\n\r\nx"), NO_HTTP),
    "a length of letters": (raw(OK + b"Content-Length: many\r\n\r\nx"), NO_HTTP),
    "two lengths": (raw(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"), NO_HTTP),
    "a chunk without a length": (raw(CHUNKED + b"zz\r\nx\r\n"), NO_HTTP),
    "a chunk of 2**64 bytes": (raw(CHUNKED + b"ffffffffffffffffff\r\nx\r\n"), NO_HTTP),
    "a chunk that is cut": (raw(CHUNKED + b"5\r\nab"), BROKE_OFF),
    "chunks without an end": (raw(CHUNKED + b"2\r\nab\r\n"), BROKE_OFF),
    "nothing": (raw(b""), BROKE_OFF),
    "a head that is cut": (raw(b"HTTP/1.1 200 OK\r\nContent-Type"), BROKE_OFF),
    "another protocol": (raw(b"SSH-2.0-hello\r\n\r\n"), NO_HTTP),
    "HTTP/2": (raw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), NO_HTTP),
    "HTTP/0.9": (raw(b"<html>hello"), NO_HTTP),
    "a status of letters": (raw(b"HTTP/1.1 fine\r\n\r\n"), NO_HTTP),
    "NULs in the head": (raw(b"HTTP/1.1 200 OK\r\nA\0: b\r\n\r\n"), NO_HTTP),
    "endless headers": (endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 100), NO_HTTP),
    "an endless header": (endless(b"HTTP/1.1 200 OK\r\nX-A: ", b"b" * 10_000), NO_HTTP),
    "an endless status line": (endless(b"", b"HTTP/1.1 "), NO_HTTP),
    "a switch of protocols": (
        raw(b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"),
        "the site answered 101 (switching protocols)",
    ),
    "redirect to itself": (redirect("/a"), CIRCLE),
    "redirect inward": (redirect("http://169.254.169.254/latest/"), NOT_PUBLIC),
    "a tiny page that leads inward": (
        Answer(body='<meta http-equiv="refresh" content="0;url=http://[::1]/">'),
        NOT_PUBLIC,
    ),
}

NEVER_ENDS: dict[str, Behaviour] = {
    "silence": mute,
    "one byte of the body at a time": endless(OK + b"\r\n", b"x", seconds=0.01),
    "one byte of the head at a time": endless(b"HTTP/1.1 200 OK\r\n", b"X", seconds=0.01),
    "one byte of a chunk at a time": endless(CHUNKED, b"1\r\nx\r\n", seconds=0.01),
    "gzip that never goes on": endless(GZIP + gzip.compress(b"")[:10], b"", seconds=0.01),
    "a length that is never reached": endless(OK + b"Content-Length: 9\r\n\r\nx", b"", seconds=0.01),
    "please go on, without end": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 50, seconds=0.001),
}


async def _fetched(behaviour: Behaviour, *, seconds: float, url: str = "http://news.example/a") -> Fetched:
    async with WebServer(routes={"/a": behaviour}).running() as server:
        web = PublicWeb(port=server.port)
        async with GuardedFetcher(
            timeout=seconds, max_bytes=LIMIT, user_agent="a", resolve=web.resolve, dial=web.dial
        ) as fetcher:
            async with asyncio.timeout(30):
                return await fetcher.fetch(url)


async def _reason_in_little_memory(behaviour: Behaviour, *, seconds: float) -> str:
    tracemalloc.start()
    try:
        with pytest.raises(FetchError) as caught:
            await _fetched(behaviour, seconds=seconds)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()
    return caught.value.reason


@pytest.mark.parametrize("name", ENDS_AT_ONCE)
async def test_what_cannot_be_read_is_left_at_once_in_plain_words(name: str) -> None:
    behaviour, reason = ENDS_AT_ONCE[name]
    assert await _reason_in_little_memory(behaviour, seconds=20) == reason


@pytest.mark.parametrize("name", NEVER_ENDS)
async def test_the_deadline_holds_for_the_whole_of_an_answer(name: str) -> None:
    assert await _reason_in_little_memory(NEVER_ENDS[name], seconds=0.3) == SLOW


async def test_redirects_without_end_are_left() -> None:
    async def further(request: object, writer: asyncio.StreamWriter) -> None:
        path = getattr(request, "path", "")
        await redirect(f"/a?{len(path)}x{'y' * len(path)}")(request, writer)  # type: ignore[arg-type]  # Behaviour's

    with pytest.raises(FetchError, match=MANY):
        await _fetched(further, seconds=20)


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: text/html; charset=no-such-thing",
        b"Content-Type: text/html; charset=\xff\xfe",
        b'Content-Type: text/html; charset="',
        b"Content-Type: text/html;;; charset=utf-8; charset=latin-1",
        b"Content-Type: text/html; charset=" + b"x" * 5000,
    ],
)
async def test_a_wrong_charset_is_for_the_reader_to_judge(head: bytes) -> None:
    found = await _fetched(raw(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n\xe4"), seconds=20)
    assert (found.content_type, found.body) == ("text/html", b"\xe4")


HEADERS: dict[str, bytes] = {
    "brackets for a charset": b"Content-Type: text/html; charset=" + b"(" * 400,
    "brackets for a type": b"Content-Type: " + b"(" * 8000,
    "quotation marks for a charset": b"Content-Type: text/html; charset=" + b'"' * 8000,
    "a charset in parts": b"Content-Type: text/html; charset*0*=a''b; charset*1*=c; charset*x",
    "a charset with a star": b"Content-Type: text/html; charset*",
    "two types": b"Content-Type: text/html\r\nContent-Type: text/html; charset*",
    "no type": b"Content-Type:",
    "bytes for a type": b"Content-Type: text/html; charset=\xff\xfe\x80",
    "cookies": b"\r\n".join([b"Content-Type: text/html", *[b'Set-Cookie: a="' + b'\\"' * 4000] * 90]),
    "odd cookies": b"\r\n".join([b"Content-Type: text/html", *[b"Set-Cookie: " + b"=;" * 4000] * 90]),
    "a cookie of bytes": b"Content-Type: text/html\r\nSet-Cookie: \xff=\xfe; Expires=Mon, (((",
    "links": b"Content-Type: text/html\r\nLink: " + b"<;" * 4000,
    "a long number for a date": b"Content-Type: text/html\r\nDate: " + b"9" * 8000,
    "a challenge": b"Content-Type: text/html\r\nWWW-Authenticate: Digest " + b'a="' * 2500,
    "an odd packing": b"Content-Type: text/html\r\nContent-Encoding: " + b"," * 8000,
    "an odd transfer": b"Content-Type: text/html\r\nTransfer-Encoding: " + b"(" * 8000,
    "an endless length": b"Content-Type: text/html\r\nContent-Length: " + b"9" * 8000,
    "a refresh": b"Content-Type: text/html\r\nRefresh: " + b"0;" * 4000,
    "a location without a redirect": b"Content-Type: text/html\r\nLocation: http://[",
}
REDIRECTS: dict[str, bytes] = {
    "brackets": b"(" * 8000,
    "percent signs": b"%" * 8000,
    "bytes": b"/\xff\xfe\x80",
    "a broken host": b"http://[::1",
    "a host of dots": b"http://" + b"." * 8000,
    "a host of one letter": b"http://" + b"a." * 4000 + b"example/",
    "punycode that is none": b"http://xn--" + b"a" * 8000 + b"/",
    "many names": b"http://" + b"a@" * 4000,
    "a port of many digits": b"http://news.example:" + b"9" * 8000 + b"/",
    "wrappers": b"https://l.facebook.com/l.php?u=" + b"https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3D" * 150,
    "dots": b"/../" * 2000,
    "parameters": b"/?" + b"a=b&" * 2000,
}
REST: dict[str, bytes] = {
    "digits": b"9" * 8000,
    "a year of digits": b"Mon, 1 Jan " + b"9" * 5000 + b" 10:00:00 GMT",
    "a zone of digits": b"Mon, 1 Jan 2024 10:00:00 +" + b"9" * 5000,
    "a zone that is too far": b"Mon, 1 Jan 2024 10:00:00 +99999999999999999",
    "brackets": b"(" * 8000,
    "commas": b"Mon, " * 1600,
    "bytes": b"\xff\xfe",
    "nothing": b"",
}


@pytest.mark.parametrize("name", HEADERS)
async def test_whatever_stands_in_a_header_there_is_a_page_or_a_plain_reason(name: str) -> None:
    """A header that a library trips over costs nobody more than that page."""
    answer = raw(b"HTTP/1.1 200 OK\r\n" + HEADERS[name] + b"\r\n\r\nhello")
    with suppress(FetchError):
        found = await _fetched(answer, seconds=20)
        assert (found.content_type, found.charset, found.body) == ("text/html", None, b"hello")


@pytest.mark.parametrize("name", REDIRECTS)
async def test_wherever_a_redirect_leads_there_is_a_plain_reason(name: str) -> None:
    with pytest.raises(FetchError):
        await _fetched(raw(b"HTTP/1.1 302 Found\r\nLocation: " + REDIRECTS[name] + b"\r\n\r\n"), seconds=20)


@pytest.mark.parametrize("name", REST)
async def test_whatever_a_busy_site_asks_for_it_is_told_to_be_busy(name: str) -> None:
    head = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: " + REST[name] + b"\r\n\r\n"
    with pytest.raises(FetchError, match=r"the site answered 503"):
        await _fetched(raw(head), seconds=20)


@pytest.mark.parametrize(
    "error", [RecursionError("x"), IndexError("x"), UnicodeError("x"), KeyError("x"), AssertionError("x")]
)
async def test_what_nobody_foresaw_is_a_failure_of_that_page_alone_and_kept(error: Exception) -> None:
    """Whoever follows links in the background goes on; the site is not asked again at once."""
    asked: list[str] = []

    def resolve(host: str) -> list[str]:
        asked.append(host)
        raise error

    async with GuardedFetcher(timeout=20, max_bytes=LIMIT, user_agent="a", resolve=resolve) as fetcher:
        for _ in range(2):
            with pytest.raises(FetchError) as caught:
                await fetcher.fetch("http://news.example/a")
            assert "x" not in caught.value.reason.split()
    assert len(asked) == 1


async def test_of_a_body_that_is_longer_than_declared_the_declared_part_is_read() -> None:
    found = await _fetched(raw(OK + b"Content-Length: 4\r\n\r\n<p>aHTTP/1.1 200 OK\r\n\r\n"), seconds=20)
    assert found.body == b"<p>a"


@pytest.mark.parametrize(
    ("garbage", "seconds", "reason"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", 20, NOT_SECURE),
        (b"\x15\x03\x01\x00\x02\x02\x28", 20, NOT_SECURE),  # an alert
        (b"\x16\x03\x03\x40\x00", 0.3, SLOW),  # announces what never comes
        (b"", 0.3, SLOW),
    ],
)
async def test_garbage_in_place_of_tls_is_told(garbage: bytes, seconds: float, reason: str) -> None:
    left = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(garbage)
        with suppress(OSError):
            await reader.read()  # until the other side leaves
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        left.set()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    web = PublicWeb(port=server.sockets[0].getsockname()[1])
    async with server:
        async with GuardedFetcher(
            timeout=seconds, max_bytes=LIMIT, user_agent="a", resolve=web.resolve, dial=web.dial
        ) as fetcher:
            with pytest.raises(FetchError) as caught:
                await fetcher.fetch("https://news.example/")
        async with asyncio.timeout(20):
            await left.wait()
        assert (caught.value.reason, web.dialled) == (reason, [(PUBLIC, 443)])


_PIECES = [
    *(OK, CHUNKED, GZIP, b"\r\n", b"HTTP/1.1 302 Found\r\n", b"Location: ", b"http://", b"\xff", b"\0"),
    *(b"5\r\nhello\r\n", b"0\r\n\r\n", b"Content-Length: 5\r\n", b"Content-Type: ", b"Content-Encoding: "),
    *(b"Retry-After: ", b"HTTP/1.1 429 x\r\n", b"Set-Cookie: a=b\r\n", gzip.compress(b"hello")),
]
_pieces = st.one_of(st.binary(max_size=40), st.sampled_from(_PIECES))


@settings(max_examples=150, deadline=None)
@given(answer=st.lists(_pieces, max_size=8).map(b"".join))
async def test_whatever_a_server_sends_there_is_a_page_or_a_plain_reason(answer: bytes) -> None:
    with suppress(FetchError):
        await _fetched(raw(answer), seconds=20)
