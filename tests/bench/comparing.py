"""How long comparing takes: an article of 1,000 words, and pages made to be slow, against starter entries."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable

from kb.compare import Article, compare
from kb.entries.entry import Entry
from kb.formats.files import starter_entries
from tests.bench.row import Row

_ROUNDS, _WORDS, _CHARACTERS = 9, 1000, 30_000
_HOSTILE = {
    "quotation marks": '"',
    "single quotation marks round words": "'A ",
    "numbers": "58012 ",
    "number words": "two ",
    "no sentence": "word ",
    "names": "The Washington ",
    "Arabic": "قال الجيش إن ",
}


def measure() -> Iterable[Row]:
    """Medians of processor time; the entry that takes longest counts."""
    entries = [entry for entry in starter_entries() if entry.quotes and entry.figures]
    yield Row("comparing an article of 1,000 words, one entry", _slowest(entries, _article(entries)), "ms")
    for name, piece in _HOSTILE.items():
        article = Article(text=piece * (_CHARACTERS // len(piece)), title="A title")
        yield Row(f"comparing 30,000 characters: {name}", _slowest(entries, article), "ms")


def _article(entries: list[Entry]) -> Article:
    """Words of entries, with their numbers and quotations, in the length of a report."""
    told = []
    for entry in entries:
        told += [entry.summary, *entry.caveats]
        told += [f"“{quote.text}” said {quote.speaker}." for quote in entry.quotes]
    words = " \n".join(told).split(" ")
    return Article(text=" ".join((words * (_WORDS // len(words) + 1))[:_WORDS]), title=entries[0].title)


def _slowest(entries: list[Entry], article: Article) -> float:
    return max(_median(entry, article) for entry in entries)


def _median(entry: Entry, article: Article) -> float:
    taken = []
    for _ in range(_ROUNDS):
        started = time.process_time()
        compare(entry, article)
        taken.append((time.process_time() - started) * 1000)
    return statistics.median(taken)
