"""From a query to hits: the right neighbour first, with a clear lead, and silence about anything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kb.entries.entry import Appearance, AppearanceKind, Entry, Status
from kb.entries.texts import encoded_texts
from kb.formats.files import starter_entries
from kb.match.match import known_page, match, over, why_only_suggested
from kb.match.query import Basis, Hit, Query, Thresholds
from kb.match.reading import read_query
from kb.search.embedder import HashEmbedder, Vectors
from kb.search.encoder import Encoder
from kb.search.index import Index
from kb.search.profile import profile
from kb.store.entries import Store
from kb.text.fingerprint import fingerprint
from kb.urls.identity import identify
from tests.unit.kb.make_entries import make_entry

PAGES = Path(__file__).parents[3] / "pages"
MEASURED = Thresholds()

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


def page(path: Path, published: date | None = None) -> Query:
    title, _, text = path.read_text(encoding="utf-8").partition("\n")
    return Query(title=title, text=text, is_page=True, published=published)


def day_of(entry_id: str) -> date:
    """The day after that of an entry's original."""
    entry = next(entry for entry in starter_entries() if entry.id == entry_id)
    assert entry.original.published
    return entry.original.published + timedelta(days=1)


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
    return match(index, encoder, query, MEASURED)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "entry_id"), STORIES.items())
def test_a_credited_report_is_the_same_story_as_its_entry_and_no_neighbour_is(
    name: str, entry_id: str, index: Index, encoder: Encoder
) -> None:
    first, *others = ask(index, encoder, page(PAGES / f"{name}.txt", day_of(entry_id)))
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
    seed = page(next((test_data / "seed").glob("*.txt")))
    spoken, *_ = ask(index, encoder, seed)
    assert (spoken.entry.id, spoken.basis) == ("ukraine-faces-of-the-dead", Basis.SAME_STORY)
    first, second, *_ = match(index, encoder, seed, Thresholds(cutoff=0))
    assert first.probability is not None
    assert second.probability is not None
    assert first.probability > 0.9
    assert second.probability < 0.5
    told = {evidence.feature: evidence.text for evidence in first.evidence}
    assert "582" in told["figures"]
    assert "Stephanie Hare" in told["quotes"]
    assert told["credit"] == "names The Washington Post"
    meaning = {
        hit.entry.id: next(e.score for e in hit.evidence if e.feature == "meaning") for hit in (first, second)
    }
    assert meaning["ukraine-faces-of-the-dead"] - meaning[second.entry.id] < 0.1  # cosine alone cannot tell


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
    few = match(index, HashEmbedder(), Query(text="Clearview AI accounts for Ukrainian agencies"), MEASURED)
    assert [hit.basis for hit in few] == [Basis.RELATED]


def test_two_entries_that_fit_alike_are_only_suggested(store: Store) -> None:
    entry = starter_entries()[0]
    twin = entry.model_copy(update={"id": "twin"})
    query = Query(title=entry.title, text=entry.summary, is_page=True)
    alone = match(hashed(store, entry), HashEmbedder(), query, MEASURED)
    both = match(hashed(store, entry, twin), HashEmbedder(), query, MEASURED)
    assert alone[0].basis is Basis.SAME_STORY
    assert [hit.basis for hit in both] == [Basis.RELATED, Basis.RELATED]


def test_an_entry_that_is_not_to_be_matched_by_text_is_found_by_its_page_only(store: Store) -> None:
    entry = starter_entries()[0].model_copy(update={"match_text": False})
    index = hashed(store, entry)
    assert match(index, HashEmbedder(), Query(text=entry.summary), MEASURED) == ()
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
    assert match(index, HashEmbedder(), Query(text=entry.summary), MEASURED) == ()


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
    texts = {text for entry in starter_entries() for text in encoded_texts(entry)}
    for wanted in (len(texts), 0):
        embedder = CountingEmbedder()
        index = Index(store, embedder)
        index.follow()
        assert index.encode(100) == 0
        assert embedder.texts == wanted


def test_probabilities_are_given_only_for_the_encoder_that_was_measured(store: Store) -> None:
    entry = starter_entries()[0]
    (hit, *_) = match(hashed(store, entry), HashEmbedder(), Query(text=entry.summary), MEASURED)
    assert hit.probability is None
    assert 0.0 < hit.score <= 1.0


@pytest.mark.slow
def test_hits_stand_in_the_order_of_their_probability(index: Index, encoder: Encoder) -> None:
    hits = match(index, encoder, page(PAGES / "report-times.txt"), Thresholds(cutoff=0))
    likely = [hit.probability for hit in hits if hit.probability is not None]
    assert len(likely) == len(hits) > 1
    assert likely == sorted(likely, reverse=True)


@pytest.mark.slow
def test_a_page_older_than_the_original_is_no_report_of_it(index: Index, encoder: Encoder) -> None:
    entry_id = "facial-recognition-goes-to-war"
    early = page(PAGES / "report-times.txt", day_of(entry_id) - timedelta(days=30))
    assert all(hit.basis is Basis.RELATED for hit in ask(index, encoder, early))


@pytest.mark.slow
def test_a_page_whose_words_stand_in_the_original_is_a_near_copy(store: Store, encoder: Encoder) -> None:
    query = page(PAGES / "report-times.txt", day_of("facial-recognition-goes-to-war"))
    original = "By our staff. " + query.text
    index = Index(store, encoder, held=starter_entries(), fingerprints=lambda _: fingerprint(original))
    index.encode(100)
    first, *_ = ask(index, encoder, query)
    assert first.basis is Basis.NEAR_COPY


def test_limits_of_the_settings_go_before_the_measured_ones() -> None:
    measured = Thresholds(cutoff=0.1, page=0.8, words=0.9, gap=0.0)
    assert over(Thresholds(words=0.5), measured) == replace(measured, words=0.5)
    assert over(Thresholds(), measured) == measured


BOATS = make_entry(
    id="boats",
    title="Ferry line never checked its boats",
    claims=[{"text": "The ferry line never checked its boats."}],
)


@pytest.mark.parametrize(
    ("title", "doubt"),
    [
        ("Ferry line did not check its boats", None),
        ("Ferry line denies that boats were not checked", "the page's title denies something"),
        ("Engineer of the ferry line sacked over boats", "the page's title tells what followed"),
        ("Opinion: nobody checks the boats", "the page says that it is an opinion"),
        ("Fact check: are the boats checked?", "the page says that it checks a claim"),
    ],
)
def test_what_a_title_says_may_forbid_an_answer_and_the_reason_is_told(title: str, doubt: str | None) -> None:
    reading = read_query(Query(title=title, text="The boats of the ferry line. " * 20, is_page=True))
    assert why_only_suggested(reading, profile(BOATS)) == doubt


def test_the_original_s_own_words_are_a_copy_under_any_headline() -> None:
    page = Query(title="Ferry line denies it", text="The boats of the ferry line. " * 20, is_page=True)
    assert why_only_suggested(read_query(page), profile(BOATS), contained=0.9) is None


def test_a_rumour_may_be_older_than_its_check() -> None:
    """An entry with a rating is told by its claims: whoever spread them did it before."""
    checked = make_entry(
        id="checked",
        title="No, the ferry line did not sell its boats",
        claims=[{"text": "The ferry line sold its boats."}],
        rating={"label": "False"},
    )
    spread = read_query(
        Query(title="Ferry line sold its boats", text="It sold all of them. " * 9, is_page=True)
    )
    denied = read_query(Query(title="Ferry line did not sell boats", text="It did not. " * 9, is_page=True))
    assert profile(checked).is_check
    assert why_only_suggested(spread, profile(checked)) is None
    assert why_only_suggested(denied, profile(checked)) == "the page's title denies something"
