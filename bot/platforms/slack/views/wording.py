"""Every sentence of the command, the modals and the App Home."""

from __future__ import annotations

from bot.model import Action, Policy

LOOKING = "Looking it up …"
NOTHING_TO_CHECK = "That message has neither a link nor words to look up."

COMMANDS = """\
/caveat check LINK: what is known about that page
/caveat check WORDS: what is known about a claim
/caveat status: what I do in this channel
/caveat help: this list
Only you see what I answer to a command."""

MODAL_TITLE = "Caveat"
WHY_TITLE = "Why this match?"
WHY_UNKNOWN = "The reasons for this match are no longer at hand."
CLOSE = "Close"

POLICIES = {
    Policy.PASSIVE: "I answer everyone who asks me, and a link nobody asked about on a confident match.",
    Policy.MENTION: "I answer everyone who asks me; a link that is posted without asking I leave alone.",
    Policy.SHADOW: "I look at links and log what I would say, and say nothing.",
    Policy.OFF: "I say nothing.",
}
STATUS = "In this channel: {policy}"
ENTRIES = "Knowledge base: {count} published entries."
VERSION = "Caveat {version}."

HOME_TITLE = "What Caveat does"
HOME_PURPOSE = (
    "When somebody posts a link, I compare the page behind it with a knowledge base of verified summaries, "
    "and answer in the thread with the original source and the key caveats."
)
HOME_POLICY = "Unless a channel has a rule of its own: {policy}"
HOME_ASKING = (
    "To ask me: mention me with a link or a claim, also in reply to a message; write to me directly; use "
    "/caveat check; or choose “Check with Caveat” in a message's menu. Only you see what the last two answer."
)
HOME_KEEPING = (
    "I never store the text of messages, nor who wrote them. I keep ids, links and times, so that I answer "
    "once and can take an answer back. Delete your message, and my answer to it goes too."
)
HOME_RECENT = "Recent answers in your channels"
HOME_NO_RECENT = "None yet in the channels that both of us are in."
UNTITLED = {
    Action.REPLY: "An entry that is no longer published",
    Action.SUGGEST: "Possibly related entries",
    Action.NOTHING: "Nothing verified",
}

COMMANDS_HEADING = "What curators, reviewers and admins can do with /caveat:"
PAUSED = "Just now I am paused everywhere, by {who}: I say nothing until an admin tells me to resume."
THRESHOLD = "Unasked, I speak here only with a score of at least {threshold:g}."
LANGUAGE = "Unasked, I tell here only of entries in “{language}”."
WORKING = "Just a moment …"
TOO_SLOW = "Slack gave me no time to open a window; please try again."
FAILED = "That could not be done now; please try again in a while."

READING_PAGE = "Reading the page …"
OPENING = "Opening the entry …"
SAVING = "Saving, and reading the original …"
NEW_ENTRY = "New entry"
EDIT_ENTRY = "Edit entry"
SAVE = "Save"
SAVE_ANYWAY = "Save anyway"
NOTE_TITLE = "A note"
DO_IT = "Go on"
YOUR_NOTE = "Your note: {note}"
UNREAD_PAGE = "The page could not be read ({reason}), so please fill this in yourself."
NOT_SAVED = "Not saved yet: please mend what is marked below."
DOUBLE = "Not saved: there seems to be such an entry already."
LOOK_FIRST = "Not saved yet. To look at first:"
SAVE_ANYWAY_HOW = "To go on all the same, press “Save anyway”."
MERGED = "What you typed stands below, in the latest text. Look it over, and save again."
BOTH_CHANGED = "Changed by both of you: {names}. Yours stands below, and replaces the other one as you save."
TOO_LONG = "Too long for this window, and kept as it is: {names}."
FOR_PUBLICATION = "Saved as a draft. Before it can be published, mend what is marked below, and save again."

HINT_ID = "A short name without spaces, by which commands call the entry. It cannot be changed later."
HINT_SUMMARY = "At most two sentences."
HINT_CAVEATS = "One to five, each on a line of its own."
HINT_FIGURES = (
    "Those that copies get wrong, each as: - value, what, as_stated; and unit, qualifier, attributed_to. "
    "Those of the page are filled in: keep what fits, delete the rest."
)
HINT_QUOTES = (
    "Word for word: - speaker, text. Those of the page are filled in: keep what fits, delete the rest."
)
HINT_SENSITIVE = "Yes: readers see a content note first."
HINT_REVIEW_BY = "From then on it speaks only when asked, until somebody has looked at it again."
HINT_REST = "As in the entry's file, such as language, rating, claims, appearances, tags."
NOT_FIELDS = "write each field on a line of its own, such as language: de"
HAS_ITS_INPUT = "{name} has an input of its own above"
SET_BY_STEPS = "{name} is set by what is done with the entry; delete it here"
YES = "Yes"
NO = "No"

REMOVE_TITLE = "Remove this reply"
REMOVE = "Remove this reply"
REMOVE_SURE = "It is deleted for everybody, and not said again to that message."
NOT_MINE = "That is none of my replies, so there is nothing that I could remove."
DONE_BY = {
    "approve": "Approved by {who}, {when}",
    "publish": "Published by {who}, {when}",
    "send-back": "Sent back by {who}, {when}",
    "submit": "Sent to review by {who}, {when}",
    "retire": "Retired by {who}, {when}",
    "supersede": "Superseded by {who}, {when}",
    "undo": "Taken back by {who}, {when}",
    "edit": "Changed by {who}, {when}",
}
OUT_OF_DATE = "The entry has changed since; /caveat queue shows what waits now."
HOME_QUEUE = "For curators"
HOME_QUEUE_HOW = "/caveat queue shows all of it, /caveat review ID opens one of them."
