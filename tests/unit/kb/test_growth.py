"""No text makes reading or matching slow: eight times as much of it takes about eight times as long.

Processor time of this thread is compared with itself, so that neither the machine nor its load decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from kb.compare.quantities import quantities
from kb.compare.saying import held_against
from kb.compare.saying.reading import LONGEST
from kb.compare.saying.record import on_record
from kb.entries.entry import Entry
from kb.match import evidence
from kb.match.match import match
from kb.match.model import Combiner, packaged
from kb.match.preview import SeenPage, preview
from kb.match.query import Query, Thresholds
from kb.match.reading import Reading, read_query, read_text
from kb.match.stance import read_stance
from kb.search.embedder import HashEmbedder
from kb.search.index import Index
from kb.search.profile import profile
from kb.store.entries import Store
from kb.text.dates import last_date, without_dates
from kb.text.fingerprint import fingerprint
from kb.text.numbers import numbers
from kb.text.passages import passages
from kb.text.words import capitalised, names, quotes, sentences, stems, terms, words
from tests.growth import LINEAR, STEP, ratio
from tests.unit.kb.long_texts import KINDS, filled
from tests.unit.kb.make_entries import make_entry

LENGTH = 4_000  # characters, and of the larger text STEP times as many: less than is read of any
EMBEDDER = HashEmbedder()
CALIBRATED = replace(packaged("page"), encoder=EMBEDDER.model)
QUOTED = "Look at these careless greedy owners letting our old harbour drown"

READERS: dict[str, Callable[[str], object]] = {
    "numbers": numbers,
    "numbers with a decimal comma": lambda text: numbers(text, decimal_comma=True),
    "words": words,
    "stems": stems,
    "terms": terms,
    "sentences": sentences,
    "names": names,
    "quotes": quotes,
    "capitalised words": capitalised,
    "last date": last_date,
    "text without dates": without_dates,
    "passages": passages,
    "fingerprint": fingerprint,
    "stance of a text": lambda text: read_stance("", text),
    "stance of a title": lambda text: read_stance(text, ""),
    "text": read_text,
    "page": lambda text: read_query(Query(title=text, text=text, is_page=True)),
    "somebody's words": lambda text: read_query(Query(text=text)),
}


def flood(number: int) -> Entry:
    values = (12, 101, 582 + number, 8600 + 17 * number, 1234.567 * (number + 1))
    return make_entry(
        f"flood-{number}",
        title=f"Flood {number} closes the old harbour",
        summary=f"The Gazette of Anna{number} said that a flood closed the harbour, and word{number} too.",
        figures=[{"value": value, "as_stated": f"{value}", "what": "boats lost"} for value in values],
        quotes=[{"speaker": "Anna Example", "text": f"{QUOTED} {number}"}],
    )


FLOODS = tuple(flood(number) for number in range(60))


@pytest.fixture
def index(store: Store) -> Index:
    index = Index(store, EMBEDDER, held=FLOODS, fingerprints=lambda _: fingerprint("so he said it " * 99))
    index.encode(1000)
    return index


@pytest.mark.parametrize("reader", READERS)
def test_reading_takes_time_in_proportion_to_the_text(reader: str) -> None:
    grew = {name: ratio(READERS[reader], make(LENGTH), make(STEP * LENGTH)) for name, make in KINDS.items()}
    assert not {name: times for name, times in grew.items() if times > LINEAR}


@pytest.mark.parametrize("piece", ["a@", "a-", "é", "a.b", "5 "])
def test_the_quantities_of_an_entry_take_time_in_proportion_to_its_text(piece: str) -> None:
    """Its words may be of any length; those of a page that is compared may not."""
    assert ratio(quantities, piece * 1000, piece * STEP * 1000) < LINEAR


@pytest.mark.parametrize("combiner", [CALIBRATED, None], ids=["weighed by a model", "weighed by hand"])
def test_matching_takes_time_in_proportion_to_the_text(index: Index, combiner: Combiner | None) -> None:
    """Beside 60 entries, all of which are candidates."""

    def ask(text: str) -> object:
        query = Query(title="A flood closes the harbour", text=text, is_page=True)
        return match(index, EMBEDDER, query, Thresholds(cutoff=0.0), combiner)

    kinds = KINDS | {"one quotation": filled(f"{QUOTED}. ")}
    grew = {name: ratio(ask, make(LENGTH), make(STEP * LENGTH)) for name, make in kinds.items()}
    assert not {name: times for name, times in grew.items() if times > LINEAR}


def test_words_are_held_against_an_entry_in_time_in_proportion_to_them() -> None:
    """What is read of them is bounded; up to there, and beyond, the work grows no faster than they do."""
    pieces = (
        "not ",
        "no ",
        "is false ",
        "rose fell ",
        "58 dead ",
        "Anna1 told Anna2 by ",
        "denies, ",
        "never that ",
    )
    kinds = KINDS | {piece: filled(piece) for piece in pieces}

    def hold(text: str) -> object:
        return held_against(FLOODS[0], text)

    for small in (LONGEST // STEP, LONGEST):
        grew = {name: ratio(hold, make(small), make(STEP * small)) for name, make in kinds.items()}
        assert not {name: times for name, times in grew.items() if times > LINEAR}


def test_an_entry_is_made_ready_for_words_in_time_in_proportion_to_its_text() -> None:
    def ready(text: str) -> object:
        return on_record.__wrapped__(make_entry(summary=text))

    for make in (filled("Anna1 told Anna2. "), filled("582 boats, "), filled("not rose ")):
        assert ratio(ready, make(LONGEST // STEP), make(LONGEST)) < LINEAR


def test_what_an_entry_costs_does_not_grow_with_the_numbers_of_the_page() -> None:
    """Numbers are sorted once for all entries, so entries and numbers do not multiply."""
    profiles = [profile(entry) for entry in FLOODS]

    def compare(reading: Reading) -> None:
        for each in profiles:
            evidence.figures(each, reading.numbers)
            evidence.share_of_figures(each, reading.numbers)
            evidence.count_of_new_figures(each, reading)

    few, many = (read_text(" ".join(f"{7 * number}.25" for number in range(count))) for count in (240, 1920))
    assert ratio(compare, few, many) < STEP / 2


def test_a_preview_takes_time_in_proportion_to_the_pages() -> None:
    text = " ".join(f"word{number}" for number in range(3000))
    page = SeenPage(
        key="copy.example/1",
        url="https://copy.example/1",
        model=EMBEDDER.model,
        vector=EMBEDDER.encode([FLOODS[0].summary])[0].tobytes(),
        fingerprint=fingerprint(text),
    )

    def previewing(pages: int) -> object:
        return preview(FLOODS[0], [page] * pages, EMBEDDER, original=page.fingerprint)

    assert ratio(previewing, 200, STEP * 200) < LINEAR
