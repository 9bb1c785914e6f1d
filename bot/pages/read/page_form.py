"""What a body is by its first bytes, whatever its server or its file's name says."""

from __future__ import annotations

MAX_HTML = 2 * 2**20  # bytes that are read of a page; an article ends long before
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
PDF_TYPES = frozenset({"application/pdf", "application/x-pdf"})
_HTML_BEGINNINGS = (b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")
_HEADER_WITHIN = 1024  # bytes; what readers of PDF take


def is_pdf(body: bytes) -> bool:
    """Tell a PDF file by its header."""
    return b"%PDF-" in body[:_HEADER_WITHIN]


def is_html(body: bytes) -> bool:
    """Tell an HTML page by its first tag."""
    return body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\0").lower().startswith(_HTML_BEGINNINGS)
