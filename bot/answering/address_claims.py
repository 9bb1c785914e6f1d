"""What a page says its own address is: believed within one site, told across sites, trusted never."""

from __future__ import annotations

from bot.model import AddressClaim, Page
from kb.errors import UrlError
from kb.urls.identity import Address, claimed_address, identify
from kb.urls.parts import read_parts, site_of


def believed_addresses(page: Page) -> tuple[Address, ...]:
    """The claims that are to be believed, each page once."""
    addresses = (claimed_address(page.url, claim.url) for claim in page.claims)
    return tuple({address.key: address for address in addresses if address}.values())


def copy_of(page: Page) -> AddressClaim | None:
    """The first claim that the page belongs to another site; it may be a lie, and is only ever told."""
    here = _site(page.url)
    if here is None:
        return None
    return next((claim for claim in page.claims if (_site(claim.url) or here) != here), None)


def _site(url: str) -> str | None:
    try:
        return site_of(read_parts(identify(url).url).host)
    except UrlError:
        return None
