"""The redirect that stands in a page: `<meta http-equiv=refresh>`, which link shorteners use.

Only a tiny page that is left at once is one: a long page that reloads itself, or leads readers without
JavaScript elsewhere, is the page that was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.entities import decoded
from bot.model import Fetched

# In bytes: those of shorteners have hundreds, those of publishers' link services a few thousand.
_LARGEST = 16 * 1024
_LONGEST_WAIT = 5  # seconds; longer ones are meant to be read
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})

# Every part is bounded or stops at "<", so that no page makes the search long.
_MARKUP = re.compile(
    r"(?P<comment><!--)|<(?P<raw>script|style|title|textarea|template|xmp|iframe)\b|<meta\b(?P<meta>[^<>]*)>",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([a-z-]{1,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
# WHATWG HTML, "shared declarative refresh steps".
_CONTENT = re.compile(
    r"\s*(?P<wait>\d{1,4})(?:\.[\d.]*)?\s*[;,\s]\s*(?:url\s*=\s*)?(?P<quote>[\"']?)(?P<target>.+)",
    re.IGNORECASE | re.DOTALL,
)


def refresh_target(page: Fetched) -> str | None:
    """Give the address, as written, that a tiny page sends its reader to at once; None for any other."""
    if len(page.body) > _LARGEST or page.content_type not in _HTML_TYPES:
        return None
    for attributes in _metas(page.body.decode(errors="replace")):
        if attributes.get("http-equiv", "").strip().lower() == "refresh":
            return _target(attributes.get("content", ""))
    return None


def _metas(html: str) -> Iterator[dict[str, str]]:
    place = 0
    while match := _MARKUP.search(html, place):
        place = match.end()
        if match["meta"] is not None:
            names = _ATTRIBUTE.findall(match["meta"])
            yield {name.lower(): decoded(double or single or bare) for name, double, single, bare in names}
            continue
        end = re.compile("-->" if match["comment"] else "</" + match["raw"], re.IGNORECASE)
        closed = end.search(html, place)
        if closed is None:
            return
        place = closed.end()


def _target(content: str) -> str | None:
    match = _CONTENT.match(content)
    if match is None or int(match["wait"]) > _LONGEST_WAIT:
        return None
    target = match["target"]
    return (target.partition(match["quote"])[0] if match["quote"] else target).strip() or None
