"""Redirects that stand in a page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FetchError
from bot.model import Fetched
from bot.pages.fetch.fetcher import GuardedFetcher
from bot.pages.fetch.refresh import refresh_target
from tests.servers.web import Answer, Behaviour, PublicWeb, WebServer

THERE = "https://news.example/a"


def _target(html: str, content_type: str = "text/html") -> str | None:
    return refresh_target(
        Fetched(url="http://t.example/x", content_type=content_type, charset=None, body=html.encode())
    )


@pytest.mark.parametrize(
    ("html", "target"),
    [
        (f'<meta http-equiv="refresh" content="0;url={THERE}">', THERE),
        (f'<META HTTP-EQUIV="Refresh" CONTENT="0; URL={THERE}">', THERE),
        (f"<meta http-equiv=refresh content=0;url={THERE}>", THERE),
        (f"<meta content='5; url={THERE}' http-equiv='refresh' />", THERE),
        (f'<meta http-equiv="refresh" content="2; url=\'{THERE}\'">', THERE),
        (f"<meta http-equiv='refresh' content='0; url=\"{THERE}\" and more'>", THERE),
        (f'<meta\n http-equiv = "refresh"\n content = " 0.5 , {THERE} ">', THERE),
        (f'<meta http-equiv="refresh" content="0 {THERE}">', THERE),
        ('<meta http-equiv="refresh" content="0; url=/b?c=1&amp;d=2">', "/b?c=1&d=2"),
        (f'<meta charset=utf-8><meta http-equiv="refresh" content="0;url={THERE}">', THERE),
        (f'<noscript><meta http-equiv="refresh" content="0;url={THERE}"></noscript>', THERE),
        (f'<script>"<meta>"</script><meta http-equiv="refresh" content="0;url={THERE}">', THERE),
        (f'<meta http-equiv="refresh" content="6;url={THERE}">', None),
        (f'<meta http-equiv="refresh" content="300;url={THERE}">', None),
        (f'<meta http-equiv="refresh" content="99999;url={THERE}">', None),
        ('<meta http-equiv="refresh" content="0">', None),
        ('<meta http-equiv="refresh" content="0;">', None),
        ('<meta http-equiv="refresh" content="0;url=\'\'">', None),
        (f'<meta http-equiv="refresh" content="url={THERE}">', None),
        ('<meta http-equiv="refresh">', None),
        (f'<meta name="refresh" content="0;url={THERE}">', None),
        (f'<!-- <meta http-equiv="refresh" content="0;url={THERE}"> -->', None),
        (f'<!-- <meta http-equiv="refresh" content="0;url={THERE}">', None),
        (f'<script><meta http-equiv="refresh" content="0;url={THERE}"></script>', None),
        (f'<textarea><meta http-equiv="refresh" content="0;url={THERE}"></textarea>', None),
        (f'&lt;meta http-equiv="refresh" content="0;url={THERE}"&gt;', None),
        (f'<metadata http-equiv="refresh" content="0;url={THERE}">', None),
        (f'<meta http-equiv="refresh" content="0;url={THERE}">' + "x" * 16_384, None),
        ("", None),
    ],
)
def test_only_a_tiny_page_that_is_left_at_once_is_a_redirect(html: str, target: str | None) -> None:
    assert _target(html) == target


def test_a_text_is_no_html() -> None:
    html = f'<meta http-equiv="refresh" content="0;url={THERE}">'
    assert _target(html, "text/plain") is None
    assert _target(html, "application/pdf") is None
    assert _target(html, "application/xhtml+xml") == THERE


@given(st.text(alphabet="<meta http-equiv=refresh content='0;url=/b'>!-scripty/\"&#", max_size=300))
def test_any_text_is_read(html: str) -> None:
    _target(html)


def _page(target: str) -> Answer:
    return Answer(body=f'<title>One moment</title><meta http-equiv="refresh" content="0;url={target}">')


ROUTES: dict[str, Behaviour] = {
    "/a": Answer(body="there"),
    "/tiny": _page("/a"),
    "/away": _page("http://other.example/a"),
    "/wrapped": _page("https://l.facebook.com/l.php?u=http%3A%2F%2Fother.example%2Fa"),
    "/twice": _page("/tiny"),
    "/itself": _page("/itself#top"),
    "/circle": _page("/back"),
    "/back": _page("/circle"),
    "/app": _page("intent://open"),
    "/inward": _page("http://2130706433/"),
    "/intra": _page("http://intra.example/"),
    **{f"/{number}": _page(f"/{number + 1}") for number in range(6)},
    "/6": Answer(body="there"),
}


async def _outcome(path: str) -> tuple[str, str]:
    async with WebServer(routes=ROUTES).running() as server:
        web = PublicWeb(port=server.port, names={"intra.example": [["10.0.0.5"]]})
        async with GuardedFetcher(
            timeout=20, max_bytes=2**20, user_agent="a", resolve=web.resolve, dial=web.dial
        ) as fetcher:
            try:
                found = await fetcher.fetch(f"http://t.example{path}")
            except FetchError as error:
                return "refused", error.reason
            return found.url, found.body.decode()[:5]


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("/tiny", ("http://t.example/a", "there")),
        ("/away", ("http://other.example/a", "there")),
        ("/wrapped", ("http://other.example/a", "there")),
        ("/twice", ("http://t.example/a", "there")),
        ("/1", ("http://t.example/6", "there")),
        ("/0", ("refused", "the site redirects too often")),
        ("/itself", ("http://t.example/itself", "<titl")),
        ("/circle", ("refused", "the site redirects in a circle")),
        ("/app", ("refused", "it is no web address")),
        ("/inward", ("refused", "the address is not on the public internet")),
        ("/intra", ("refused", "the address is not on the public internet")),
    ],
)
async def test_it_is_followed_as_any_other_redirect(path: str, outcome: tuple[str, str]) -> None:
    assert await _outcome(path) == outcome
