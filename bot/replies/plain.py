"""Reply → plain text, for terminals and as the fallback of rich messages."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

from bot.model import Choice, Citation, Reply
from bot.replies import wording
from kb.text.dates import written_day

_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}  # control, direction overrides, private use, line separators
_JOINERS = {"\u200c", "\u200d"}  # part of how Persian and emoji are written


def clean(text: str) -> str:
    """Put untrusted text on one line, without characters that cannot be seen or turn the text around."""
    spaced = " ".join(text.split())
    return "".join(filter(_is_seen, spaced))


def render(reply: Reply, *, prefix: str = "", said: Callable[[str], str] = clean) -> str:
    """Write a reply as lines of plain text; no string in it can start a line of its own, but in a form.

    `prefix` stands before commands, for the bot to know that it is meant; `said` writes each text.
    """
    return "\n".join(_lines(reply, prefix, said))


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _HIDDEN or character in _JOINERS


def fenced(form: str) -> str:
    """A form as a code block; nothing in it can end the block."""
    return f"```\n{verbatim(form)}\n```"


def verbatim(form: str) -> str:
    """A form's lines with their indents, without what cannot be seen or would end a code block."""
    lines = form.replace("```", "'''").strip("\n").split("\n")
    return "\n".join("".join(filter(_is_seen, line)).rstrip() for line in lines)


def typed(choice: Choice) -> str:
    """What to type for a choice where there are no buttons."""
    return clean(f"{choice.command} {wording.NOTE}" if choice.note else choice.command)


def byline(citation: Citation) -> str:
    """Publisher, author and date, as far as they are known."""
    day = written_day(citation.published) if citation.published else None
    return ", ".join(clean(part) for part in (citation.publisher, citation.author, day) if part)


def _lines(reply: Reply, prefix: str, said: Callable[[str], str]) -> Iterator[str]:
    if reply.rating:
        yield said(reply.rating)
    yield said(reply.lead)
    if reply.updated:
        yield said(reply.updated)
    yield from map(said, reply.lines)
    if reply.form:
        yield fenced(reply.form)
    if reply.original:
        yield f"“{said(reply.original.title)}”, {said(byline(reply.original))}"
        if reply.original.url:
            yield said(reply.original.url)
    yield from (said(part) for part in (reply.content_note, reply.summary) if part)
    if reply.caveats:
        yield wording.CAVEATS_HEADING
        yield from (f"• {said(caveat)}" for caveat in reply.caveats)
    if reply.differences:
        yield wording.DIFFERENCES_HEADING
        yield from (f"• {said(difference)}" for difference in reply.differences)
    for suggestion in reply.suggestions:
        why = f"{wording.BASES[suggestion.basis]}: {said(suggestion.why)}"
        yield f"• “{said(suggestion.citation.title)}”, {said(byline(suggestion.citation))} ({why})"
        if suggestion.citation.url:
            yield f"  {said(suggestion.citation.url)}"
    yield from (said(part) for part in (reply.verified, reply.footnote, reply.entry_url) if part)
    yield from (f"{wording.CHOICE} {prefix}{typed(choice)}" for choice in reply.choices)
