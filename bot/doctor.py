"""`caveat doctor`: looks at each thing that the bot needs, and says what to mend."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.adapters import matrix_platform, slack_platform
from bot.app import open_database, thresholds
from bot.channels import ChannelBook
from bot.errors import BotError
from bot.ledger import Ledger
from bot.model import Message, Reply
from bot.ports import Recent
from bot.settings import Settings, load_settings
from kb.encoder import Encoder
from kb.entry import Status
from kb.errors import KbError
from kb.index import Index
from kb.match import match
from kb.query import Query
from kb.store import Store


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
    findings += [finding async for finding in _knowledge(settings)]
    findings += [finding async for finding in _platforms(settings)]
    return findings


async def _knowledge(settings: Settings) -> AsyncIterator[Finding]:
    store = None
    try:
        store = Store(await asyncio.to_thread(open_database, settings.database_address))
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
        shape = (await asyncio.to_thread(encoder.encode, ["a first sentence"])).shape
        seconds = time.monotonic() - started
        text = f"{encoder.model} loaded in {seconds:.1f} s, {shape[1]} dimensions"
        yield Finding(subject="model", ok=True, text=text)
        if store is not None:
            yield await asyncio.to_thread(_index, settings, store, encoder)
    except KbError as error:
        yield Finding(subject="model", ok=False, text=str(error))
    finally:
        await asyncio.to_thread(encoder.close)


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
        engine = await asyncio.to_thread(open_database, settings.database_address)
        if name == "matrix":
            text = await matrix_platform(settings, Ledger(engine)).check()
        else:
            text = await (
                await slack_platform(settings, engine, _NobodyAsks(), ChannelBook(engine, settings.policy_of))
            ).check()
        return Finding(subject=name, ok=True, text=text)
    except (BotError, KbError) as error:
        return Finding(subject=name, ok=False, text=str(error))


class _NobodyAsks:
    """A `LookUp` for an adapter that does not listen."""

    async def replies(self, message: Message) -> tuple[Reply, ...]:  # noqa: ARG002 - the port's shape
        """Nobody asks."""
        return ()

    async def recent(self, platform: str, channel_prefix: str, limit: int) -> tuple[Recent, ...]:  # noqa: ARG002 - same
        """Nobody asks."""
        return ()
