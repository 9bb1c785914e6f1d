"""A query is read once, within budgets; what was read can be handed on, and is all that matching looks at."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.formats.files import starter_entries
from kb.match.match import match
from kb.match.model import packaged
from kb.match.query import Query, Thresholds
from kb.match.reading import QueryReading, Reading, read_query, read_text
from kb.match.reading_json import query_from, query_json, reading_from, reading_json
from kb.search.embedder import HashEmbedder
from kb.search.index import Index
from kb.store.entries import Store
from kb.text.fingerprint import fingerprint
from kb.text.passages import passages
from kb.text.sorted_numbers import Stated, is_telling, unit_of
from kb.text.words import (
    LONGEST,
    STOP_WORDS,
    begun,
    capitalised,
    fold,
    numbers,
    stem_words,
    stems,
    terms,
    words,
)
from tests.unit.kb.long_texts import KINDS

EMBEDDER = HashEmbedder()
OPEN = Thresholds(cutoff=0.0)
ARTICLE = (
    "The flood closed the old harbour of Exampletown, the Harbour Gazette reported. It took 582 boats, some "
    "9,000 nets and two million crowns. “Look at these careless owners,” Anna Example said on Monday. "
)

PIECES = (
    "the a of Anna’s Harbour flood flooded boats Opinion: I said U.S. Mr. #OldHarbour @the_gazette слово "
    "水木 8,600 9,000 two million and half 2019 12 4.5bn 1/2 9 January 2020 https://a.example/b "
    '“look at this” "so it goes" «owners» „boats“ . ! ? … , ;'
).split(" ")
PROSE = st.lists(st.sampled_from([*PIECES, "\n", "\n\n"]), max_size=400).map(" ".join)
TITLES = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=20).map(" ".join))

QUERIES = st.builds(
    Query,
    text=st.one_of(st.text(max_size=300), st.sampled_from([ARTICLE, ARTICLE * 30])),
    title=st.one_of(st.just(""), st.text(max_size=60)),
    is_page=st.booleans(),
    published=st.one_of(st.none(), st.dates()),
)


def handed_on(reading: QueryReading) -> QueryReading:
    return reading_from(json.loads(json.dumps(reading_json(reading))))


@given(QUERIES)
def test_a_query_and_its_reading_can_be_handed_on_as_json(query: Query) -> None:
    assert query_from(json.loads(json.dumps(query_json(query)))) == query
    assert handed_on(read_query(query)) == read_query(query)


@given(st.one_of(PROSE, st.text(max_size=200)), TITLES)
def test_an_ordinary_page_is_read_as_if_there_were_no_budgets(text: str, title: str) -> None:
    """Held against what the words of the documentation say, slowly and without a limit."""
    reading = read_query(Query(title=title, text=text, is_page=True))
    whole = f"{title}\n{text}" if title else text
    folded = [fold(word) for word in words(whole)]
    telling = [word for word in folded if word not in STOP_WORDS]
    named = {fold(word) for word in capitalised(whole)} or set(folded)
    found = [((number.value, unit_of(number, whole)), number.text) for number in numbers(whole)]
    values = sorted({key for key, _ in found})
    same = [[text for key, text in found if key == value] for value in values]
    assert reading.whole == Reading(
        length=len(folded),
        stems=stems(whole),
        terms=frozenset(stem for word in telling for stem in stem_words([word])),
        names=frozenset(named),
        numbers=Stated(
            values=tuple(value for value, _ in values),
            texts=tuple(map(max, same)),
            units=tuple(unit for _, unit in values),
            telling=tuple(
                any(is_telling(value, each) for each in texts)
                for (value, _), texts in zip(values, same, strict=True)
            ),
        ),
    )
    assert {stem: list(places) for stem, places in reading.whole.places.items()} == {
        stem: [place for place, each in enumerate(stems(whole)) if each == stem] for stem in stems(whole)
    }
    first, *rest = passages(text) or ("",)
    assert reading.texts == (f"{title}\n{first}".strip(), title or first)
    assert [(each.text, each.terms) for each in reading.rest] == [(each, terms(each)) for each in rest]


@pytest.mark.parametrize("kind", KINDS)
def test_the_longest_page_of_any_kind_is_handed_on_in_little(kind: str) -> None:
    text = KINDS[kind](200_000)[:200_000]
    text = text.encode("utf-8", "surrogatepass")[:200_000].decode("utf-8", "ignore")
    reading = read_query(Query(title=text[:300], text=text, is_page=True))
    written = json.dumps(reading_json(reading))
    assert len(written) < 1_500_000
    assert reading_from(json.loads(written)) == reading


def test_an_ordinary_article_is_handed_on_in_some_kilobytes() -> None:
    text = " ".join(f"{ARTICLE} word{number}" for number in range(32))
    assert len(text.split()) > 1000
    assert len(json.dumps(reading_json(read_query(Query(title="Flood", text=text, is_page=True))))) < 60_000


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_behind_the_longest_text_is_not_read(kind: str) -> None:
    begun = KINDS[kind](2 * LONGEST)[:LONGEST]
    assert len(begun) == LONGEST
    more = Query(title="Flood", text=begun + " 777 Boats, on 9 January 2019", is_page=True)
    assert read_query(more) == read_query(replace(more, text=begun))


@pytest.mark.parametrize(
    ("text", "longest", "left"),
    [
        ("so 8,600 boats", 14, "so 8,600 boats"),
        ("so 8,600 boats", 13, "so 8,600"),
        ("so 8,600 boats", 8, "so 8,600"),
        ("so 8,600 boats", 7, "so"),
        ("so\n8,600", 5, "so"),
        ("水" * 300, 200, "水" * 200),
        ("so " + "水" * 300, 200, "so " + "水" * 197),
        ("so " + "水" * 300, 50, "so"),
        ("", 5, ""),
    ],
)
def test_no_word_or_number_is_cut_in_two(text: str, longest: int, left: str) -> None:
    """Half a number is another one; but what has no blanks is cut where it must be."""
    assert begun(text, longest) == left


def test_budgets_leave_the_beginning() -> None:
    """More distinct words, names or numbers than a text has are those of a list."""
    reading = read_text(" ".join(f"Word{number}" for number in range(12_000)))
    assert (reading.length, len(reading.stems), len(reading.terms), len(reading.names)) == (
        12_000,
        12_000,
        8_000,
        2_000,
    )
    assert {"word0", "word1999"} <= reading.names
    assert "word2000" not in reading.names


def test_a_page_is_read_by_its_title_its_lead_and_its_passages() -> None:
    day = date(2020, 2, 3)
    page = Query(title="Harbour closed", text=ARTICLE * 30, is_page=True, published=day)
    reading = read_query(page)
    assert reading.lead_text.startswith("Harbour closed\nThe flood closed")
    assert reading.texts[1:] == ("Harbour closed",)
    assert reading.day == day
    assert reading.fingerprint == fingerprint(page.text)
    assert {"gazette", "anna", "closed"} <= reading.lead.words
    assert 582.0 in reading.lead.numbers.values
    assert len(reading.rest) > 3
    assert all(passage.terms == read_text(passage.text).terms for passage in reading.rest)
    assert not reading.stance.argues
    assert read_query(replace(page, title="Opinion: the harbour")).stance.argues


def test_words_are_read_whole_and_dated_by_their_last_day() -> None:
    reading = read_query(Query(text=f"{ARTICLE} 9 January 2019"))
    assert (reading.texts, reading.rest, reading.fingerprint) == ((f"{ARTICLE} 9 January 2019",), (), b"")
    assert reading.day == date(2019, 1, 9)
    assert reading.lead.terms == reading.whole.terms
    assert not read_query(Query(title="Opinion: the harbour", text=ARTICLE)).stance.argues


def test_half_characters_do_not_reach_the_encoder() -> None:
    """Its tokenizer cannot read them, and would end its process."""
    reading = read_query(Query(title="\ud800", text="so \udfff it is. " * 99, is_page=True))
    for text in (*reading.texts, *(passage.text for passage in reading.rest)):
        assert text.encode()


@pytest.fixture
def index(store: Store) -> Index:
    entries = starter_entries()
    index = Index(store, EMBEDDER, held=entries, fingerprints=lambda _: fingerprint(entries[0].summary))
    index.encode(100)
    return index


@pytest.mark.parametrize("is_page", [True, False])
def test_matching_looks_at_the_reading_and_at_no_text(index: Index, is_page: bool) -> None:
    """So all that depends on the length of a page can be done where it can be killed."""
    models = (None, replace(packaged("page" if is_page else "words"), encoder=EMBEDDER.model))
    for entry in starter_entries():
        query = Query(title=entry.title, text=f"{entry.summary} {ARTICLE * 20}", is_page=is_page)
        reading, nothing = handed_on(read_query(query)), Query(text="", is_page=is_page)
        for combiner in models:
            here = match(index, EMBEDDER, query, OPEN, combiner)
            assert here
            assert match(index, EMBEDDER, nothing, OPEN, combiner, reading=reading) == here
