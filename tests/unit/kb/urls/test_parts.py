"""What an address is made of."""

from __future__ import annotations

import pytest

from kb.urls.parts import host_of


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Paper.example:443/a?b", "paper.example"),
        ("https://щука.example/", "xn--80at0ax.example"),
        ("https://matrix.to/#/@a:b", "matrix.to"),
        ("javascript:alert(1)", ""),
        ("https://[", ""),
        ("", ""),
    ],
)
def test_the_host_of_an_address_stands_for_it(url: str, host: str) -> None:
    assert host_of(url) == host
