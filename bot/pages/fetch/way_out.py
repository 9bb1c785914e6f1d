"""How a request leaves this machine: straight to the public address that was judged, or to one egress proxy.

With a proxy, no address but the proxy's own is ever dialled, so it is the only exemption from the guard, and
no posted link can use it: links are judged as before, by their text and by what their names resolve to here,
and only then named to the proxy. The proxy looks the name up once more. So it has to judge addresses itself,
as Smokescreen does; a plain proxy would take back what the guard gives.
"""

from __future__ import annotations

import asyncio
import socket

from aiohttp import TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import DeadPageError, FetchError
from bot.pages.fetch.egress import Proxy
from bot.pages.fetch.guard import (
    LOOK_UP_SECONDS,
    NOT_PUBLIC,
    Dial,
    GuardedResolver,
    Resolve,
    Target,
    connector,
    resolved,
)

# In seconds: where the proxy resolves, this machine often cannot, and only finds out slowly.
_QUICK_LOOK_UP = 1.5


class Direct:
    """Dials judged addresses; the connector judges each where it is resolved and where it is dialled."""

    proxy: str | None = None

    def __init__(self, resolve: Resolve, dial: Dial | None = None) -> None:
        self._resolver = GuardedResolver(resolve)
        self._dial = dial

    def open(self) -> TCPConnector:
        """Make a connector that dials public addresses only."""
        return connector(self._resolver, self._dial)

    async def admit(self, target: Target) -> None:
        """Nothing is left to judge: to resolve a name twice would be to judge another answer."""

    async def close(self) -> None:
        """Let the resolver's threads go."""
        await self._resolver.close()


class ThroughProxy:
    """Dials the proxy alone; names are resolved and judged before they are handed to it."""

    def __init__(self, proxy: Proxy, resolve: Resolve, dial: Dial | None = None) -> None:
        self.proxy: str | None = proxy.url
        self._own = _ProxyResolver(proxy, resolve)
        self._judge = GuardedResolver(resolve, timeout=_QUICK_LOOK_UP if proxy.resolves else LOOK_UP_SECONDS)
        self._resolves = proxy.resolves
        self._dial = dial

    def open(self) -> TCPConnector:
        """Make a connector that dials the proxy only."""
        return connector(self._own, self._dial, may_dial=self._own.is_proxy)

    async def admit(self, target: Target) -> None:
        """Resolve and judge the host; a name without an answer only passes if the proxy resolves.

        Raises FetchError.
        """
        if target.host.startswith("["):
            return  # an address, and judged already
        try:
            await self._judge.resolve(target.host)
        except DeadPageError:
            if not self._resolves:
                raise

    async def close(self) -> None:
        """Let the threads of both resolvers go."""
        await asyncio.gather(self._judge.close(), self._own.close())


class _ProxyResolver(AbstractResolver):
    """Knows one host, the proxy's, and remembers its addresses."""

    def __init__(self, proxy: Proxy, resolve: Resolve) -> None:
        self._proxy = proxy
        self._addresses = {proxy.host}  # aiohttp resolves nothing for a host that is an address
        self._resolver = GuardedResolver(resolve)

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 - the port's; all families will do
    ) -> list[ResolveResult]:
        if host != self._proxy.host:
            raise FetchError(NOT_PUBLIC)
        try:
            self._addresses = set(await self._resolver.look_up(host))
        except DeadPageError as error:
            raise FetchError("the proxy's name is not known") from error  # nothing is said about the page
        return [resolved(host, address, port) for address in sorted(self._addresses)]

    def is_proxy(self, address: str, port: int) -> bool:
        return address in self._addresses and port == self._proxy.port

    async def close(self) -> None:
        await self._resolver.close()
