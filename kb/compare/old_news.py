"""An old story told as news: the page is much younger than the original, says "today", and dates nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from kb.compare.passage import Passage, content, tokens
from kb.compare.quotes.marks import without_quotations
from kb.compare.values import Difference, DifferenceKind, Record
from kb.entries.entry import Entry
from kb.text.dates import MONTHS, written_day
from kb.text.word_lists import whole, word_lists

_MUCH_YOUNGER = timedelta(days=180)
_NEWS = timedelta(days=30)  # after that a story has newer numbers, and people have spoken again
_NEW, _DATED = (
    re.compile(whole(patterns), re.IGNORECASE)
    for patterns in word_lists("kb/compare/tables/news.txt", "new", "dated").values()
)
_LEAD = 1500  # characters
_LEAD_SENTENCES = 1
_ABOUT_IT = 2  # words that a sentence shares with the entry, to be about its story


def is_later(passage: Passage, reported: date | None) -> bool:
    """Whether the page is so much younger than the report that it may hold what came after it."""
    published = passage.article.published
    return bool(reported and published and published - reported > _NEWS)


def old_as_new(entry: Entry, passage: Passage) -> Iterator[Difference]:
    """One difference, if the page surely tells the original's story as today's."""
    original, page = entry.original.published, passage.article.published
    if original is None or page is None or page - original < _MUCH_YOUNGER or passage.language != "en":
        return
    text = without_quotations(passage.text, lambda quotation: "_" * len(quotation))
    story = content(
        tokens(f"{entry.title} {entry.summary} {entry.original.title} {entry.original.publisher}")
    )
    for new in _NEW.finditer(text, 0, _LEAD):
        number = passage.sentence_at(new.start())
        start, end = passage.sentences[number]
        shared = len(story & passage.meaning(start, end))
        if shared >= _ABOUT_IT or (shared and number <= _LEAD_SENTENCES):
            break
    else:
        return
    if _dates_it(text, original):
        return
    yield Difference(
        kind=DifferenceKind.OLD_AS_NEW,
        here=passage.snippet(start, end, new[0]),
        original=Record(text=original.isoformat(), about="day of publication", source=entry.original),
        evidence=f"the page is of {written_day(page)} and says “{new[0]}”; nothing on it dates the story",
    )


def _dates_it(text: str, original: date) -> bool:
    month = MONTHS[original.month - 1]
    named = re.search(whole((str(original.year), month if month != "May" else r"(?:in|of|\d) May")), text)
    return bool(named or _DATED.search(text))
