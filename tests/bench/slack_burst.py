"""How soon Slack's events are acknowledged in a burst, and how many are handled in a second."""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.app.run import open_database
from bot.storage.ledger import Ledger
from tests.servers.chat_server import BotProcess
from tests.servers.slack import SlackServer
from tests.servers.whole_bot import ROOT, command, variables

BURST = 500
NOBODY = 9  # every link leads nowhere: measured is what happens to each event before and after the reading


async def measure() -> dict[str, float]:
    """Post 500 links at once to a bot in a process of its own; the hash encoder stands for the model."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with SlackServer(retry_scale=1.0) as slack:
            workspace = slack.workspace("bench")
            anna = workspace.person("anna")
            room = workspace.channel("general", anna)
            settings = {
                "MODEL": "hash",
                "LOG_LEVEL": "error",
                "SLACK_BOT_TOKEN": workspace.token,
                "SLACK_APP_TOKEN": slack.app.app_token,
                "SLACK_API_URL": slack.api_url,
            }
            bot = BotProcess(command(NOBODY), cwd=ROOT, env=variables(folder, **settings))
            await bot.start()
            try:
                await bot.until(slack.connected())
                return await _burst(
                    slack, folder, lambda number: anna.post(room, f"http://news.example/{number}")
                )
            finally:
                await bot.stop()


async def _burst(
    slack: SlackServer, folder: Path, post: Callable[[int], Awaitable[object]]
) -> dict[str, float]:
    started = time.perf_counter()
    await asyncio.gather(*(post(number) for number in range(BURST)))
    await slack.settled(seconds=120)
    events = slack.events_of("message")
    seconds = [attempt.seconds for event in events for attempt in event.attempts]
    ledger = Ledger(open_database(f"sqlite:///{folder / 'caveat.db'}"))
    while await ledger.unhandled():  # noqa: ASYNC110  # another process empties it, and gives no event
        await asyncio.sleep(0.5)
    took = time.perf_counter() - started
    return {
        "ack_p99": statistics.quantiles(seconds, n=100)[98] * 1000,
        "events_per_second": len(events) / took,
        "attempts": len(seconds) / len(events),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure())))
