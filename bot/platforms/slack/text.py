"""Slack's mrkdwn, read and written; pure.

Slack stores what people type with `&`, `<` and `>` escaped, and marks up links, people and channels:
`<https://…|label>`, `<@U…>`, `<#C…|name>`, `<!here>`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from bot.replies.plain import clean
from kb.errors import UrlError
from kb.text.cutting import at_word, shortened
from kb.urls.identity import distinct
from kb.urls.parts import host_of, read_parts

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
_ESCAPED = {"&": 5, "<": 4, ">": 4, **dict.fromkeys("*_~`", 3)}
"""What the longer characters take once they are escaped, at the most: a cut may bare a formatting one."""
_CUT_ENTITY = re.compile(r"&[a-z]{0,3}\Z")
_LONGEST_HOST = 100
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
    """Link to a web address; anything else, `javascript:` say, stays text. A label is cut to `limit`.

    An address of more than 2,000 characters is no link either: its host is named instead.
    """
    address, host = _address(url), escape(shortened(host_of(url), _LONGEST_HOST))
    shown = label.replace("|", _BAR)
    shown = (shorten(shown, limit) if limit else escape(shown)) or host
    if address is None or size(address) > _LONGEST_LINK:
        return f"{shown} ({host})" if host and host != shown else shown
    return f"<{address}|{shown}>"


def shorten(text: str, limit: int, *, more: str = "") -> str:
    """Escape a text and cut it at a word to `limit` characters; `more`, mrkdwn, follows where it was cut.

    It is left out where it has no room itself.
    """
    line = clean(text)
    if len(line) <= limit and size(whole := _escaped(line)) <= limit:
        return whole
    endings = (f"… {more}", "…") if more else ("…",)
    ending = next((each for each in endings if size(each) <= limit), "")
    return _escaped(at_word(line, _fitting(line, limit - size(ending), _ESCAPED))) + ending


def plain(text: str, limit: int) -> str:
    """Clean a text for a place that knows no markup, and cut it at a word to `limit` characters."""
    line = clean(text)
    return line if size(line) <= limit else at_word(line, _fitting(line, limit - 1, {})) + "…"


def cut_escaped(stored: str, limit: int) -> str:
    """The beginning of a text as Slack stores it, cut in no entity and in no link."""
    start = stored[: max(limit, 0)]
    if len(start) == len(stored):
        return start
    opened = start.rfind("<")
    start = start[:opened] if opened > start.rfind(">") else start
    return _CUT_ENTITY.sub("", start)


def size(text: str) -> int:
    """A text's length as Slack may count it: what lies outside the basic plane counts twice."""
    return len(text) + sum(character > "\uffff" for character in text)


def _fitting(line: str, room: int, lengths: Mapping[str, int]) -> int:
    """How many characters of a line fit into `room`; `lengths` are those that get longer once shown."""
    end = 0
    for character in line:
        room -= lengths.get(character) or size(character)
        if room < 0:
            break
        end += 1
    return end


def _escaped(line: str) -> str:
    return _FORMATTING.sub(_APART + r"\g<0>" + _APART, line).translate(_SPECIAL)


def _links(stored: str) -> tuple[str, ...]:
    return tuple(
        distinct(filter(_is_page, (unescape(match["target"]) for match in _MARKED.finditer(stored))))
    )


def _is_page(address: str) -> bool:
    return bool(_PAGE.match(address)) and not _INSIDE.match(address) and len(address) <= _LONGEST_LINK


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
        href = read_parts(clean(url)).href
    except UrlError:
        return None
    safe = quote(href, safe="!#$%&'()*+,/:;=?@[]~", encoding="utf-8", errors="replace")
    return safe.replace("&", "&amp;")
