"""When was a page published, and who says so? Its markup before its address, its address before a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from lxml.html import HtmlElement

from bot.pages.read.markup import Markup

MARKUP, ADDRESS, TEXT, FILE, CONTRADICTED = "MARKUP", "ADDRESS", "TEXT", "FILE", "CONTRADICTED"

_EARLIEST = date(1700, 1, 1)  # newspapers put their archives online
# Where systems count from, seen from either side of Greenwich: what they write when they know no day.
_PLACEHOLDERS = frozenset(
    {
        date(1899, 12, 30),
        date(1899, 12, 31),
        date(1900, 1, 1),
        date(1904, 1, 1),
        date(1969, 12, 31),
        date(1970, 1, 1),
    }
)
_SAME = timedelta(days=2)  # time zones, and a day between a site's clocks
_META_NAMES = """
    article:published_time og:published_time og:article:published_time datepublished date.published pubdate
    publishdate publish-date publish_date publication_date publication-date parsely-pub-date sailthru.date
    dc.date.issued dc.date.published dcterms.issued dcterms.created dc.date.created dc.date dcterms.date
    citation_publication_date citation_date citation_online_date cxenseparse:recs:publishtime
    cxenseparse:publishtime bt:pubdate vr:published_time rnews:datepublished date
""".split()
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)|(\d{4})(\d\d)(\d\d)(?=T|\s|$)")
_IN_ADDRESS = re.compile(r"[/_.-](?P<y>(?:19|20)\d\d)([/._-]?)(?P<m>\d\d)\2(?P<d>\d\d)(?=[/_.?&#-]|$)")


def published(
    tree: HtmlElement, markup: Markup, url: str, titles: Sequence[str], guess: str | None
) -> tuple[str | None, str | None]:
    """Give the day as an ISO date and where it is from (a `DateFrom`); `guess` is a library's.

    A page whose markup gives itself two days has none: which of them is right, nobody can tell.
    """
    told, own = _named(tree), markup.dates(url, titles, day)
    days = [*own, *filter(None, [told.get(_META_NAMES[0])])]
    if days and max(days) - min(days) > _SAME:
        return None, CONTRADICTED
    marked, guessed = min(days) if days else _elsewhere(tree, told), day(guess)
    if guessed in markup.dates_anywhere(day):  # the library takes any node's day for the page's
        guessed = None
    for found, source in ((marked, MARKUP), (_in_address(url), ADDRESS), (guessed, TEXT)):
        if found:
            return found.isoformat(), source
    return None, None


def day(text: object) -> date | None:
    """Read a day as pages write it for machines; None for anything else, and for a day to come."""
    written = str(text or "").strip()[:100]
    try:
        if match := _DAY.match(written):
            year, month, number = (int(group) for group in match.groups() if group)
            return _plausible(date(year, month, number))
        if re.match(r"[A-Za-z]{3},? |\d{1,2} [A-Za-z]{3} \d{4}", written):
            return _plausible(parsedate_to_datetime(written).date())
    except (ValueError, TypeError, OverflowError):
        return None
    return None


def _plausible(when: date) -> date | None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)  # it may be tomorrow in the writer's zone
    return when if _EARLIEST <= when <= tomorrow and when not in _PLACEHOLDERS else None


def _named(tree: HtmlElement) -> dict[str, date]:
    """The days that the page's head gives, by their names."""
    named: dict[str, date] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if found := day(element.get("content")):
            named.setdefault(name.lower(), found)
    return named


def _elsewhere(tree: HtmlElement, named: Mapping[str, date]) -> date | None:
    """The day of pages that mark up no article."""
    for element in tree.xpath(
        "//*[@itemprop='datePublished'][not(ancestor::*[@itemscope])] | //time[@pubdate]"
    ):
        if found := day(element.get("datetime") or element.get("content") or element.text_content()):
            return found
    if found := next((named[name] for name in _META_NAMES if name in named), None):
        return found
    times = {day(each) for each in tree.xpath("//article//header//time/@datetime | //article/time/@datetime")}
    return times.pop() if len(times) == 1 else None


def _in_address(url: str) -> date | None:
    match = _IN_ADDRESS.search(url)
    return day(f"{match['y']}-{match['m']}-{match['d']}") if match else None
