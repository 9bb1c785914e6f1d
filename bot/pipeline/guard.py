"""What may be fetched when anyone may post the address: only web pages on the public internet.

The policy is a table of networks, written out because Python's `ipaddress` calls several of them global. It
is asked three times: about the URL, about every answer of the resolver, and again where the socket is made,
because aiohttp resolves nothing for a host that is an address already. What was judged is what is dialled.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import ada_url
from aiohttp import TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import FetchError

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

PUBLIC_6 = "2000::/3"
"""IPv6: nothing is public outside the global unicast space (RFC 4291), and in it not these."""

REFUSED_6 = {
    "2001::/23": "protocol assignments, Teredo (RFC 2928, RFC 4380)",
    "2001:db8::/32": "documentation (RFC 3849)",
    "2002::/16": "6to4, carries an IPv4 address (RFC 3056)",
    "2620:4f:8000::/48": "AS112 (RFC 7534)",
    "3fff::/20": "documentation (RFC 9637)",
}

_NETWORKS_4 = [(ipaddress.IPv4Network(network), reason) for network, reason in REFUSED_4.items()]
_NETWORKS_6 = [(ipaddress.IPv6Network(network), reason) for network, reason in REFUSED_6.items()]
_PUBLIC_6 = ipaddress.IPv6Network(PUBLIC_6)

NOT_PUBLIC = "the address is not on the public internet"
_PORTS = {"http:": 80, "https:": 443}
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)


class Target(NamedTuple):
    """A URL that the policy lets through, as the WHATWG parser wrote it."""

    href: str
    host: str
    port: int


def check_url(text: str, base: str | None = None) -> Target:
    """Judge a URL, relative to `base` if given; its host name is judged when resolved. Raises FetchError."""
    try:
        found = ada_url.URL(text, base) if base else ada_url.URL(text)
    except ValueError as error:
        raise FetchError("it is no web address") from error
    if found.protocol not in _PORTS:
        raise FetchError("it is no web address")
    if found.username or found.password:
        raise FetchError("the address holds a user name or a password")
    found.hostname = found.hostname.removesuffix(".")  # the same host to DNS, another one to web servers
    port = int(found.port or _PORTS[found.protocol])
    if port not in _PORTS.values():
        raise FetchError(f"the address asks for port {port}; web pages are on 80 and 443")
    if not _is_public_host(found.hostname):
        raise FetchError(NOT_PUBLIC)
    return Target(found.href, found.hostname, port)


def refusal(address: str) -> str | None:
    """Say why an IP address may not be dialled; None when it is public."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "no IP address"
    if isinstance(found, ipaddress.IPv6Address):
        if found.scope_id:
            return "bound to an interface (RFC 4007)"
        if found.ipv4_mapped is None:
            return _refusal_6(found)
        found = found.ipv4_mapped
    return next((reason for network, reason in _NETWORKS_4 if found in network), None)


def _refusal_6(address: ipaddress.IPv6Address) -> str | None:
    if address not in _PUBLIC_6:
        return "outside global unicast (RFC 4291)"
    return next((reason for network, reason in _NETWORKS_6 if address in network), None)


def _is_public_host(host: str) -> bool:
    if host.startswith("["):
        return refusal(host.strip("[]")) is None
    *others, last = host.split(".")
    return bool(others) and not _NUMERIC_LABEL.fullmatch(last)


def system_addresses(host: str) -> list[str]:
    """Ask the system's resolver."""
    answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class GuardedResolver(AbstractResolver):
    """Resolves in threads of its own, within a timeout; one bad answer refuses the whole name."""

    def __init__(self, resolve: Resolve = system_addresses, *, timeout: float = 4) -> None:
        self._resolve = resolve
        self._timeout = timeout
        # A stuck look-up must not take the threads that the rest of the program needs.
        self._threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="resolve")

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - the port's; all families are judged
    ) -> list[ResolveResult]:
        """Give the judged addresses of `host`. Raises FetchError."""
        look_up = asyncio.get_running_loop().run_in_executor(self._threads, self._resolve, host)
        try:
            addresses = await asyncio.wait_for(look_up, self._timeout)
        except TimeoutError as error:
            raise FetchError("the site's name was not looked up in time") from error
        except (OSError, UnicodeError) as error:  # UnicodeError: a label that IDNA cannot encode
            raise FetchError("the site's name is not known") from error
        if not addresses:
            raise FetchError("the site's name is not known")
        if any(refusal(address) for address in addresses):
            raise FetchError(NOT_PUBLIC)
        return [_result(host, address, port) for address in addresses]

    async def close(self) -> None:
        """Let the threads go; one that is stuck ends with its look-up."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(
        hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST
    )


def connector(resolver: GuardedResolver, dial: Dial | None = None) -> TCPConnector:
    """Make the connector: judged addresses only, no cache of names, two connections to a host at a time."""

    def make_socket(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, address = info
        if refusal(address[0]) or address[1] not in _PORTS.values():
            raise FetchError(NOT_PUBLIC)
        made = (
            socket.socket(family, kind, protocol)
            if dial is None
            else _DiallingSocket(dial, family, kind, protocol)
        )
        made.setblocking(False)
        return made

    return TCPConnector(
        resolver=resolver,
        socket_factory=make_socket,
        use_dns_cache=False,
        force_close=True,
        limit=20,
        limit_per_host=2,
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
