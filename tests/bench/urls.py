"""How fast addresses are read: a mix of plain, tracked, wrapped and archived links on many hosts."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable

from kb.urls.identity import identify
from tests.bench.row import Row

_LINKS, _ROUNDS, _SITES = 20_000, 5, 90
_FORMS = (
    "https://www.site{n}.example/2024/05/story-title-{n}",
    "https://m.site{n}.example/news/{n}/?utm_source=a&utm_medium=b&id={n}#comments",
    "https://site{n}.example/a%20b/caf%c3%a9.html?page=2&fbclid=x{n}",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fwww.site{n}.example%2Fstory%3Fid%3D{n}&h=AT",
    "https://web.archive.org/web/20240102030405/https://site{n}.example/story/{n}",
    "https://www.youtube.com/watch?v=dQw4w9WgX{n:02d}&feature=share",
)


def measure() -> Iterable[Row]:
    """The median of some rounds over the same links; the caches for hosts are warm after the first."""
    links = [_FORMS[n % len(_FORMS)].format(n=10 + n % _SITES) for n in range(_LINKS)]
    rates = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        for link in links:
            identify(link)
        rates.append(len(links) / (time.perf_counter() - started))
    yield Row("addresses read (unwrapped, key), one core", statistics.median(rates), "/s")
