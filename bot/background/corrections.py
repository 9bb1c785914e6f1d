"""An entry changes → every answer that cited it is edited in place, once.

What is still to do is not written down anywhere: an answer is behind while the revision that it cites is not
the one that readers have. So a run that was cut off goes on where it stopped, and nothing is queued twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from bot.answers import AnswerState, Intent
from bot.background.supervisor import Loop, Pause
from bot.clock import Clock, now_utc
from bot.errors import GoneError, LoginError, PlatformError
from bot.faults import Spoiled, kind_of
from bot.model import Reply
from bot.ports import Amends
from bot.replies.correct import corrected, removed, withdrawn
from bot.storage.citations import Citations
from bot.storage.ledger import Ledger
from bot.threads import in_thread
from kb.entries.entry import Entry, Status
from kb.entries.field_changes import differences
from kb.entries.revision import Revision, Trail
from kb.errors import KbError
from kb.store.entries import Store

log = structlog.get_logger(__name__)

_NET_SECONDS = 30.0  # for a commit that nobody was woken by
_AFTER_ERROR_SECONDS = 10.0  # a wrong answer stands meanwhile; by hand
_ROUND_SECONDS = 1800.0  # a change of an entry that many answers cite is as many edits, at a second each


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one look at the answers came to: edited, without a change that readers see, out of reach, left."""

    edited: int = 0
    unchanged: int = 0
    out_of_reach: int = 0
    left: int = 0


def cited_revision(store: Store, entry: Entry) -> int | None:
    """Give the number of the latest revision that says just what `entry` says; None if it is not stored."""
    revisions = reversed(store.trail(entry.id).revisions)
    return next((revision.number for revision in revisions if revision.entry == entry), None)


class Corrections:
    """Keeps the answers on `platforms` true to the entries that they cite."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        citations: Citations,
        platforms: Mapping[str, Amends],
        *,
        now: Clock = now_utc,
    ) -> None:
        self._store, self._ledger, self._citations = store, ledger, citations
        self._platforms, self._now = platforms, now
        self._seen: tuple[int, object] | None = None
        self._spoiled = Spoiled()

    def loop(self, woken_by: asyncio.Event) -> Loop:
        """The loop that corrects whenever an entry or the answers have changed."""
        return Loop(
            name="corrections",
            round=self.round,
            limit=_ROUND_SECONDS,
            after_error=_AFTER_ERROR_SECONDS,
            woken_by=woken_by,
        )

    async def round(self) -> Pause:
        """Correct once; what could not be corrected now is tried again shortly. Raises StoreError."""
        if (await self.run()).left:
            return Pause(seconds=_AFTER_ERROR_SECONDS, woken=False)
        return Pause(seconds=_NET_SECONDS)

    async def run(self) -> Run:
        """Correct all answers that are behind. Raises StoreError."""
        state = (await in_thread(self._store.revision), await self._citations.state())
        if state == self._seen:
            return Run()
        total = Run()
        for entry_id, oldest in (await self._citations.oldest()).items():
            trail = await in_thread(self._store.trail, entry_id)
            standing = _standing(trail)
            if standing is not None and oldest < standing.number:
                for answer in await self._citations.behind(entry_id, standing.number):
                    total = _sum(total, await self._corrected(answer.key, trail, standing))
        if not total.left:
            self._seen = state
        if total != Run():
            log.info("answers_corrected", **vars(total))
        return total

    async def _corrected(self, key: str, trail: Trail, standing: Revision) -> Run:
        """Correct one answer; what nobody foresaw about it keeps the others from nothing."""
        try:
            return await self._correct(key, trail, standing)
        except KbError:
            raise
        except Exception as error:  # noqa: BLE001  # the boundary of one answer, as each message has one
            trace = self._spoiled.note((key, standing.number), error)
            log.error("correction_failed", answer=key, error=kind_of(error), traceback=trace)
            if (key, standing.number) not in self._spoiled:
                return Run(left=1)
            await self._citations.out_of_reach(key, standing.number, f"it fails: {kind_of(error)}")
            return Run(out_of_reach=1)

    async def _correct(self, key: str, trail: Trail, standing: Revision) -> Run:
        async with self._ledger.sole(key):
            answer = await self._ledger.answer(key)
            if answer is None or answer.receipt is None or answer.state is not AnswerState.POSTED:
                return Run()  # withdrawn while others were corrected
            reply = await in_thread(self._reply, answer.intent, trail, standing)
            if reply is None:
                await self._citations.now_cites(key, standing.number)
                return Run(unchanged=1)
            platform = self._platforms.get(answer.intent.platform)
            if platform is None:  # not connected this time
                return Run(left=1)
            try:
                await platform.amend(answer.receipt, reply, key, standing.number)
            except GoneError as error:
                log.warning("answer_out_of_reach", answer=key, error=str(error))
                await self._citations.out_of_reach(key, standing.number, str(error))
                return Run(out_of_reach=1)
            except (PlatformError, LoginError) as error:
                log.warning("correction_failed_for_now", answer=key, error=str(error))
                return Run(left=1)
            await self._citations.now_cites(key, standing.number)
            return Run(edited=1)

    def _reply(self, said: Intent, trail: Trail, standing: Revision) -> Reply | None:
        """What an answer should say now; None where readers would see no change."""
        on, today = standing.at.date(), self._now().date()
        entry = standing.entry
        if entry is None:
            return removed(on=on)
        if entry.status is Status.RETIRED:
            successor = self._store.get(entry.superseded_by) if entry.superseded_by else None
            if successor is not None and successor.status is not Status.PUBLISHED:
                successor = None
            return withdrawn(said, standing.note, successor, on=on, today=today)
        cited = trail.revision(said.cited or 0)
        if cited is None or cited.entry is None:
            return None
        changes = [change for change in differences(cited.entry, entry) if change.of_text]
        if not changes and cited.entry.status is not Status.RETIRED:
            return None
        return corrected(said, cited.entry, entry, changes, on=on, today=today)


def _standing(trail: Trail) -> Revision | None:
    """The revision that readers have, or the redaction."""
    return trail.tombstone or trail.settled


def _sum(one: Run, other: Run) -> Run:
    return Run(**{name: value + getattr(other, name) for name, value in vars(one).items()})
