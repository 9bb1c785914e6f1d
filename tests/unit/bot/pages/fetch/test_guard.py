"""What may be fetched, and that nothing else is ever dialled."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import ada_url
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import FetchError
from bot.pages.fetch.fetcher import GuardedFetcher
from bot.pages.fetch.guard import NOT_PUBLIC, GuardedResolver, check_url, connector, refusal
from tests.servers.connects import noted_connects
from tests.servers.web import PUBLIC, Answer, PublicWeb, Request, WebServer, redirect

PUBLIC_6 = "2606:2800:220:1:248:1893:25c8:1946"
IMDS = "169.254.169.254"

NAMES: dict[str, list[list[str]]] = {
    "public.example": [[PUBLIC]],
    "both.example": [[PUBLIC, PUBLIC_6]],
    "xn--bcher-kva.example": [[PUBLIC]],
    "localhost": [["127.0.0.1", "::1"]],
    "intra.example": [["10.0.0.5"]],
    "metadata.google.internal": [[IMDS]],
    "mixed.example": [[PUBLIC, "10.0.0.5"]],
    "mixed2.example": [["10.0.0.5", PUBLIC]],
    "v6lo.example": [["::1"]],
    "mapped.example": [["::ffff:127.0.0.1"]],
    "nat64.example": [["64:ff9b::a9fe:a9fe"]],
    "sixtofour.example": [["2002:a9fe:a9fe::1"]],
    "compat.example": [["::127.0.0.1"]],
    "cgnat.example": [["100.100.100.200"]],
    "sitelocal.example": [["fec0::1"]],
    "mcast.example": [["224.0.0.251"]],
    "zero.example": [["0.0.0.0"]],
    "linklocal6.example": [["fe80::1"]],
    "scoped.example": [["fe80::1%lo"]],
    "ula.example": [["fd00:ec2::254"]],
    "intranet": [["10.0.0.7"]],
    "empty.example": [[]],
    "junk.example": [["not an address"]],
    **{f"rebind{n}.example": [[PUBLIC], ["127.0.0.1"]] for n in ("", 1, 2, 3)},
    **{f"rbflip{n}.example": [[PUBLIC], [IMDS], [PUBLIC], [IMDS]] for n in ("", 1, 2, 3)},
}

REFUSED_URLS = """
http://127.0.0.1/ http://127.1/ http://0x7f.1/ http://0177.0.0.1/ http://2130706433/ http://0/ http://0x0/
http://169.254.169.254/latest/meta-data/ http://168.63.129.16/ http://93.184.216.34/ http://0x5db8d822/
http://[::1]/ http://[::]/ http://[::ffff:127.0.0.1]/ http://[::ffff:a9fe:a9fe]/ http://[::127.0.0.1]/
http://[64:ff9b::7f00:1]/ http://[64:ff9b:1::7f00:1]/ http://[2002:7f00:1::]/ http://[2001::1]/
http://[fec0::1]/ http://[fe80::1]/ http://[fd00:ec2::254]/ http://[ff02::1]/ http://[100::1]/ http://[5f00::1]/
http://localhost/ http://LOCALHOST./ http://intranet/ http://intranet./ http://com/ http://metadata.google.internal/
http://public.example@127.0.0.1/ http://user@public.example/ http://:pass@public.example/ http://a..b/
http://public.example:22/ http://public.example:8080/ http://public.example:0/ http://public.example:65536/
http://127.0.0.1\\@public.example/ http://public.example%00.intra.example/ http://①②⑦.⓪.⓪.①/ http://127。0。0。1/
http://foo.0x7f/ http://foo.1/ http://public.example.127/ http:127.0.0.1/ http:\\\\127.0.0.1/
file:///etc/passwd ftp://public.example/ gopher://public.example/ javascript:alert(1) data:text/html,x
//public.example/ http:// http://./ http://../ http://.example/ http://127.0.0.1../ https://[ http://public.example/\ud800
http://mixed.example/ http://mixed2.example/ http://v6lo.example/ http://mapped.example/ http://nat64.example/
http://sixtofour.example/ http://compat.example/ http://cgnat.example/ http://sitelocal.example/
http://mcast.example/ http://zero.example/ http://linklocal6.example/ http://scoped.example/ http://ula.example/
http://empty.example/ http://junk.example/ http://unknown.invalid/
https://web.archive.org/web/2024/http://127.0.0.1/ https://l.facebook.com/l.php?u=http%3A%2F%2F10.0.0.1%2F
""".split()

REDIRECTS = """
http://127.0.0.1/ //127.0.0.1/x http://2130706433/ http://[::1]/ http://intra.example/ http://localhost/
http://169.254.169.254/latest/ file:///etc/passwd http://public.example@127.0.0.1/ http://public.example:22/
http://mixed.example/ javascript:alert(1) https://web.archive.org/web/2024/http://127.0.0.1/
""".split()


@pytest.fixture
def connects() -> Iterator[list[Any]]:
    """Every connect of this process: a leak past the dial is seen too."""
    with noted_connects() as noted:
        yield noted


async def _outcome(url: str, web: PublicWeb) -> str:
    async with GuardedFetcher(
        timeout=5, max_bytes=2**20, user_agent="test", resolve=web.resolve, dial=web.dial
    ) as fetcher:
        try:
            return (await fetcher.fetch(url)).body.decode()
        except FetchError as error:
            return f"refused: {error.reason}"


def _server(*targets: str) -> WebServer:
    routes: dict[str, Any] = {"/": Answer(body="public page"), "/loop": redirect("/loop")}
    routes |= {f"/to/{number}": redirect(target) for number, target in enumerate(targets)}
    return WebServer(routes=routes)


def _check_connects(connects: list[Any], web: PublicWeb) -> None:
    assert [host for host, port in web.dialled if refusal(host) or port not in {80, 443}] == []
    assert all(
        (address[0].removeprefix("::ffff:"), address[1]) == ("127.0.0.1", web.port) for address in connects
    )
    assert len(connects) == len(web.dialled)


@pytest.mark.parametrize("url", REFUSED_URLS, ids=ascii)
async def test_what_is_not_the_public_web_is_refused_before_any_dial(url: str, connects: list[Any]) -> None:
    async with _server().running() as server:
        web = PublicWeb(port=server.port, names=NAMES)
        assert (await _outcome(url, web)).startswith("refused: ")
        assert web.dialled == []
        assert connects == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://93.184.216.34/", "the address has a number in place of a site's name"),
        ("https://0x5db8d822/", "the address has a number in place of a site's name"),
        ("https://127.0.0.1/", "the address is not on the public internet"),
        ("https://192.168.0.1/", "the address is not on the public internet"),
        ("https://[::1]/", "the address is not on the public internet"),
        ("https://intranet/", "the address is not on the public internet"),
    ],
)
def test_the_reason_of_a_refusal_is_the_true_one(url: str, reason: str) -> None:
    with pytest.raises(FetchError) as caught:
        check_url(url)
    assert caught.value.reason == reason


@pytest.mark.parametrize("target", REDIRECTS)
async def test_a_redirect_is_judged_like_a_posted_address(target: str, connects: list[Any]) -> None:
    async with _server(target).running() as server:
        web = PublicWeb(port=server.port, names=NAMES)
        assert (await _outcome("http://public.example/to/0", web)).startswith("refused: ")
        assert web.dialled == [(PUBLIC, 80)]
        _check_connects(connects, web)


@pytest.mark.parametrize(
    "url",
    [
        "http://public.example/",
        "http://PUBLIC.example.:80/#top",
        "http://bücher.example/",
        "http://both.example/",
        f"http://[{PUBLIC_6}]/",
        "http://public.example?@127.0.0.1/",
        "https://l.facebook.com/l.php?u=http%3A%2F%2Fpublic.example%2F",
    ],
)
async def test_the_public_web_is_fetched(url: str, connects: list[Any]) -> None:
    async with _server().running() as server:
        web = PublicWeb(port=server.port, names=NAMES)
        assert await _outcome(url, web) == "public page"
        _check_connects(connects, web)


@pytest.mark.parametrize("name", ["rebind", "rbflip"])
async def test_a_name_that_changes_its_mind_is_dialled_where_it_was_judged(
    name: str, connects: list[Any]
) -> None:
    async with _server(f"http://{name}1.example/").running() as server:
        web = PublicWeb(port=server.port, names=NAMES)
        for number in ("1", "2", "3"):
            await _outcome(f"http://{name}{number}.example/", web)
            await _outcome(f"http://{name}{number}.example/again", web)
        await _outcome("http://public.example/to/0", web)
        assert {host for host, _ in web.dialled} == {PUBLIC}
        _check_connects(connects, web)


async def test_the_socket_is_refused_even_when_everything_before_it_failed() -> None:
    """aiohttp resolves nothing for a host that is an address: the socket factory is the last line."""
    guarded = connector(GuardedResolver())
    made = guarded._socket_factory
    assert made is not None
    for address in ("127.0.0.1", "::1", "::ffff:10.0.0.1", IMDS):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with pytest.raises(FetchError, match=NOT_PUBLIC):
            made((family, socket.SOCK_STREAM, 6, "", (address, 80)))
    with pytest.raises(FetchError, match=NOT_PUBLIC):
        made((socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, 22)))
    made((socket.AF_INET, socket.SOCK_STREAM, 6, "", (PUBLIC, 443))).close()
    await guarded.close()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("0.0.0.0", "0.255.255.255"),
        ("10.0.0.0", "10.255.255.255"),
        ("100.64.0.0", "100.127.255.255"),
        ("127.0.0.0", "127.255.255.255"),
        ("168.63.129.16", "168.63.129.16"),
        ("169.254.0.0", "169.254.255.255"),
        ("172.16.0.0", "172.31.255.255"),
        ("192.0.0.0", "192.0.0.255"),
        ("192.0.2.0", "192.0.2.255"),
        ("192.88.99.0", "192.88.99.255"),
        ("192.168.0.0", "192.168.255.255"),
        ("198.18.0.0", "198.19.255.255"),
        ("198.51.100.0", "198.51.100.255"),
        ("203.0.113.0", "203.0.113.255"),
        ("224.0.0.0", "255.255.255.255"),
        ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff"),
        ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("::ffff:127.0.0.0", "::ffff:127.255.255.255"),
    ],
)
def test_a_special_range_is_refused_from_its_first_to_its_last_address(first: str, last: str) -> None:
    assert refusal(first)
    assert refusal(last)


@pytest.mark.parametrize(
    "address",
    [
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "168.63.129.15",
        "168.63.129.17",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.0.3.0",
        "192.88.98.255",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        PUBLIC,
        "::ffff:93.184.216.34",
        "2000::",
        "2001:200::",
        "2001:4860:4860::8888",
        "2003::",
        "2620:4f:7fff::",
        "2620:4f:8001::",
        "3ffe::",
        "3fff:1000::",
        PUBLIC_6,
    ],
)
def test_the_neighbours_of_special_ranges_are_public(address: str) -> None:
    assert refusal(address) is None


NO_SITES = """
localhost a.localhost printer.local router.home.arpa vault.internal x.onion wiki.corp nas.lan a.home x.alt
portal.intranet db.private a..example news.example.. a$b.example a,b.example a'b.example a(b).example
""".split()


@pytest.mark.parametrize("host", [*NO_SITES, "x" * 64 + ".example", "a." * 130 + "example"])
async def test_a_name_that_is_no_public_sites_is_refused_whatever_it_resolves_to(host: str) -> None:
    """With a proxy that resolves, nothing but the name is there to judge by."""
    web = PublicWeb(port=1, names={host: [[PUBLIC]]})
    assert (await _outcome(f"http://{host}/", web)).startswith("refused: ")
    assert web.looked_up == []


SITES = """
a_b.example -a-.example local.example internal.example homes.example a.corp.example 1.example mylocal.example
xn--bcher-kva.example localhost.example
""".split()


@pytest.mark.parametrize("host", SITES)
def test_a_name_that_only_resembles_them_is_not_refused(host: str) -> None:
    assert check_url(f"http://{host}/").host == host


@pytest.mark.parametrize("address", ["", "example", "127.1", "010.0.0.1", "1.2.3.4/32", "2606::1%eth0"])
def test_what_is_no_plain_address_is_refused(address: str) -> None:
    assert refusal(address)


_PARTS = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        "http:// // / \\ : @ ? # . .. % %00 %2e [ ] [::1] 127.0.0.1 0x7f 1 example public.example"
        " ftp: \t \n \u3002 \u00ad xn-- xn--a ß \ud800 :80 :443 :0 user:pw@ ;jsessionid=1".split(" ")
    ),
)


@settings(max_examples=300, deadline=None)
@given(
    parts=st.lists(_PARTS, max_size=8),
    start=st.sampled_from(["", "http:", "http://", "http://public.example/"]),
)
async def test_any_text_is_a_page_of_the_public_web_or_refused(parts: list[str], start: str) -> None:
    """No other error comes out, and nothing but the public address is dialled."""
    async with _server().running() as server:
        web = PublicWeb(port=server.port, names=NAMES)
        outcome = await _outcome(start + "".join(parts), web)
        assert outcome.startswith("refused: ") or outcome == "public page"
        assert {address for address, _ in web.dialled} <= {PUBLIC}


# Written down once more, and finer than in the guard: the oracle of the property below.
_FORBIDDEN = [
    ipaddress.ip_network(network)
    for network in """
    0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
    192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4
    240.0.0.0/4 255.255.255.255/32 ::/128 ::1/128 ::/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 2001::/32
    2001:10::/28 2001:20::/28 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 4000::/3 5f00::/16 fc00::/7
    fe80::/10 fec0::/10 ff00::/8
    """.split()
]


def _is_forbidden(address: str) -> bool:
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in _FORBIDDEN)


def _within(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> st.SearchStrategy[str]:
    numbers = st.integers(int(network[0]), int(network[-1]))
    return numbers.map(lambda number: str(type(network.network_address)(number)))


_bad_addresses = st.sampled_from(_FORBIDDEN).flatmap(_within)


def _spellings_of_4(address: ipaddress.IPv4Address) -> list[str]:
    """What a URL may hold in place of an IPv4 address; the first ones are IPv4 to a browser, too."""
    number, (a, b, c, d) = int(address), address.packed
    high, low = number >> 16, number & 0xFFFF
    wide = str(address).translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
    return [
        str(address),
        f"{address}.",
        str(number),
        hex(number),
        f"0{number:o}",
        f"{a}.{number & 0xFFFFFF}",
        f"0x{a:x}.0{b:o}.{low}",
        f"0{a:o}.0x{b:X}.{c}.0{d:o}",
        f"000{a:o}.{b}.{c}.0x0{d:x}",
        wide,
        str(address).replace(".", "\u3002"),
        f"%{ord(str(address)[0]):x}{str(address)[1:]}",
        f"[::ffff:{address}]",
        f"[0:0:0:0:0:FFFF:{high:x}:{low:x}]",
        f"[::{address}]",
        f"[64:ff9b::{address}]",
        f"[64:ff9b:1::{high:x}:{low:x}]",
        f"[2002:{high:x}:{low:x}::1]",
        f"[2001:0:4136:e378:8000:63bf:{high ^ 0xFFFF:x}:{low ^ 0xFFFF:x}]",
    ]


def _spellings(address: str) -> list[str]:
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv4Address):
        return _spellings_of_4(found)
    return [f"[{found}]", f"[{found.exploded.upper()}]", f"[{found}%25lo]", f"[{found}%lo]"]


_hosts = _bad_addresses.flatmap(lambda address: st.sampled_from(_spellings(address)))
_answers = st.lists(st.lists(st.one_of(_bad_addresses, st.just(PUBLIC)), max_size=3), min_size=1, max_size=3)


@settings(max_examples=150, deadline=None)
@given(host=_hosts, scheme=st.sampled_from(["http", "https"]), answers=_answers)
async def test_no_address_of_a_forbidden_range_is_ever_connected_to(
    host: str, scheme: str, answers: list[list[str]]
) -> None:
    """However it is spelled, whatever a resolver answers, wherever redirects, pages and wrappers lead."""
    inward = f"{scheme}://{host}/"
    async with _server(inward, "http://any.example/").running() as server:
        server.routes["/tiny"] = Answer(body=f'<meta http-equiv=refresh content="0; url={inward}">')
        web = PublicWeb(port=server.port, names={**NAMES, "any.example": answers})
        with noted_connects() as connects:
            for url in (
                inward,
                f"https://web.archive.org/web/2024/{inward}",
                "http://any.example/",
                "http://any.example/again",
                "http://public.example/to/0",
                "http://public.example/to/1",
                "http://public.example/tiny",
            ):
                outcome = await _outcome(url, web)
                assert outcome.startswith("refused: ") or "any.example" in url or url.endswith("/to/1")
            assert not [dialled for dialled, _ in web.dialled if _is_forbidden(dialled)]
            assert len(connects) == len(web.dialled)
            assert {tuple(address[:2]) for address in connects} <= {("127.0.0.1", server.port)}


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "10.0.0.1"])
def test_the_spellings_that_are_tried_lead_a_browser_to_the_very_address(address: str) -> None:
    """Else the property above would be one of nonsense."""
    for host in _spellings(address)[:12]:
        assert ada_url.URL(f"http://{host}/").hostname.removesuffix(".") == address


def test_the_judged_url_is_the_one_that_the_whatwg_parser_wrote() -> None:
    assert check_url("HTTP:\\\\Public.EXAMPLE\\a b?c") == (
        "http://public.example/a%20b?c",
        "public.example",
        80,
    )


def _cases() -> list[dict[str, Any]]:
    place = os.environ.get("CAVEAT_TEST_DATA")
    if not place:
        return []
    cases: list[dict[str, Any]] = json.loads(Path(place, "links", "ssrf_cases.json").read_text("utf-8"))
    return cases


@pytest.mark.skipif(not os.environ.get("CAVEAT_TEST_DATA"), reason="CAVEAT_TEST_DATA is not set")
@pytest.mark.parametrize("case", _cases(), ids=lambda case: str(case["id"]))
async def test_the_sample_of_bypass_cases_is_kept_out(case: dict[str, Any], connects: list[Any]) -> None:
    async with _sample_server().running() as server:
        web = PublicWeb(port=server.port, names=NAMES)
        outcome = await _outcome(case["url"], web)
        _check_connects(connects, web)
        if case["expect"] == "allow":
            assert outcome == "public page"
        elif (
            "rebind" not in case["url"] and "rbflip" not in case["url"]
        ):  # those may be read where they are public
            assert outcome.startswith("refused: ")


async def _redirect_as_asked(request: Request, writer: asyncio.StreamWriter) -> None:
    target = parse_qs(request.path.partition("?")[2]).get("to", ["/"])[0]
    await redirect(target)(request, writer)


def _sample_server() -> WebServer:
    public = Answer(body="public page")
    return WebServer(routes={"/": public, "/z": public, "/loop": redirect("/loop"), "/r": _redirect_as_asked})
