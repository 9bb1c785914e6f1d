"""Which strings name the same page, which never do, and what wrappers carry."""

from __future__ import annotations

import base64
import json
import os
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import UrlError
from kb.urls.archives import Snapshot
from kb.urls.identity import Address, claimed_address, identify, is_home, may_be_home
from kb.urls.parts import plain_host
from kb.urls.rules import IDENTITIES
from kb.urls.wrappers import WRAPPERS


def _words(text: str) -> list[str]:
    return text.split()


STORY = "https://news.example.com/2024/05/story-title"

SAME = {
    "scheme, port, host": [
        STORY,
        "http://news.example.com/2024/05/story-title",
        "HTTPS://NEWS.Example.COM:443/2024/05/story-title",
        "http://news.example.com:80/2024/05/story-title",
        "https://news.example.com./2024/05/story-title",
        "https://www.news.example.com/2024/05/story-title",
        "https://m.news.example.com/2024/05/story-title",
        "https://amp.news.example.com/2024/05/story-title",
        "https://mobile.www.news.example.com/2024/05/story-title",
        "https://reader@news.example.com/2024/05/story-title",
        "  https://news.example.com/2024/05/story-title\n",
    ],
    "path": [
        STORY,
        f"{STORY}/",
        f"{STORY}//",
        f"{STORY}/index.html",
        f"{STORY}/index.php",
        f"{STORY}/Default.aspx",
        "https://news.example.com/2024/./05/x/../story-title",
        "https://news.example.com//2024///05/story-title",
        "https://news.example.com/2024/05/story%2Dtitle",
        "https://news.example.com/2024/05/story-title;jsessionid=0A1B2C.node7",
        "https://news.example.com/(S(lit3py55t21z5v55vlm25s55))/2024/05/story-title",
    ],
    "AMP": [
        STORY,
        f"{STORY}/amp",
        f"{STORY}/amp/",
        f"{STORY}.amp",
        f"{STORY}?amp",
        f"{STORY}?amp=1",
        f"{STORY}?outputType=amp",
        "https://news.example.com/amp/2024/05/story-title",
        "https://news-example-com.cdn.ampproject.org/c/s/news.example.com/2024/05/story-title",
        "https://www.google.de/amp/s/news.example.com/2024/05/story-title",
    ],
    "AMP file": ["https://example.com/a/story.html", "https://example.com/a/story.amp.html"],
    "fragment": [
        STORY,
        f"{STORY}#",
        f"{STORY}#comments",
        f"{STORY}#:~:text=one,two",
        f"{STORY}#!",
        f"{STORY}#/",
    ],
    "order": ["https://example.com/a?x=1&y=2&x=3", "https://example.com/a?y=2&x=1&&x=3&"],
    "percent": ["https://example.com/caf%c3%a9?q=%7e", "https://example.com/café?q=~"],
    "stray percent": ["https://example.com/100%", "https://example.com/100%25"],
    "route": ["https://example.com/#!/a:~:text=b", "https://example.com/#!/a"],
    "wikipedia": ["https://en.m.wikipedia.org/wiki/Kite", "https://en.wikipedia.org/wiki/Kite?wprov=sfla1"],
    "video": [
        "https://www.youtube.com/watch?v=aFCO6WidGVM",
        "https://www.youtube.com/watch?app=desktop&v=aFCO6WidGVM&list=PLabc&index=3",
        "https://www.youtube-nocookie.com/embed/aFCO6WidGVM?start=3",
        "https://music.youtube.com/watch?v=aFCO6WidGVM",
        "https://www.youtube.com/live/aFCO6WidGVM?si=x",
        "https://www.youtube.com/v/aFCO6WidGVM",
        "https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3DaFCO6WidGVM%26feature%3Dshare",
        "youtu.be/aFCO6WidGVM".join(["http://", "?t=10"]),
    ],
    "post": [
        "https://x.com/somebody/status/1700000000000000001",
        "https://twitter.com/somebody/status/1700000000000000001?s=20&t=abc",
        "https://mobile.twitter.com/Somebody/statuses/1700000000000000001/photo/1",
        "https://twitter.com/i/web/status/1700000000000000001",
        "https://twitter.com/#!/somebody/status/1700000000000000001",
        "https://vxtwitter.com/somebody/status/1700000000000000001",
    ],
    "facebook": [
        "https://www.facebook.com/permalink.php?story_fbid=1&id=9",
        "https://m.facebook.com/story.php?story_fbid=1&id=9&mibextid=x&_rdr",
        "https://mbasic.facebook.com/story.php?id=9&refid=17&story_fbid=1",
    ],
    "reddit": [
        "https://www.reddit.com/r/kites/comments/abc123/a_title/",
        "https://old.reddit.com/r/kites/comments/abc123/a_title/?utm_source=share&context=3",
        "https://redd.it/abc123",
    ],
    "instagram": [
        "https://www.instagram.com/p/Cabc_-1/?igsh=x",
        "https://instagram.com/reel/Cabc_-1",
        "https://www.instagram.com/somebody/p/Cabc_-1/",
    ],
    "telegram": [
        "https://t.me/channel/12",
        "https://t.me/s/channel/12",
        "https://telegram.me/channel/12?single",
    ],
    "tiktok": ["https://www.tiktok.com/@a.b/video/71?_r=1&_t=8", "https://m.tiktok.com/v/71.html"],
}

DIFFERENT = {
    "path case": [STORY, "https://news.example.com/2024/05/Story-Title"],
    "encoded slash": ["https://example.com/a%2Fb", "https://example.com/a/b"],
    "encoded question mark": ["https://example.com/a%3Fb", "https://example.com/a?b"],
    "encoded percent": ["https://example.com/a%252Fb", "https://example.com/a%2Fb"],
    "encoded plus": ["https://example.com/?q=a%2Bb", "https://example.com/?q=a+b"],
    "encoded ampersand": ["https://example.com/?q=a%26b=1", "https://example.com/?q=a&b=1"],
    "port": ["https://example.com/a", "https://example.com:8443/a"],
    "host": ["https://alice.example.com/a", "https://bob.example.com/a", "https://example.com/a"],
    "owners under one suffix": ["https://m.co.uk/a", "https://mobile.co.uk/a", "https://co.uk/a"],
    "owners on a shared host": ["https://m.github.io/a", "https://amp.github.io/a", "https://github.io/a"],
    "label that begins like a device's": ["https://m6.example.fr/a", "https://www2.example.fr/a", "https://example.fr/a"],
    "look-alike letters": ["https://аpple.example/x", "https://apple.example/x"],
    "route": ["https://example.com/#/a", "https://example.com/#/b", "https://example.com/#!a", "https://example.com/"],
    "bare query": ["https://example.com/?2442", "https://example.com/?2443", "https://example.com/"],
    "value order": ["https://example.com/?x=1&x=2", "https://example.com/?x=2&x=1"],
    "word like AMP": ["https://example.com/camp", "https://example.com/c", "https://example.com/amps/c"],
    "AMP root": ["https://example.com/amp", "https://example.com/amplifiers"],
    "AMP value": ["https://example.com/shop?amp=marshall", "https://example.com/shop?amp=fender"],
    "index word": ["https://example.com/a/indexes.html", "https://example.com/a/my-index.html", "https://example.com/a"],
    "video case": ["https://youtu.be/aFCO6WidGVM", "https://youtu.be/afco6widgvm"],
    "no video": ["https://www.youtube.com/embed/videoseries?list=PLa", "https://www.youtube.com/embed/live_stream?channel=b"],
    "search for a post": ["https://x.com/search?q=/bob/status/1", "https://x.com/bob/status/1"],
    "comment": ["https://www.reddit.com/r/a/comments/abc/t/d1/", "https://www.reddit.com/r/a/comments/abc/t/d2/"],
    "google of another owner": [
        "https://google.evil.example/url?q=https%3A%2F%2Fnews.example.com%2F2024%2F05%2Fstory-title",
        STORY,
    ],
    "wrapper path, not its host": ["https://example.com/l.php?u=https%3A%2F%2Fexample.org%2F", "https://example.org/"],
    **{
        f"parameter {name}": [f"https://example.com/a{query}" for query in ("", f"?{name}=1", f"?{name}=2")]
        for name in _words("id p t story ref source sid cid mc v page q article utm mcid att lang date tid s")
    },
}  # fmt: skip

TRACKERS = _words(
    """
    utm_source utm_id UTM_Campaign gclid gbraid wbraid dclid srsltid _ga _gl fbclid igshid igsh msclkid
    ttclid twclid yclid mc_cid mc_eid mkt_tok _hsenc _hsmi hsCtaTracking hsa_cam vero_id oly_enc_id
    elqTrackId spMailingID wt_mc wt.mc_id at_medium at_campaign ncid sr_share xtor ocid cmpid CMP ito
    smid soc_src guccounter ref_src wickedid s_kwcid pk_campaign mtm_source PHPSESSID jsessionid
    ASPSESSIONIDQQ rb_clickid ICID dm_i __twitter_impression epik li_fat_id
    """
)

TARGET = "https://www.example.com/news/a?id=1"
CODED = quote(TARGET, safe="")
B64 = base64.urlsafe_b64encode(TARGET.encode()).decode().rstrip("=")
WRAPPED = [
    f"https://l.facebook.com/l.php?u={CODED}&h=AT0",
    f"https://m.facebook.com/l.php?u={CODED}",
    f"https://www.facebook.com/flx/warn/?u={CODED}",
    f"https://l.instagram.com/?u={CODED}&e=x",
    f"https://l.threads.com/?u={CODED}",
    f"https://www.google.com/url?sa=t&url={CODED}&ved=1",
    f"https://www.google.co.uk/url?q={CODED}",
    "https://www.google.com/amp/s/www.example.com/news/a?id=1",
    "https://www-example-com.cdn.ampproject.org/v/s/www.example.com/news/a?id=1&amp_js_v=0.1&usqp=x",
    f"https://www.bing.com/ck/a?!&&p=x&u=a1{B64}&ntb=1",
    f"https://duckduckgo.com/l/?uddg={CODED}&rut=x",
    f"https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RO=10/RU={CODED}/RK=2/RS=x-",
    f"https://www.youtube.com/redirect?event=x&q={CODED}",
    f"https://out.reddit.com/t3_abc?url={CODED}&token=x",
    f"https://www.linkedin.com/redir/redirect?url={CODED}&urlhash=x",
    f"https://www.linkedin.com/safety/go?url={CODED}",
    f"https://vk.com/away.php?to={CODED}&cc_key=",
    f"https://t.umblr.com/redirect?z={CODED}&t=x",
    f"https://slack-redir.net/link?url={CODED}&v=3",
    f"https://disq.us/url?url={CODED}%3Aha-sh_1&cuid=1",
    f"https://href.li/?{TARGET}",
    f"https://nam12.safelinks.protection.outlook.com/?url={CODED}&data=05&reserved=0",
    f"https://nam12.safelinks.protection.outlook.com/ap/t-59584e83/?url={CODED}&data=05",
    f"https://urldefense.proofpoint.com/v1/url?u={CODED}&k=x",
    "https://urldefense.proofpoint.com/v2/url?u=https-3A__www.example.com_news_a-3Fid-3D1&d=DwMF",
    "https://urldefense.com/v3/__https://www.example.com/news/a?id=1__;!!abc!xyz$",
    "https://urldefense.com/v3/__https://www.example.com/news/a*id=1__;Pw!!abc!xyz$",
    "https://urldefense.com/v3/__https://www.example**Dnews/a?id=1__;LmNvbS8!!abc!xyz$",
    "https://web.archive.org/web/20240102030405/https://www.example.com/news/a?id=1",
    "https://web.archive.org/web/20240102030405id_/https://www.example.com/news/a?id=1",
    "https://web.archive.org/web/2024im_/https://www.example.com/news/a?id=1",
    "https://web.archive.org/web/*/https://www.example.com/news/a?id=1",
    "https://web.archive.org/web/2024*/https://www.example.com/news/a?id=1",
    "https://web.archive.org/save/https://www.example.com/news/a?id=1",
    "https://archive.is/2024.01.02-030405/https://www.example.com/news/a?id=1",
    "https://archive.ph/newest/https://www.example.com/news/a?id=1",
    "https://archive.md/https://www.example.com/news/a?id=1",
    f"https://archive.today/?run=1&url={CODED}",
    f"https://webcache.googleusercontent.com/search?q=cache:AbCdEfGhIjKl:{CODED}+kite+word&hl=en",
    "https://www-example-com.translate.goog/news/a?id=1&_x_tr_sl=de&_x_tr_tl=en&_x_tr_hl=en",
    f"https://translate.google.com/translate?sl=de&tl=en&u={CODED}",
    "https://12ft.io/https://www.example.com/news/a?id=1",
    f"https://12ft.io/proxy?q={CODED}",
    "https://r.jina.ai/https://www.example.com/news/a?id=1",
    "view-source:https://www.example.com/news/a?id=1",
    f"https://linkprotect.cudasvc.com/url?a={CODED}&c=E,1",
    f"https://secure-web.cisco.com/1AbC-d/{CODED}",
    f"https://abc.r.eu-west-1.awstrack.me/L0/{CODED}/1/0102-x/y=1",
    f"https://steamcommunity.com/linkfilter/?u={CODED}",
    f"https://consent.youtube.com/m?continue={CODED}&gl=DE",
]  # fmt: skip

NOT_WRAPPED = [
    "https://l.facebook.com/l.php?h=AT0",
    "https://l.facebook.com/l.php?u=javascript%3Aalert(1)",
    "https://l.facebook.com/l.php?u=ftp%3A%2F%2Fexample.com%2F",
    "https://www.google.com/url?q=kites",
    "https://www.google.com/search?q=https%3A%2F%2Fexample.com%2F",
    "https://www.bing.com/ck/a?u=a1%%%",
    "https://www.bing.com/ck/a?u=a1_____w",
    "https://urldefense.com/v3/__mailto:a@example.com__;!!a!b$",
    "https://urldefense.com/v3/__https://example.com/*__;/+++!!a!b$",
    "https://archive.ph/AbCdE",
    "https://archive.ph/faq.html",
    "https://archive.org/details/kites",
    "https://archive.org/web/web.php",
    "https://web.archive.org/",
    "https://12ft.io/about",
    "https://r.jina.ai/https://",
    "https://href.li/?kites",
    "https://webcache.googleusercontent.com/search?q=related:example.com",
    "https://www.youtube.com/redirect?q=%2Fwatch",
    "https://t.co/AbCdEf",
    "https://bit.ly/3AbCdEf",
]


@pytest.mark.parametrize("urls", SAME.values(), ids=SAME.keys())
def test_one_page_has_one_key(urls: list[str]) -> None:
    assert {identify(url).key for url in urls} == {identify(urls[0]).key}


@pytest.mark.parametrize("urls", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_two_pages_never_share_a_key(urls: list[str]) -> None:
    assert len({identify(url).key for url in urls}) == len(urls)


@pytest.mark.parametrize("name", TRACKERS)
def test_a_tracker_in_any_place_changes_nothing(name: str) -> None:
    tracked = [f"{STORY}?{name}=x", f"{STORY}?a=1&{name}=x&b", f"{STORY}?b&{name}&a=1&{name}=y"]
    assert identify(tracked[0]).key == identify(STORY).key
    assert identify(tracked[1]).key == identify(tracked[2]).key == identify(f"{STORY}?a=1&b").key


@pytest.mark.parametrize("url", WRAPPED)
def test_a_wrapper_is_taken_off_and_remembered(url: str) -> None:
    found = identify(url)
    assert found.url == TARGET
    assert len(found.wrappers) == 1
    assert found.wrappers[0] in url


@pytest.mark.parametrize("url", NOT_WRAPPED)
def test_a_wrapper_without_a_web_address_inside_stays_itself(url: str) -> None:
    found = identify(url)
    assert found.wrappers == ()
    assert found.url == url


def test_a_wayback_address_may_leave_the_scheme_out() -> None:
    assert (
        identify("https://web.archive.org/web/2010/www.example.com/a?b=1").url
        == "http://www.example.com/a?b=1"
    )


@pytest.mark.parametrize(
    ("url", "copy", "taken"),
    [
        (
            "https://web.archive.org/web/20240102030405/https://example.com/a?b=1#c",
            "https://web.archive.org/web/20240102030405id_/https://example.com/a?b=1#c",
            date(2024, 1, 2),
        ),
        (
            "https://web.archive.org/web/20240102030405im_/https://example.com/a",
            "https://web.archive.org/web/20240102030405id_/https://example.com/a",
            date(2024, 1, 2),
        ),
        (
            "http://archive.org/web/2019/example.com/a",
            "https://web.archive.org/web/2019id_/http://example.com/a",
            None,
        ),
        (
            "https://web.archive.org/web/https://example.com/{a}",
            "https://web.archive.org/web/2id_/https://example.com/%7Ba%7D",
            None,
        ),
        (
            "https://web.archive.org/web/20241302/https://example.com/a",
            "https://web.archive.org/web/20241302id_/https://example.com/a",
            None,
        ),
        (
            "https://archive.ph/2024.01.02-030405/https://example.com/a",
            "https://archive.ph/2024.01.02-030405/https://example.com/a",
            date(2024, 1, 2),
        ),
        (
            "https://archive.is/https://example.com/a",
            "https://archive.is/https://example.com/a",
            None,
        ),
        (
            "https://arquivo.pt/wayback/20140717111145/https://example.com/a",
            "https://arquivo.pt/wayback/20140717111145/https://example.com/a",
            date(2014, 7, 17),
        ),
        (
            "https://www.google.com/url?q=https%3A%2F%2Fweb.archive.org%2Fweb%2F20240102%2Fhttps%3A%2F%2Fexample.com%2Fa",
            "https://web.archive.org/web/20240102id_/https://example.com/a",
            date(2024, 1, 2),
        ),
    ],
)
def test_an_archived_page_keeps_where_its_copy_is_and_when_it_was_made(
    url: str, copy: str, taken: date | None
) -> None:
    found = identify(url)
    assert found.url.startswith(("https://example.com/", "http://example.com/"))
    assert found.snapshot == Snapshot(url=copy, taken=taken)


@pytest.mark.parametrize(
    "url", [STORY, f"https://l.facebook.com/l.php?u={CODED}", f"https://12ft.io/{STORY}"]
)
def test_what_is_no_archive_keeps_no_copy(url: str) -> None:
    assert identify(url).snapshot is None


def test_wrappers_inside_each_other_are_listed_from_the_outside() -> None:
    inner = f"https://www.google.com/url?q={CODED}"
    outer = f"https://l.facebook.com/l.php?u={quote(inner, safe='')}"
    found = identify(f"https://web.archive.org/web/2024/{outer}")
    assert (found.url, found.key) == (TARGET, "example.com/news/a?id=1")
    assert found.wrappers == ("web.archive.org", "l.facebook.com", "www.google.com")


@pytest.mark.parametrize(("depth", "taken_off"), [(5, 5), (6, 0), (40, 0)])
def test_a_nest_of_more_than_five_wrappers_stays_itself(depth: int, taken_off: int) -> None:
    url = "https://web.archive.org/web/2024/" * depth + TARGET
    found = identify(url)
    assert len(found.wrappers) == taken_off
    assert found.url == (TARGET if taken_off else url)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "starts with https://"),
        ("example.com/a", "starts with https://"),
        ("mailto:a@example.com", "starts with https://"),
        ("javascript:alert(1)", "starts with https://"),
        ("file:///etc/passwd", "starts with https://"),
        ("https://", "starts with https://"),
        ("https://[::1", "starts with https://"),
        ("https://a b.example/", "starts with https://"),
        ("https://a..example/", "empty part"),
        ("https://exa\ud800mple.com/", "starts with https://"),
    ],
)
def test_what_is_no_web_address_is_refused_with_a_reason(text: str, why: str) -> None:
    with pytest.raises(UrlError, match=why):
        identify(text)


def test_a_refusal_shows_a_long_text_shortened() -> None:
    with pytest.raises(UrlError) as caught:
        identify("x" * 100_000)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("page", "claim", "believed"),
    [
        ("https://m.example.co.uk/a?x=1", "https://www.example.co.uk/a", "example.co.uk/a"),
        ("https://a.example.com/1", "https://b.example.com/2", "b.example.com/2"),
        ("https://evil.example/a", "https://good.example/a", None),
        ("https://alice.github.io/a", "https://bob.github.io/a", None),
        ("https://one.co.uk/a", "https://two.co.uk/a", None),
        ("https://192.0.2.1/a", "https://198.51.2.1/a", None),
        ("https://example.com/a", "https://example.com/", None),
        ("https://example.com/a", "/b", None),
        (
            "https://example.com/a",
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fb",
            "example.com/b",
        ),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fb", "https://facebook.com/x", None),
    ],
)
def test_a_page_is_believed_about_its_address_only_within_its_own_site(
    page: str, claim: str, believed: str | None
) -> None:
    """Otherwise a hostile page takes over a good page's identity."""
    found = claimed_address(page, claim)
    assert (found.key if found else None) == believed


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.example.com/", True),
        ("https://example.com/index.html#top", True),
        ("https://example.com/?utm_source=x", True),
        ("https://example.com/?p=12", False),
        ("https://example.com/#!/story", False),
        ("https://example.com/a", False),
    ],
)
def test_a_home_page_is_known_by_its_address(url: str, expected: bool) -> None:
    assert is_home(identify(url)) is expected


@pytest.mark.parametrize(
    ("path", "home"),
    [
        ("", True),
        ("en", True),
        ("en-us", True),
        ("de_AT", True),
        ("home", True),
        ("start.php", True),
        ("a-story", False),
        ("en/a", False),
        ("2024", False),
        ("en?p=12", False),
        ("en#!/story", False),
    ],
)
def test_what_may_be_a_front_page_is_known_by_its_path(path: str, home: bool) -> None:
    assert may_be_home(identify(f"https://example.com/{path}")) is home


def test_every_identity_rule_gives_a_key_that_names_itself() -> None:
    for identity in IDENTITIES:
        key = identity.key.format("aFCO6WidGVM" if "watch?v" in identity.key else "1234567", "7654321")
        assert identify(f"https://{key}").key == key, identity


def test_every_wrapper_host_is_written_as_it_is_looked_up() -> None:
    for wrapper in WRAPPERS:
        for host in wrapper.hosts.split():
            if not host.startswith(".") and not host.endswith(".*"):
                assert plain_host(host) == host == host.lower()


_PIECES = _words(
    """
    a A story amp .amp index.html index.amp.html default.aspx .. . %2e %2F %7e %%34%31 %zz % é ;
    ;jsessionid=1 ..;jsessionid=1 (S(a1)) l.php url web 2024 2024id_ https: https:/ https:// www.example.com
    #! https%3A%2F%2Fexample.com%2Fa status 12 watch aFCO6WidGVM comments r newest o v3 __https: __;!!a!b$ c s
    ...amp ..amp.html sharer.php
    """
)
_HOSTS = _words(
    """
    example.com www.example.com m.www.amp.example.co.uk m.co.uk www.example mobile.www.example example.com.
    bücher.example 192.0.2.7 [2001:db8::1] localhost www m.facebook.com l.facebook.com www.google.com
    web.archive.org archive.ph 12ft.io x.com twitter.com youtube.com youtu.be reddit.com www.bing.com
    a-b.translate.goog x.cdn.ampproject.org disq.us href.li urldefense.com t.me instagram.com yandex.ru
    www.gov.uk
    """
)
_NAMES = _words("u q url id v amp utm_source UTM%5fid x %75 story_fbid p a.b continue next")
_pieces = st.sampled_from(["", *_PIECES])
_hosts = st.sampled_from(_HOSTS)
_values = st.one_of(
    _pieces,
    st.text(max_size=8),
    st.sampled_from([CODED, TARGET, f"a1{B64}", quote(f"https://l.facebook.com/l.php?u={CODED}", safe="")]),
)
_names = st.sampled_from(["", *_NAMES])
_pairs = st.lists(st.tuples(_names, st.sampled_from(["=", ""]), _values).map("".join), max_size=4).map(
    "&".join
)
_urls = st.builds(
    lambda scheme, host, port, path, query, fragment: f"{scheme}{host}{port}/{path}{query}{fragment}",
    st.sampled_from(["https://", "http://", "view-source:https://", "https://a:b@"]),
    _hosts,
    st.sampled_from(["", ":80", ":443", ":8080", ":0"]),
    st.lists(st.one_of(_pieces, st.text(max_size=4)), max_size=7).map("/".join),
    st.one_of(st.just(""), _pairs.map("?{}".format)),
    st.one_of(st.just(""), st.tuples(st.sampled_from(["#", "#/", "#!", "#!/"]), _values).map("".join)),
)


@given(_urls)
def test_a_key_names_itself(url: str) -> None:
    try:
        key = identify(url).key
    except UrlError:
        return
    again = identify(f"https://{key}")
    assert again.key == key
    assert again.wrappers == ()


@given(_urls)
def test_what_is_inside_has_the_key_of_the_whole(url: str) -> None:
    try:
        whole = identify(url)
    except UrlError:
        return
    assert identify(whole.url) == Address(url=whole.url, key=whole.key)


@given(st.text())
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    for candidate in (
        text,
        f"https://{text}",
        f"https://example.com/{text}",
        f"https://web.archive.org/web/{text}",
    ):
        try:
            found = identify(candidate)
        except UrlError:
            continue
        assert found.url.startswith(("http://", "https://"))
        assert found.key


def _sample(kind: str) -> list[dict[str, object]]:
    place = os.environ.get("CAVEAT_TEST_DATA")
    if not place:
        pytest.skip("CAVEAT_TEST_DATA is not set: the sample of URL pairs lies beside the repository")
    found: list[dict[str, object]] = json.loads(
        Path(place, "links", "canonical_pairs.json").read_text("utf-8")
    )[kind]
    assert found
    return found


def test_the_sample_of_equal_addresses_agrees() -> None:
    for case in _sample("same"):
        assert len({identify(url).key for url in case["urls"]}) == 1, case  # type: ignore[attr-defined]  # JSON


def test_the_sample_of_different_addresses_differs() -> None:
    for case in _sample("diff"):
        urls: list[str] = case["urls"]  # type: ignore[assignment]  # JSON
        assert len({identify(url).key for url in urls}) == len(urls), case


def test_the_sample_of_wrapped_addresses_unwraps() -> None:
    for case in _sample("unwrap"):
        found = identify(str(case["url"]))
        assert (found.url, bool(found.wrappers)) == (case["target"], True), case
