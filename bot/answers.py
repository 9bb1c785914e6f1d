"""An answer's life: intended, posted, perhaps parked or withdrawn. Values only, no I/O."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model import Action, Place, Receipt


class AnswerState(StrEnum):
    """The life of an answer; `parked` means that a person must look whether it was posted."""

    INTENT = "intent"
    POSTED = "posted"
    PARKED = "parked"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """How an answer stands when it is about to be said."""

    NEW = "new"
    KNOWN = "known"
    REPEATED = "repeated"
    DELETED = "deleted"


@dataclass(frozen=True, kw_only=True)
class Intent:
    """An answer that is about to be given; `entry_id` is None when it names no entry.

    `cited` is the revision of the entry that it shows, `basis` and `differences` what else it takes to say
    it again when the entry changes.
    """

    key: str
    platform: str
    place: Place
    action: Action
    entry_id: str | None = None
    cited: int | None = None
    basis: str | None = None
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer as the ledger knows it; `receipt` is there once it was posted."""

    intent: Intent
    state: AnswerState
    receipt: Receipt | None
    created_at: datetime
    changed_at: datetime

    @property
    def key(self) -> str:
        """The key under which it was, or will be, posted."""
        return self.intent.key


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What came of `begin`; `answer` is the earlier one under the same key, if there is one."""

    standing: Standing
    answer: Answer | None = None


@dataclass(frozen=True, kw_only=True)
class Purged:
    """How many rows went."""

    feedback: int
    answers: int
    deletions: int
    unmatched: int
    accepted: int
    parked: int


def answer_key(platform: str, channel: str, message_id: str, link_key: str) -> str:
    """Name the answer to one link of one message; `link_key` is "" where the words are what was asked about.

    The same four always give the same key, so one message gets one answer per link.
    """
    parts = json.dumps([platform, channel, message_id, link_key], ensure_ascii=True)
    return "caveat-" + hashlib.sha256(parts.encode()).hexdigest()
