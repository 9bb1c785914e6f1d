"""Slack's mrkdwn, read and written; pure.

Slack stores what people type with `&`, `<` and `>` escaped, and marks up links, people and channels:
`<https://…|label>`, `<@U…>`, `<#C…|name>`, `<!here>`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from bot.replies.plain import clean
from kb.errors import UrlError
from kb.url import identify

_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_QUOTED = re.compile(r"^(?:&gt;&gt;&gt;.*|[ \t]*&gt;[^\n]*)", re.DOTALL | re.MULTILINE)
_MARKED = re.compile(r"<(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")
_ENTITY = re.compile(r"&(amp|lt|gt);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">"}
_PAGE = re.compile(r"https?://", re.IGNORECASE)
_INSIDE = re.compile(r"https?://[\w.-]+\.slack\.com/(?:archives|team|files|client)/", re.IGNORECASE)
_LONGEST_LINK = 2000

_SPECIAL = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_FORMATTING = re.compile(r"(?<!\w)[*_~`]|[*_~`](?!\w)")
_APART = "\u200b"
_BAR = "\u2758"  # looks like the bar that would begin a label


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a stored text says: its words, whether it mentions the bot, and the links its writer put there."""

    words: str
    mentioned: bool
    links: tuple[str, ...]


def read(stored: str, bot: str) -> Said:
    """Read a text as Slack stores it; `bot` is the bot's user id, whose mention is left out of the words.

    Links and mentions in code do not count, nor do links in quoted lines and to places in Slack itself.
    """
    own = _CODE.sub(" ", stored)
    mentioned = any(_user(match) == bot for match in _MARKED.finditer(own))
    words = _MARKED.sub(lambda match: "" if _user(match) == bot else _spoken(match), stored)
    return Said(words=_in_one_line(unescape(words)), mentioned=mentioned, links=_links(_QUOTED.sub(" ", own)))


def _in_one_line(words: str) -> str:
    """Put words on one line; around a code block, a form say, lines and indents mean something."""
    return words.strip() if "```" in words else " ".join(words.split())


def unescape(stored: str) -> str:
    """Undo the only three entities that Slack writes."""
    return _ENTITY.sub(lambda match: _CHARACTERS[match[1]], stored)


def escape(text: str) -> str:
    """Put untrusted text on one line that shows as it is: no mention, no link, no formatting."""
    return _escaped(clean(text))


def link(label: str, url: str, *, limit: int | None = None) -> str:
    """Link to a web address; anything else, `javascript:` say, stays text. A label is cut to `limit`."""
    shown = shorten(label.replace("|", _BAR), limit) if limit else escape(label.replace("|", _BAR))
    address = _address(url)
    return f"<{address}|{shown or address}>" if address else shown


def shorten(text: str, limit: int, *, more: str = "") -> str:
    """Escape a text and cut it at a word to `limit` characters; `more`, mrkdwn, follows where it was cut."""
    line = clean(text)
    whole = _escaped(line[: limit + 1])
    if size(whole) <= limit:
        return whole
    ending = f"… {more}" if more else "…"
    start, room = line[: limit + 1], limit - size(ending)
    end = _fitting(start, room)
    while end and size(_escaped(at_word(start, end))) > room:  # a cut may bare a formatting character
        end -= 1
    return _escaped(at_word(start, end)) + ending


def plain(text: str, limit: int) -> str:
    """Clean a text for a place that knows no markup, and cut it at a word to `limit` characters."""
    line = clean(text)
    if size(line) <= limit:
        return line
    start = line[: limit + 1]
    end = bisect_right(range(len(start)), limit - 1, key=lambda end: size(start[:end])) - 1
    return at_word(start, end) + "…"


def at_word(text: str, end: int) -> str:
    """The beginning of a text, up to the last word that ends before `end`; a single long word is cut."""
    start = text[: max(end, 0)]
    if not text[len(start) : len(start) + 1].strip():
        return start.rstrip()
    words, space, _ = start.rpartition(" ")
    return words.rstrip() if space and words.strip() else start


def size(text: str) -> int:
    """A text's length as Slack may count it: what lies outside the basic plane counts twice."""
    return len(text) + sum(character > "\uffff" for character in text)


def _fitting(line: str, room: int) -> int:
    """How many characters of a line fit, once escaped, into `room`."""
    return bisect_right(range(len(line)), room, key=lambda end: size(_escaped(line[:end]))) - 1


def _escaped(line: str) -> str:
    return _FORMATTING.sub(_APART + r"\g<0>" + _APART, line).translate(_SPECIAL)


def _links(stored: str) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for match in _MARKED.finditer(stored):
        address = unescape(match["target"])
        if not _PAGE.match(address) or _INSIDE.match(address) or len(address) > _LONGEST_LINK:
            continue
        try:
            found.setdefault(identify(address).key, address)
        except UrlError:
            continue
    return tuple(found.values())


def _user(match: re.Match[str]) -> str | None:
    target: str = match["target"]
    return target[1:] if target.startswith("@") else None


def _spoken(match: re.Match[str]) -> str:
    """What a reader sees where something is marked up."""
    target, label = match["target"], match["label"]
    sign = target[0] if target[0] in "@#" else ""
    if label:
        return f"{sign}{label}"
    return target.replace("!", "@", 1) if target.startswith("!") else str(target)


def _address(url: str) -> str | None:
    try:
        is_page = urlsplit(url).scheme.lower() in {"http", "https"}
    except ValueError:
        return None
    safe = quote(clean(url), safe="!#$%&'()*+,/:;=?@[]~", encoding="utf-8", errors="replace")
    return safe.replace("&", "&amp;") if is_page else None
