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
