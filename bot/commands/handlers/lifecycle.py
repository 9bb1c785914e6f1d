"""The steps that move an entry through its life, each told in a line or two."""

from __future__ import annotations

from functools import partial

from bot.commands import wording
from bot.commands.lines import draft_choices, review_choices, warning_lines, writer_of
from bot.commands.services import CommandServices, take
from bot.commands.values import Caller, Command, CommandReply
from bot.model import Choice, Reply
from kb.curate import four_eyes
from kb.curate.curation import Done
from kb.entries.editorial import SourceRead
from kb.entries.entry import Entry
from kb.entries.people import Role, Roster
from kb.entries.revision import Step, Trail
from kb.errors import NotAllowedError
from kb.urls.identity import identify


async def submit(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Send a draft to review."""
    read = await _source(command.entry, services)
    action = partial(services.curation.submit, command.entry, read=read)
    done = await take(services, caller, command.entry, Step.SUBMIT, action)
    return told(done, wording.IN_REVIEW, choices=await choices_after(done, caller, services))


async def approve(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Publish what is in review; its original was read when it was sent there."""
    action = partial(services.curation.approve, command.entry, why=command.text)
    done = await take(services, caller, command.entry, Step.APPROVE, action)
    return await _published(done, services)


async def publish(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Publish a draft, or a text in review, at once."""
    read = await _source(command.entry, services)
    action = partial(services.curation.publish, command.entry, why=command.text, read=read)
    done = await take(services, caller, command.entry, Step.PUBLISH, action)
    return await _published(done, services)


async def send_back(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Make a text in review a draft again."""
    action = partial(services.curation.send_back, command.entry, why=command.text)
    done = await take(services, caller, command.entry, Step.SEND_BACK, action)
    return told(done, wording.SENT_BACK, writer=writer_of(done.trail, await services.roster()))


async def retire(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Take an entry out of use."""
    action = partial(services.curation.retire, command.entry, why=command.text)
    return told(await take(services, caller, command.entry, Step.RETIRE, action), wording.RETIRED)


async def supersede(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Let another entry take over."""
    action = partial(services.curation.supersede, command.entry, successor=command.other, why=command.text)
    done = await take(services, caller, command.entry, Step.SUPERSEDE, action)
    return told(done, wording.SUPERSEDED, other=command.other)


async def undo(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Take the last step back."""
    action = partial(services.curation.undo, command.entry)
    done = await take(services, caller, command.entry, Step.UNDO, action)
    entry = _entry(done)
    drafted = draft_choices(entry.id, done.revision.number) if entry.status.value == "draft" else ()
    return told(done, wording.UNDONE, choices=drafted, status=wording.STATUSES[entry.status.value])


def told(done: Done, sentence: str, *, choices: tuple[Choice, ...] = (), **words: str) -> CommandReply:
    """Say what came of a step; `sentence` may name the entry's title, id and revision."""
    entry, number = _entry(done), done.revision.number
    lead = sentence.format(title=entry.title, id=entry.id, number=number, **words)
    barred = (wording.BARRED, *map(str, done.problems)) if done.problems else ()
    reply = Reply(lead=lead, lines=(*barred, *warning_lines(done.warnings)), choices=choices)
    return CommandReply(replies=(reply,), done=True, problems=done.problems, revision=number)


async def choices_after(done: Done, caller: Caller, services: CommandServices) -> tuple[Choice, ...]:
    """What the writer of a text in review may do with it."""
    roster, number = await services.roster(), done.revision.number
    everything = review_choices(done.trail.entry_id, number)
    return everything if _may_approve(done.trail, caller.person, roster, services) else everything[-1:]


def _may_approve(trail: Trail, person: str, roster: Roster, services: CommandServices) -> bool:
    if not roster.may(person, Role.REVIEWER):
        return False
    try:
        if four_eyes.is_on(roster, services.four_eyes):
            four_eyes.require_another(trail, roster, by=person)
    except NotAllowedError:
        return False
    return True


async def _published(done: Done, services: CommandServices) -> CommandReply:
    """Say so; the pages that the entry lists wait for no entry any more."""
    entry = _entry(done)
    for url in (entry.original.url, *(page.url for page in entry.appearances)):
        await services.unmatched.forget(identify(url).key)
    return told(done, wording.PUBLISHED)


async def _source(entry_id: str, services: CommandServices) -> SourceRead | None:
    """What is found at the original of the latest text."""
    latest = (await services.trail(entry_id)).latest
    return await services.read_original(latest.entry.original.url) if latest and latest.entry else None


def _entry(done: Done) -> Entry:
    entry = done.revision.entry
    assert entry is not None  # noqa: S101  # no step of these erases a text
    return entry
