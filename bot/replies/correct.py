"""What an earlier answer says once its entry has changed or was withdrawn. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot.answers import Intent
from bot.model import Action, Decision, Reply
from bot.replies import wording
from bot.replies.compose import compose
from kb.compare.saying import UNCLEAR
from kb.entries.entry import Entry
from kb.entries.field_changes import FieldChange
from kb.match.query import Basis, Hit
from kb.text.cutting import shortened
from kb.text.dates import written_day
from kb.text.word_lists import whole

WORDS = "words"
"""Stands for the basis of an answer to somebody's words."""

_QUOTED = re.compile("“([^“”]+)”")
_CHANGES = 2
_LONGEST = 300


def corrected(
    said: Intent, before: Entry, entry: Entry, changes: Sequence[FieldChange], *, on: date, today: date
) -> Reply:
    """The answer with the entry's present text, and one line that says what changed, and `on` which day.

    Differences stay unless they quote what the entry said `before` and says no more.
    """
    gone = _texts(before) - _texts(entry)
    shown = [line for line in said.differences if not _quotes(line, gone)]
    what = "; ".join(shortened(str(change), _LONGEST) for change in changes[:_CHANGES]) or wording.BACK
    if len(changes) > _CHANGES:
        what += wording.MORE_CHANGES.format(count=len(changes) - _CHANGES)
    updated = wording.UPDATED.format(when=written_day(on), what=what)
    return replace(_anew(said, entry, today=today), differences=tuple(shown), updated=updated)


def withdrawn(said: Intent, why: str, successor: Entry | None, *, on: date, today: date) -> Reply:
    """What stands in the place of a retired entry: why it went and, where there is one, its successor."""
    reason = why.strip().rstrip(".") or wording.NO_REASON
    if successor is None:
        return Reply(lead=wording.WITHDRAWN.format(when=written_day(on), why=reason))
    lead = wording.REPLACED.format(when=written_day(on), why=reason)
    return _anew(said, successor, today=today).with_lead(lead)


def removed(*, on: date) -> Reply:
    """What stands in the place of an entry that was taken down: nothing of it."""
    return Reply(lead=wording.REMOVED.format(when=written_day(on)))


def _anew(said: Intent, entry: Entry, *, today: date) -> Reply:
    words = said.basis == WORDS
    basis = Basis.SAME_STORY if words or said.basis is None else Basis(said.basis)
    hit = Hit(entry=entry, score=1.0, basis=basis)
    decision = Decision(action=Action.REPLY, reason="corrected", hits=(hit,))
    # The words are not kept, so whether they agree with what the entry says now cannot be told.
    return compose(decision, relation=UNCLEAR if words else None, today=today)


def _texts(entry: Entry) -> frozenset[str]:
    stated = [figure.as_stated for figure in entry.figures] + [quote.text for quote in entry.quotes]
    people = [quote.speaker for quote in entry.quotes]
    people += [figure.attributed_to for figure in entry.figures if figure.attributed_to]
    source = entry.original
    return frozenset(
        [*stated, *people, source.publisher, str(source.published), *(c.text for c in entry.claims)]
    )


def _quotes(sentence: str, texts: Iterable[str]) -> bool:
    """Whether a sentence holds one of the texts, or in quotation marks a piece of one."""
    pieces = [re.compile(whole([re.escape(piece.strip(" …"))])) for piece in _QUOTED.findall(sentence)]
    return any(text in sentence or any(piece.search(text) for piece in pieces) for text in texts)
