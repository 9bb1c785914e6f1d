"""The part of a reader that reads and compares, in the test's own process."""

from __future__ import annotations

from kb.compare import Article, Comparison, compare
from kb.entries.entry import Entry
from kb.match.query import Query
from kb.match.reading import QueryReading, read_query


class InlineReading:
    """Reads queries and compares as the real reader does, with nothing in between."""

    async def read_query(self, query: Query) -> QueryReading:
        return read_query(query)

    async def compare(self, entry: Entry, article: Article) -> Comparison:
        return compare(entry, article)
