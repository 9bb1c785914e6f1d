"""Every sentence that the bot can say of its own; all other words are the entry's."""

from __future__ import annotations

from kb.compare import DifferenceKind
from kb.compare.saying import Standing
from kb.match.query import Basis

KNOWN_PAGE = "Known page: it repeats a report by {publisher}."
NEAR_COPY = "Near copy: this page repeats a report by {publisher}, much in the same words."
SAME_STORY = "Same story: this page retells a report by {publisher}."
SAME_STORY_WORDS = "Same story: this was reported by {publisher}."
OTHER_NUMBER = "A related report says something else: {record}, not {here}."
DENIES = "A related report says the opposite; check what it says."
SWAPPED = "A related report says it the other way round: “{title}”."
UNCLEAR = "There is a verified report on this; check whether it says the same."
RATED = "Rated {label} by {publisher}: {explanation}"
RATED_ALONE = "Rated {label} by {publisher}."
RATED_CLAIM = "What was rated is this claim: “{claim}”"
RATED_PAGE = "This page is about what was rated; check whether it repeats that or corrects it."
ORIGINAL = "This is the original report. What to be careful about:"
SUGGEST = "No clear match. Possibly related:"
NOTHING = "Nothing verified on this yet."
TELL_ME = "Reply “tell me” in this thread to hear when there is."
UNREADABLE = "Could not read that page: {reason}."
LATER = "Could not check that now; please ask again in a while."
TOO_MUCH = "I was asked for more than I can look up at once; please ask again in a minute."
HELP = (
    "Post a link, or mention me with a link or a claim, also in reply to a message: I answer with the "
    "original source and the key caveats if there is a verified summary of it."
)
WELCOME = "You are welcome. Post a link, or mention me with a claim, whenever you want to know its source."
HELLO = (
    "Hello! Post a link, or mention me with a link or a claim: I answer with the original source and the key "
    "caveats if there is a verified summary of it."
)
WHO_I_AM = (
    "I am Caveat, a bot: I compare links and claims with summaries that people have verified, and answer "
    "with the original source and what to be careful about."
)
STOPPING = (
    "An admin of mine quiets me: `policy mention` in this channel, and I answer only who asks; `policy off`, "
    "and I say nothing here; `pause`, and nothing anywhere."
)
PRIVACY = (
    "The text of a message is never stored, and neither is who sent it; its ids, links and times are, for a "
    "while: docs/privacy.md lists everything that is kept, and for how long."
)
MISTYPED = "That is no command that I know; did you mean `{command}`? `help` lists them."
OTHER_LANGUAGE = (
    "I look words up in English only, so I could not check that; ask in English, or post the link."
)

VERIFIED = "Verified by {who}, {when}."
VERIFIED_ALONE = "Verified by one person ({who}), {when}."
VERIFIED_UNDATED = "Verified by {who}."
NOT_VERIFIED = "No reviewer is on record for this summary."
EXAMPLE = "Example entry, not verified by a person."
DUE = "Due for review since {when}."
CONTENT_NOTE = "Content note: {note}"
SENSITIVE = "sensitive content"

LEADS = {
    Basis.SAME_PAGE: KNOWN_PAGE,
    Basis.NEAR_COPY: NEAR_COPY,
    Basis.SAME_STORY: SAME_STORY,
    Basis.ORIGINAL: ORIGINAL,
}
SAYINGS = {
    Standing.AGREES: SAME_STORY_WORDS,
    Standing.OTHER_NUMBER: OTHER_NUMBER,
    Standing.DENIES: DENIES,
    Standing.SWAPPED: SWAPPED,
    Standing.UNCLEAR: UNCLEAR,
}
BASES = {
    Basis.SAME_PAGE: "known page",
    Basis.ORIGINAL: "the original",
    Basis.NEAR_COPY: "near copy",
    Basis.SAME_STORY: "same story",
    Basis.RELATED: "related",
}

COPY_CLAIM = "The page says that it is a copy of {url}; that is its own word, and was not checked."

CHOICE = "→"
NOTE = "NOTE"

FORM_TOO_LONG = (
    "The form is too long for one message: the window of /caveat edit in Slack takes it, and so does "
    "`caveat kb edit` where the bot runs."
)

NOT_ASKED = "(no link and no @caveat: in a channel the bot would not even look at this)"

UPDATED = "Updated on {when}: {what}."
MORE_CHANGES = "; and {count} more"
BACK = "the entry was published again"
WITHDRAWN = "Withdrawn on {when}: {why}. Please do not rely on what stood here."
REPLACED = "Withdrawn on {when}: {why}. This entry takes its place:"
REMOVED = "Removed on {when}: the entry that stood here was taken down."
NO_REASON = "no reason was given"

CAVEATS_HEADING = "Be careful:"
DIFFERENCES_HEADING = "What this copy changed:"
_FIGURE = "This page: “{here}”. On record ({source}): “{original}” ({about})."
CHANGES = {
    DifferenceKind.FIGURE_ROUNDED: _FIGURE,
    DifferenceKind.FIGURE_DIFFERENT: _FIGURE,
    DifferenceKind.FIGURE_BOUND: _FIGURE,
    DifferenceKind.QUOTE_ALTERED: _FIGURE,
    DifferenceKind.QUOTE_MISATTRIBUTED: (
        "This page gives “{here}” to {given}. On record ({source}): {original} said it."
    ),
    DifferenceKind.NAME_GARBLED: "This page: {forms}. On record: “{original}”.",
    DifferenceKind.ATTRIBUTION_DROPPED: (
        "This page tells as plain fact: “{here}”. On record ({source}): “{about}”, according to {original}."
    ),
    DifferenceKind.OLD_AS_NEW: "This page: “{here}”. On record: {source} reported it on {day}.",
}
REWRITTEN = "This page reads like an automatic rewrite: {reasons}."
AND = " and "
ORDINALS = ("First link", "Second link", "Third link")


def ordinal(position: int) -> str:
    """Name the link at a position, counted from 0, of a message with several."""
    return ORDINALS[position] if position < len(ORDINALS) else f"Link {position + 1}"
