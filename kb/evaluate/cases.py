"""From labelled sets to cases: every text is looked up where its entry is, and where it is missing.

Entries that words are about are taken out before anything is computed: one that was only passed over
afterwards would still show in leads and rarities. A page's signals compare with no rival, so of its
candidates that entry is left out (kb/evaluate/rows.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from kb.entries.entry import Entry
from kb.evaluate.measures import Outcome, ask
from kb.evaluate.pagesets import PageSet
from kb.evaluate.rows import DATED, NAMES, UNDATED, Row
from kb.evaluate.testsets import Labelled
from kb.evaluate.training import Case, fold
from kb.match.columns import are_dated
from kb.match.lineup import Lineup
from kb.match.match import only_suggests
from kb.match.model import values
from kb.match.query import Thresholds
from kb.match.reading import read_query
from kb.match.retrieve import line_up, look_closer
from kb.match.signals import WORDS, WORDS_DATED
from kb.search.embedder import Embedder, Vectors
from kb.search.index import Index, digest
from kb.store.entries import Store

_AT_ONCE = 10**9
_CANDIDATES = 4  # of a page, beside the entry that it is about: the others are far from it


class Remembering:
    """An `Embedder` that keeps what it encoded in a store: the next training encodes nothing twice."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store, self._embedder, self.model = store, embedder, embedder.model

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode what is not known yet."""
        digests = {text: digest(text) for text in texts}
        known = self._store.vectors(self.model, digests.values())
        if missing := [text for text, key in digests.items() if key not in known]:
            rows = self._embedder.encode(missing)
            fresh = {digests[text]: row.tobytes() for text, row in zip(missing, rows, strict=True)}
            self._store.save_vectors(self.model, fresh)
            known |= fresh
        return np.stack([np.frombuffer(known[digests[text]], dtype=np.float32) for text in texts])


def build_index(store: Store, embedder: Embedder, entries: Iterable[Entry]) -> Index:
    """An index of these entries alone, with all their vectors, which `store` keeps for the next time."""
    index = Index(store, embedder, held=entries)
    while left := index.encode(_AT_ONCE):
        del left
    return index


def groups(labelled: Sequence[Labelled]) -> list[str]:
    """For each text the name of its group: texts that share an entry, directly or through others."""
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while root.setdefault(name, name) != name:
            name = root[name]
        return name

    for text in labelled:
        first, *others = sorted(text.relevant) or [f"text {text.id}"]
        for other in others:
            root[find(other)] = find(first)
    return [find(min(text.relevant, default=f"text {text.id}")) for text in labelled]


def words_cases(
    store: Store,
    embedder: Embedder,
    corpus: Mapping[str, Entry],
    labelled: Sequence[Labelled],
) -> tuple[list[Case], list[Case]]:
    """Look every text up in two corpora, each without the entries of half of the texts.

    So its entry is there once, and once it is not. Gives every text as if nobody knew its date, and those
    with a date as they are.
    """
    remembering, named = Remembering(store, embedder), groups(labelled)
    undated: list[Case] = []
    dated: list[Case] = []
    for half in range(2):
        taken = {
            own
            for text, group in zip(labelled, named, strict=True)
            if fold(f"half {group}", 2) != half
            for own in text.relevant
        }
        index = build_index(store, embedder, (entry for own, entry in corpus.items() if own not in taken))
        for text, group in zip(labelled, named, strict=True):
            wanted = {corpus[own].id for own in text.relevant - taken}
            lineup = line_up(index, remembering, read_query(text.query))
            without, case = _words_case(replace(text, group=group), lineup, wanted)
            undated.append(without)
            dated += [case] if lineup.day else []
    return undated, dated


def page_rows(store: Store, embedder: Embedder, pages: PageSet, others: Sequence[Entry]) -> tuple[Row, ...]:
    """What matching sees of every page, among all entries of the sets and some `others`."""
    remembering = Remembering(store, embedder)
    index = build_index(store, embedder, (*pages.entries.values(), *others))
    return tuple(_row(page, _whole_lineup(index, remembering, page)) for page in pages.pages)


def page_outcomes(
    store: Store, embedder: Embedder, pages: PageSet, thresholds: Thresholds
) -> tuple[Outcome, ...]:
    """Match every page as the bot does, and those that report an entry also where it is missing."""
    remembering = Remembering(store, embedder)
    entries = pages.entries.values()
    outcomes: list[Outcome] = []
    for gone in ("", *sorted({entry for page in pages.pages for entry in page.relevant})):
        index = build_index(store, embedder, (entry for entry in entries if entry.id != gone))
        for page in pages.pages:
            if not gone or gone in page.relevant:
                there = page.relevant - {gone}
                outcomes.append(ask(index, remembering, page, there, thresholds=thresholds))
    return tuple(outcomes)


def _whole_lineup(index: Index, embedder: Embedder, page: Labelled) -> Lineup:
    lineup = line_up(index, embedder, read_query(page.query))
    by_meaning = np.argsort(-lineup.found.cosines.max(axis=(1, 2)), kind="stable")
    return look_closer(index, embedder, lineup, [int(place) for place in by_meaning])


def _row(page: Labelled, lineup: Lineup) -> Row:
    """The candidates that are nearest by words and meaning, and the entry that the page is about."""
    candidates = lineup.found
    near = candidates.cosines.max(axis=(1, 2)) + candidates.bm25 / max(candidates.shares.asked, 1e-9)
    ids = [profile.entry_id for profile in candidates.profiles]
    about = {place for place, entry_id in enumerate(ids) if entry_id in page.relevant}
    chosen = sorted(about.union(np.argsort(-near, kind="stable")[:_CANDIDATES].tolist()))
    signals = values(lineup, NAMES)
    return Row(
        story=page.group,
        page=page.id,
        kind=page.kind,
        length=lineup.reading.whole.length,
        silent=np.array([only_suggests(lineup.reading, candidates.profiles[place]) for place in chosen]),
        values=np.stack([signals[name][chosen] for name in NAMES], axis=1),
        right=np.array([place in about for place in chosen], dtype=np.bool_),
        dated=are_dated(lineup)[chosen],
    )


def _words_case(text: Labelled, lineup: Lineup, wanted: Collection[str]) -> tuple[Case, Case]:
    """Somebody's words as if nobody knew their date, and with it."""
    names = [signal.__name__ for signal in WORDS + WORDS_DATED]
    signals = values(lineup, names)
    case = Case(
        group=text.group,
        kind=DATED if lineup.day else UNDATED,
        signals=np.stack([signals[name] for name in names[: len(WORDS)]], axis=1),
        right=np.array([profile.entry_id in wanted for profile in lineup.found.profiles]),
        answerable=bool(wanted),
        silent=np.array([only_suggests(lineup.reading, profile) for profile in lineup.found.profiles]),
    )
    return case, replace(case, signals=np.stack([signals[name] for name in names], axis=1))
