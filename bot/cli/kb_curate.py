"""`caveat kb add|edit|submit|approve|…`: an entry's life, from the command line."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import Annotated

import click
import typer

from bot.cli.curating import Acting, AsJson, Base, EntryId, NoFetch, Session, Why, open_session, tell_done
from bot.cli.kb import commands
from bot.commands.values import Draft
from bot.errors import BotError, PageError
from kb.curate.curation import Curation, Done
from kb.curate.lifecycle import working_text
from kb.errors import CurationError, DuplicateError, EntryError, UrlError
from kb.formats.forms import Form, draft_form, read_form
from kb.urls.identity import identify

_FORM = typer.Option(
    "--file", metavar="FORM", help="A form that was filled in; - reads it from standard input."
)
FormFile = Annotated[Path | None, _FORM]


@commands.command()
def add(
    url: Annotated[str, typer.Argument(metavar="[URL]", help="The page of the original.")] = "",
    *,
    file: FormFile = None,
    why: Why = "",
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Save it though there seems to be such an entry.")
    ] = False,
    acting: Acting = "",
    no_fetch: NoFetch = False,
    as_json: AsJson = False,
) -> None:
    """Add an entry as a draft: from the page of its original, through a form.

    In a terminal, the form opens in your editor. Elsewhere it is printed: save it, fill it in, and give it
    back with --file.
    """
    with open_session(acting) as session:
        if file is None:
            blank = _blank(session, url, no_fetch=no_fetch)
            if not sys.stdin.isatty() or not sys.stdout.isatty():
                typer.echo(blank, nl=False)
                return
            form = _edited(blank)
        else:
            form = _sent_back(file)
        read = session.read(form.entry.original.url, skip=no_fetch)
        try:
            done = session.curation.add(
                form.entry, by=session.by, why=session.note(why), read=read, anyway=anyway
            )
        except DuplicateError as error:
            raise CurationError(
                f"{error}\nNothing was saved; give --anyway to save it nevertheless."
            ) from error
        tell_done(done, form.entry.id, as_json=as_json)


@commands.command()
def edit(
    entry_id: EntryId,
    *,
    file: FormFile = None,
    base: Base = None,
    why: Why = "",
    acting: Acting = "",
    no_fetch: NoFetch = False,
    as_json: AsJson = False,
) -> None:
    """Change an entry: a draft, beside the published text if there is one.

    In a terminal, the text opens in your editor. Elsewhere it is printed as a form, to be given back with
    --file.
    """
    with open_session(acting) as session:
        trail = session.curation.trail(entry_id)
        if file is None:
            text = draft_form(working_text(trail), base=trail.revisions[-1].number)
            if not sys.stdin.isatty() or not sys.stdout.isatty():
                typer.echo(text, nl=False)
                return
            form = _edited(text)
        else:
            form = _sent_back(file)
        base = base if base is not None else form.base
        if base is None:
            raise BotError(
                "say which revision you have edited: --base NUMBER (`caveat kb history` lists them)"
            )
        if form.entry.id != entry_id:
            raise BotError(f"the form is of {form.entry.id}, not of {entry_id}; an entry keeps its id")
        read = session.read(form.entry.original.url, skip=no_fetch)
        done = session.curation.edit(form.entry, by=session.by, base=base, why=session.note(why), read=read)
        tell_done(done, entry_id, as_json=as_json)


def _moving(step: Callable[[Curation], Callable[..., Done]]) -> Callable[..., None]:
    """A command that takes an entry one step on; the original's page is looked at before."""

    def move(
        entry_id: EntryId,
        *,
        why: Why = "",
        base: Base = None,
        acting: Acting = "",
        no_fetch: NoFetch = False,
        as_json: AsJson = False,
    ) -> None:
        with open_session(acting) as session:
            url = working_text(session.curation.trail(entry_id)).original.url
            read = session.read(url, skip=no_fetch)
            take = step(session.curation)
            done = take(entry_id, by=session.by, why=session.note(why), base=base, read=read)
            tell_done(done, entry_id, as_json=as_json)

    return move


commands.command("submit", help="Send a draft to review.")(_moving(attrgetter("submit")))
commands.command("approve", help="Publish a text that is in review.")(_moving(attrgetter("approve")))
commands.command("publish", help="Publish a draft, or a text in review, at once.")(
    _moving(attrgetter("publish"))
)


@commands.command("send-back")
def send_back(
    entry_id: EntryId, why: Why = "", base: Base = None, acting: Acting = "", as_json: AsJson = False
) -> None:
    """Make a text in review a draft again; --why says what should change."""
    with open_session(acting) as session:
        done = session.curation.send_back(entry_id, by=session.by, why=_because(session, why), base=base)
        tell_done(done, entry_id, as_json=as_json)


@commands.command()
def retire(
    entry_id: EntryId, why: Why = "", base: Base = None, acting: Acting = "", as_json: AsJson = False
) -> None:
    """Take an entry out of use; --why is told where the bot has cited it."""
    with open_session(acting) as session:
        done = session.curation.retire(entry_id, by=session.by, why=_because(session, why), base=base)
        tell_done(done, entry_id, as_json=as_json)


@commands.command()
def supersede(
    entry_id: EntryId,
    successor: Annotated[str, typer.Argument(metavar="BY", help="The published entry that takes its place.")],
    *,
    why: Why = "",
    base: Base = None,
    acting: Acting = "",
    as_json: AsJson = False,
) -> None:
    """Retire an entry in favour of another one."""
    with open_session(acting) as session:
        done = session.curation.supersede(
            entry_id, successor=successor, by=session.by, why=session.note(why), base=base
        )
        tell_done(done, entry_id, as_json=as_json)


@commands.command()
def undo(
    entry_id: EntryId,
    *,
    to: Annotated[int | None, typer.Option("--to", help="Restore the text of this revision.")] = None,
    why: Why = "",
    base: Base = None,
    acting: Acting = "",
    as_json: AsJson = False,
) -> None:
    """Restore an earlier text, by default the one before the last step, as a new draft."""
    with open_session(acting) as session:
        done = session.curation.undo(entry_id, by=session.by, why=session.note(why), base=base, to=to)
        tell_done(done, entry_id, as_json=as_json)


@commands.command()
def redact(
    entry_id: EntryId,
    why: Why = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; there is no way back.")] = False,
    acting: Acting = "",
    as_json: AsJson = False,
) -> None:
    """Erase every text of an entry, for legal reasons; who did it, when and why stays. No way back."""
    if not yes and not sys.stdin.isatty():
        raise BotError("to erase an entry's texts for good, give --yes")
    if not yes and not typer.confirm(f"Erase every text of {entry_id} for good?"):
        raise typer.Exit(0)
    with open_session(acting) as session:
        done = session.curation.redact(entry_id, by=session.by, why=_because(session, why))
        tell_done(done, entry_id, as_json=as_json)


def _because(session: Session, why: str) -> str:
    return session.note(why) if why.strip() else ""


def _blank(session: Session, url: str, *, no_fetch: bool) -> str:
    """A form with what the original's page says of itself, or an empty one."""
    if not url or no_fetch:
        return draft_form({"original": {"url": url or None}})
    draft = asyncio.run(_draft(session, url))
    return draft_form(draft.fields, candidates=draft.candidates)


async def _draft(session: Session, url: str) -> Draft:
    from bot.app.run import Network, open_pages
    from bot.commands.prefill import prefill

    try:
        link = identify(url)
        async with open_pages(session.settings, network=Network(sample=True)) as (fetcher, reader):
            page = await reader.read(await fetcher.fetch(link.url))
    except UrlError as error:
        raise BotError(f"{url}: {error}") from error
    except PageError as error:
        raise BotError(
            f"could not read {url}: {error.reason}. Give --no-fetch to fill in the form by yourself."
        ) from error
    return prefill(page, link.url, today=datetime.now(UTC).date())


def _sent_back(file: Path) -> Form:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BotError(f"{file} cannot be read: {error}") from error
    return read_form(text)


def _edited(text: str) -> Form:
    """Open the editor until the form is sound or is left as it was."""
    while True:
        changed = click.edit(text, extension=".yaml")
        if changed is None or changed == text:
            raise BotError("the form was left as it was, so nothing was saved")
        try:
            return read_form(changed)
        except EntryError as error:
            text = changed
            for line in str(error).splitlines():
                typer.echo(line, err=True)
            if not typer.confirm("Edit it again?", default=True, err=True):
                raise
