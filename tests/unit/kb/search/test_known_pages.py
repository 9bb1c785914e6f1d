"""Which entry lists a page, by its address or by how it begins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.entries.entry import Appearance, AppearanceKind
from kb.formats.files import starter_entries
from kb.search.known_pages import KnownPage, KnownPages, listed_pages
from kb.urls.identity import identify
from tests.unit.kb.make_entries import appearances

COPY, REPORT = AppearanceKind.COPY, AppearanceKind.REPORT


def known(*appearances: Appearance) -> KnownPages:
    pages = KnownPages()
    entry = starter_entries()[0].model_copy(update={"id": "a", "appearances": appearances})
    pages.add("a", listed_pages(entry))
    return pages


@pytest.mark.parametrize(
    ("listed", "page", "meant"),
    [
        ("https://copies.example/story", "https://www.copies.example/story/?utm_source=x", True),
        ("https://copies.example/story", "https://copies.example/story/2", True),
        ("https://copies.example/story/", "https://copies.example/story/2/3#top", True),
        ("https://copies.example/story", "https://copies.example/story?page=2", True),
        ("https://copies.example/a?id=1", "https://copies.example/a?id=1&page=2", True),
        ("https://copies.example/story", "https://copies.example/story-2", False),
        ("https://copies.example/story", "https://copies.example/other", False),
        ("https://copies.example/story", "https://copies.example/", False),
        ("https://copies.example/story", "https://more.copies.example/story/2", False),
        ("https://copies.example/a?id=1", "https://copies.example/a?id=12", False),
    ],
)
def test_a_prefix_means_the_pages_below_it_and_no_others(listed: str, page: str, meant: bool) -> None:
    found = known(Appearance(url=listed, prefix=True)).find(identify(page).key)
    assert (found is not None) is meant
    below = identify(page).key != identify(listed).key
    assert found is None or (found.prefix == identify(listed).key) is below


def test_a_page_is_listed_exactly_unless_the_curator_says_otherwise() -> None:
    pages = known(Appearance(url="https://copies.example/story"))
    assert pages.find("copies.example/story") == KnownPage(entry_id="a", kind=COPY)
    assert pages.find("copies.example/story/2") is None


def test_the_closest_listing_counts() -> None:
    pages = known(
        Appearance(url="https://copies.example/s", prefix=True),
        Appearance(url="https://copies.example/s/t", prefix=True, kind=REPORT),
    )
    assert pages.find("copies.example/s/t/u") == KnownPage(
        entry_id="a", kind=REPORT, prefix="copies.example/s/t"
    )
    assert pages.find("copies.example/s/v") == KnownPage(entry_id="a", kind=COPY, prefix="copies.example/s")


@given(st.lists(appearances, max_size=4))
def test_what_was_added_and_removed_leaves_nothing(lists: list[tuple[Appearance, ...]]) -> None:
    first, pages = starter_entries()[0], KnownPages()
    several = [
        first.model_copy(update={"id": str(number), "appearances": listed})
        for number, listed in enumerate(lists)
    ]
    for entry in several:
        pages.add(entry.id, listed_pages(entry))
    for entry in several:
        assert all(pages.find(page.key) is not None for page in listed_pages(entry))
    for entry in several:
        pages.remove(entry.id, listed_pages(entry))
    assert vars(pages) == vars(KnownPages())
