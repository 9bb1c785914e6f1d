"""Reads a response inside a worker: bytes in, plain values out.

Nothing of the bot but rules and errors is imported here, so that the workers cost little memory.
"""

from __future__ import annotations

from bot.errors import UnreadableError
from bot.pages.read.charset import decode
from bot.pages.read.exchange import ReadPage, Request
from bot.pages.read.page_form import HTML_TYPES, MAX_HTML, PDF_TYPES, is_html, is_pdf
from bot.pages.read.read_html import read_html
from bot.pages.read.read_pdf import read_pdf
from bot.pages.read.read_text import read_text


def read_page(request: Request) -> ReadPage:
    """Read a response. Raises UnreadableError with a plain reason, and nothing else."""
    try:
        return _read(request)
    except MemoryError as error:
        raise UnreadableError("it needs too much memory to be read") from error
    except RecursionError as error:
        raise UnreadableError("its parts are nested too deeply") from error
    except UnreadableError:
        raise
    except Exception as error:  # three libraries, fed with hostile input, raise what they like
        raise UnreadableError("it could not be understood") from error


def _read(request: Request) -> ReadPage:
    body = request.body
    if is_pdf(body) and request.content_type not in HTML_TYPES:
        return read_pdf(body)
    html = request.content_type in HTML_TYPES or (request.content_type in PDF_TYPES and is_html(body))
    if request.content_type in PDF_TYPES and not html:
        raise UnreadableError("it is a broken PDF")
    text = decode(body[:MAX_HTML], request.charset, html=html)
    return read_html(text.replace("\0", ""), request.url) if html else read_text(text, request.url)
