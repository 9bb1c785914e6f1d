"""From labelled sets to cases: every text is looked up where its entry is, and where it is missing.

Entries are taken out before anything is computed: an entry that was only passed over afterwards would still
show in ranks, leads and rarities.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from kb.entries.entry import Entry
from kb.evaluate.measures import Outcome, ask
from kb.evaluate.pagesets import PageSet
from kb.evaluate.testsets import Labelled
from kb.evaluate.training import Case, fold
from kb.match.lineup import Lineup
from kb.match.match import only_suggests
from kb.match.model import matrix
from kb.match.query import Thresholds
from kb.match.reading import read_query
from kb.match.retrieve import line_up, look_closer
from kb.search.embedder import Embedder, Vectors
from kb.search.index import Index, digest
from kb.store.entries import Store

_AT_ONCE = 10**9
DATED, UNDATED, STRIPPED = "dated", "undated", ", date taken away"


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

    for each in labelled:
        first, *others = sorted(each.relevant) or [f"text {each.id}"]
        for other in others:
            root[find(other)] = find(first)
    return [find(min(each.relevant, default=f"text {each.id}")) for each in labelled]


def words_cases(
    store: Store,
    embedder: Embedder,
    corpus: Mapping[str, Entry],
    labelled: Sequence[Labelled],
    names: tuple[str, ...],
) -> list[Case]:
    """Look every text up in two corpora, each without the entries of half of the texts.

    So its entry is there once, and once it is not. Each is learnt from again as if nobody knew its date.
    """
    remembering, named = Remembering(store, embedder), groups(labelled)
    cases: list[Case] = []
    for half in range(2):
        taken = {
            own
            for each, group in zip(labelled, named, strict=True)
            if fold(f"half {group}", 2) != half
            for own in each.relevant
        }
        index = build_index(store, embedder, (entry for own, entry in corpus.items() if own not in taken))
        for each, group in zip(labelled, named, strict=True):
            wanted = {corpus[own].id for own in each.relevant - taken}
            lineup = line_up(index, remembering, read_query(each.query))
            cases += _cases(replace(each, group=group), lineup, wanted, names)
    return cases


def page_cases(
    store: Store, embedder: Embedder, pages: PageSet, others: Sequence[Entry], names: tuple[str, ...]
) -> list[Case]:
    """Look every page up among the entries, and those that report one also where it is missing.

    All of it twice: in a small base, and among many `others`, where other words are rare.
    """
    remembering = Remembering(store, embedder)
    cases: list[Case] = []
    for beside in ((), others):
        entries = [*pages.entries.values(), *beside]
        whole = build_index(store, embedder, entries)
        for gone in ("", *sorted({entry for page in pages.pages for entry in page.relevant})):
            index = (
                build_index(store, embedder, (each for each in entries if each.id != gone)) if gone else whole
            )
            for page in pages.pages:
                if not gone or gone in page.relevant:
                    lineup = _whole_lineup(index, remembering, page)
                    cases += _cases(page, lineup, page.relevant - {gone}, names)
    return cases


def page_outcomes(
    store: Store, embedder: Embedder, pages: PageSet, thresholds: Thresholds
) -> tuple[Outcome, ...]:
    """Match every page as the bot does, and those that report an entry also where it is missing."""
    remembering = Remembering(store, embedder)
    entries = pages.entries.values()
    outcomes: list[Outcome] = []
    for gone in ("", *sorted({entry for page in pages.pages for entry in page.relevant})):
        index = build_index(store, embedder, (each for each in entries if each.id != gone))
        for page in pages.pages:
            if not gone or gone in page.relevant:
                there = page.relevant - {gone}
                outcomes.append(ask(index, remembering, page, there, thresholds=thresholds))
    return tuple(outcomes)


def _whole_lineup(index: Index, embedder: Embedder, page: Labelled) -> Lineup:
    lineup = line_up(index, embedder, read_query(page.query))
    by_meaning = np.argsort(-lineup.found.cosines.max(axis=(1, 2)), kind="stable")
    return look_closer(index, embedder, lineup, [int(place) for place in by_meaning])


def _cases(each: Labelled, lineup: Lineup, wanted: Collection[str], names: tuple[str, ...]) -> Iterator[Case]:
    """The case, and where its day is known, another as if it were not."""
    case = Case(
        group=each.group,
        kind=each.kind or (DATED if lineup.day else UNDATED),
        signals=matrix(lineup, names),
        right=np.array([profile.entry_id in wanted for profile in lineup.found.profiles]),
        answerable=bool(wanted),
        silent=only_suggests(lineup.reading),
    )
    yield case
    if lineup.day:
        undated = matrix(replace(lineup, day=None), names)
        yield replace(case, kind=f"{case.kind}{STRIPPED}", signals=undated)
