"""Reply → plain text, for terminals and as the fallback of rich messages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from bot.model import Citation, Reply
from bot.replies import wording

_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}  # control, direction overrides, private use, line separators
_JOINERS = {"\u200c", "\u200d"}  # part of how Persian and emoji are written


def render(reply: Reply) -> str:
    """Write a reply as lines of plain text; no string in it can start a line of its own."""
    return "\n".join(_lines(reply))


def clean(text: str) -> str:
    """Put untrusted text on one line, without characters that cannot be seen or turn the text around."""
    spaced = " ".join(text.split())
    return "".join(c for c in spaced if unicodedata.category(c) not in _HIDDEN or c in _JOINERS)


def byline(citation: Citation) -> str:
    """Publisher, author and date, as far as they are known."""
    day = wording.day(citation.published) if citation.published else None
    return ", ".join(clean(part) for part in (citation.publisher, citation.author, day) if part)


def _lines(reply: Reply) -> Iterator[str]:
    if reply.rating:
        yield clean(reply.rating)
    yield clean(reply.lead)
    if reply.original:
        yield f"“{clean(reply.original.title)}”, {byline(reply.original)}"
        yield clean(reply.original.url)
    yield from (clean(part) for part in (reply.content_note, reply.summary) if part)
    if reply.caveats:
        yield wording.CAVEATS_HEADING
        yield from (f"• {clean(caveat)}" for caveat in reply.caveats)
    if reply.differences:
        yield wording.DIFFERENCES_HEADING
        yield from (f"• {clean(difference)}" for difference in reply.differences)
    for suggestion in reply.suggestions:
        why = f"{wording.BASES[suggestion.basis]}: {clean(suggestion.why)}"
        yield f"• “{clean(suggestion.citation.title)}”, {byline(suggestion.citation)} ({why})"
        yield f"  {clean(suggestion.citation.url)}"
    yield from (clean(part) for part in (reply.verified, reply.footnote, reply.entry_url) if part)
