"""Forgets what is older than the settings allow; docs/privacy.md has the table."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.ledger import Ledger
from bot.settings import Settings
from bot.subscriptions import Subscriptions
from bot.work import purge_work


async def purge(
    settings: Settings, ledger: Ledger, queue: Path, subscriptions: Subscriptions
) -> dict[str, int]:
    """Delete what is past its time; gives how many rows of each kind went. Raises StoreError."""
    now = datetime.now(UTC)
    purged = await ledger.purge(
        answers_before=now - timedelta(days=settings.keep_answers_days),
        unmatched_before=now - timedelta(days=settings.keep_unmatched_days),
        accepted_before=now - timedelta(days=settings.keep_work_days),
    )
    gone = await subscriptions.purge()
    work = await asyncio.to_thread(purge_work, queue, now - timedelta(days=settings.keep_work_days))
    return {**asdict(purged), "subscriptions": gone, "work": work}
