"""Reads the HTML half of a Matrix message: its links, and whom it mentions.

Not with `html.parser`: in Python 3.11.7 it takes 47 s for 60 KB of "<a ", and raises AssertionError for
"<![<![".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from bot.entities import decoded

_NOT_SAID = frozenset({"code", "pre", "blockquote", "mx-reply"})
"""Elements whose content is shown, not said: code, and the words of others."""

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)")
_HREF = re.compile(r"""(?<![\w-])href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Formatted:
    """What HTML adds to the plain text: `links` to the web, and (user id, shown text) of every `mention`."""

    links: tuple[str, ...] = ()
    mentions: tuple[tuple[str, str], ...] = ()


def read_formatted(html: str) -> Formatted:
    """Read a `formatted_body`, in time that grows with its length only; anything may stand in it."""
    reader = _Reader()
    for chunk in _COMMENT.sub("", html).split("<")[1:]:
        tag, _, text = chunk.partition(">")
        name = _TAG.match(tag)
        if name:
            reader.take_tag(name["name"].lower(), closes=bool(name["slash"]), rest=tag[name.end() :])
        reader.take_text(text)
    return Formatted(links=tuple(reader.links), mentions=tuple(reader.mentions))


class _Reader:
    def __init__(self) -> None:
        self.links: list[str] = []
        self.mentions: list[tuple[str, str]] = []
        self._not_said = 0
        self._mentioned: str | None = None
        self._shown: list[str] = []

    def take_tag(self, name: str, *, closes: bool, rest: str) -> None:
        if name in _NOT_SAID:
            self._not_said = max(0, self._not_said + (-1 if closes else 1))
        if name != "a":
            return
        self._end_link()
        href = None if closes or self._not_said else _HREF.search(rest)
        if href:
            self._begin_link(decoded(next(filter(None, href.groups()), "")).strip())

    def take_text(self, text: str) -> None:
        if self._mentioned:
            self._shown.append(text)

    def _begin_link(self, href: str) -> None:
        self._mentioned, self._shown = mentioned_user(href), []
        if href.lower().startswith(("http://", "https://")) and not is_matrix_link(href):
            self.links.append(href)

    def _end_link(self) -> None:
        if self._mentioned:
            self.mentions.append((self._mentioned, decoded("".join(self._shown)).strip()))
        self._mentioned = None


def is_matrix_link(href: str) -> bool:
    """Tell whether an address leads to a room, user or message of Matrix rather than to a page."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return parts.scheme == "matrix" or (parts.hostname or "") in {"matrix.to", "www.matrix.to"}


def mentioned_user(href: str) -> str | None:
    """Give the user id that a `matrix.to` or `matrix:` link names (specification, appendix on URIs)."""
    if not is_matrix_link(href):
        return None
    parts = urlsplit(href)
    if parts.scheme == "matrix":
        kind, _, name = parts.path.partition("/")
        return f"@{unquote(name)}" if kind in {"u", "user"} and name else None
    target = unquote(parts.fragment.lstrip("/").split("?", 1)[0])
    return target if target.startswith("@") else None
