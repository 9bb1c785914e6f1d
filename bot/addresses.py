"""Checks addresses in settings, without ever quoting one: it may hold a password, put there by mistake."""

from __future__ import annotations

import re

import ada_url

_WEB = re.compile(r"https?://[!-~]+", re.IGNORECASE)


def read_address(text: str) -> str:
    """Read the address of a server that is called over HTTP: scheme, host, port and path, nothing else.

    Raises ValueError, which says what is wrong and does not quote the address.
    """
    wanted = "it must be an address such as https://matrix.example"
    if not _WEB.fullmatch(text):
        raise ValueError(wanted)
    url = _parsed(text, wanted)
    _has_no_login(url)
    if url.search or url.hash or "?" in text or "#" in text:
        raise ValueError("it must end after the host, port or path: no ? and no #")
    return text


def read_page_address(text: str) -> str:
    """Read an address that strangers are shown; one of another kind is left alone. Raises ValueError."""
    if _WEB.fullmatch(text):
        _has_no_login(_parsed(text, "it must be a web address such as https://example.com/about-our-bot"))
    return text


def _parsed(text: str, wanted: str) -> ada_url.URL:
    try:
        return ada_url.URL(text)
    except ValueError as error:
        raise ValueError(wanted) from error


def _has_no_login(url: ada_url.URL) -> None:
    if url.username or url.password:
        raise ValueError(
            "it must hold no user name and no password; there are settings of their own for these"
        )
