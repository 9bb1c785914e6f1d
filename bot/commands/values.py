"""What commands are and what comes of them: values, in no platform's terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.errors import BotError
from bot.model import Message, Reply
from kb.errors import Problem


class Verb(StrEnum):
    """What can be done; the value is the word that people type."""

    ADD = "add"
    EDIT = "edit"
    SAVE = "save"
    SUBMIT = "submit"
    REVIEW = "review"
    APPROVE = "approve"
    SEND_BACK = "send-back"
    PUBLISH = "publish"
    RETIRE = "retire"
    SUPERSEDE = "supersede"
    UNDO = "undo"
    HISTORY = "history"
    DIFF = "diff"
    PREVIEW = "preview"
    SHOW = "show"
    SEARCH = "search"
    QUEUE = "queue"
    UNMATCHED = "unmatched"
    POLICY = "policy"
    THRESHOLD = "threshold"
    LANGUAGE = "language"
    PAUSE = "pause"
    RESUME = "resume"
    REMOVE = "remove"
    PARKED = "parked"
    ROLES = "roles"
    ROLE = "role"
    TELL_ME = "tell me"
    HELP = "help"


class RoleAct(StrEnum):
    """What `role` does to a person: give or take a role, set the name readers are told, join two ids."""

    GIVE = "give"
    TAKE = "take"
    NAME = "name"
    JOIN = "join"


class ParkedAct(StrEnum):
    """What `parked` does to something that waits."""

    RETRY = "retry"
    FORGET = "forget"


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command. What does not belong to its verb is empty.

    `entry` and `other` are ids of entries, `url` a web address, `person` (and for `role join` also `other`) a
    person as typed. `act` is what `role` or `parked` does, `value` the word that it or a setting is given;
    `text` are free words: a note, a reason, what to search for, a name, a whole form.
    """

    verb: Verb
    entry: str = ""
    other: str = ""
    url: str = ""
    person: str = ""
    act: str = ""
    value: str = ""
    text: str = ""


class CommandError(BotError):
    """A text begins like a command and cannot be carried out; the message says how it is written."""


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who tells the bot to do something, and where.

    `person` is an id as in kb/store/roles.py, such as "matrix:@ana:matrix.example". `private`: nobody but the
    person sees what is said here. `message_id` is the message that the command stands in ("" where it was no
    message, such as a pressed button), `thread_id` and `reply_to` as in `Message`. `base` is the revision
    that the person had before them, where that is known; `named` that the bot was addressed. `repeated`: the
    same command was begun before, and it is not known whether it was carried out.
    """

    person: str
    platform: str
    channel: str
    private: bool = False
    message_id: str = ""
    thread_id: str | None = None
    reply_to: str | None = None
    base: int | None = None
    named: bool = True
    repeated: bool = False


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A text to be edited in a form: `fields` as in an entry's file, all of them if there is an entry.

    `candidates` are figures and quotes that a page offers, as the entry's file would hold them. `base` is
    the revision that is edited; None for a new entry. `unread` says why the page could not be read.
    """

    entry_id: str
    fields: Mapping[str, Any]
    base: int | None = None
    candidates: Mapping[str, Any] = field(default_factory=dict)
    unread: str = ""


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What publishing an entry would do: which of `pages` recent links without an answer it would match.

    They are those of the last `days`; with `latest` there were more, and only the latest were looked at.
    """

    matched: tuple[str, ...]
    pages: int
    days: int
    latest: bool = False


@dataclass(frozen=True, kw_only=True)
class CommandReply:
    """What came of a command: replies in order (none: say nothing), for text and buttons alike.

    `done`: something was changed. `draft` is there for platforms with forms of their own, `problems` to show
    them beside the fields: those that keep a text from being saved or published. `revision` is the one that
    the entry has now, where one is concerned. `again` tells that saving `anyway` would help.
    """

    replies: tuple[Reply, ...] = ()
    done: bool = False
    draft: Draft | None = None
    problems: tuple[Problem, ...] = ()
    revision: int | None = None
    again: bool = False


def caller_of(message: Message) -> Caller:
    """Who wrote a message, which has to be as the platform gave it: the queue keeps no sender."""
    return Caller(
        person=f"{message.platform}:{message.sender}",
        platform=message.platform,
        channel=message.channel,
        private=message.direct,
        message_id=message.id,
        thread_id=message.thread_id,
        reply_to=message.reply_to,
        named=message.asked,
    )
