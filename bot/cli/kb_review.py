"""`caveat kb queue|review|history|diff|preview|check-links`: what waits, and what changed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from bot.cli.curating import (
    AsJson,
    EntryId,
    NoFetch,
    Session,
    open_session,
    plain,
    print_json,
    tell,
    tell_findings,
)
from bot.cli.kb import commands
from bot.commands import wording
from bot.commands.lines import as_it_looks, history_lines, matched, waiting_line, working
from bot.commands.values import Preview
from bot.replies.plain import render
from bot.storage.unmatched import LATEST, UnmatchedLinks
from bot.threads import in_thread
from kb.curate.lifecycle import working_text
from kb.entries.editorial import LinkState
from kb.entries.entry import Entry
from kb.entries.revision import Revision
from kb.match.preview import PreviewedPage, SeenPage, preview
from kb.store.database import upgrade

_DAYS = 30
_DEAD = 3


@commands.command()
def queue(as_json: AsJson = False) -> None:
    """List what waits for a person: texts in review, entries due for review, dead originals, flagged ones."""
    with open_session() as session:
        waiting, roster = session.curation.queue(), session.curation.people.roster()
    if as_json:
        print_json(
            [
                {
                    "entry": item.entry_id,
                    "title": item.title,
                    "reason": item.reason.value,
                    "since": item.since.isoformat(),
                    "note": item.note,
                    "by": item.by,
                    "revision": item.revision,
                }
                for item in waiting
            ]
        )
        return
    tell((waiting_line(item, roster) for item in waiting), empty=wording.QUEUE_EMPTY)


@commands.command()
def review(entry_id: EntryId, *, no_fetch: NoFetch = False, as_json: AsJson = False) -> None:
    """Show the text that waits: what it changes, what bars its publication, and the reply as it will look."""
    with open_session() as session:
        trail = session.curation.trail(entry_id)
        entry, latest = working_text(trail), trail.revisions[-1]
        findings = session.curation.check(entry, read=session.read(entry.original.url, skip=no_fetch))
        changes = session.curation.diff(entry_id) if trail.settled else ()
        text = working(trail, session.curation.people.roster(), changes)
    reply = _looks(entry)
    if as_json:
        data: dict[str, Any] = {"entry": entry_id, "revision": latest.number, "status": entry.status.value}
        data |= {
            "changes": list(map(str, changes)),
            "problems": plain(findings.problems),
            "warnings": plain(findings.warnings),
        }
        print_json(data | {"reply": reply})
        return
    tell((text.lead, *text.lines))
    typer.echo(f"\n{reply}\n")
    tell_findings(findings)


@commands.command()
def history(entry_id: EntryId, as_json: AsJson = False) -> None:
    """List every step of an entry, the last one first: its number, when, what, by whom and why."""
    with open_session() as session:
        trail, roster = session.curation.trail(entry_id), session.curation.people.roster()
    if as_json:
        print_json(list(map(_step, trail.revisions)))
    else:
        tell(history_lines(trail, roster))


@commands.command()
def diff(
    entry_id: EntryId,
    before: Annotated[int | None, typer.Argument(help="A revision. Default: what readers have.")] = None,
    after: Annotated[int | None, typer.Argument(help="A later one. Default: the last.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell in plain words what changed between two revisions of an entry."""
    with open_session() as session:
        changes = session.curation.diff(entry_id, before, after)
    if as_json:
        print_json(
            [{"field": change.field, "before": change.before, "after": change.after} for change in changes]
        )
        return
    tell(map(str, changes), empty=wording.NOTHING_CHANGED)


@commands.command("preview")
def preview_(entry_id: EntryId, as_json: AsJson = False) -> None:
    """Show the reply as it will look, and which of the last 30 days' links without answer it would match."""
    with open_session() as session:
        entry = working_text(session.curation.trail(entry_id))
        pages = asyncio.run(_seen(session))
        hits = _previewed(session, entry, pages) if pages else ()
    reply = _looks(entry)
    if as_json:
        told = [{"url": hit.page.url, "count": hit.page.count, "why": hit.why} for hit in hits]
        print_json({"entry": entry_id, "reply": reply, "days": _DAYS, "links": len(pages), "matched": told})
        return
    typer.echo(f"{reply}\n")
    lines = tuple(f"{hit.page.count}×: {hit.page.url} ({hit.why})" for hit in hits)
    found = Preview(matched=lines, pages=len(pages), days=_DAYS, latest=len(pages) >= LATEST)
    tell((matched(found), *lines))


@commands.command("check-links")
def check_links(
    entry_ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]…", help="Default: all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Look whether the originals of published entries still answer. Exit status 3 if one is gone."""
    with open_session() as session:
        links = asyncio.run(_checked(session, entry_ids or []))
    if as_json:
        print_json(
            [
                {"url": link.url, "entries": list(link.entries), "state": link.state.value}
                | {"reason": link.reason, "wayback": link.wayback}
                for link in links
            ]
        )
    for link in () if as_json else links:
        typer.echo("\t".join((link.state.value, link.url, ", ".join(link.entries), link.reason)).rstrip())
        if link.wayback:
            typer.echo(f"\ttry an archived copy: {link.wayback}")
    raise typer.Exit(_DEAD if any(link.state is LinkState.DEAD for link in links) else 0)


def _looks(entry: Entry) -> str:
    return render(as_it_looks(entry, today=datetime.now(UTC).date()))


async def _seen(session: Session) -> tuple[SeenPage, ...]:
    await in_thread(upgrade, session.engine, "bot.storage")
    since = datetime.now(UTC) - timedelta(days=_DAYS)
    return await UnmatchedLinks(session.engine).since(since)


def _previewed(session: Session, entry: Entry, pages: tuple[SeenPage, ...]) -> tuple[PreviewedPage, ...]:
    from kb.search.encoder import Encoder

    encoder = Encoder(session.settings.model, session.settings.model_sha256)
    encoder.start()
    try:
        original = session.curation.originals.fingerprint(entry.original.url)
        return preview(entry, pages, encoder, original=original)
    finally:
        encoder.close()


async def _checked(session: Session, entry_ids: list[str]) -> Any:
    from bot.app.run import Network, open_pages
    from bot.background.link_checker import LinkChecker

    curation = session.curation
    for entry_id in entry_ids:
        await in_thread(curation.trail, entry_id)
    async with open_pages(session.settings, network=Network(sample=True)) as (fetcher, reader):
        return await LinkChecker(curation.store, curation.originals, fetcher, reader).check(entry_ids)


def _step(revision: Revision) -> dict[str, Any]:
    return {
        "revision": revision.number,
        "at": revision.at.isoformat(),
        "step": revision.step.value,
        "by": revision.by,
        "note": revision.note,
        "status": revision.entry.status.value if revision.entry else "redacted",
    }
