"""Tells curators in their channels what waits for them: each thing once, also what was done elsewhere.

What was told is in the ledger, so nothing is told twice, whatever crashes. While the bot is paused it waits.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import structlog

from bot.answers import Intent, answer_key
from bot.background.supervisor import Loop, Pause
from bot.clock import REAL_TIME, Time
from bot.commands import wording
from bot.commands.lines import entry_lines, listed, review_choices, waiting_line
from bot.commands.services import CommandServices
from bot.errors import BotError
from bot.faults import OURS, Spoiled, kind_of
from bot.model import Action, Choice, Place, Reply
from bot.replies.deliver import deliver
from bot.threads import in_thread
from kb.curate.review_queue import QueueItem, Reason, in_review
from kb.entries.entry import Status
from kb.entries.people import Roster
from kb.entries.revision import Trail
from kb.store.flags import Flag

log = structlog.get_logger(__name__)

_NET_SECONDS = 30.0  # for a commit that nobody was woken by
_AFTER_ERROR_SECONDS = 30.0  # nobody waits for a notice; by hand
_LIST_SECONDS = 3600.0  # the list of what is due reads every entry
_ROUND_SECONDS = 300.0  # a few notices at a second each; by hand


@dataclass(frozen=True, kw_only=True)
class Note:
    """One thing to tell: `name` is the same for the same thing."""

    name: str
    reply: Reply


class Announcements:
    """Notes to the curators' channels."""

    def __init__(self, services: CommandServices, *, time: Time = REAL_TIME) -> None:
        self._services, self._time = services, time
        self._told: set[str] = set()
        self._spoiled = Spoiled()
        self._listed_at = -math.inf

    def loops(self, woken_by: asyncio.Event) -> tuple[Loop, ...]:
        """The loop that tells; none where no channel is set."""
        if not self._services.curators_channels:
            return ()
        loop = Loop(
            name="announcements",
            round=self.round,
            limit=_ROUND_SECONDS,
            after_error=_AFTER_ERROR_SECONDS,
            woken_by=woken_by,
        )
        return (loop,)

    async def round(self) -> Pause:
        """Tell what was not told yet. Raises StoreError, or what a platform refused."""
        pause = Pause(seconds=_NET_SECONDS)
        if self._services.channels.paused_by is not None:
            return pause
        looked_at = self._time.monotonic()
        whole = looked_at - self._listed_at >= _LIST_SECONDS
        notes = await in_thread(self._notes, whole=whole)
        failed: BotError | None = None
        for channel in sorted(self._services.curators_channels):
            try:
                for note in notes:
                    await self._tell_or_fail(channel, note)
            except BotError as error:  # the other channels are told all the same
                failed = error
        if failed is not None:
            raise failed
        if whole:
            self._listed_at = looked_at
        return pause

    async def _tell_or_fail(self, channel: str, note: Note) -> None:
        """Tell one thing; what nobody foresaw about it keeps the others from nothing."""
        key = (channel, note.name)
        if key in self._spoiled:
            return
        try:
            await self._tell(channel, note)
        except OURS:
            raise
        except Exception as error:  # noqa: BLE001  # the boundary of one note, as each message has one
            trace = self._spoiled.note(key, error)
            log.error("announcement_failed", note=note.name, error=kind_of(error), traceback=trace)

    async def _tell(self, channel: str, note: Note) -> None:
        platform_name = self._services.platform_of(channel)
        platform = self._services.platforms.get(platform_name)
        key = answer_key(platform_name, channel, "", note.name)
        if platform is None or key in self._told:
            return
        place = Place(channel=channel, message_id="")
        intent = Intent(key=key, platform=platform_name, place=place, action=Action.COMMAND)
        await deliver(self._services.ledger, platform, intent, note.reply)
        self._told.add(key)

    def _notes(self, *, whole: bool) -> tuple[Note, ...]:
        curation = self._services.curation
        roster = curation.people.roster()
        waiting = [_review(trail, roster) for trail in curation.store.working(Status.IN_REVIEW)]
        flagged = [self._flagged(flag) for flag in curation.flags.all()]
        due = _due(curation.queue(), roster) if whole else ()
        return (*filter(None, waiting), *filter(None, flagged), *due)

    def _flagged(self, flag: Flag) -> Note | None:
        entry = self._services.curation.store.get(flag.entry_id)
        if entry is None:
            return None
        lead = wording.ANNOUNCE_FLAG.format(title=entry.title, id=entry.id, note=flag.note)
        choices = (
            Choice(label=wording.EDIT, command=f"edit {entry.id}"),
            Choice(label=wording.RETIRE, command=f"retire {entry.id}", note=wording.NOTE_RETIRE),
        )
        name = f"flag {flag.kind} {flag.entry_id} {flag.at.isoformat()}"
        return Note(name=name, reply=Reply(lead=lead, choices=choices))


def _review(trail: Trail, roster: Roster) -> Note | None:
    item, latest = in_review(trail), trail.latest
    if item is None or item.revision is None or latest is None or latest.entry is None:
        return None
    writer = roster.shown(item.by) if item.by else "nobody"
    lead = wording.ANNOUNCE_REVIEW.format(title=item.title, id=item.entry_id, writer=writer)
    choices = review_choices(item.entry_id, item.revision)
    reply = Reply(lead=lead, lines=entry_lines(latest.entry), choices=choices)
    return Note(name=f"review {item.entry_id} {item.revision}", reply=reply)


def _due(queue: Iterable[QueueItem], roster: Roster) -> Iterator[Note]:
    """What is due or has lost its original, in one list whenever that list has changed."""
    items = [item for item in queue if item.reason in {Reason.DUE, Reason.DEAD}]
    if items:
        names = sorted(f"{item.entry_id} {item.reason.value}" for item in items)
        name = "due " + hashlib.sha256("\n".join(names).encode()).hexdigest()
        lines = [waiting_line(item, roster) for item in items]
        yield Note(name=name, reply=listed(wording.ANNOUNCE_DUE, "", lines))
