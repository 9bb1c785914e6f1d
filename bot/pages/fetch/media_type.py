"""Reads a Content-Type header (RFC 9110, 8.3.1) in one pass, whatever a site writes into it.

Not with the standard library's parser, nor with what aiohttp makes of it: 400 brackets are a RecursionError
there, 8,000 quotation marks take half a second of the event loop, and `charset*` is an IndexError.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_LONGEST = 1000  # characters that are looked at; real ones have less than a hundred
_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,80}+"
_TYPE = re.compile(r"\s*+(" + _NAME + "/" + _NAME + r")(?=[\s;,]|\Z)")
# Possessive throughout: no step is ever taken back, so the time grows with the length only.
_PARAMETER = re.compile(r'([^;=]*+)(?:=\s*+(?:"((?:[^"\\]|\\.)*+)"?+[^;]*+|([^;]*+)))?+;?+', re.DOTALL)
_CHARSET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,39}")


class MediaType(NamedTuple):
    """A media type in small letters, "" where none was written, and its charset where one can be meant."""

    essence: str
    charset: str | None


def read_media_type(header: str) -> MediaType:
    """Read a Content-Type; junk is no type, or no charset. Never raises."""
    match = _TYPE.match(header, 0, _LONGEST)
    if match is None:
        return MediaType("", None)
    for name, quoted, bare in _PARAMETER.findall(header, match.end(), _LONGEST):
        if name.strip().lower() == "charset" and _CHARSET.fullmatch(charset := (quoted or bare).strip()):
            return MediaType(match[1].lower(), charset)
    return MediaType(match[1].lower(), None)
