"""The corrections of a bot on Slack and nothing else, for tests that kill it.

Usage: python -m tests.servers.correcting_bot API_URL TOKEN DATABASE_URL
"""

from __future__ import annotations

import asyncio
import sys

from bot.app.run import open_database
from bot.background.corrections import Corrections
from bot.platforms.slack.platform import SlackPlatform
from bot.storage.citations import Citations
from bot.storage.ledger import Ledger
from kb.store.entries import Store


async def correct(api_url: str, token: str, database: str) -> None:
    """Correct what is behind, and end."""
    engine = open_database(database)
    platform = SlackPlatform(bot_token=token, app_token="xapp-none", api_url=api_url, post_seconds=0)
    await Corrections(Store(engine), Ledger(engine), Citations(engine), {"slack": platform}).run()


if __name__ == "__main__":
    asyncio.run(correct(*sys.argv[1:]))
