"""PDF files: read like pages, and told plainly where they cannot be."""

from __future__ import annotations

import io
import zlib

import pytest
from pypdf import PdfReader, PdfWriter

from bot.errors import UnreadableError
from bot.pages.read.exchange import ReadPage, Request
from bot.pages.read.read_page import read_page
from bot.pages.read.read_pdf import read_pdf

LINES = (
    "Forty kites counted",
    "The warden of Lower Meadow counted forty kites on Sun-",
    "day, two more than in the spring before.",
    "Most of them were flown by children from the village",
    "schools, and nine by members of the club.",
)


def _pdf(content: bytes, *, packed: bool = False, more: bytes = b"", trailer: bytes = b"") -> bytes:
    """A PDF file by hand: one page with a content stream; `more` objects start at number 6."""
    stream, packing = (zlib.compress(content), b"/Filter /FlateDecode") if packed else (content, b"")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /MediaBox [0 0 600 800]"
            b" /Resources << /Font << /F 5 0 R >> >> >>"
        ),
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(stream), packing, stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        *([more] if more else []),
    ]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        trailer,
        table,
    )
    return bytes(out)


def _shown(lines: tuple[str, ...] = LINES) -> bytes:
    return (
        b"BT /F 12 Tf 50 700 Td 14 TL "
        + b"".join(b"(%s) Tj T* " % each.encode("cp1252") for each in lines)
        + b"ET"
    )


INFO = b"<< /Title (Forty kites) /Author (Kite Writer) /CreationDate (D:20240304090000Z) >>"


def _encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(_pdf(_shown()))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _read(body: bytes, content_type: str = "application/pdf") -> ReadPage:
    return read_page(
        Request(body=body, content_type=content_type, charset=None, url="https://k.example/a.pdf")
    )


def test_a_pdf_is_read_with_its_first_line_for_a_title_and_its_lines_joined() -> None:
    found = _read(_pdf(_shown()))
    assert (found.kind, found.title) == ("ARTICLE", "Forty kites counted")
    assert "kites on Sunday, two more" in found.text
    assert "the village schools" in found.text
    assert found.published is None


def test_what_the_file_says_of_itself_is_taken_over() -> None:
    found = _read(_pdf(_shown(), more=INFO, trailer=b"/Info 6 0 R"))
    assert (found.title, found.author) == ("Forty kites", "Kite Writer")
    assert (found.published, found.published_from) == ("2024-03-04", "FILE")


def test_a_title_that_a_program_wrote_is_none() -> None:
    info = INFO.replace(b"(Forty kites)", b"(Microsoft Word - kites.docx)")
    assert _read(_pdf(_shown(), more=info, trailer=b"/Info 6 0 R")).title == "Forty kites counted"


def test_a_pdf_that_only_forbids_printing_is_read() -> None:
    assert "forty kites" in read_pdf(_encrypted("")).text


PAGES_IN_A_CIRCLE = _pdf(_shown()).replace(b"/Kids [3 0 R] /Count 1", b"/Kids [2 0 R] /Count 1")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "it is a broken PDF"),
        (b"no PDF at all", "it is a broken PDF"),
        (b"%PDF-1.7\n", "it is a broken PDF"),
        (b"%PDF-1.7\n" + b"\xff" * 10_000, "it is a broken PDF"),
        (_pdf(b""), "it is a PDF without text, such as a scan"),
        (_encrypted("secret"), "it is a PDF that asks for a password"),
        (_pdf(b" " * 200_000_000, packed=True), "it is a PDF that unpacks to too much"),
    ],
    ids=["empty", "not a PDF", "header", "rubbish", "scan", "locked", "bomb"],
)
def test_a_pdf_that_cannot_be_read_is_told_so(body: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        _read(body)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "body",
    [
        PAGES_IN_A_CIRCLE,
        _pdf(_shown())[:-200],
        _pdf(_shown())[:300],
        _pdf(b"[" * 100_000),
        _pdf(b"q " * 100_000 + _shown()),
        _pdf(_shown()).replace(b"/Root 1 0 R", b"/Root 99 0 R"),
        _pdf(_shown()).replace(b"/Length", b"/Length 4 0 R /X"),
    ],
    ids=["circle", "no table", "cut", "nested", "states", "no root", "length in a circle"],
)
def test_a_hostile_pdf_is_read_or_told_to_be_unreadable(body: bytes) -> None:
    try:
        found = _read(body)
    except UnreadableError:
        return
    assert found.text


def test_a_page_that_is_served_as_a_pdf_is_read_as_a_page() -> None:
    html = b"<!doctype html><title>Kites</title><p>" + b"The warden counted forty kites on Sunday. " * 5
    assert _read(html).title == "Kites"


def test_a_pdf_that_is_served_as_plain_text_is_read_as_a_pdf() -> None:
    assert _read(_pdf(_shown()), "text/plain").title == "Forty kites counted"
