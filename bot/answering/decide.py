"""Say, suggest, say that there is nothing, or keep silent: silence is the default. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.model import Action, Decision, Policy
from kb.match.query import Basis, Hit

_SUGGESTIONS = 3
_SPEAKING = {Basis.SAME_PAGE, Basis.NEAR_COPY, Basis.SAME_STORY}


def may_speak(policy: Policy, *, asked: bool) -> bool:
    """Whether a channel's policy lets the bot look at a message at all; in a shadow it looks, and logs."""
    return policy in {Policy.PASSIVE, Policy.SHADOW} or (policy is Policy.MENTION and asked)


def speaks_in(policy: Policy) -> bool:
    """Whether the bot says anything in a channel, if only to those who ask."""
    return policy in {Policy.PASSIVE, Policy.MENTION}


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """For whom and where it is decided. `asked`: somebody wants an answer, so there is one.

    Unasked, an answer needs a score of at least `least` (0..1) and, with `language`, an entry written in it.
    """

    asked: bool
    least: float = 0.0
    language: str | None = None


def decide(
    hits: Sequence[Hit], occasion: Occasion, *, debunk: bool, today: date, muted: bool = False
) -> Decision:
    """Decide about one page or question from its hits, best first.

    `debunk`: the page says of itself that it debunks something, so it is never "corrected". `muted`: people
    said of the best hit's entry that it is not the same story. Such an entry, and one past its `review_by`,
    speaks only when asked.
    """
    asked = occasion.asked
    if not hits:
        return _unless_asked(asked, Action.NOTHING, "no entry is close enough")
    best = hits[0]
    if reason := _no_answer(best, debunk=debunk):
        return _unless_asked(asked, Action.SUGGEST, reason, *hits[:_SUGGESTIONS])
    if reason := _only_asked(best, occasion, today=today, muted=muted):
        return _unless_asked(asked, Action.REPLY, reason, best)
    return Decision(action=Action.REPLY, reason=best.basis.value.replace("_", " "), hits=(best,))


def _no_answer(best: Hit, *, debunk: bool) -> str | None:
    """Why the best hit is no answer."""
    if best.basis is Basis.ORIGINAL:
        return None
    if best.debunk or debunk:
        return "the page debunks a claim"
    if best.basis in _SPEAKING:
        return None
    return f"no entry is a clear match: {best.doubt}" if best.doubt else "no entry is a clear match"


def _only_asked(best: Hit, occasion: Occasion, *, today: date, muted: bool) -> str | None:
    """Why the answer is given only to who asks."""
    entry = best.entry
    certainty = best.score if best.probability is None else best.probability
    reasons = (
        (best.basis is Basis.ORIGINAL, "the page is the original itself"),
        (entry.review_by and entry.review_by < today, "the entry is due for review"),
        (muted, "people said that the entry is not the same story"),
        (certainty < occasion.least, "the channel's threshold is higher"),
        (
            occasion.language not in {None, entry.language.partition("-")[0]},
            "the entry is not in the channel's language",
        ),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _unless_asked(asked: bool, action: Action, reason: str, *hits: Hit) -> Decision:
    return Decision(action=action if asked else Action.SILENT, reason=reason, hits=hits)
