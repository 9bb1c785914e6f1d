"""What the one who runs the bot says about fetching: from which hosts, and through which proxy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import ada_url

from bot.errors import FetchError


@dataclass(frozen=True, kw_only=True)
class HostLists:
    """A name stands for itself and for everything below it; names are as `read_host` writes them.

    With anything in `allowed`, nothing else is fetched from; `denied` goes before it.
    """

    allowed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()

    def check(self, host: str) -> None:
        """Judge the host of a request, as the WHATWG parser wrote it. Raises FetchError."""
        if _is_below(host, self.denied) or (self.allowed and not _is_below(host, self.allowed)):
            raise FetchError("this bot is set up not to fetch from that site")


ANY_HOST = HostLists()
_MORE_THAN_A_HOST = frozenset("*:/\\?#@% ")


def read_host(text: str) -> str:
    """Read a host name from a list, in any case and script. Raises ValueError, saying what it should be."""
    wanted = f"{text!r} must be a host name such as example.com, which stands for those below it as well"
    if not _MORE_THAN_A_HOST.isdisjoint(text.strip()):
        raise ValueError(wanted)
    try:
        host = ada_url.URL(f"http://{text.strip()}/").hostname.removesuffix(".")
    except ValueError as error:
        raise ValueError(wanted) from error
    if not all(host.split(".")):
        raise ValueError(wanted)
    return host


def _is_below(host: str, names: Iterable[str]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names)


@dataclass(frozen=True, kw_only=True)
class Proxy:
    """An HTTP proxy; `url` may hold a user name and password. `resolves`: it may be given unknown names."""

    url: str = field(repr=False)
    host: str
    port: int
    resolves: bool = False


def read_proxy(text: str, *, resolves: bool = False) -> Proxy:
    """Read a proxy's address. Raises ValueError, without quoting it: it may hold a password."""
    try:
        url = ada_url.URL(text)
    except ValueError as error:
        raise ValueError("it must be an address such as http://proxy.example:4750") from error
    if url.protocol != "http:":
        raise ValueError("it must start with http:// (HTTPS pages are fetched through it as well)")
    if url.pathname != "/" or url.search or url.hash:
        raise ValueError("it must end after the port, as in http://proxy.example:4750")
    return Proxy(url=url.href, host=url.hostname.strip("[]"), port=int(url.port or 80), resolves=resolves)
