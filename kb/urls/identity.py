"""Do two strings name the same page?

Two addresses name the same page when a reader who opens them is shown the same article. The bot stands on
that twice over: a known copy is recognised by its address alone, and one story must not be answered, queued
or fetched ten times because ten people shared it in ten ways. The two ways of being wrong do not weigh the
same. To miss that two addresses agree costs a fetch, and the text still matches. To merge two pages says
something false about somebody's article. So every rule here is one that can be stated, and where none can,
the addresses differ.

What says nothing about the page: the scheme; the default ports; the case of a host name and how it is
written (punycode or not); "www", "m", "mobile" and "amp" labels, as long as a registered name stays; a
trailing slash, an index.html, doubled slashes; a session id; how unreserved characters are percent-encoded
(RFC 3986, 6.2.2); the order of parameters; the names that trackers add; a fragment, which only scrolls; the
AMP form of an article. A wrapper (a click counter, a mail filter, an archive, a cache, a translator) shows
another page: it is taken off, and remembered.

What must never be merged: the case of a path; an encoded slash with a slash, an encoded plus with a plus;
parameters whose names look like tracking and are not: `id`, `p`, `t`, `story`, `ref`, `source`, `sid`,
`cid` and `mc` pick the article on some sites; hosts that differ in any other label; look-alike letters of
two alphabets; a fragment that is a route (`#/`, `#!`). And never by the page's own word: `rel=canonical` is
a claim that a hostile page makes as easily as an honest one, so `claimed_address` believes it only within
one registered domain, and never when it points to a home page, as a careless template does.

Some sites say which page it is in their own way (a YouTube video has one id and a dozen addresses):
`url_rules` lists them. The key is a fixed point: reading "https://" + key gives the same key again.

Keys are derived: whoever stores one stores the address and `RULES` beside it, and makes it anew when a
change of the rules has raised that number.

References: WHATWG URL; RFC 3986; the Public Suffix List; the AMP cache URL format; the Wayback Machine's
URL flags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote

from kb.errors import UrlError
from kb.urls.archives import Snapshot
from kb.urls.parts import Parts, plain_host, read_parts, site_of
from kb.urls.rules import (
    AMP_PARAMETERS,
    HOST_ALIASES,
    IDENTITIES,
    SITE_TRACKING,
    TRACKING,
    TRACKING_PREFIXES,
    Identity,
)
from kb.urls.wrappers import Unwrapped, is_wrapping, unwrap

RULES = 2
"""The version of the rules that keys are made by; a test fails when keys change and it does not."""

_DEEPEST = 5  # wrappers inside each other; deeper nests are built by nobody who wants to be read
_VIEW_SOURCE = "view-source:"
_HOME_KEY = re.compile(
    r"[^/?#]*(?:/(?:[a-z]{2}(?:[-_][a-z]{2,4})?|home|homepage|start|startseite|accueil|inicio|portada|main|index"
    r"|welcome)?(?:\.(?:html?|php|aspx?))?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Address:
    """A web address: `url` without its wrappers, `key` to compare pages by, `wrappers` outermost first.

    `snapshot` is the copy that an archive among the wrappers keeps, for when the page itself is gone.
    """

    url: str
    key: str
    wrappers: tuple[str, ...] = ()
    snapshot: Snapshot | None = None


def identify(text: str) -> Address:
    """Read a web address. Raises UrlError, saying why, for anything else."""
    text = text.strip()
    wrappers: tuple[str, ...] = ()
    while text[: len(_VIEW_SOURCE)].lower() == _VIEW_SOURCE:
        text, wrappers = text[len(_VIEW_SOURCE) :].lstrip(), (_VIEW_SOURCE[:-1],)
    hosts, inside, snapshot = _unwrapped(read_parts(text))
    return Address(url=inside.href, key=_key(inside), wrappers=wrappers + hosts, snapshot=snapshot)


def distinct(texts: Iterable[str]) -> dict[str, Address]:
    """The texts that are addresses, with what they name, in order; of one page only the first."""
    named: dict[str, tuple[str, Address]] = {}
    for text in texts:
        with suppress(UrlError):
            address = identify(text)
            named.setdefault(address.key, (text, address))
    return dict(named.values())


def claimed_address(page_url: str, claim: str) -> Address | None:
    """Read what a page says its own address is; None when it is not to be believed."""
    try:
        page, claimed = identify(page_url), identify(claim)
    except UrlError:
        return None
    parts = read_parts(claimed.url)
    same_site = site_of(parts.host) == site_of(read_parts(page.url).host)
    return claimed if same_site and not is_home(claimed) else None


def is_home(address: Address) -> bool:
    """Tell whether an address is that of a site's front page."""
    return "/" not in address.key and "?" not in address.key and "#" not in address.key


def may_be_home(address: Address) -> bool:
    """Tell whether an address looks like a front page's: `is_home`, or its path is a language or "home".

    Enough to say why no article was found; too little to refuse an address.
    """
    return bool(_HOME_KEY.fullmatch(address.key))


def _unwrapped(outside: Parts) -> tuple[tuple[str, ...], Parts, Snapshot | None]:
    hosts: list[str] = []
    parts, snapshot = outside, None
    while inner := _inside(parts):
        if len(hosts) == _DEEPEST:
            return (), outside, None
        hosts.append(parts.host)
        parts, snapshot = inner.parts, inner.snapshot or snapshot
    return tuple(hosts), parts, snapshot


def _inside(parts: Parts) -> Unwrapped | None:
    if not is_wrapping(parts.host):
        return None
    # A wrapper written untidily ("/l.php;jsessionid=1?u=…") is known by its tidy form.
    return unwrap(parts) or unwrap(read_parts(f"https://{_key(parts)}"))


def _key(parts: Parts) -> str:
    host = plain_host(parts.host)
    host = HOST_ALIASES.get(host, host)
    port = "" if parts.port in {"", "80", "443"} else f":{parts.port}"
    path = _path_key(_percent_form(parts.path))
    rest = path + _query_key(parts.query, host) + _fragment_key(parts.fragment)
    if not port and host in _IDENTITIES:
        for identity in _IDENTITIES[host]:
            if match := identity.pattern.match(rest):
                return identity.key.format(*match.groups())
    return host + port + rest


_IDENTITIES: dict[str, list[Identity]] = {}
for _identity in IDENTITIES:
    for _host in _identity.hosts:
        _IDENTITIES.setdefault(_host, []).append(_identity)

_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def _percent_form(text: str) -> str:
    return _PERCENT.sub(_percent_triplet, text) if "%" in text else text


def _percent_triplet(match: re.Match[str]) -> str:
    if match[1] is None:
        return "%25"
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


_SESSION = re.compile(
    r"(?<!\.);(?:jsessionid|phpsessid|sid)=[^/;]*|(?<=/)\([SAFX]\([\w-]+\)\)/", re.IGNORECASE
)
_SLASHES = re.compile(r"/{2,}")
_AMP_START = re.compile(r"^/amp(?=/[^/])", re.IGNORECASE)
_PATH_END = re.compile(
    r"/$"
    r"|(?<=/)(?:index|default)\.(?:html?|php\d?|aspx?|jsp|shtml|cgi)$"
    r"|(?<=[^/])/amp$"
    r"|(?<=[^/.])\.amp(?=\.html?$|$)",
    re.IGNORECASE,
)
_LONGEST_END = 16  # characters that one of these takes and looks at


def _path_key(path: str) -> str:
    path = _SLASHES.sub("/", _SESSION.sub("", path))
    while (shorter := _shorter(path)) != path:
        path = shorter
    return path


def _shorter(path: str) -> str:
    """One step of it; only the two ends are looked at, for there may be thousands of steps."""
    start = _AMP_START.match(path)
    path = path[start.end() :] if start else path
    end = _PATH_END.search(path, max(0, len(path) - _LONGEST_END))
    return path[: end.start()] + path[end.end() :] if end else path


def _query_key(query: str, host: str) -> str:
    if not query:
        return ""
    site_names = SITE_TRACKING.get(host, frozenset())
    kept = [pair for pair in _percent_form(query).split("&") if pair and not _says_nothing(pair, site_names)]
    return "?" + "&".join(sorted(kept, key=lambda pair: pair.partition("=")[0])) if kept else ""


def _says_nothing(pair: str, site_names: frozenset[str]) -> bool:
    name, _, value = pair.partition("=")
    name = (unquote(name) if "%" in name else name).lower()
    return (
        name in TRACKING
        or name in site_names
        or name.startswith(TRACKING_PREFIXES)
        or value.lower() in AMP_PARAMETERS.get(name, ())
    )


def _fragment_key(fragment: str) -> str:
    if not fragment.startswith(("/", "!")):
        return ""
    route = _percent_form(fragment.partition(":~:")[0])
    return f"#{route}" if route.strip("!/") else ""
