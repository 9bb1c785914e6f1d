"""From a query to hits: the right neighbour first, with a clear lead, and silence about anything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kb.embed import HashEmbedder, Vectors
from kb.encoder import Encoder
from kb.entry import Appearance, AppearanceKind, Entry, Status
from kb.files import starter_entries
from kb.index import Index
from kb.match import known_page, match
from kb.query import Basis, Hit, Query, Thresholds
from kb.store import Store
from kb.url import identify

PAGES = Path(__file__).parents[2] / "pages"
THRESHOLDS = Thresholds(cutoff=0.55, page=0.8, words=0.7, gap=0.05)

STORIES = {
    "report-faces-of-the-dead": "ukraine-faces-of-the-dead",
    "report-minister": "ukraine-identifies-the-dead",
    "report-starts-using": "ukraine-starts-using-clearview",
    "report-times": "facial-recognition-goes-to-war",
}
OTHERS = [
    "opinion-machines-and-mourning",
    "follow-up-one-year",
    "other-italy-fine",
    "other-russia-metro",
    "other-mothers-committee",
]


def page(path: Path) -> Query:
    title, _, text = path.read_text(encoding="utf-8").partition("\n")
    return Query(title=title, text=text, is_page=True)


@pytest.fixture(scope="module")
def encoder() -> Iterator[Encoder]:
    encoder = Encoder("all-MiniLM-L6-v2")
    encoder.start()
    yield encoder
    encoder.close()


@pytest.fixture
def index(store: Store, encoder: Encoder) -> Index:
    index = Index(store, encoder, held=starter_entries())
    index.encode(100)
    return index


def ask(index: Index, encoder: Encoder, query: Query) -> tuple[Hit, ...]:
    return match(index, encoder, query, THRESHOLDS)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "entry_id"), STORIES.items())
def test_a_credited_report_is_the_same_story_as_its_entry_and_no_neighbour_is(
    name: str, entry_id: str, index: Index, encoder: Encoder
) -> None:
    first, *others = ask(index, encoder, page(PAGES / f"{name}.txt"))
    assert (first.entry.id, first.basis) == (entry_id, Basis.SAME_STORY)
    assert all(other.basis is Basis.RELATED for other in others)


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_another_story_on_the_subject_is_never_the_same_story(
    name: str, index: Index, encoder: Encoder
) -> None:
    assert all(hit.basis is Basis.RELATED for hit in ask(index, encoder, page(PAGES / f"{name}.txt")))


@pytest.mark.slow
def test_the_seed_page_belongs_to_the_posts_report_by_its_figures_quote_and_paper(
    index: Index, encoder: Encoder, test_data: Path
) -> None:
    first, second, *_ = ask(index, encoder, page(next((test_data / "seed").glob("*.txt"))))
    assert (first.entry.id, first.basis) == ("ukraine-faces-of-the-dead", Basis.SAME_STORY)
    assert first.score - second.score >= THRESHOLDS.gap
    told = {evidence.feature: evidence.text for evidence in first.evidence}
    assert "582" in told["figures"]
    assert "Stephanie Hare" in told["quotes"]
    assert told["credit"] == "names The Washington Post"
    meaning = {
        hit.entry.id: next(e.score for e in hit.evidence if e.feature == "meaning") for hit in (first, second)
    }
    assert (
        meaning["ukraine-faces-of-the-dead"] - meaning[second.entry.id] < THRESHOLDS.gap
    )  # cosine alone cannot tell


@pytest.mark.slow
def test_words_of_a_mention_find_the_entry(index: Index, encoder: Encoder) -> None:
    first, *_ = ask(
        index,
        encoder,
        Query(text="Did Ukraine's IT Army really tell the families of 582 dead Russian soldiers?"),
    )
    assert first.entry.id == "ukraine-faces-of-the-dead"


@pytest.mark.slow
@pytest.mark.parametrize("query", ["a recipe for rye bread with cardamom", "", "!!!", "the and of"])
def test_words_about_something_else_find_nothing(query: str, index: Index, encoder: Encoder) -> None:
    assert ask(index, encoder, Query(text=query)) == ()


def hashed(store: Store, *entries: Entry) -> Index:
    store.save(entries, by="a test")
    index = Index(store, HashEmbedder())
    index.follow()
    index.encode(1000)
    return index


def test_too_few_words_only_suggest(store: Store) -> None:
    entry = starter_entries()[0]
    index = hashed(store, entry)
    few = match(index, HashEmbedder(), Query(text="Clearview AI accounts for Ukrainian agencies"), THRESHOLDS)
    assert [hit.basis for hit in few] == [Basis.RELATED]


def test_two_entries_that_fit_alike_are_only_suggested(store: Store) -> None:
    entry = starter_entries()[0]
    twin = entry.model_copy(update={"id": "twin"})
    query = Query(title=entry.title, text=entry.summary, is_page=True)
    alone = match(hashed(store, entry), HashEmbedder(), query, THRESHOLDS)
    both = match(hashed(store, entry, twin), HashEmbedder(), query, THRESHOLDS)
    assert alone[0].basis is Basis.SAME_STORY
    assert [hit.basis for hit in both] == [Basis.RELATED, Basis.RELATED]


def test_an_entry_that_is_not_to_be_matched_by_text_is_found_by_its_page_only(store: Store) -> None:
    entry = starter_entries()[0].model_copy(update={"match_text": False})
    index = hashed(store, entry)
    assert match(index, HashEmbedder(), Query(text=entry.summary), THRESHOLDS) == ()
    assert known_page(index, identify(entry.original.url).key) is not None


@pytest.mark.parametrize(
    ("kind", "basis", "debunk"),
    [
        (None, Basis.ORIGINAL, False),
        (AppearanceKind.COPY, Basis.SAME_PAGE, False),
        (AppearanceKind.REPORT, Basis.SAME_PAGE, False),
        (AppearanceKind.DEBUNK, Basis.SAME_PAGE, True),
    ],
)
def test_a_listed_page_is_what_the_entry_says_it_is(
    kind: AppearanceKind | None, basis: Basis, debunk: bool, store: Store
) -> None:
    entry = starter_entries()[0]
    url = entry.original.url
    if kind is not None:
        url = "https://copies.example/page"
        entry = entry.model_copy(update={"appearances": (Appearance(url=url, kind=kind),)})
    hit = known_page(hashed(store, entry), identify(url + "?utm_source=x#top").key)
    assert hit is not None
    assert (hit.basis, hit.debunk, hit.entry) == (basis, debunk, entry)


def test_an_index_follows_the_store(store: Store) -> None:
    """What is published, changed or retired is found, found anew, or gone, without a rebuild."""
    entry = starter_entries()[0]
    key = identify(entry.original.url).key
    index = hashed(store, entry)
    assert not index.follow()
    moved = entry.model_copy(
        update={"original": entry.original.model_copy(update={"url": "https://new.example/a"})}
    )
    store.save([moved], by="a test")
    assert index.follow()
    assert index.page(key) is None
    assert index.page("new.example/a") is not None
    store.save([moved.model_copy(update={"status": Status.RETIRED})], by="a test")
    index.follow()
    index.encode(10)
    assert len(index) == 0
    assert match(index, HashEmbedder(), Query(text=entry.summary), THRESHOLDS) == ()


def test_a_page_that_two_entries_list_is_still_known_when_one_retires(store: Store) -> None:
    first, second = starter_entries()[0], starter_entries()[0].model_copy(update={"id": "second"})
    index = hashed(store, first, second)
    store.save([first.model_copy(update={"status": Status.RETIRED})], by="a test")
    index.follow()
    page = index.page(identify(first.original.url).key)
    assert page is not None
    assert page.entry_id == "second"


class CountingEmbedder(HashEmbedder):
    def __init__(self) -> None:
        self.texts = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return super().encode(texts)


def test_a_restart_encodes_nothing_twice(store: Store) -> None:
    store.save(starter_entries(), by="a test")
    for wanted in (4, 0):
        embedder = CountingEmbedder()
        index = Index(store, embedder)
        index.follow()
        assert index.encode(100) == 0
        assert embedder.texts == wanted
