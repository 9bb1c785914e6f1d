"""`caveat doctor`: looks at each thing that the bot needs, and says what to mend."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.app.platforms import matrix_platform, slack_installs, slack_platform
from bot.app.run import open_database, thresholds
from bot.background.health import STALE_SECONDS, is_running, read_health
from bot.background.supervisor import LoopHealth
from bot.clock import Clock, now_utc
from bot.commands.leftovers import Leftovers
from bot.errors import BotError
from bot.load_settings import load_settings
from bot.settings import Settings
from bot.storage.ledger import Ledger
from bot.storage.parked_events import ParkedEvents
from bot.threads import in_thread
from kb.entries.entry import Status
from kb.errors import KbError
from kb.match.match import match
from kb.match.query import Query
from kb.search.encoder import Encoder
from kb.search.index import Index
from kb.store.entries import Store


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found about one subject; `text` says what to do where it is not ok."""

    subject: str
    ok: bool
    text: str


async def examine() -> list[Finding]:
    """Examine everything; one thing that is broken does not keep the others from being looked at."""
    try:
        settings = load_settings()
    except BotError as error:
        return [Finding(subject="settings", ok=False, text=str(error))]
    findings = [Finding(subject="settings", ok=True, text=f"data folder {settings.data_dir}")]
    findings += running(settings.data_dir)
    findings += [finding async for finding in _knowledge(settings)]
    findings += [finding async for finding in _platforms(settings)]
    findings += [finding async for finding in _parked(settings)]
    return findings


def running(folder: Path, *, clock: Clock = now_utc) -> Iterator[Finding]:
    """Whether a bot is running with this data folder, and how each of its loops does."""
    health = read_health(folder)
    if not is_running(folder):
        last = f"; the last one was there at {_at(health.written_at)} and was cut off" if health else ""
        yield Finding(subject="bot", ok=True, text=f"not running with this data folder{last}")
        return
    if health is None:
        yield Finding(subject="bot", ok=True, text="running; it has not said yet how it does")
        return
    age = (clock() - health.written_at).total_seconds()
    told = f"running since {_at(health.started_at)} as process {health.pid}, as it said {age:.0f} seconds ago"
    if age > STALE_SECONDS:
        told += ": it hangs, or cannot write to its data folder; look at its log, and start it again"
    yield Finding(subject="bot", ok=age <= STALE_SECONDS, text=told)
    for loop in health.loops:
        yield Finding(subject=f"bot, {loop.name}", ok=not loop.failures, text=_how(loop))


def _how(loop: LoopHealth) -> str:
    if loop.failures:
        place = f" at {loop.where}" if loop.where else ""
        good = f"last well at {_at(loop.last_good)}" if loop.last_good else "never well so far"
        return f"failed {loop.failures} times in a row, at last with: {loop.error}{place}; {good}"
    before = f"; it failed at {_at(loop.failed_at)}: {loop.error}" if loop.failed_at else ""
    return (f"well at {_at(loop.last_good)}" if loop.last_good else f"runs since {_at(loop.since)}") + before


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


async def _knowledge(settings: Settings) -> AsyncIterator[Finding]:
    store = None
    try:
        store = Store(await in_thread(open_database, settings.database_address))
        published = sum(1 for _ in store.entries(Status.PUBLISHED))
        told = (
            f"{published} published entries"
            if published
            else "no published entry yet; see `caveat kb import --help`"
        )
        yield Finding(subject="store", ok=True, text=f"{told} in {settings.shown_database_address}")
    except KbError as error:
        yield Finding(subject="store", ok=False, text=str(error))
    try:
        encoder = Encoder(settings.model, settings.model_sha256)
    except KbError as error:
        yield Finding(subject="model", ok=False, text=str(error))
        return
    encoder.start()
    try:
        started = time.monotonic()
        shape = (await in_thread(encoder.encode, ["a first sentence"])).shape
        seconds = time.monotonic() - started
        text = f"{encoder.model} loaded in {seconds:.1f} s, {shape[1]} dimensions"
        yield Finding(subject="model", ok=True, text=text)
        if store is not None:
            yield await in_thread(_index, settings, store, encoder)
    except KbError as error:
        yield Finding(subject="model", ok=False, text=str(error))
    finally:
        await in_thread(encoder.close)


def _index(settings: Settings, store: Store, encoder: Encoder) -> Finding:
    index = Index(store, encoder)
    index.follow()
    lacking = index.encode(0)
    match(index, encoder, Query(text="a question about nothing in particular"), thresholds(settings))
    text = f"{len(index)} entries"
    if lacking:
        text += f"; up to {lacking} still need their vector, which a start of the bot computes"
    return Finding(subject="index", ok=True, text=text)


async def _platforms(settings: Settings) -> AsyncIterator[Finding]:
    if not settings.has_matrix and not settings.has_slack:
        yield Finding(subject="platforms", ok=True, text="none set up; `caveat run` opens the terminal chat")
    if settings.has_matrix:
        yield await _login(settings, "matrix")
    if settings.has_slack:
        yield await _login(settings, "slack")


async def _login(settings: Settings, name: str) -> Finding:
    try:
        engine = await in_thread(open_database, settings.database_address)
        if name == "matrix":
            text = await matrix_platform(settings, Ledger(engine)).check()
        else:
            text = await slack_platform(settings, await slack_installs(settings, engine)).check()
        return Finding(subject=name, ok=True, text=text)
    except (BotError, KbError) as error:
        return Finding(subject=name, ok=False, text=str(error))


async def _parked(settings: Settings) -> AsyncIterator[Finding]:
    try:
        engine = await in_thread(open_database, settings.database_address)
        waiting = await Leftovers(ParkedEvents(engine), Ledger(engine)).all()
    except KbError:  # it is told of as the store's
        return
    text = "nothing that failed is waiting"
    if waiting:
        text = (
            f"{len(waiting)} that failed wait for a person since {waiting[0].since:%Y-%m-%d %H:%M} UTC; "
            "`caveat parked` lists them, with why, and `caveat parked retry NAME` has one tried again"
        )
    yield Finding(subject="parked", ok=not waiting, text=text)
