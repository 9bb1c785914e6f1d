"""Keeps Matrix clients from making mentions of what only stands in an entry.

Clients turn links to matrix.to, `matrix:` addresses and bare ids into pills, and older ones notify a whole
room of "@room". `m.mentions` is empty in every message of ours; this is for those who do not read it.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from bot.platforms.matrix.formatted import is_matrix_link

_WORD_JOINER = "\u2060"
_CALL = r"(?:@(?=room\b)|[@#!](?=[^\s:/]{1,255}:[\w\[]))"
_PLACE = r"(?:https?://|matrix:)\S+"
TO_COPY = re.compile("(" + _PLACE + "|" + _CALL + r"\S+)", re.IGNORECASE)
"""An address or an id, as a group of its own."""
_FOUND = re.compile("(?P<address>" + _PLACE + ")|" + _CALL, re.IGNORECASE)
_APART = re.compile("(?<=[.:])|" + _CALL, re.IGNORECASE)
_ID = re.compile(r"(?:^|/)[@#!+$][^/:]*:[^/]")


def makes_pill(url: str) -> bool:
    """Whether an address leads to a person, room or message of Matrix, by whichever client's web page."""
    try:
        fragment = urlsplit(url).fragment
    except ValueError:
        return True  # what cannot be told is not linked to
    return is_matrix_link(url) or bool(_ID.search(unquote(fragment)))


def without_calls(text: str) -> str:
    """A text with what would call somebody broken up, where nobody sees it; web addresses stay whole."""
    return _FOUND.sub(lambda found: found[0] if _is_page(found["address"]) else _apart(found), text)


def broken_up(text: str) -> str:
    """The same, and no address in it is one that clients make a link of."""
    return _FOUND.sub(_apart, text)


def put_together(text: str) -> str:
    """A text as it was before it was broken up: people copy ids and addresses out of what the bot says."""
    return text.replace(_WORD_JOINER, "")


def _is_page(address: str | None) -> bool:
    return address is not None and not makes_pill(address)


def _apart(found: re.Match[str]) -> str:
    """An address or, alone, the sign that begins a call."""
    return _APART.sub(r"\g<0>" + _WORD_JOINER, found["address"] or "") or f"{found[0]}{_WORD_JOINER}"
