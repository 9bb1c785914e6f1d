"""When was a page published, and who says so? Its markup before its address, its address before a guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from lxml.html import HtmlElement

from bot.pages.read.page_signals import ARTICLE_TYPES
from kb.formats.jsonld import Node, kinds

MARKUP, ADDRESS, TEXT, FILE = "MARKUP", "ADDRESS", "TEXT", "FILE"

_EARLIEST = date(1700, 1, 1)  # newspapers put their archives online
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
    tree: HtmlElement, data: Sequence[Node], url: str, guess: str | None
) -> tuple[str | None, str | None]:
    """Give the day as an ISO date and where it is from (a `DateFrom`); `guess` is a library's."""
    for when, source in ((_marked_up(tree, data), MARKUP), (_in_address(url), ADDRESS), (day(guess), TEXT)):
        if when:
            return when.isoformat(), source
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
    return when if _EARLIEST <= when <= tomorrow else None


def _marked_up(tree: HtmlElement, data: Sequence[Node]) -> date | None:
    named: dict[str, date] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if when := day(element.get("content")):
            named.setdefault(name.lower(), when)
    if when := named.get(_META_NAMES[0]):
        return when
    for item in data:
        if not ARTICLE_TYPES.isdisjoint(kinds(item)) and (when := day(item.get("datePublished"))):
            return when
    for element in tree.xpath("//*[@itemprop='datePublished'] | //time[@pubdate]"):
        if when := day(element.get("datetime") or element.get("content") or element.text_content()):
            return when
    if when := next((named[name] for name in _META_NAMES if name in named), None):
        return when
    times = {day(time) for time in tree.xpath("//article//header//time/@datetime | //article/time/@datetime")}
    return times.pop() if len(times) == 1 else None


def _in_address(url: str) -> date | None:
    match = _IN_ADDRESS.search(url)
    return day(f"{match['y']}-{match['m']}-{match['d']}") if match else None
