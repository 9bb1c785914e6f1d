"""What was fetched is remembered for a while, within limits."""

from __future__ import annotations

import pytest

from bot.errors import DeadPageError, FetchError
from bot.model import Fetched
from bot.pages.fetch.page_cache import PageCache

SITE = "http://news.example"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _page(size: int = 10) -> Fetched:
    return Fetched(url=SITE, content_type="text/html", charset=None, body=b"x" * size)


def test_the_cache_forgets_pages_after_half_an_hour_and_failures_after_five_minutes() -> None:
    clock = Clock()
    cache = PageCache(clock=clock)
    cache.keep_page("k", _page())
    cache.keep_failure("h", FetchError("why"))
    clock.now += 299
    assert cache.get("k", "x") == _page()
    with pytest.raises(FetchError, match="why"):
        cache.get("x", "h")
    clock.now += 1
    assert cache.get("x", "h") is None
    clock.now += 1499
    assert cache.get("k", "x")
    clock.now += 1
    assert cache.get("k", "x") is None


def test_the_cache_is_bounded_in_number_and_in_size() -> None:
    cache = PageCache(max_entries=3, max_bytes=100)
    for number in range(5):
        cache.keep_page(str(number), _page())
    assert [bool(cache.get(str(number), "")) for number in range(5)] == [False, False, True, True, True]
    cache.keep_page("large", _page(95))
    assert cache.get("4", "") is None
    cache.keep_page("larger", _page(101))
    assert cache.get("larger", "") is None
    cache.keep_page("large", _page(50))
    cache.keep_page("large", _page(60))
    cache.keep_page("small", _page(40))
    assert cache.get("large", "") == _page(60)


@pytest.mark.parametrize("made", [FetchError, DeadPageError])
def test_a_failure_is_told_again_as_what_it_was(made: type[FetchError]) -> None:
    cache = PageCache()
    kept = made("why")
    cache.keep_failure("h", kept)
    with pytest.raises(made, match="why") as caught:
        cache.get("k", "h")
    assert type(caught.value) is made
    assert caught.value is not kept  # it would gather tracebacks
