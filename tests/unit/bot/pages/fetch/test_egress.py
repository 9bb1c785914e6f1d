"""What the one who runs the bot says about fetching: lists of hosts, and the proxy's address."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app.run import Network, open_database, open_research
from bot.errors import FetchError, SettingsError
from bot.load_settings import load_settings
from bot.pages.fetch.egress import HostLists, read_host, read_proxy
from bot.pages.fetch.fetcher import GuardedFetcher
from bot.settings import Settings
from kb.store.entries import Store
from tests.servers.forward_proxy import ForwardProxy
from tests.servers.web import PUBLIC, Answer, Behaviour, PublicWeb, WebServer, redirect

REFUSED = "this bot is set up not to fetch from that site"


@pytest.mark.parametrize(
    ("allowed", "denied", "host", "passes"),
    [
        ((), (), "any.example", True),
        (("news.example",), (), "news.example", True),
        (("news.example",), (), "www.news.example", True),
        (("news.example",), (), "a.b.news.example", True),
        (("news.example",), (), "badnews.example", False),
        (("news.example",), (), "news.example.evil.example", False),
        (("news.example",), (), "example", False),
        ((), ("news.example",), "news.example", False),
        ((), ("news.example",), "www.news.example", False),
        ((), ("news.example",), "badnews.example", True),
        ((), ("example",), "badnews.example", False),
        (("example",), ("news.example",), "other.example", True),
        (("example",), ("news.example",), "news.example", False),
        (("news.example",), ("example",), "news.example", False),
    ],
)
def test_a_host_stands_for_all_below_it_and_a_refusal_goes_first(
    allowed: tuple[str, ...], denied: tuple[str, ...], host: str, passes: bool
) -> None:
    with nullcontext() if passes else pytest.raises(FetchError, match=REFUSED):
        HostLists(allowed=allowed, denied=denied).check(host)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("example.com", "example.com"),
        (" Example.COM. ", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("ru", "ru"),
    ],
)
def test_a_host_is_read_in_any_script_and_case(text: str, host: str) -> None:
    assert read_host(text) == host


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ".", "a..b", ".example", "*.example", "https://example.com", "example.com/x"),
        *("example.com:80", "u@example.com", "a b", "example.com?x", "example.com#x", "a\\b", "a%20b"),
    ],
)
def test_what_is_no_host_is_refused_with_what_it_should_be(text: str) -> None:
    with pytest.raises(ValueError, match="must be a host name such as"):
        read_host(text)


async def test_the_lists_hold_for_every_hop() -> None:
    routes: dict[str, Behaviour] = {
        "/a": redirect("http://other.example/b"),
        "/tiny": Answer(body='<meta http-equiv=refresh content="0; url=http://other.example/b">'),
        "/b": Answer(body="there"),
    }
    async with WebServer(routes=routes).running() as server:
        web = PublicWeb(port=server.port)
        async with GuardedFetcher(
            timeout=20,
            max_bytes=2**20,
            user_agent="a",
            hosts=HostLists(allowed=("news.example",)),
            resolve=web.resolve,
            dial=web.dial,
        ) as fetcher:
            assert (await fetcher.fetch("http://www.news.example/b")).body == b"there"
            for refused in ("http://news.example/a", "http://news.example/tiny", "http://other.example/b"):
                with pytest.raises(FetchError, match=REFUSED):
                    await fetcher.fetch(refused)
        assert {request.host for request in server.requests} == {"news.example", "www.news.example"}
        assert set(web.looked_up) == {"news.example", "www.news.example"}


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("http://proxy.example:4750", "proxy.example", 4750),
        ("http://PROXY.example:4750/", "proxy.example", 4750),
        ("http://10.0.0.9", "10.0.0.9", 80),
        ("http://[fd00::9]:3128", "fd00::9", 3128),
        ("http://user:hush@localhost:1", "localhost", 1),
    ],
)
def test_a_proxy_is_an_http_address(text: str, host: str, port: int) -> None:
    proxy = read_proxy(text)
    assert (proxy.host, proxy.port, proxy.resolves) == (host, port, False)
    assert "hush" not in repr(proxy)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://u:hush@proxy.example:1", "must start with http://"),
        ("socks5://u:hush@proxy.example:1", "must start with http://"),
        ("proxy.example:4750", "must start with http://"),
        ("u:hush@proxy", "must start with http://"),
        ("/proxy", "such as http://proxy.example:4750"),
        ("http://u:hush@proxy.example:99999", "such as http://proxy.example:4750"),
        ("http://u:hush@proxy.example:1/path", "must end after the port"),
        ("http://u:hush@proxy.example:1?x", "must end after the port"),
    ],
)
def test_a_wrong_proxy_is_told_without_its_password(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as caught:
        read_proxy(text)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CAVEAT_FETCH_ALLOW_HOSTS", "example.com", "must be JSON"),
        ("CAVEAT_FETCH_DENY_HOSTS", '["*.example"]', "must be a host name such as example.com"),
        ("CAVEAT_FETCH_PROXY", "https://u:hush@proxy.example", "must start with http://"),
        ("CAVEAT_CONTACT_URL", "https://bot.example/\r\nX: y", "it must be an address"),
        ("CAVEAT_CONTACT_URL", "ask me", "it must be an address"),
    ],
)
def test_a_wrong_setting_is_named_and_told(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"{name}.*{told}") as caught:
        load_settings()
    assert "hush" not in str(caught.value)


def test_the_settings_say_from_where_and_through_what(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAVEAT_FETCH_ALLOW_HOSTS", '["Example.com", "bücher.example"]')
    monkeypatch.setenv("CAVEAT_FETCH_DENY_HOSTS", '["ads.example.com"]')
    monkeypatch.setenv("CAVEAT_FETCH_PROXY", "http://u:hush@proxy.example:4750")
    monkeypatch.setenv("CAVEAT_FETCH_PROXY_RESOLVES", "true")
    settings = load_settings()
    assert settings.fetch_hosts == HostLists(
        allowed=("example.com", "xn--bcher-kva.example"), denied=("ads.example.com",)
    )
    proxy = settings.egress_proxy
    assert proxy is not None
    assert (proxy.host, proxy.port, proxy.resolves) == ("proxy.example", 4750, True)
    assert "hush" not in repr(settings)


def test_without_settings_every_public_host_is_fetched_from_without_a_proxy() -> None:
    settings = Settings()
    assert (settings.fetch_hosts, settings.egress_proxy) == (HostLists(), None)


async def test_the_bot_that_is_put_together_heeds_its_settings(tmp_path: Path) -> None:
    """The lists and the proxy of the settings arrive where pages are fetched."""
    async with ForwardProxy(upstream=1, refused={"news.example": 407}).running() as proxy:
        told = Settings(
            model="hash",
            data_dir=tmp_path,
            fetch_deny_hosts=("denied.example",),
            fetch_proxy=SecretStr(proxy.address),
            fetch_proxy_resolves=True,
        )
        network = Network(resolve=lambda _host: [PUBLIC])
        store = Store(open_database(told.database_address))
        async with open_research(told, store, network=network) as research:
            with pytest.raises(FetchError, match=REFUSED):
                await research.fetcher.fetch("http://www.denied.example/")
            with pytest.raises(FetchError, match="the proxy does not let the bot fetch"):
                await research.fetcher.fetch("http://news.example/a")
        assert [asked.target for asked in proxy.asked] == ["http://news.example/a"]
