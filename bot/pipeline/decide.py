"""Say, suggest, say that there is nothing, or keep silent: silence is the default. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.model import Action, Decision, Policy
from kb.query import Basis, Hit

_SUGGESTIONS = 3
_SPEAKING = {Basis.SAME_PAGE, Basis.NEAR_COPY, Basis.SAME_STORY}


def may_speak(policy: Policy, *, asked: bool) -> bool:
    """Whether a channel's policy lets the bot look at a message at all; in a shadow it looks, and logs."""
    return policy in {Policy.PASSIVE, Policy.SHADOW} or (policy is Policy.MENTION and asked)


def decide(hits: Sequence[Hit], *, asked: bool, debunk: bool, today: date) -> Decision:
    """Decide about one page or question from its hits, best first.

    `asked`: somebody wants an answer, so there is one. `debunk`: the page says of itself that it debunks
    something, so it is never "corrected". An entry past its `review_by` speaks only when asked.
    """
    if not hits:
        return _unless_asked(asked, Action.NOTHING, "no entry is close enough")
    best = hits[0]
    if best.basis is Basis.ORIGINAL:
        return _unless_asked(asked, Action.REPLY, "the page is the original itself", best)
    if best.debunk or debunk:
        return _unless_asked(asked, Action.SUGGEST, "the page debunks a claim", *hits[:_SUGGESTIONS])
    if best.basis not in _SPEAKING:
        return _unless_asked(asked, Action.SUGGEST, "no entry is a clear match", *hits[:_SUGGESTIONS])
    if best.entry.review_by and best.entry.review_by < today:
        return _unless_asked(asked, Action.REPLY, "the entry is due for review", best)
    return Decision(action=Action.REPLY, reason=best.basis.value.replace("_", " "), hits=(best,))


def _unless_asked(asked: bool, action: Action, reason: str, *hits: Hit) -> Decision:
    return Decision(action=action if asked else Action.SILENT, reason=reason, hits=hits)
