"""Text as Slack stores it: what a person types is escaped, and links, people and channels are marked up."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

_CODE = r"```.*?```|`[^`\n]+`"
_TYPED = re.compile(
    rf"(?P<code>{_CODE})"
    r"|(?P<url>https?://[^\s<>|`]+)"
    r"|(?P<bare>(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:com|org|net|example)\b(?:/[^\s<>|`]*)?)"
    r"|@(?P<user>[\w.-]*\w)"
    r"|#(?P<channel>[\w-]+)",
    re.DOTALL,
)
_MARKED = re.compile(
    rf"(?P<code>{_CODE})"
    r"|<(?P<url>https?://[^|>]+)(?:\|(?P<label>[^>]*))?>"
    r"|<@(?P<user>\w+)(?:\|[^>]*)?>"
    r"|<#(?P<channel>\w+)(?:\|[^>]*)?>",
    re.DOTALL,
)
_TRAILING = ".,;:!?)\"'”’"


def escaped(text: str) -> str:
    """Escape the three characters that Slack escapes, and no others."""
    return html.escape(text, quote=False)


def typed(text: str, *, users: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Turn what a person typed into what Slack stores; `users` and `channels` map names to ids.

    Links and names inside code are left as they are.
    """
    parts = []
    at = 0
    for match in _TYPED.finditer(text):
        parts += [escaped(text[at : match.start()]), _marked(match, users, channels)]
        at = match.end()
    return "".join([*parts, escaped(text[at:])])


def _marked(match: re.Match[str], users: Mapping[str, str], channels: Mapping[str, str]) -> str:
    whole = match[0]
    if match["code"]:
        return escaped(whole)
    if match["url"] or match["bare"]:
        url = _without_tail(whole)
        link = escaped(url) if match["url"] else f"http://{escaped(url)}|{escaped(url)}"
        return f"<{link}>{escaped(whole[len(url) :])}"
    if match["user"]:
        user = users.get(match["user"])
        return f"<@{user}>" if user else escaped(whole)
    channel = channels.get(match["channel"])
    return f"<#{channel}|{match['channel']}>" if channel else escaped(whole)


def _without_tail(url: str) -> str:
    """Leave out what ends the sentence, and not a bracket that the URL itself opened."""
    while url[-1] in _TRAILING and not (url[-1] == ")" and url.count("(") >= url.count(")")):
        url = url[:-1]
    return url


def links(stored: str) -> list[str]:
    """List the URLs of stored text in order, each once, still escaped, without those inside code."""
    return list(dict.fromkeys(match["url"] for match in _MARKED.finditer(stored) if match["url"]))


def mentions(stored: str, user: str) -> bool:
    """Whether stored text mentions a user outside code."""
    return any(match["user"] == user for match in _MARKED.finditer(stored))


def host(url: str) -> str:
    """The host that a URL names."""
    return urlsplit(html.unescape(url)).hostname or ""


def rich_text(stored: str, block_id: str) -> dict[str, Any]:
    """Give the rich text block that Slack's own clients send along with a person's text."""
    parts: list[dict[str, Any]] = []
    at = 0
    for match in _MARKED.finditer(stored):
        parts += [*_plain(stored[at : match.start()]), _element(match)]
        at = match.end()
    parts += _plain(stored[at:])
    section = {"type": "rich_text_section", "elements": parts}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def _plain(text: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": html.unescape(text)}] if text else []


def _element(match: re.Match[str]) -> dict[str, Any]:
    if match["code"]:
        return {"type": "text", "text": html.unescape(match["code"].strip("`")), "style": {"code": True}}
    if match["url"]:
        label = {"text": html.unescape(match["label"])} if match["label"] else {}
        return {"type": "link", "url": html.unescape(match["url"]), **label}
    if match["user"]:
        return {"type": "user", "user_id": match["user"]}
    return {"type": "channel", "channel_id": match["channel"]}
