"""Every sentence that the bot says to curators and admins of its own."""

from __future__ import annotations

HELP = "What you can tell me to do (mention me first, or begin with `!caveat` on Matrix):"
ASKING = (
    "Anything else is a question: mention me with a link or a claim, also in reply to a message, and I "
    "answer with the original source and the key caveats if there is a verified summary of it."
)

NOT_HERE = (
    "Entries are changed in the curators' channel, or in a direct message with me. Please tell me there."
)

DRAFT = "Draft of an entry for that page. Complete it and send it back here, as a code block:"
DRAFT_UNREAD = "The page could not be read ({reason}), so fill this in yourself and send it back here:"
FORM = "“{title}” ({id}), revision {base}. Change it and send it back here, as a code block:"
KNOWN_ALREADY = "There is an entry for that page already: “{title}” ({id}). To change it: edit {id}"

SAVED = "Saved as a draft: “{title}” ({id}), revision {number}."
IN_REVIEW = "Sent to review: “{title}” ({id}), revision {number}."
BARRED = "Before it can be published:"
NOT_SAVED = "Not saved. Please mend this, and send the form again:"
DOUBLE = (
    "Not saved: there seems to be such an entry already. If this is another story, send the form again after "
    "`save anyway`."
)
LOOK_AT = "To look at: {text}"

PUBLISHED = "Published: “{title}” ({id}). I answer with it from now on."
SENT_BACK = "Sent back to {writer}: “{title}” ({id})."
RETIRED = "Retired: “{title}” ({id}). Earlier replies that cite it will say so."
SUPERSEDED = "Superseded: “{title}” ({id}) by {other}. Earlier replies that cite it will say so."
UNDONE = "Taken back: “{title}” ({id}) is as it was before, {status}."

WAITS = "{about}, revision {number}, written by {writer}:"
AS_IT_WILL_LOOK = "The reply as it will look:"
MATCHED = "It would have matched {count} of the {all} links without an answer of the last {days} days."
MATCHED_LATEST = "It would have matched {count} of the latest {all} links without an answer."
NO_PREVIEW = "How many recent links it would match is not known now: {reason}"
CHANGES = "What it changes for readers:"
NOTHING_CHANGED = "Nothing differs between these texts."
HISTORY = "History of {id}:"
DIFF = "{id}, what the last text changes:"

FOUND = "{count} found:"
NOT_FOUND = "No entry has anything like that."
NO_ENTRY = "There is no published entry {id!r}; `search WORDS` finds entries."
QUEUE = "{count} waiting:"
QUEUE_EMPTY = "Nothing is waiting."
UNMATCHED = "{count} links that no entry answered, the most frequent first:"
UNMATCHED_NONE = "Every link so far had an answer, or none was posted."
MORE = "… and {count} more."

POLICY_SET = "In this channel from now on: {policy}"
THRESHOLD_SET = "Unasked, I speak here only with a score of at least {threshold:g} from now on."
THRESHOLD_DEFAULT = "The score that I need here, unasked, is the usual one again."
LANGUAGE_SET = "Unasked, I tell here only of entries in “{language}” from now on."
LANGUAGE_ANY = "I tell here of entries in any language from now on."
PAUSED = "Paused: I say nothing anywhere until an admin tells me to `resume`. Commands still work."
RESUMED = "I speak again, by each channel's rules."
NOT_PAUSED = "I was not paused."

REMOVED = "Removed."
REMOVED_BEFORE = "That reply is gone already."
WHICH_REPLY = "Which reply? Answer it with `remove`, or give the link to it: remove LINK"

PARKED = "{count} that failed wait for a person; `parked retry NAME` and `parked forget NAME` settle one:"
PARKED_NONE = "Nothing that failed is waiting."
FORGOTTEN = "{name} is forgotten."
FORGOTTEN_BEFORE = "That was done already."

ROLES = "Who may do what:"
ROLES_NONE = "Nobody has a role yet. {ask}"
ROLE_GIVEN = "{who} is {role} from now on."
ROLE_TAKEN = "{who} has no role any more."
NAMED = "Readers are told the name {name} for {who} from now on."
JOINED = "{who} and {other} count as one person from now on."

TELL_ME = "I will say so in this thread when there is a verified entry for {what}, within {days} days."
TELL_ME_WHAT = "that link"
TELL_ME_LINKS_ONLY = "I can only wait for an entry about a link, and there was none without an answer here."
TELL_ME_ANSWERED = "That was answered already, further up in this thread."
NEWS = "There is an answer now. {lead}"

POLICIES = {
    "passive": "I answer who asks, and links on a confident match.",
    "mention": "I answer who asks, and leave links alone.",
    "shadow": "I look at links and log what I would say, and say nothing.",
    "off": "I say nothing.",
}
STATUSES = {"draft": "a draft", "in_review": "in review", "published": "published", "retired": "retired"}
NOTE_SEND_BACK = "What should be changed?"
NOTE_RETIRE = "Why? The reason is told to readers of earlier replies."
APPROVE, SEND_BACK, PUBLISH, EDIT, RETIRE = "Approve", "Send back", "Publish", "Edit", "Retire"
PREVIEW = "Preview"

ANNOUNCE_REVIEW = "Waits for a second pair of eyes: “{title}” ({id}), by {writer}."
ANNOUNCE_FLAG = "“{title}” ({id}) speaks only when asked until somebody looks at it: {note}."
ANNOUNCE_DUE = "To look at again:"
MUTED = "{against} of the {people} people who voted within {days} days said that it is not the same story"

FAILED = (
    "`{verb}` failed by a fault of mine, which is in the log. Please look whether it was done before you try "
    "again."
)
