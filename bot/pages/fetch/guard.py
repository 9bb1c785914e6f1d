"""What may be fetched when anyone may post the address: only web pages on the public internet.

The policy is two tables, of networks and of names, written out because Python's `ipaddress` calls several
of these networks global. It is asked three times: about the URL (`check_url`), about every answer of the
resolver (`GuardedResolver`), and again where the socket is made (`connector`), because aiohttp resolves
nothing for a host that is an address already. What was judged is what is dialled: nothing is looked up twice.

`check_url` judges every hop of a redirect; `way_out.py` says what changes with an egress proxy.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import ada_url
from aiohttp import TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import DeadPageError, FetchError, UnknownSiteError
from bot.threads import in_thread_of

Resolve = Callable[[str], Sequence[str]]
"""Gives the addresses of a host name, as text; blocks; raises OSError when there are none."""

Dial = Callable[[str, int], tuple[str, int]]
"""Says where a judged (address, port) is really dialled; tests lead the public web to loopback here."""

REFUSED_4 = {
    "0.0.0.0/8": "this network (RFC 791)",
    "10.0.0.0/8": "private use (RFC 1918)",
    "100.64.0.0/10": "shared by carriers (RFC 6598)",
    "127.0.0.0/8": "loopback (RFC 1122)",
    "168.63.129.16/32": "Azure's virtual host (Microsoft documentation)",
    "169.254.0.0/16": "link-local, cloud metadata (RFC 3927)",
    "172.16.0.0/12": "private use (RFC 1918)",
    "192.0.0.0/24": "protocol assignments (RFC 6890)",
    "192.0.2.0/24": "documentation (RFC 5737)",
    "192.31.196.0/24": "AS112 (RFC 7535)",
    "192.52.193.0/24": "multicast tunnels (RFC 7450)",
    "192.88.99.0/24": "6to4 relays (RFC 7526)",
    "192.168.0.0/16": "private use (RFC 1918)",
    "192.175.48.0/24": "AS112 (RFC 7534)",
    "198.18.0.0/15": "benchmarking (RFC 2544)",
    "198.51.100.0/24": "documentation (RFC 5737)",
    "203.0.113.0/24": "documentation (RFC 5737)",
    "224.0.0.0/4": "multicast (RFC 5771)",
    "240.0.0.0/4": "reserved, and broadcast (RFC 1112, RFC 919)",
}
"""IPv4: everything is public but these."""

REFUSED_6 = {
    "::/96": "unspecified, loopback, IPv4-compatible (RFC 4291)",
    "64:ff9b::/96": "NAT64, carries an IPv4 address (RFC 6052)",
    "64:ff9b:1::/48": "NAT64 of this network (RFC 8215)",
    "100::/64": "discarded (RFC 6666)",
    "2001::/23": "protocol assignments, Teredo (RFC 2928, RFC 4380)",
    "2001:db8::/32": "documentation (RFC 3849)",
    "2002::/16": "6to4, carries an IPv4 address (RFC 3056)",
    "2620:4f:8000::/48": "AS112 (RFC 7534)",
    "3fff::/20": "documentation (RFC 9637)",
    "5f00::/16": "segment routing (RFC 9602)",
    "fc00::/7": "unique local (RFC 4193)",
    "fe80::/10": "link-local (RFC 4291)",
    "fec0::/10": "site-local (RFC 3879)",
    "ff00::/8": "multicast (RFC 4291)",
    **dict.fromkeys(("::/3", "4000::/2", "8000::/1"), "no global unicast, all but 2000::/3 (RFC 4291)"),
}
"""IPv6: what is left of 2000::/3 is public. An IPv4-mapped address (RFC 4291) is judged as the IPv4 one."""

REFUSED_NAMES = {
    "localhost": "loopback (RFC 6761)",
    "local": "the local link (RFC 6762)",
    "home.arpa": "home networks (RFC 8375)",
    "internal": "private use, cloud metadata (reserved by ICANN)",
    "onion": "Tor's, not to be looked up (RFC 7686)",
    "alt": "other name systems (RFC 9476)",
    **dict.fromkeys(
        ("corp", "home", "intranet", "lan", "private"), "private networks (RFC 6762, appendix G)"
    ),
}
"""Host names that, with all below them, never name a public site; whatever a resolver says of them."""

_NETWORKS_4 = [(ipaddress.IPv4Network(network), reason) for network, reason in REFUSED_4.items()]
_NETWORKS_6 = [(ipaddress.IPv6Network(network), reason) for network, reason in REFUSED_6.items()]

LOOK_UP_SECONDS = 4.0  # set by hand
NOT_PUBLIC = "the address is not on the public internet"
NO_NAME = "the address has a number in place of a site's name"
_PORTS = {"http:": 80, "https:": 443}
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)
_HOST_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")


class Target(NamedTuple):
    """A URL that the policy lets through, as the WHATWG parser wrote it."""

    href: str
    host: str
    port: int

    @property
    def request(self) -> str:
        """What is asked for: a fragment is never sent."""
        return self.href.partition("#")[0]


def check_url(text: str, base: str | None = None) -> Target:
    """Judge a URL, relative to `base` if given; its host name is judged when resolved. Raises FetchError."""
    try:
        url = ada_url.URL(text, base) if base else ada_url.URL(text)
        url.hostname = url.hostname.removesuffix(".")  # the same to DNS, another host to web servers
    except ValueError as error:
        raise FetchError("it is no web address") from error
    if url.protocol not in _PORTS:
        raise FetchError("it is no web address")
    if url.username or url.password:
        raise FetchError("the address holds a user name or a password")
    port = int(url.port or _PORTS[url.protocol])
    if port not in _PORTS.values():
        raise FetchError(f"the address asks for port {port}; web pages are on 80 and 443")
    if not _is_public_host(url.hostname):
        raise FetchError(NO_NAME if refusal(url.hostname) is None else NOT_PUBLIC)
    return Target(url.href, url.hostname, port)


def refusal(address: str) -> str | None:
    """Say why an IP address may not be dialled; None when it is public."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "no IP address"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id:
            return "bound to an interface (RFC 4007)"
        if ip.ipv4_mapped is None:
            return next((reason for network, reason in _NETWORKS_6 if ip in network), None)
        ip = ip.ipv4_mapped
    return next((reason for network, reason in _NETWORKS_4 if ip in network), None)


def _is_public_host(host: str) -> bool:
    """An address of the public internet, or a name of at least two labels that may be one of its sites."""
    if host.startswith("["):
        return refusal(host.strip("[]")) is None
    if not _HOST_NAME.fullmatch(host) or _NUMERIC_LABEL.fullmatch(host.rpartition(".")[2]):
        return False
    return not any(f".{host}".endswith(f".{name}") for name in REFUSED_NAMES)


def system_addresses(host: str) -> list[str]:
    """Ask the system's resolver."""
    answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class GuardedResolver(AbstractResolver):
    """Resolves in threads of its own, within a timeout; one bad answer refuses the whole name."""

    def __init__(self, resolve: Resolve = system_addresses, *, timeout: float = LOOK_UP_SECONDS) -> None:
        self._resolve = resolve
        self._timeout = timeout
        # A stuck look-up must not take the threads that the rest of the program needs.
        self._threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="resolve")

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - the port's; all families are judged
    ) -> list[ResolveResult]:
        """Give the judged addresses of `host`. Raises FetchError, DeadPageError when it has none."""
        addresses = await self.look_up(host)
        if any(refusal(address) for address in addresses):
            raise FetchError(NOT_PUBLIC)
        return [resolved(host, address, port) for address in addresses]

    async def look_up(self, host: str) -> Sequence[str]:
        """Give the addresses of `host`, not judged, at least one. Raises DeadPageError."""
        look_up = in_thread_of(self._threads, partial(self._resolve, host))
        try:
            addresses = await asyncio.wait_for(look_up, self._timeout)
        except TimeoutError as error:
            raise DeadPageError("the site's name was not looked up in time") from error
        except (OSError, UnicodeError) as error:  # UnicodeError: a label that IDNA cannot encode
            raise UnknownSiteError("the site's name is not known") from error
        if not addresses:
            raise UnknownSiteError("the site's name is not known")
        return addresses

    async def close(self) -> None:
        """Let the threads go; one that is stuck ends with its look-up."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def resolved(host: str, address: str, port: int) -> ResolveResult:
    """Put an address into the shape that aiohttp takes."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST
    )


def is_public(address: str, port: int) -> bool:
    """Tell whether a socket may be opened to an IP address and port."""
    return refusal(address) is None and port in _PORTS.values()


def connector(
    resolver: AbstractResolver,
    dial: Dial | None = None,
    *,
    may_dial: Callable[[str, int], bool] = is_public,
) -> TCPConnector:
    """Make the connector: only addresses that `may_dial`, no cache of names, no connection used twice."""

    def make_socket(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        if not may_dial(address[0], address[1]):
            raise FetchError(NOT_PUBLIC)
        made = (
            socket.socket(family, kind, protocol)
            if dial is None
            else _DiallingSocket(dial, family, kind, protocol)
        )
        made.setblocking(False)
        return made

    return TCPConnector(
        resolver=resolver, socket_factory=make_socket, use_dns_cache=False, force_close=True, limit=50
    )


class _DiallingSocket(socket.socket):
    """A socket whose last step leads elsewhere: asked for the judged address, it dials where it is told."""

    def __init__(self, dial: Dial, family: int, kind: int, protocol: int) -> None:
        super().__init__(family, kind, protocol)
        self._dial = dial

    def connect(self, address: Any) -> None:
        host, port = self._dial(address[0], address[1])
        if self.family == socket.AF_INET6 and ":" not in host:
            host = f"::ffff:{host}"
        super().connect((host, port))
