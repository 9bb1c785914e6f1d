"""Decision → Reply: what is said, in which order, free of any platform's markup. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.model import Action, Citation, Decision, Reply, Suggestion
from bot.replies import wording
from bot.replies.changed import told
from kb.compare import Comparison
from kb.entries.entry import Entry, Rating
from kb.match.query import Basis, Hit
from kb.text.dates import written_day
from kb.text.words import sentences

_SUMMARY_SENTENCES = 2
_CAVEATS = 3
_TELLING = 0.3  # evidence comes in the order of how much its kind tells; weaker pieces explain nothing


def compose(
    decision: Decision, *, words: bool = False, today: date, comparison: Comparison | None = None
) -> Reply:
    """Lay out the reply to a decision to reply, suggest or say that there is nothing.

    `words` is true when no page was asked about, only somebody's words; `comparison` is what a page changed.
    """
    if decision.action is Action.REPLY:
        reply = _answer(decision.hits[0], words=words, today=today)
        return replace(reply, differences=told(comparison))
    if decision.action is Action.SUGGEST:
        return Reply(lead=wording.SUGGEST, suggestions=tuple(map(_suggestion, decision.hits)), feedback=True)
    return Reply(lead=wording.NOTHING)


def unreadable(reason: str) -> Reply:
    """Say that a page could not be read, which is not the same as no match."""
    return Reply(lead=wording.UNREADABLE.format(reason=reason.rstrip(".")))


def numbered(reply: Reply, position: int) -> Reply:
    """Say which link of a message with several is meant."""
    return reply.with_lead(f"{wording.ordinal(position)}: {reply.lead}")


def _answer(hit: Hit, *, words: bool, today: date) -> Reply:
    entry = hit.entry
    lead = wording.SAME_STORY_WORDS if words else wording.LEADS[hit.basis]
    is_original = hit.basis is Basis.ORIGINAL
    return Reply(
        rating=_rating(entry.rating),
        lead=lead.format(publisher=entry.original.publisher),
        original=None if is_original else _citation(entry),
        content_note=_content_note(entry),
        summary=None if is_original else " ".join(sentences(entry.summary)[:_SUMMARY_SENTENCES]),
        caveats=entry.caveats[:_CAVEATS],
        verified=_verified(entry, today),
        footnote=entry.compiled,
        evidence=tuple(piece.text for piece in hit.evidence),
        feedback=True,
    )


def _suggestion(hit: Hit) -> Suggestion:
    telling = [piece.text for piece in hit.evidence if piece.score >= _TELLING]
    return Suggestion(citation=_citation(hit.entry), basis=hit.basis, why=telling[0] if telling else "")


def _citation(entry: Entry) -> Citation:
    original = entry.original
    return Citation(
        title=original.title,
        url=original.url,
        publisher=original.publisher,
        author=original.author,
        published=original.published,
    )


def _rating(rating: Rating | None) -> str | None:
    if rating is None:
        return None
    return f"{rating.label}: {rating.explanation}" if rating.explanation else rating.label


def _content_note(entry: Entry) -> str | None:
    if not entry.sensitive and not entry.content_note:
        return None
    return wording.CONTENT_NOTE.format(note=entry.content_note or wording.SENSITIVE)


def _verified(entry: Entry, today: date) -> str:
    if entry.example:
        said = wording.EXAMPLE
    elif entry.verified_by and entry.verified_on:
        sentence = wording.VERIFIED_ALONE if entry.approvals == 1 else wording.VERIFIED
        said = sentence.format(who=entry.verified_by, when=written_day(entry.verified_on))
    elif entry.verified_by:
        said = wording.VERIFIED_UNDATED.format(who=entry.verified_by)
    else:
        said = wording.NOT_VERIFIED
    if entry.review_by and entry.review_by < today:
        said += " " + wording.DUE.format(when=written_day(entry.review_by))
    return said
