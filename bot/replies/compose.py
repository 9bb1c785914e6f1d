"""Decision → Reply: what is said, in which order, free of any platform's markup. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.model import Action, Citation, Decision, Reply, Suggestion
from bot.replies import wording
from bot.replies.changed import told
from kb.compare import Comparison
from kb.compare.saying import Relation
from kb.compare.saying.verdicts import calls_true, verdict_on
from kb.entries.entry import Entry
from kb.match.query import Basis, Hit
from kb.text.cutting import shortened
from kb.text.dates import written_day
from kb.text.words import sentences

_SUMMARY_SENTENCES = 2
_CAVEATS = 3
_CLAIM = 300
_TELLING = 0.3  # evidence comes in the order of how much its kind tells; weaker pieces explain nothing


def compose(
    decision: Decision,
    *,
    relation: Relation | None = None,
    today: date,
    comparison: Comparison | None = None,
) -> Reply:
    """Lay out the reply to a decision to reply, suggest or say that there is nothing.

    `relation` is what somebody's words are to the entry, None where a page was asked about; `comparison` is
    what that changed.
    """
    if decision.action is Action.REPLY:
        reply = _answer(decision.hits[0], relation, today)
        return replace(reply, differences=told(comparison))
    if decision.action is Action.SUGGEST:
        return Reply(lead=wording.SUGGEST, suggestions=tuple(map(_suggestion, decision.hits)), feedback=True)
    return Reply(lead=wording.NOTHING)


def unreadable(reason: str) -> Reply:
    """Say that a page could not be read, which is not the same as no match."""
    return Reply(lead=wording.UNREADABLE.format(reason=reason.rstrip(".")))


def numbered(reply: Reply, position: int) -> Reply:
    """Say which link of a message with several is meant, in the line that comes first."""
    if reply.rating:
        return replace(reply, rating=f"{wording.ordinal(position)}: {reply.rating}")
    return reply.with_lead(f"{wording.ordinal(position)}: {reply.lead}")


def _answer(hit: Hit, relation: Relation | None, today: date) -> Reply:
    entry = hit.entry
    is_original = hit.basis is Basis.ORIGINAL
    return Reply(
        rating=_rating(entry),
        lead=_lead(hit, relation),
        original=None if is_original else _citation(entry),
        content_note=_content_note(entry),
        summary=None if is_original else " ".join(sentences(entry.summary)[:_SUMMARY_SENTENCES]),
        caveats=entry.caveats[:_CAVEATS],
        verified=_verified(entry, today),
        footnote=entry.compiled,
        evidence=tuple(piece.text for piece in hit.evidence),
        feedback=True,
    )


def _lead(hit: Hit, relation: Relation | None) -> str:
    """What kind of answer this is; of a claim that was not rated true, which claim that is."""
    entry, rating = hit.entry, verdict_on(hit.entry)
    if rating and hit.basis is not Basis.ORIGINAL and not calls_true(rating):
        if entry.claims:
            return wording.RATED_CLAIM.format(claim=shortened(entry.claims[0].text, _CLAIM))
        return wording.UNCLEAR if relation else wording.RATED_PAGE
    if relation is None:
        return wording.LEADS[hit.basis].format(publisher=entry.original.publisher)
    return wording.SAYINGS[relation.standing].format(
        publisher=entry.original.publisher, record=relation.record, here=relation.here, title=entry.title
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


def _rating(entry: Entry) -> str | None:
    """The verdict, in words that say who gave it."""
    rating = verdict_on(entry)
    if rating is None:
        return None
    sentence = wording.RATED if rating.explanation else wording.RATED_ALONE
    return sentence.format(
        label=rating.label, publisher=entry.original.publisher, explanation=rating.explanation
    )


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
