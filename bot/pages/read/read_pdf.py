"""Reads the text of a PDF file: as much as an article has, with its title and date where it states them."""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING

from bot.errors import UnreadableError
from bot.pages.read import page_kind
from bot.pages.read.exchange import ReadPage
from bot.pages.read.page_dates import FILE, day
from bot.pages.read.page_signals import count_words
from bot.pages.read.read_text import split_title
from bot.pages.read.readable import MAX_TEXT, line, plain
from kb.match.stance import says_debunk

if TYPE_CHECKING:
    from pypdf import PdfReader

_MAX_PAGES = 100  # far more than an article; 200,000 characters are reached before
_FEWEST_WORDS = 20
# What programs write where an author wrote no title.
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint)\b.*|untitled.*|document\d*"
    r"|.*\.(?:docx?|pdf|pptx?|indd|odt|qxd|rtf|tex|dvi|p65))?\W*",
    re.IGNORECASE,
)
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad]\n(?=[^\W\d_])")
_LINE_END = re.compile(r"(?<![.!?…:\"”’»)\n])\n(?!\n)")


def read_pdf(body: bytes) -> ReadPage:
    """Read a PDF file. Raises UnreadableError with a plain reason."""
    from pypdf import PdfReader  # noqa: PLC0415 - most pages are none, and it takes memory
    from pypdf.errors import FileNotDecryptedError, LimitReachedError  # noqa: PLC0415 - the same

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it has much to say about broken files
    try:
        reader = PdfReader(io.BytesIO(body), strict=False)
        locked = reader.is_encrypted and not reader.decrypt("")
        content = None if locked else (_text(reader), _title(reader), _author(reader), _created(reader))
    except FileNotDecryptedError:
        content = None
    except LimitReachedError as error:
        raise UnreadableError("it is a PDF that unpacks to too much") from error
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # pypdf: "broken PDF files might cause other Exceptions"
        raise UnreadableError("it is a broken PDF") from error
    if content is None:
        raise UnreadableError("it is a PDF that asks for a password")
    text, title, author, created = content
    if count_words(text) < _FEWEST_WORDS:
        raise UnreadableError("it is a PDF without text, such as a scan")
    if not title:
        title, text = split_title(text)
    text = _LINE_END.sub(" ", text)
    return ReadPage(
        kind=page_kind.ARTICLE,
        title=title,
        text=text,
        author=author,
        published=created,
        published_from=FILE if created else None,
        debunk=says_debunk(title),
    )


def _text(reader: PdfReader) -> str:
    pieces: list[str] = []
    length = 0
    for page in reader.pages[:_MAX_PAGES]:
        pieces.append(page.extract_text())
        length += len(pieces[-1])
        if length > MAX_TEXT:
            break
    return plain(_HYPHEN.sub("", "\n\n".join(pieces))).strip()


def _title(reader: PdfReader) -> str:
    title = line(reader.metadata.title if reader.metadata else None)
    return "" if _NO_TITLE.fullmatch(title) else title


def _author(reader: PdfReader) -> str | None:
    return line(reader.metadata.author if reader.metadata else None) or None


def _created(reader: PdfReader) -> str | None:
    try:
        made = reader.metadata.creation_date if reader.metadata else None
    except ValueError:  # no date at all
        return None
    when = day(made.date().isoformat()) if made else None
    return when.isoformat() if when else None
