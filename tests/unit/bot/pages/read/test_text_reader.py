"""Reading pages in workers: articles whole, everything else called what it is, hostile pages bounded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio

from bot.errors import UnreadableError
from bot.model import AddressClaim, DateFrom, Fetched, Page, PageKind
from bot.pages.read.text_reader import PooledReader

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

URL = "https://www.daily-kite.example/2024/03/kites-counted"
SENTENCES = [
    "The warden of Lower Meadow counted forty kites on Sunday, two more than in the spring before.",
    "Most of them were flown by children from the village schools, and nine by members of the club.",
    "“We had hoped for fifty,” the warden said, “but the wind came from the wrong side all afternoon.”",
    "The count has been made every March since 1998, and only the storm of 2010 ever stopped it.",
    "A second count is planned for the autumn, when the stubble fields beyond the mill can be walked again.",
    "The council pays for the string, and the club for the tea that is served to everybody afterwards.",
]
PARAGRAPHS = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
NAV = "<nav><ul>" + "".join(f"<li><a href='/s{n}'>Section {n}</a></li>" for n in range(30)) + "</ul></nav>"
ARTICLE = f"""<!doctype html><html lang="en-GB"><head><title>Forty kites counted | Daily Kite</title>
<meta name="author" content="Kite Writer">
<meta property="article:published_time" content="2024-03-04T09:00:00Z">
<link rel="canonical" href="/2024/03/kites-counted"><meta property="og:site_name" content="Some Other Paper">
</head><body><header>{NAV}</header><main><article><h1>Forty kites counted</h1>{PARAGRAPHS}</article></main>
<aside><h2>Most read</h2><ul><li><a href="/x">Bakery wins prize for its round loaf</a></li></ul></aside>
<footer><p>Subscribe to our newsletter. All rights reserved.</p></footer></body></html>"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reader() -> AsyncIterator[PooledReader]:
    """Two workers for the whole module: starting them takes half a second."""
    shared = PooledReader(seconds=5)
    await shared.start()
    yield shared
    await shared.close()


def _fetched(
    body: str | bytes, *, url: str = URL, content_type: str = "text/html", charset: str | None = None
) -> Fetched:
    data = body.encode() if isinstance(body, str) else body
    return Fetched(url=url, content_type=content_type, charset=charset, body=data)


def _html(title: str, body: str, head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


async def test_an_article_is_read_without_the_furniture_around_it(reader: PooledReader) -> None:
    page = await reader.read(_fetched(ARTICLE))
    assert page == Page(
        url=URL,
        host="www.daily-kite.example",
        kind=PageKind.ARTICLE,
        title="Forty kites counted",
        text="\n".join(SENTENCES),
        author="Kite Writer",
        published=date(2024, 3, 4),
        language="en",
        published_from=DateFrom.MARKUP,
        debunk=False,
        claims=(AddressClaim(by="rel=canonical", url=URL),),
    )


async def test_the_host_is_the_fetched_one_whatever_the_page_claims(reader: PooledReader) -> None:
    claim = "<link rel=canonical href='https://good.example/a'><meta property='og:site_name' content='Good'>"
    page = await reader.read(_fetched(_html("Kites", PARAGRAPHS, claim), url="https://evil.example/a"))
    assert page.host == "evil.example"
    assert page.claims == (AddressClaim(by="rel=canonical", url="https://good.example/a"),)


async def test_each_claim_about_the_address_is_kept_with_who_makes_it(reader: PooledReader) -> None:
    head = (
        "<meta property='og:url' content='/b'><link rel='nofollow CANONICAL' href='https://good.example/a'>"
    )
    page = await reader.read(_fetched(_html("Kites", PARAGRAPHS, head)))
    assert [(claim.by, claim.url) for claim in page.claims] == [
        ("rel=canonical", "https://good.example/a"),
        ("og:url", "https://www.daily-kite.example/b"),
    ]


@pytest.mark.parametrize("claim", ["javascript:alert(1)", "https://[", "", "mailto:a@b.example"])
async def test_a_claim_that_is_no_web_address_is_left_out(reader: PooledReader, claim: str) -> None:
    page = await reader.read(_fetched(_html("Kites", PARAGRAPHS, f"<link rel=canonical href='{claim}'>")))
    assert page.claims == ()


@pytest.mark.parametrize(
    ("html", "url", "kind"),
    [
        (_html("Log in | Daily Kite", "<form><input><input type=password></form>"), URL, PageKind.LOGIN),
        (
            _html("Before you continue", f"<p>We use cookies. Accept all or reject all.</p>{NAV}"),
            "https://consent.daily-kite.example/m?continue=x",
            PageKind.CONSENT,
        ),
        (
            _html("Page not found - Daily Kite", f"{NAV}<p>Sorry, we could not find that.</p>"),
            URL,
            PageKind.MISSING,
        ),
        (ARTICLE, "https://www.daily-kite.example/", PageKind.HOME),
        (ARTICLE, "https://www.daily-kite.example/index.html?utm_source=x", PageKind.HOME),
        (ARTICLE, "https://www.daily-kite.example/en/", PageKind.HOME),
        (ARTICLE, "https://www.daily-kite.example/?p=12", PageKind.ARTICLE),
        (
            _html(
                "Daily Kite", "<div id=root></div><noscript>Enable JavaScript.</noscript><script>x()</script>"
            ),
            URL,
            PageKind.SCRIPTED,
        ),
        ("", URL, PageKind.EMPTY),
        ("   \n", URL, PageKind.EMPTY),
        ("\0\0", URL, PageKind.EMPTY),
        ("<!-- nothing -->", URL, PageKind.EMPTY),
    ],
)
async def test_a_page_that_is_no_article_says_so(
    reader: PooledReader, html: str, url: str, kind: PageKind
) -> None:
    assert (await reader.read(_fetched(html, url=url))).kind == kind


def _data(json: str) -> str:
    return f'<script type="application/ld+json">{json}</script>'


@pytest.mark.parametrize(
    ("head", "debunk"),
    [
        (_data('{"@type": "ClaimReview", "claimReviewed": "x"}'), True),
        (_data('{"@type": "http://schema.org/ClaimReview"}'), True),
        (_data('{"@graph": [{"@type": ["Article"]}, {"@type": ["ClaimReview"]}]}'), True),
        (_data('{"@type": "NewsArticle", "about": "ClaimReview"}'), False),
        (_data('{"@type": "ClaimReview"'), False),
        (_data(f'{"[" * 100_000}"ClaimReview"{"]" * 100_000}'), False),
        ("<meta name=x>", False),
    ],
)
async def test_a_page_marked_up_as_a_fact_check_is_a_debunk(
    reader: PooledReader, head: str, debunk: bool
) -> None:
    assert (await reader.read(_fetched(_html("Kites", PARAGRAPHS, head)))).debunk is debunk


async def test_microdata_and_the_title_mark_a_debunk_too(reader: PooledReader) -> None:
    marked = f'<div itemscope itemtype="https://schema.org/ClaimReview">{PARAGRAPHS}</div>'
    assert (await reader.read(_fetched(_html("Kites", marked)))).debunk
    assert (await reader.read(_fetched(_html("No, Lower Meadow did not ban kites", PARAGRAPHS)))).debunk
    assert (
        await reader.read(_fetched("Fact check: kites\n\n" + " ".join(SENTENCES), content_type="text/plain"))
    ).debunk


async def test_plain_text_is_read_with_its_first_line_for_a_title(reader: PooledReader) -> None:
    text = "Forty kites counted\r\n\r\n" + "\n".join(SENTENCES)
    page = await reader.read(_fetched(text, content_type="text/plain"))
    assert (page.title, page.kind) == ("Forty kites counted", PageKind.ARTICLE)
    assert page.text == "\n".join(SENTENCES)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<html><body>" + "<div>" * 100_000 + PARAGRAPHS, "its parts are nested too deeply"),
        ("<html><body>" + "<div>" * 300 + PARAGRAPHS + "</div>" * 300, "its parts are nested too deeply"),
        ("<html><body>" + "<b>" * 200_000 + PARAGRAPHS, "its parts are nested too deeply"),
        ("<html><body>" + "<p>a" * 1_000_000, "it is made of too many parts"),
    ],
)
async def test_a_page_that_no_parser_takes_is_told_as_unreadable(
    reader: PooledReader, body: str, reason: str
) -> None:
    """Never as a page without an article."""
    with pytest.raises(UnreadableError) as caught:
        await reader.read(_fetched(body))
    assert caught.value.reason == reason


async def test_a_page_nested_just_below_the_limit_is_read(reader: PooledReader) -> None:
    page = await reader.read(_fetched("<html><body>" + "<div>" * 240 + PARAGRAPHS + "</div>" * 240))
    assert "storm of 2010" in page.text


async def test_a_huge_page_is_cut_and_read(reader: PooledReader) -> None:
    page = await reader.read(_fetched(ARTICLE.replace("</body>", "<!--" + "x" * (6 * 2**20) + "--></body>")))
    assert page.text == "\n".join(SENTENCES)


async def test_nul_bytes_do_not_cut_a_page_short(reader: PooledReader) -> None:
    page = await reader.read(_fetched(ARTICLE.replace("<p>", "<p>\0").replace("kites", "ki\0tes")))
    assert page.text == "\n".join(SENTENCES)


@pytest.mark.parametrize(
    "body",
    [
        "<" * 100_000,
        "&" * 100_000,
        "<a href='" * 50_000,
        "<![CDATA[" * 50_000,
        "<table>" * 200 + "<td>x" * 2_000,
        "\ufeff\ufffe\u0000\u202e" * 1000,
        "<svg><style><img/></style></svg>" * 5_000,
        "<p>" + "a" * 2_000_000,
        "<p>" + "word " * 10_000_000,
        f"<div title='{'x' * 1_500_000}'>{PARAGRAPHS}</div>",
        "<div " + "a=b " * 100_000 + ">",
        "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]><p>&b;&b;</p>" + PARAGRAPHS,
        "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><html><p>&e;</p></html>",
        "<p>&#0;&#xD800;&#x110000;&nosuch;&amp" * 5_000,
        b"<p>\xff\xfe\xc3\x28\xf0\x90" * 10_000,
        "<p>" + "\u0301" * 500_000,
        "<script type='application/ld+json'>" + '{"a":' * 200_000 + "</script>",
        "<form><input>" * 20_000,
    ],
)
async def test_any_rubbish_is_a_page_or_unreadable(reader: PooledReader, body: str) -> None:
    try:
        page = await reader.read(_fetched(body))
    except UnreadableError:
        return
    assert "\0" not in page.text
    assert len(page.text) <= 200_000


async def test_the_loop_goes_on_while_a_page_is_read(reader: PooledReader) -> None:
    reading = asyncio.create_task(reader.read(_fetched("<html><body>" + "<p>a b c d</p>" * 5_000)))
    turns = 0
    while not reading.done():
        await asyncio.wait({reading}, timeout=0.005)
        turns += 1
    assert (await reading).words
    assert turns > 3


async def test_files_are_read_like_pages(reader: PooledReader, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Forty kites counted\n\n" + "\n".join(SENTENCES), "utf-8")
    (tmp_path / "b.html").write_text(ARTICLE, "utf-8")
    (tmp_path / "c").write_text(ARTICLE, "utf-8")
    (tmp_path / "d.txt").write_text("\n".join(SENTENCES), "cp1252")
    files = [tmp_path / name for name in ("a.txt", "b.html", "c", "d.txt")]
    found = {path.name: await reader.read_file(path) for path in files}
    assert [page.title for page in found.values()] == ["Forty kites counted"] * 3 + [""]
    assert {page.text for page in found.values()} == {"\n".join(SENTENCES)}
    assert {(page.host, page.kind) for page in found.values()} == {("", PageKind.ARTICLE)}


async def test_a_file_that_is_no_text_or_not_there_is_told(reader: PooledReader, tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"\x7fELF\0\0\0")
    for name, reason in (
        ("x.bin", "neither text, HTML nor PDF"),
        ("none.txt", "No such file"),
        ("", "Is a directory"),
    ):
        with pytest.raises(UnreadableError, match=reason):
            await reader.read_file(tmp_path / name)
