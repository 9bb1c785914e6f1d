"""What a page says its own address is: believed within one site, told across sites."""

from __future__ import annotations

import pytest

from bot.answering.address_claims import believed_addresses, copy_of
from bot.model import AddressClaim, Page, PageKind


def _page(*claims: str, url: str = "https://www.k.example/a?id=1") -> Page:
    return Page(
        url=url,
        host="www.k.example",
        kind=PageKind.ARTICLE,
        title="Kites",
        text="",
        claims=tuple(AddressClaim(by="rel=canonical", url=claim) for claim in claims),
    )


@pytest.mark.parametrize(
    ("claims", "keys"),
    [
        ((), []),
        (("https://k.example/kites",), ["k.example/kites"]),
        (("https://k.example/kites", "https://m.k.example/kites"), ["k.example/kites"]),
        (("https://good.example/kites", "https://k.example/kites"), ["k.example/kites"]),
        (("https://k.example/",), []),
        (("https://good.example/kites",), []),
    ],
)
def test_a_claim_is_believed_within_one_site_and_never_for_a_home_page(
    claims: tuple[str, ...], keys: list[str]
) -> None:
    assert [address.key for address in believed_addresses(_page(*claims))] == keys


@pytest.mark.parametrize(
    ("url", "claims", "copied"),
    [
        ("https://www.k.example/a", ("https://good.example/kites",), "https://good.example/kites"),
        (
            "https://www.k.example/a",
            ("https://k.example/a", "https://good.example/k"),
            "https://good.example/k",
        ),
        ("https://www.k.example/a", ("https://news.k.example/kites",), None),
        ("https://web.archive.org/web/2020id_/https://k.example/a", ("https://k.example/a",), None),
        ("https://www.k.example/a", (), None),
        ("file:///tmp/a.html", ("https://good.example/kites",), None),
    ],
)
def test_only_a_claim_of_another_site_makes_a_copy(
    url: str, claims: tuple[str, ...], copied: str | None
) -> None:
    found = copy_of(_page(*claims, url=url))
    assert (found.url if found else None) == copied
