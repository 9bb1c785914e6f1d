"""`caveat chat`: the bot in a terminal, with the starter entries and two bundled pages to try it on."""

from __future__ import annotations

import sys

from bot.answering.answer import Outcome
from bot.app.run import chat
from bot.model import Action, Event
from bot.pages.sample import STORY_URL, UNRELATED_URL
from bot.platforms.console import ConsolePlatform
from bot.replies.deliver import Delivery
from bot.settings import Settings
from kb.formats.files import starter_entries

_WELCOME = f"""\
Terminal chat with {{count}} starter entries (examples) beside your own. Nothing you type is kept.
Post a link as in a channel:   {STORY_URL}
A link about something else:   {UNRELATED_URL}
Ask:                           @caveat is it true that Ukraine tells the families of dead Russian soldiers?
Leave with `quit`. The language model loads meanwhile; the first answer takes some seconds."""


async def converse(settings: Settings) -> None:
    """Talk until the input ends. Raises StoreError, ModelError."""
    held = starter_entries()
    _write(_WELCOME.format(count=len(held)))
    await chat(settings, ConsolePlatform(), held=held, report=_report)


def _report(_: Event, outcomes: tuple[Outcome, ...]) -> None:
    """Say why nothing was said: in a channel there is silence, here somebody tries the bot out."""
    for outcome in outcomes:
        if outcome.decision.action is Action.SILENT:
            _write(f"(silent in a channel: {outcome.decision.reason}; ask with @caveat to get an answer)")
        elif outcome.delivery is Delivery.REPEATED:
            _write("(silent in a channel: this entry was given here within the last day; ask with @caveat)")


def _write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
