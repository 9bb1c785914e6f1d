"""The bot's values: what platforms hand in, what answering passes on, what goes out. No I/O here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from kb.match.query import Basis, Hit


@dataclass(frozen=True, kw_only=True)
class Unfurl:
    """A preview that a platform asks for below a link: `url` as the platform wrote it there, and the two
    words, `unfurl_id` and `source`, under which it takes the preview."""

    url: str
    unfurl_id: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message from a platform, in memory only: its text is never stored.

    `event` names the delivery (an edit is a new event of the same `id`); `id` names the message inside
    `channel`. `thread_id` is the root message of its thread, `reply_to` the message that it answers.
    `asked` is true for a mention or a direct message, `direct` where nobody else sees it, `command` when its
    text tells the bot to do something (bot/commands/grammar.py). `sent_at` is timezone-aware. With `unfurl`
    the answer is wanted as a preview below the link, not as a message in the thread.
    """

    platform: str
    channel: str
    id: str
    event: str
    sender: str
    text: str = field(repr=False)
    links: tuple[str, ...]
    asked: bool
    sent_at: datetime
    thread_id: str | None = None
    reply_to: str | None = None
    unfurl: Unfurl | None = None
    direct: bool = False
    command: bool = False


@dataclass(frozen=True, kw_only=True)
class Deletion:
    """Somebody deleted message `id` of `channel`; `event` names the delivery."""

    platform: str
    channel: str
    id: str
    event: str


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """Somebody says whether an answer of the bot's, the posted message `answer_id`, was helpful or about
    another story. `sender` is kept as a keyed hash only, and so is `event`, which names what can be taken
    back: a reaction."""

    platform: str
    channel: str
    answer_id: str
    sender: str = field(repr=False)
    helpful: bool
    event: str | None = None


Event = Message | Deletion
"""What goes through the queue."""

Incoming = Event | Feedback
"""Everything that a platform hands in."""


def event_key(event: Event) -> str:
    """Name a delivery: the same one always has the same key, so that it is handled once."""
    return f"{event.platform}:{event.channel}:{event.event}"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an answer goes: the thread of the message that it answers or, with `unfurl`, below its link.

    What answers nothing, such as a note to curators, is a message of its own: then `message_id` is "".
    """

    channel: str
    message_id: str
    thread_id: str | None = None
    unfurl: Unfurl | None = None

    @property
    def root(self) -> str:
        """The message that roots the thread: the existing root, or the answered message itself."""
        return self.thread_id or self.message_id


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """Proof of sending: the posted message's own id in its channel."""

    channel: str
    message_id: str


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A response's decoded head and undecoded body; `url` is where the last redirect led."""

    url: str
    content_type: str
    charset: str | None
    body: bytes = field(repr=False)


class PageKind(StrEnum):
    """What was found at a link; only articles are matched by their text."""

    ARTICLE = "article"
    LOGIN = "a login page"
    CONSENT = "a consent page"
    MISSING = "a page that says it was not found"
    HOME = "a home page"
    PAYWALL = "a page that shows its article to subscribers only"
    SCRIPTED = "a page that shows nothing without JavaScript"
    BLOCKED = "a check against robots"
    EMPTY = "a page without an article"


class DateFrom(StrEnum):
    """Who says when a page was published, the most certain first."""

    MARKUP = "markup"  # the page states it for machines
    ADDRESS = "address"  # the day is part of the address
    FILE = "file"  # a file's own record of when it was made
    TEXT = "text"  # a guess from what the page shows
    CONTRADICTED = "contradicted"  # the page gives itself two days, so it has none


@dataclass(frozen=True, kw_only=True)
class AddressClaim:
    """What a page says its own address is, and by which means: "rel=canonical", "og:url". Never a fact."""

    by: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a reader saw at a link. `host` is the fetched host, never the page's own claim about itself.

    `debunk` is true when the page marks itself up as a fact-check (schema.org ClaimReview) or its title
    says so. `claims` are what the page says its own address is, not to be trusted across sites.
    """

    url: str
    host: str
    kind: PageKind
    title: str
    text: str = field(repr=False)
    author: str | None = None
    published: date | None = None
    published_from: DateFrom | None = None
    language: str | None = None
    debunk: bool = False
    claims: tuple[AddressClaim, ...] = ()

    @property
    def words(self) -> int:
        """How many words the text has."""
        return len(self.text.split())


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What is kept of a page's text: its vector as `model` made it (float32), and its fingerprint."""

    model: str
    vector: bytes
    fingerprint: bytes


class Policy(StrEnum):
    """What the bot may do in a channel; `shadow` decides and logs, and says nothing."""

    PASSIVE = "passive"
    MENTION = "mention"
    SHADOW = "shadow"
    OFF = "off"


@dataclass(frozen=True, kw_only=True)
class ChannelRules:
    """What the bot may do in one channel.

    `threshold` (0..1): unasked, an answer needs at least this score, beside the rules that hold everywhere.
    `language` (as an entry's, such as "en"): unasked, only entries written in it are told of; None: all.
    """

    policy: Policy
    threshold: float | None = None
    language: str | None = None


class Action(StrEnum):
    """What to do about one link or one question."""

    REPLY = "reply"
    SUGGEST = "suggest"
    NOTHING = "nothing"
    SILENT = "silent"
    COMMAND = "command"
    """What an answer is that tells what came of a command, or a note to curators: it is about no link."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Say, suggest, say that there is nothing, or keep silent; `reason` is for logs and `--json`.

    `fault` names the place where our own code failed, if it did. `of_words`: it is about somebody's words.
    """

    action: Action
    reason: str
    hits: tuple[Hit, ...] = ()
    fault: str = ""
    of_words: bool = False


@dataclass(frozen=True, kw_only=True)
class Citation:
    """An original, as it is shown: the title is the link."""

    title: str
    url: str
    publisher: str
    author: str | None = None
    published: date | None = None


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """One "possibly related" entry, the kind of match, and why it came up."""

    citation: Citation
    basis: Basis
    why: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Something to do next: a button where there are some, else the command to type.

    `base` is the revision that it is about. `note` asks for words that are put behind the command.
    """

    label: str
    command: str
    base: int | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the bot says, in this order, free of any platform's markup; renderers escape every string.

    `lead` says what kind of answer this is, `updated` what was changed in it since it was given. Each of
    `differences` is one sentence with both sides quoted. `evidence` says why it matched, for those who ask,
    `feedback` asks for *helpful / not the same story*.
    For curators, there are `lines` below the lead, a `form` to copy, as it stands, and `choices` at the end.
    """

    lead: str
    rating: str | None = None
    original: Citation | None = None
    content_note: str | None = None
    summary: str | None = None
    caveats: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    verified: str | None = None
    footnote: str | None = None
    updated: str | None = None
    evidence: tuple[str, ...] = ()
    entry_url: str | None = None
    feedback: bool = False
    lines: tuple[str, ...] = ()
    form: str | None = None
    choices: tuple[Choice, ...] = ()

    def with_lead(self, lead: str) -> Reply:
        """The same reply under another first line."""
        return replace(self, lead=lead)
