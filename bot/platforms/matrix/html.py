"""Reply → the HTML that Matrix clients show (Matrix specification, `org.matrix.custom.html`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import urlsplit

from bot.model import Citation, Reply, Suggestion
from bot.platforms.matrix.pills import TO_COPY, broken_up, makes_pill
from bot.replies import wording
from bot.replies.plain import byline, clean, typed, verbatim

PREFIX = "!caveat "
"""What a command begins with; the bot's name does as well."""


def render(reply: Reply) -> str:
    """Write a reply in short blocks, in the order of the plain text; every string is escaped here."""
    return "".join(_blocks(reply))


def _blocks(reply: Reply) -> Iterator[str]:
    if reply.rating:
        yield f"<p><strong>{_said(reply.rating)}</strong></p>"
    yield f"<p><strong>{_said(reply.lead)}</strong></p>"
    if reply.updated:
        yield f"<p>{_said(reply.updated)}</p>"
    yield _list(map(_line, reply.lines))
    if reply.form:
        yield f"<pre><code>{escape(verbatim(reply.form))}\n</code></pre>"
    if reply.original:
        yield f"<p>{_citation(reply.original)}</p>"
    yield from (f"<p>{_said(text)}</p>" for text in (reply.content_note, reply.summary) if text)
    yield _section(wording.CAVEATS_HEADING, map(_said, reply.caveats))
    yield _section(wording.DIFFERENCES_HEADING, map(_said, reply.differences))
    yield _list(map(_suggestion, reply.suggestions))
    yield from (f"<p><em>{_said(text)}</em></p>" for text in (reply.verified, reply.footnote) if text)
    if reply.entry_url:
        yield f"<p>{_link(reply.entry_url, reply.entry_url)}</p>"
    yield from (
        f"<p>{wording.CHOICE} <code>{escape(PREFIX + typed(each))}</code></p>" for each in reply.choices
    )


def _section(heading: str, items: Iterable[str]) -> str:
    listed = _list(items)
    return f"<p>{_said(heading)}</p>{listed}" if listed else ""


def _list(items: Iterable[str]) -> str:
    lines = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul>{lines}</ul>" if lines else ""


def _suggestion(suggestion: Suggestion) -> str:
    basis = wording.BASES[suggestion.basis]
    return f"{_citation(suggestion.citation)}<br>{_said(f'{basis}: {suggestion.why}')}"


def _citation(citation: Citation) -> str:
    return f"{_link(citation.title, citation.url)}<br>{_said(byline(citation))}"


def _link(text: str, url: str) -> str:
    """Link to a web address; anything else, `javascript:` or a person on Matrix say, stays text."""
    try:
        is_page = urlsplit(url).scheme.lower() in {"http", "https"}
    except ValueError:
        is_page = False
    if not is_page:
        return _said(text)
    return (
        f"{_said(text)} ({_said(url)})" if makes_pill(url) else f'<a href="{escape(url)}">{_said(text)}</a>'
    )


def _line(text: str) -> str:
    """A line for curators, who copy addresses and ids out of it: as code, clients make nothing of them."""
    parts = TO_COPY.split(clean(text))
    return "".join(
        f"<code>{escape(part)}</code>" if place % 2 else escape(broken_up(part))
        for place, part in enumerate(parts)
    )


def _said(text: str) -> str:
    """Escape text; clients make links of bare addresses and ids: those are broken up where nobody sees it."""
    return escape(broken_up(clean(text)))
