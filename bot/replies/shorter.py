"""A reply in fewer words, for a place that takes no more: texts are cut, lists end earlier. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.model import Citation, Reply, Suggestion
from bot.replies import wording
from kb.text.cutting import shortened
from kb.urls.parts import host_of

_STEPS = ((2000, 60, 20_000), (1000, 40, 8000), (500, 25, 4000), (250, 12, 2000), (120, 6, 0), (60, 3, 0))
"""The most characters of a text, items of a list, and characters of a form: a form is whole or missing."""

_ADDRESSES = 8
"""An address may be so many times as long as a text."""

SHORTEST = len(_STEPS) - 1


def fitted(reply: Reply, fits: Callable[[Reply], bool], *, most: int) -> Reply:
    """The reply, as far as it fits; the last resort is the beginning of its lead.

    `fits` is asked seven times at the most, and of no reply whose texts have more than `most` characters:
    what an entry holds may be a hundred times as long as what a place takes, and takes its time to lay out.
    """
    for step in range(-1, len(_STEPS)):
        tried = reply if step < 0 else shorter(reply, step)
        if _length(tried) <= most and fits(tried):
            return tried
    return Reply(lead=shortened(reply.lead, _STEPS[SHORTEST][0]), feedback=reply.feedback)


def _length(reply: Reply) -> int:
    alone = (reply.lead, reply.rating, reply.content_note, reply.summary, reply.verified, reply.footnote)
    lists = (reply.caveats, reply.differences, reply.lines, (reply.updated, reply.form))
    cited = [suggestion.citation for suggestion in reply.suggestions] + (
        [reply.original] if reply.original else []
    )
    named = (
        part
        for citation in cited
        for part in (citation.title, citation.url, citation.publisher, citation.author)
    )
    texts = (
        *alone,
        *(text for lines in lists for text in lines),
        *named,
        *(s.why for s in reply.suggestions),
    )
    return sum(len(text) for text in texts if text)


def shorter(reply: Reply, step: int = SHORTEST) -> Reply:
    """The reply in fewer words, the higher the step, up to `SHORTEST`, the fewer."""
    most, items, form = _STEPS[step]

    def some(texts: tuple[str, ...]) -> tuple[str, ...]:
        kept = tuple(shortened(text, most) for text in texts[:items])
        return (*kept, "…") if len(texts) > items else kept

    kept_form = reply.form if len(reply.form or "") <= form else None
    lost = (wording.FORM_TOO_LONG,) if reply.form and not kept_form else ()
    return replace(
        reply,
        lead=shortened(reply.lead, most),
        rating=_cut(reply.rating, most),
        original=_cited(reply.original, most) if reply.original else None,
        content_note=_cut(reply.content_note, most),
        summary=_cut(reply.summary, most),
        caveats=some(reply.caveats),
        differences=some(reply.differences),
        suggestions=tuple(_suggested(suggestion, most) for suggestion in reply.suggestions[:items]),
        verified=_cut(reply.verified, most),
        footnote=_cut(reply.footnote, most),
        updated=_cut(reply.updated, most),
        evidence=some(reply.evidence),
        lines=some(reply.lines) + lost,
        form=kept_form,
        choices=reply.choices[:items],
    )


def _cut(text: str | None, most: int) -> str | None:
    return None if text is None else shortened(text, most)


def _cited(citation: Citation, most: int) -> Citation:
    """Its address stays whole or goes, its host then stands for it: half an address leads nowhere."""
    title = shortened(citation.title, most)
    fits = len(ascii(citation.url)) <= most * _ADDRESSES  # as long as it may get where it is encoded
    return replace(
        citation,
        title=title if fits else f"{title} ({host_of(citation.url)})",
        url=citation.url if fits else "",
        publisher=shortened(citation.publisher, most),
        author=_cut(citation.author, most),
    )


def _suggested(suggestion: Suggestion, most: int) -> Suggestion:
    return replace(
        suggestion, citation=_cited(suggestion.citation, most), why=shortened(suggestion.why, most)
    )
