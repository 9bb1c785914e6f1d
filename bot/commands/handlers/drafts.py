"""Entries as forms: filled in from a page, or with what there is, sent back, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from bot.commands import wording
from bot.commands.handlers.lifecycle import choices_after, told
from bot.commands.lines import draft_choices, problem_lines
from bot.commands.prefill import prefill
from bot.commands.services import CommandServices, take
from bot.commands.values import Caller, Command, CommandReply, Draft
from bot.errors import PageError
from bot.model import PageKind, Reply
from bot.pages.open_page import open_page
from bot.threads import in_thread
from kb.curate.curation import Done
from kb.curate.lifecycle import working_text
from kb.entries.entry import Entry, entry_data, parse_entry
from kb.entries.revision import Step
from kb.errors import CurationError, DuplicateError, EntryError, Problem, UrlError
from kb.formats.forms import draft_form, read_form
from kb.urls.identity import Address, identify


async def add(command: Command, _: Caller, services: CommandServices) -> CommandReply:
    """Draft an entry from a page: a form with what the page says of itself. Nothing is kept yet."""
    try:
        link = identify(command.url)
    except UrlError as error:
        raise CurationError(f"That is no web address: {error}") from error
    if known := await services.research.matcher.known_page(link.key):
        lead = wording.KNOWN_ALREADY.format(title=known.entry.title, id=known.entry.id)
        return CommandReply(replies=(Reply(lead=lead),))
    draft, unread = await _from_page(link, services)
    lead = wording.DRAFT_UNREAD.format(reason=unread) if unread else wording.DRAFT
    form = draft_form(draft.fields, candidates=draft.candidates)
    return CommandReply(replies=(Reply(lead=lead, form=form),), draft=replace(draft, unread=unread))


async def edit(command: Command, _: Caller, services: CommandServices) -> CommandReply:
    """Give an entry's latest text as a form."""
    trail = await services.trail(command.entry)
    entry, base = working_text(trail), trail.revisions[-1].number
    lead = wording.FORM.format(title=entry.title, id=entry.id, base=base)
    draft = Draft(entry_id=entry.id, fields=entry_data(entry), base=base)
    reply = Reply(lead=lead, form=draft_form(entry, base=base))
    return CommandReply(replies=(reply,), draft=draft, revision=base)


async def save_form(command: Command, caller: Caller, services: CommandServices) -> CommandReply:
    """Keep a form that was sent back; what is wrong with it is told line by line."""
    try:
        form = await in_thread(read_form, command.text)
    except EntryError as error:
        return _unsaved(error.problems)
    return await save(form.entry, form.base, caller, services, anyway=command.value == "anyway")


async def save_fields(
    fields: Mapping[str, Any], caller: Caller, services: CommandServices, *, anyway: bool
) -> CommandReply:
    """Keep the fields of a platform's own form; `caller.base` is the revision that they are based on."""
    try:
        entry = parse_entry(fields)
    except EntryError as error:
        return _unsaved(error.problems)
    return await save(entry, caller.base, caller, services, anyway=anyway)


async def check_fields(fields: Mapping[str, Any], services: CommandServices) -> CommandReply:
    """Tell what to look at before the fields of a platform's own form are kept; nothing is saved."""
    try:
        entry = parse_entry(fields)
    except EntryError:
        return CommandReply()  # saving tells what is wrong
    read = await services.read_original(entry.original.url)
    found = await in_thread(services.curation.check, entry, read=read)
    return CommandReply(problems=found.warnings)


async def save(
    entry: Entry, base: int | None, caller: Caller, services: CommandServices, *, anyway: bool = False
) -> CommandReply:
    """Keep a text as a draft, or as a new one where `base` is None; a sound one goes to review at once."""
    read = await services.read_original(entry.original.url)
    curation = services.curation

    def write(*, by: str, base: int | None) -> Done:
        if base is None:
            return curation.add(entry, by=by, read=read, anyway=anyway)
        return curation.edit(entry, by=by, base=base, read=read)

    step = Step.ADD if base is None else Step.EDIT
    try:
        done = await take(services, _with_base(caller, base), entry.id, step, write)
    except DuplicateError as error:
        reply = Reply(lead=wording.DOUBLE, lines=problem_lines(error.warnings))
        return CommandReply(replies=(reply,), problems=error.warnings, again=True)
    except EntryError as error:
        return _unsaved(error.problems)
    if done.problems:
        return told(done, wording.SAVED, choices=draft_choices(entry.id, done.revision.number)[1:])
    submit = partial(curation.submit, entry.id, read=read)
    latest = _with_base(caller, done.revision.number)
    sent = await take(services, latest, entry.id, Step.SUBMIT, submit, since=base or 0)
    return told(
        Done(trail=sent.trail, warnings=done.warnings),
        wording.IN_REVIEW,
        choices=await choices_after(sent, caller, services),
    )


def _with_base(caller: Caller, base: int | None) -> Caller:
    return replace(caller, base=base)


async def _from_page(link: Address, services: CommandServices) -> tuple[Draft, str]:
    """A draft from what stands at a link; of a page that cannot be read, its address, and the reason."""
    today = services.research.now().date()
    try:
        page = await open_page(link, services.research.fetcher, services.research.reader)
        draft = await in_thread(prefill, page, link.url, today=today)
        unread = "" if page.kind is PageKind.ARTICLE else f"it is {page.kind.value}"
    except PageError as error:
        return Draft(entry_id="", fields={"original": {"url": link.url}}), error.reason.rstrip(".")
    return draft, unread


def _unsaved(problems: tuple[Problem, ...]) -> CommandReply:
    reply = Reply(lead=wording.NOT_SAVED, lines=problem_lines(problems))
    return CommandReply(replies=(reply,), problems=problems)
