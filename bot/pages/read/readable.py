"""Text fit to be kept and shown: no control characters, no halves of characters, and not without end."""

from __future__ import annotations

import re

MAX_TEXT = 200_000
MAX_TITLE = 300

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def plain(text: str) -> str:
    """Drop control characters and lone surrogates, which databases refuse; cut what is too long."""
    return _CONTROL.sub("", text[: 2 * MAX_TEXT])[:MAX_TEXT]


def line(text: str | None) -> str:
    """One line, as titles and names are."""
    return " ".join(plain(text or "").split())[:MAX_TITLE]
