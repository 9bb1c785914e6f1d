"""What carrying commands out needs from the outside, and taking a step once however often it is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.answering.consider import Research
from bot.commands.values import Caller, Preview
from bot.ports import Platform, TypedNames
from bot.storage.channels import ChannelBook
from bot.storage.ledger import Ledger
from bot.storage.parked_events import ParkedEvents
from bot.storage.subscriptions import Subscriptions
from bot.storage.unmatched import UnmatchedLinks
from bot.threads import in_thread
from kb.curate.curation import Curation, Done
from kb.entries.editorial import SourceRead
from kb.entries.entry import Entry
from kb.entries.people import Roster
from kb.entries.revision import Step, Trail


@dataclass(frozen=True, kw_only=True)
class CommandServices:
    """Everything that commands work on.

    `curators_channels` are those in which entries may be changed. `four_eyes` is as set: None is "as soon as
    two people may review". `read_original` looks at an original's page, `preview` at the recent links that an
    entry would match; it raises ModelError.
    """

    curation: Curation
    research: Research
    ledger: Ledger
    channels: ChannelBook
    unmatched: UnmatchedLinks
    subscriptions: Subscriptions
    parked: ParkedEvents
    platforms: Mapping[str, Platform]
    typed: Mapping[str, TypedNames]
    read_original: Callable[[str], Awaitable[SourceRead]]
    preview: Callable[[Entry], Awaitable[Preview]]
    curators_channels: frozenset[str] = frozenset()
    four_eyes: bool | None = None
    links_per_message: int = 3

    def person_id(self, typed: str, caller: Caller) -> str:
        """A person's id from what was typed on the caller's platform; else the same text."""
        named = (
            names.person(typed, caller.channel if platform == caller.platform else None)
            for platform, names in self.typed.items()
        )
        return next(filter(None, named), typed)

    def message_of(self, url: str, caller: Caller) -> tuple[str, str] | None:
        """The channel and the message that a link of the caller's platform names."""
        names = self.typed.get(caller.platform)
        return names.message(url, caller.channel) if names else None

    def platform_of(self, channel: str) -> str:
        """The platform that a channel of the settings is on; "" where it is of none."""
        return next((platform for platform, names in self.typed.items() if names.is_channel(channel)), "")

    async def roster(self) -> Roster:
        """Everybody's roles now."""
        return await in_thread(self.curation.people.roster)

    async def trail(self, entry_id: str) -> Trail:
        """An entry's revisions. Raises CurationError when there is none."""
        return await in_thread(self.curation.trail, entry_id)

    async def trail_or_none(self, entry_id: str) -> Trail:
        """An entry's revisions; an empty trail when there is no such entry."""
        return await in_thread(self.curation.store.trail, entry_id)

    def is_curators(self, caller: Caller) -> bool:
        """Whether drafts may be shown and entries changed where the caller is."""
        return caller.private or caller.channel in self.curators_channels


class CurationStep(Protocol):
    """One of the steps of `Curation`, with all but who takes it filled in."""

    def __call__(self, *, by: str, base: int | None) -> Done:
        """Take the step."""


async def take(
    services: CommandServices,
    caller: Caller,
    entry_id: str,
    step: Step,
    action: CurationStep,
    *,
    since: int | None = None,
) -> Done:
    """Take a step, unless this very command took it before a crash. Raises as the actions of Curation do.

    `since` is the revision that the entry had when the command was begun, if `caller.base` is another one.
    """
    if caller.repeated:
        trail = await services.trail_or_none(entry_id)
        begun = (caller.base if since is None else since) or 0
        own = (each for each in trail.revisions if each.by == caller.person and each.number > begun)
        if any(each.step is step for each in own):
            return Done(trail=trail)
    return await in_thread(lambda: action(by=caller.person, base=caller.base))
