"""Forgets what is older than the settings allow; docs/privacy.md has the table."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import structlog

from bot.background.supervisor import Loop, Pause
from bot.clock import now_utc
from bot.settings import Settings
from bot.storage.ledger import Ledger
from bot.storage.subscriptions import Subscriptions
from bot.storage.work_file import purge_work
from bot.threads import in_thread

log = structlog.get_logger(__name__)

_PURGE_SECONDS = 24 * 3600.0
_AFTER_ERROR_SECONDS = 3600.0  # what is kept for days may stay an hour; both by hand
_ROUND_SECONDS = 1800.0


def purging(settings: Settings, ledger: Ledger, queue: Path, subscriptions: Subscriptions) -> Loop:
    """The loop that does so at the start and once a day."""

    async def round_() -> Pause:
        log.info("purged", **await purge(settings, ledger, queue, subscriptions))
        return Pause(seconds=_PURGE_SECONDS)

    return Loop(name="purge", round=round_, limit=_ROUND_SECONDS, after_error=_AFTER_ERROR_SECONDS)


async def purge(
    settings: Settings, ledger: Ledger, queue: Path, subscriptions: Subscriptions
) -> dict[str, int]:
    """Delete what is past its time; gives how many rows of each kind went. Raises StoreError."""
    now = now_utc()
    purged = await ledger.purge(
        answers_before=now - timedelta(days=settings.keep_answers_days),
        unmatched_before=now - timedelta(days=settings.keep_unmatched_days),
        accepted_before=now - timedelta(days=settings.keep_work_days),
    )
    gone = await subscriptions.purge()
    work = await in_thread(purge_work, queue, now - timedelta(days=settings.keep_work_days))
    return {**asdict(purged), "subscriptions": gone, "work": work}
