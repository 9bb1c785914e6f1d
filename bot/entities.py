"""HTML's character references in outside text."""

from __future__ import annotations

import re
from html import unescape

_TOO_LARGE = re.compile(r"&#(?:[xX][0-9a-fA-F]{8,}+|[0-9]{8,}+);?")
"""No character has such a number, and Python raises ValueError for one of more than 4,300 digits."""


def decoded(html: str) -> str:
    """Put characters in the place of their references, as browsers do. Never raises."""
    return unescape(_TOO_LARGE.sub("\ufffd", html))
