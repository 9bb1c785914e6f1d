"""Entries that another publisher's file proposes: drafts, told apart from what curators wrote since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kb.curate.lifecycle import drafted, same_text
from kb.entries.entry import Entry
from kb.entries.revision import WRITING, Step, Trail
from kb.store.entries import Store


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """What came of a file's entries, by id: `curated` were changed by curators and are left alone."""

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    curated: tuple[str, ...] = ()
    redacted: tuple[str, ...] = ()


def propose(store: Store, entries: Iterable[Entry], *, by: str, why: str) -> Proposed:
    """Keep new and changed proposals as drafts, all of them or on an error none."""
    drafts = {entry.id: drafted(entry) for entry in entries}
    fates: dict[str, list[str]] = {name: [] for name in Proposed.__dataclass_fields__}
    for entry_id, draft in drafts.items():
        fates[_fate(draft, store.trail(entry_id))].append(entry_id)
    wanted = [drafts[chosen] for chosen in (*fates["new"], *fates["changed"])]
    store.save(wanted, by=by, note=why, step=Step.PROPOSE)
    return Proposed(**{name: tuple(ids) for name, ids in fates.items()})


def _fate(draft: Entry, trail: Trail) -> str:
    """A proposal is the same as last time, or it is new, or it replaces an older one that nobody touched."""
    if trail.tombstone:
        return "redacted"
    if not trail.revisions:
        return "new"
    before = [
        revision.entry for revision in trail.revisions if revision.step is Step.PROPOSE and revision.entry
    ]
    if before and same_text(before[-1], draft):
        return "unchanged"
    written = [revision for revision in trail.revisions if revision.step in WRITING]
    return "changed" if before and written[-1].step is Step.PROPOSE else "curated"
