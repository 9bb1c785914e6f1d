"""The web addresses in a message that its writer put there: not in code, not in somebody else's words."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

from kb.urls.identity import distinct

_CODE_BLOCK = re.compile(r"(?:```|~~~).*?(?:```|~~~|\Z)", re.DOTALL)
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)\1(?!`)", re.DOTALL)
_QUOTED_LINE = re.compile(r"^[ \t]{0,3}>.*$", re.MULTILINE)

_SCHEME = r"(?:view-source:)?https?://"
# An address ends at white space, at angle brackets and quotes, and at the full-width marks of CJK text.
_ADDRESS = _SCHEME + r"[^\s<>\"“”„«»「」『』【】《》（），。、！？；：\u200b\u2060\ufeff]+"
_LINK = re.compile(
    r"\[[^\[\]\n]*\]\(\s*<?(?P<target>" + _SCHEME + r"(?:[^\s()<>]|\([^\s()<>]*\))+)>?"
    r"(?:\s+[\"'][^\n]{0,300}?[\"'])?\s*\)"  # the title is bounded, for many links may begin in one
    r"|<(?P<framed>" + _SCHEME + r"[^\s<>|]+)(?:\|[^<>\n]*)?>"
    r"|(?P<bare>" + _ADDRESS + ")",
    re.IGNORECASE,
)
_CLOSERS = {")": "(", "]": "[", "}": "{"}
_PUNCTUATION = ".,;:!?'*_~|’‘…"
LONGEST_LINK = 2000
"""Characters of an address: browsers and entry files agree on this."""

MOST_LINKS = 100
"""So many addresses of one message are read: none is about more pages, and reading one takes its time."""


def find_links(text: str) -> tuple[str, ...]:
    """Give the http(s) addresses in a plain-text message, in order, each page once.

    Left out are those in code spans and blocks and those in quoted lines ("> …", a reply's fallback), and
    what follows after MOST_LINKS.
    """
    addresses = (
        match["target"] or match["framed"] or _trimmed(match["bare"][: LONGEST_LINK + 1])
        for match in islice(_LINK.finditer(_own_words(text)), MOST_LINKS)
    )
    return tuple(distinct(address for address in addresses if len(address) <= LONGEST_LINK))


def _own_words(text: str) -> str:
    for pattern in (_QUOTED_LINE, _CODE_BLOCK, _CODE_SPAN):
        text = pattern.sub(" ", text)
    return text


def _trimmed(address: str) -> str:
    """Cut what ends the sentence, not the address: punctuation, and brackets that were opened before it."""
    left = Counter(address)
    end = len(address)
    while end:
        last = address[end - 1]
        opener = _CLOSERS.get(last)
        if last not in _PUNCTUATION and (opener is None or left[opener] >= left[last]):
            break
        left[last] -= 1
        end -= 1
    return address[:end]
