"""Addresses that carry another one: click counters, mail filters, archives, AMP caches, translators.

Nothing here asks the network. A shortener (t.co, bit.ly) holds no target and is no wrapper: following one is
the fetcher's work.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from kb.errors import UrlError
from kb.urls.archives import WAYBACK, Snapshot, snapshot
from kb.urls.parts import Parts, plain_host, public_suffix, read_parts

Decode = Callable[[Parts, re.Match[str]], str | None]


class Wrapper(NamedTuple):
    """On `hosts` (".x.y": any host below x.y; "x.*": x under any public suffix), where `path` matches whole.

    The target stands in the first of `names` among the parameters, or `decode` finds it. With `raw`, the
    wrapper keeps copies of pages: `raw` is the address of the bare copy, or "" where that is its own.
    """

    hosts: str
    path: str
    names: str = ""
    decode: Decode | None = None
    raw: str | None = None


class Unwrapped(NamedTuple):
    """What was inside a wrapper, and the copy of it that the wrapper keeps, if it is an archive."""

    parts: Parts
    snapshot: Snapshot | None


def unwrap(parts: Parts) -> Unwrapped | None:
    """Take off one wrapper; None when there is none, or its target is no http(s) address."""
    for path, wrapper in _wrappers_of(plain_host(parts.host)):
        if not (match := path.fullmatch(parts.path)):
            continue
        target = wrapper.decode(parts, match) if wrapper.decode else _parameter(parts, wrapper.names)
        if target:
            try:
                inside = read_parts(target)
            except UrlError:
                continue
            kept = None if wrapper.raw is None else snapshot(wrapper.raw, parts, inside, match["stamp"] or "")
            return Unwrapped(inside, kept)
    return None


def is_wrapping(host: str) -> bool:
    """Tell whether any wrapper is known on this host."""
    return bool(_wrappers_of(plain_host(host)))


_ADDRESS = re.compile(r"(https?):/*([^/].*)", re.IGNORECASE | re.DOTALL)
_ENCODED_ADDRESS = re.compile(r"https?%3a", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"(?:[\w-]+\.)+[a-z][a-z0-9-]+(?::\d+)?(?:[/?#].*)?", re.IGNORECASE | re.DOTALL)


def _absolute(text: str) -> str | None:
    if _ENCODED_ADDRESS.match(text):
        text = unquote(text)
    match = _ADDRESS.fullmatch(text.strip())
    return f"{match[1]}://{match[2]}" if match else None


def _parameter(parts: Parts, names: str) -> str | None:
    values = dict(reversed(parse_qsl(parts.query, keep_blank_values=True)))  # the first of a name counts
    targets = (_absolute(values[name]) for name in names.split() if name in values)
    return next((target for target in targets if target), None)


def _tail(parts: Parts, query: str) -> str:
    return (f"?{query}" if query else "") + (f"#{parts.fragment}" if parts.fragment else "")


def _without(query: str, *prefixes: str) -> str:
    return "&".join(pair for pair in query.split("&") if not pair.startswith(prefixes))


def _in_path(parts: Parts, match: re.Match[str]) -> str | None:
    rest = match["target"]
    return _absolute(rest) if _ENCODED_ADDRESS.match(rest) else _absolute(rest + _tail(parts, parts.query))


def _archived(parts: Parts, match: re.Match[str]) -> str | None:
    target = _in_path(parts, match)
    if target or not match["stamp"] or not _BARE_ADDRESS.fullmatch(match["target"]):
        return target
    return f"http://{match['target']}{_tail(parts, parts.query)}"


def _amp_cached(parts: Parts, match: re.Match[str]) -> str | None:
    if not _BARE_ADDRESS.match(match["target"]):
        return None
    query = _without(parts.query, "amp_", "usqp=", "aoh=")
    return f"{'https' if match['s'] else 'http'}://{match['target']}{_tail(parts, query)}"


def _google_cached(parts: Parts, _: re.Match[str]) -> str | None:
    words = dict(parse_qsl(parts.query)).get("q", "").split()
    if not words or not words[0].startswith("cache:"):
        return None
    target = re.sub(r"^cache:(?:[\w-]{12}:)?", "", words[0])
    return _absolute(target) or (f"http://{target}" if _BARE_ADDRESS.fullmatch(target) else None)


def _translated(parts: Parts, _: re.Match[str]) -> str | None:
    label = parts.host.removesuffix(".translate.goog")
    host = label.replace("--", "\0").replace("-", ".").replace("\0", "-")
    scheme = "http" if "_x_tr_sch=http" in parts.query.split("&") else "https"
    return f"{scheme}://{host}{parts.path}{_tail(parts, _without(parts.query, '_x_tr_'))}"


def _whole_query(parts: Parts, _: re.Match[str]) -> str | None:
    return _absolute(parts.query + (f"#{parts.fragment}" if parts.fragment else ""))


def _in_path_code(_: Parts, match: re.Match[str]) -> str | None:
    return _absolute(unquote(match["target"]))


def _bing(parts: Parts, _: re.Match[str]) -> str | None:
    code = dict(parse_qsl(parts.query)).get("u", "")
    return _base64_text(code[2:]) if code.startswith("a1") else None


def _base64_text(code: str) -> str | None:
    try:
        return _absolute(base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)).decode())
    except (binascii.Error, ValueError):
        return None


def _disqus(parts: Parts, _: re.Match[str]) -> str | None:
    target = _parameter(parts, "url")
    return re.sub(r"(?<=.{8}):[\w-]+$", "", target) if target else None


def _proofpoint_2(parts: Parts, _: re.Match[str]) -> str | None:
    code = dict(parse_qsl(parts.query)).get("u", "")
    return _absolute(unquote(code.translate(str.maketrans("-_", "%/"))))


_RUN_LENGTHS = {
    letter: length
    for length, letter in enumerate(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", start=2
    )
}


def _proofpoint_3(parts: Parts, _: re.Match[str]) -> str | None:
    """Each "*" stands for one character, "**X" for a run of them, kept aside in base64 after the address."""
    whole = parts.path + _tail(parts, parts.query)
    match = re.fullmatch(r"/v3/__(.+?)__;([\w-]*={0,2})!.*", whole, re.DOTALL)
    if not match:
        return None
    try:
        kept = iter(base64.urlsafe_b64decode(match[2] + "=" * (-len(match[2]) % 4)).decode())
    except (binascii.Error, ValueError):
        return None

    def restore(star: re.Match[str]) -> str:
        count = _RUN_LENGTHS[star[1]] if star[1] else 1
        return "".join(character for _, character in zip(range(count), kept, strict=False))

    return _absolute(re.sub(r"\*\*([\w-])|\*", restore, match[1]))


_STAMP = r"(?P<stamp>/(?:\d{1,14}\*?|\*)(?:(?:id|im|if|js|cs|oe|mp|fw)_)?)?"
_SNAPSHOT = r"(?P<stamp>/(?:newest|oldest|o/\w+|[\d.-]{4,17}))"
_TARGET = r"/(?P<target>.+)"
_AMP = r"(?P<s>s/)?(?P<target>.+)"
_READERS = (
    "12ft.io 1ft.io r.jina.ai outline.com removepaywall.com smry.ai freedium.cfd txtify.it textise.net"
    " archive.wip.la proxy.freedium.cfd"
)
_ARCHIVE_TODAY = "archive.today archive.ph archive.is archive.li archive.md archive.vn archive.fo"

# One wrapper to a line, unformatted: it reads as the table that it is.
WRAPPERS = (
    Wrapper("l.facebook.com lm.facebook.com l.messenger.com l.workplace.com", r"/l\.php/?|/", "u"),
    Wrapper("facebook.com", r"/l\.php/?|/flx/warn/?|/sharer(?:/sharer)?\.php", "u"),
    Wrapper("facebook.com", r"/login(?:\.php)?/?", "next"),
    Wrapper("l.instagram.com l.threads.net l.threads.com l.wl.co", r"/.*", "u"),
    Wrapper("google.*", r"/url/?|/interstitial", "q url"),
    Wrapper("google.*", r"/imgres", "imgrefurl"),
    Wrapper("google.*", "/amp/" + _AMP, decode=_amp_cached),
    Wrapper("googleweblight.com", r"/i?/?", "u lite_url"),
    Wrapper("googleadservices.com .doubleclick.net", r"/.*", "adurl"),
    Wrapper(".cdn.ampproject.org .bing-amp.com", "/(?:[cvir]|wp)/" + _AMP, decode=_amp_cached),
    Wrapper("webcache.googleusercontent.com google.*", r"/search/?", decode=_google_cached),
    Wrapper(".translate.goog", r".*", decode=_translated),
    Wrapper("translate.google.*", r"/(?:translate|website)/?", "u"),
    Wrapper("consent.google.com consent.google.* consent.youtube.com", r"/.*", "continue"),
    Wrapper("translatetheweb.com microsofttranslator.com", r"/.*", "a"),
    Wrapper("bing.com", r"/ck/a/?", decode=_bing),
    Wrapper("bing.com", r"/news/apiclick\.aspx", "url"),
    Wrapper("duckduckgo.com", r"/l/?", "uddg"),
    Wrapper(".search.yahoo.com", r"/.*?/RU=(?P<target>[^/]+).*", decode=_in_path_code),
    Wrapper("youtube.com", r"/redirect/?", "q"),
    Wrapper("out.reddit.com", r"/.*", "url"),
    Wrapper("reddit.com", r"/media/?", "url"),
    Wrapper("linkedin.com", r"/redir/[\w-]+/?|/safety/go/?", "url"),
    Wrapper("vk.com away.vk.com vk.ru", r"/away(?:\.php)?/?", "to"),
    Wrapper("t.umblr.com", r"/redirect/?", "z"),
    Wrapper("slack-redir.net", r"/link/?", "url"),
    Wrapper("disq.us disqus.com", r"/url/?|/", decode=_disqus),
    Wrapper("href.li", r"/", decode=_whole_query),
    Wrapper("deviantart.com", r"/users/outgoing/?", decode=_whole_query),
    Wrapper("steamcommunity.com", r"/linkfilter/?", "url u"),
    Wrapper("t.me", r"/iv/?", "url"),
    Wrapper("pinterest.com", r"/offsite/?", "url"),
    Wrapper("go.bsky.app", r"/redirect/?", "u"),
    Wrapper("exit.sc gate.sc", r"/", "url"),
    Wrapper("getpocket.com", r"/redirect/?", "url"),
    Wrapper("medium.com", r"/r/?", "url"),
    Wrapper("link.zhihu.com", r"/", "target"),
    Wrapper("weibo.cn", r"/sinaurl/?", "u"),
    Wrapper("go.redirectingat.com go.skimresources.com redirect.viglink.com", r"/.*", "url u"),
    Wrapper("click.linksynergy.com", r"/.*", "murl"),
    Wrapper("awin1.com", r"/cread\.php|/awclick\.php", "ued p"),
    Wrapper(".safelinks.protection.outlook.com safelinks.protection.outlook.com", r"/.*", "url"),
    Wrapper("statics.teams.cdn.office.net", r"/.*safelinks\.html", "url"),
    Wrapper("urldefense.proofpoint.com urldefense.com urldefense.us", r"/v1/url/?", "u"),
    Wrapper("urldefense.proofpoint.com urldefense.com urldefense.us", r"/v2/url/?", decode=_proofpoint_2),
    Wrapper("urldefense.proofpoint.com urldefense.com urldefense.us", r"/v3/.*", decode=_proofpoint_3),
    Wrapper("linkprotect.cudasvc.com", r"/url/?", "a"),
    Wrapper("clicktime.symantec.com .fireeye.com", r"/.*", "u"),
    Wrapper(".trendmicro.com", r".*/clicktime/v1/query/?", "url"),
    Wrapper("secure-web.cisco.com", r"/[^/]+/(?P<target>https?%3A.+)", decode=_in_path_code),
    Wrapper("url.avanan.click .avanan.click", r"/v2/(?:r\d+/)?___(?P<target>.+?)___.*", decode=_in_path_code),
    Wrapper(".awstrack.me click.redditmail.com", r"/C?L0/(?P<target>http.+?)/\d+/.*", decode=_in_path_code),
    Wrapper("web.archive.org wayback.archive.org", "/(?:web|save)/?" + _STAMP + _TARGET, decode=_archived,
            raw=WAYBACK),
    Wrapper("archive.org", "/web/?" + _STAMP + _TARGET, decode=_archived, raw=WAYBACK),
    Wrapper("arquivo.pt timetravel.mementoweb.org webarchive.nationalarchives.gov.uk webarchive.loc.gov",
            "/(?:wayback|memento|web|ukgwa|all)?/?" + _STAMP + _TARGET, decode=_in_path, raw=""),
    Wrapper(_ARCHIVE_TODAY, _SNAPSHOT + _TARGET, decode=_archived, raw=""),
    Wrapper(_ARCHIVE_TODAY, "(?P<stamp>)" + _TARGET, decode=_in_path, raw=""),
    Wrapper(_ARCHIVE_TODAY, r"/(?:submit/?)?", "url"),
    Wrapper(_READERS, "(?:/proxy)?" + _TARGET, decode=_in_path),
    Wrapper(_READERS, r"/(?:(?:api/)?proxy|search|article)?/?", "q url"),
    Wrapper(".turbopages.org yandex.*", r"/(?:turbo/)?(?P<target>(?=[^/]+\.[^/])[^/]+)/(?P<s>s/).*",
            decode=lambda parts, match: f"https://{match['target']}/{parts.path[match.end('s'):]}"),
)  # fmt: skip


def _by_host() -> dict[str, list[tuple[re.Pattern[str], Wrapper]]]:
    table: dict[str, list[tuple[re.Pattern[str], Wrapper]]] = {}
    for wrapper in WRAPPERS:
        for host in wrapper.hosts.split():
            table.setdefault(host, []).append((re.compile(wrapper.path, re.DOTALL), wrapper))
    return table


_TABLE = _by_host()
_WORLDWIDE = re.compile("|".join(re.escape(host[:-1]) for host in _TABLE if host.endswith(".*")))


@lru_cache(maxsize=4096)
def _wrappers_of(host: str) -> tuple[tuple[re.Pattern[str], Wrapper], ...]:
    parents = [host[position:] for position, letter in enumerate(host) if letter == "."]
    # Without the list of suffixes, google.evil.example would pass for Google.
    worldwide = [f"{host.removesuffix('.' + public_suffix(host))}.*"] if _WORLDWIDE.match(host) else []
    return tuple(chain.from_iterable(_TABLE.get(name, ()) for name in (host, *parents, *worldwide)))
