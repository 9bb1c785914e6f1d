"""Queries and their readings as plain JSON values, to be handed from one process to another.

Every distinct word stands once, in `words`; wherever else a reading has words, it has their numbers. So what
200 KB of a page give stays below 1.5 MB of JSON, and 1,000 words give some 30 KB.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import date
from typing import Any

from kb.match.query import Query
from kb.match.reading import Lead, Passage, QueryReading, Reading
from kb.match.stance import Stance
from kb.text.cues import Cues
from kb.text.sorted_numbers import Stated


def query_json(query: Query) -> dict[str, Any]:
    """A query as JSON values."""
    return {
        "text": query.text,
        "title": query.title,
        "is_page": query.is_page,
        "published": _day_json(query.published),
    }


def query_from(record: dict[str, Any]) -> Query:
    """Read what `query_json` wrote. Raises LookupError, ValueError or TypeError for anything else."""
    return Query(
        text=record["text"],
        title=record["title"],
        is_page=record["is_page"],
        published=_day(record["published"]),
    )


def reading_json(reading: QueryReading) -> dict[str, Any]:
    """A reading as JSON values."""
    numbers: dict[str, int] = {}

    def numbered(words: Iterable[str]) -> list[int]:
        return [numbers.setdefault(word, len(numbers)) for word in words]

    whole, lead = reading.whole, reading.lead
    return {
        "is_page": reading.is_page,
        "whole": {
            "length": whole.length,
            "stems": numbered(whole.stems),
            "terms": numbered(whole.terms),
            "names": numbered(whole.names),
            "numbers": _stated_json(whole.numbers),
        },
        "lead": {
            "title": numbered(lead.title),
            "words": numbered(lead.words),
            "terms": numbered(lead.terms),
            "numbers": _stated_json(lead.numbers),
        },
        "stance": vars(reading.stance)
        | {name: _cues_json(getattr(reading.stance, name)) for name in ("title", "lead")},
        "day": _day_json(reading.day),
        "texts": list(reading.texts),
        "rest": [{"text": passage.text, "terms": numbered(passage.terms)} for passage in reading.rest],
        "fingerprint": b64encode(reading.fingerprint).decode(),
        "words": list(numbers),
    }


def reading_from(record: dict[str, Any]) -> QueryReading:
    """Read what `reading_json` wrote.

    Raises LookupError, ValueError, TypeError or AttributeError for anything else.
    """
    words = record["words"]

    def named(numbers: list[int]) -> frozenset[str]:
        return frozenset(words[number] for number in numbers)

    whole, lead = record["whole"], record["lead"]
    stance: dict[str, Any] = record["stance"]
    stance |= {name: _cues(stance[name]) for name in ("title", "lead")}
    return QueryReading(
        is_page=record["is_page"],
        whole=Reading(
            length=whole["length"],
            stems=tuple(words[number] for number in whole["stems"]),
            terms=named(whole["terms"]),
            names=named(whole["names"]),
            numbers=_stated(whole["numbers"]),
        ),
        lead=Lead(
            title=named(lead["title"]),
            words=named(lead["words"]),
            terms=named(lead["terms"]),
            numbers=_stated(lead["numbers"]),
        ),
        stance=Stance(**stance),
        day=_day(record["day"]),
        texts=tuple(record["texts"]),
        rest=tuple(Passage(text=each["text"], terms=named(each["terms"])) for each in record["rest"]),
        fingerprint=b64decode(record["fingerprint"]),
    )


def _cues_json(cues: Cues) -> dict[str, Any]:
    return {
        "denial": sorted(cues.denial),
        "aftermath": sorted(cues.aftermath),
        "negations": cues.negations,
    }


def _cues(told: dict[str, Any]) -> Cues:
    return Cues(
        denial=frozenset(told["denial"]),
        aftermath=frozenset(told["aftermath"]),
        negations=told["negations"],
    )


def _stated_json(numbers: Stated) -> dict[str, Any]:
    return {
        "values": list(numbers.values),
        "texts": list(numbers.texts),
        "units": list(numbers.units),
        "telling": list(map(int, numbers.telling)),
    }


def _stated(told: dict[str, Any]) -> Stated:
    return Stated(
        values=tuple(map(float, told["values"])),
        texts=tuple(told["texts"]),
        units=tuple(told["units"]),
        telling=tuple(map(bool, told["telling"])),
    )


def _day_json(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None
