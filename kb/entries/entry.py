"""One verified summary and its parts, and every editorial rule, broken ones told all at once in plain words.

An entry is a value: it is read from a file or the store, checked once, and never changed in place.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from kb.entries.problems import problems_of
from kb.errors import EntryError, Problem, UrlError
from kb.urls.identity import identify, is_home

_BREAKS = re.compile("[\n\t]")
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters, odd line breaks, and the marks that make a text read otherwise than it is stored
(Unicode Technical Report 36, 2.10: bidirectional overrides)."""


def _readable(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if bad := _UNREADABLE.search(text):
        raise ValueError(f"holds an invisible control character (U+{ord(bad[0]):04X}); delete it")
    if not any(unicodedata.category(character)[0] in "LNPS" for character in text):
        raise ValueError("is empty")
    return text


def _on_one_line(text: str) -> str:
    if _BREAKS.search(text):
        raise ValueError("must stand on one line, without tabs")
    return text


def _web_address(text: str) -> str:
    try:
        identify(text)
    except UrlError as error:
        raise ValueError(str(error)) from error
    return text


def _no_front_page(url: str) -> str:
    if is_home(identify(url)):
        raise ValueError(f"{url} is the front page of a whole site; give the address of the article's page")
    return url


def _no_switch(value: object) -> object:
    if isinstance(value, bool):  # to Python, and so to pydantic, true is 1
        raise ValueError("must be a plain number, such as 8600")  # noqa: TRY004  # pydantic collects ValueErrors
    return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("must be a plain number, such as 8600")
    return value


def _day(value: object) -> object:
    """Take only what reads as a date: pydantic would take 0 for 1970-01-01."""
    if isinstance(value, datetime):
        raise ValueError("must be a date without a time, such as 2022-04-15")  # noqa: TRY004  # the same
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip()):
        with suppress(ValueError):
            return date.fromisoformat(value.strip())
    raise ValueError("must be a date, such as 2022-04-15")


def _text(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


Text = Annotated[str, _text(2000), AfterValidator(_readable)]
Line = Annotated[str, _text(500), AfterValidator(_readable), AfterValidator(_on_one_line)]
WebAddress = Annotated[
    str, _text(2000), AfterValidator(_readable), AfterValidator(_on_one_line), AfterValidator(_web_address)
]
Number = Annotated[float, BeforeValidator(_no_switch), AfterValidator(_finite)]
Day = Annotated[date, BeforeValidator(_day)]
People = Annotated[int, BeforeValidator(_no_switch), Field(ge=1, le=1000)]
EntryId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class Status(StrEnum):
    """Where an entry stands in its life; only published entries are matched."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    RETIRED = "retired"


class AppearanceKind(StrEnum):
    """What a known page is to the entry; a debunk of it is never "corrected"."""

    COPY = "copy"
    REPORT = "report"
    DEBUNK = "debunk"


class Part(BaseModel):
    """Base of an entry's parts: frozen, made from named arguments only, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Part):
    """Where a story comes from."""

    publisher: Line
    title: Line
    url: WebAddress
    author: Line | None = None
    published: Day | None = None


class Figure(Part):
    """A number that is on record; `source` stands only where it is not the entry's original."""

    value: Number
    what: Line
    as_stated: Line
    qualifier: Line | None = None
    unit: Line | None = None
    attributed_to: Line | None = None
    source: Source | None = None


class Quote(Part):
    """Words that the original quotes."""

    speaker: Line
    text: Text


class Rating(Part):
    """A verdict in the words of whoever gave it (schema.org Rating)."""

    label: Line
    explanation: Text | None = None
    value: Number | None = None
    best: Number | None = None
    worst: Number | None = None

    @model_validator(mode="after")
    def _within_its_scale(self) -> Self:
        if self.value is None or self.best is None or self.worst is None:
            return self
        if not min(self.best, self.worst) <= self.value <= max(self.best, self.worst):
            raise ValueError(
                f"the value {self.value:g} lies outside {self.worst:g} (worst) to {self.best:g} (best)"
            )
        return self


class Claim(Part):
    """A checkable claim and its verdict; `claimed_by` made it (schema.org Claim)."""

    text: Text
    claimed_by: Line | None = None
    rating: Rating | None = None


class Appearance(Part):
    """The known page of a copy, of a credited report, or of a debunk; with `prefix`, all pages below it."""

    url: Annotated[WebAddress, AfterValidator(_no_front_page)]
    kind: AppearanceKind = AppearanceKind.COPY
    prefix: bool = False


class Entry(Part):
    """One verified summary: the original source, what to be careful about, and what is on record."""

    id: EntryId
    title: Line
    summary: Text
    original: Source
    caveats: tuple[Text, ...] = Field(min_length=1, max_length=5)
    status: Status = Status.PUBLISHED
    language: Language = "en"
    rating: Rating | None = None
    claims: tuple[Claim, ...] = ()
    figures: tuple[Figure, ...] = ()
    quotes: tuple[Quote, ...] = ()
    appearances: tuple[Appearance, ...] = ()
    tags: tuple[Line, ...] = ()
    sensitive: bool | None = Field(default=None, description="None: nobody has said yet")
    content_note: Line | None = None
    example: bool = False
    compiled: Text | None = Field(default=None, description="how the entry was compiled; readers are told")
    match_text: bool = Field(default=True, description="false: matched by its pages only, never by words")
    verified_by: Line | None = None
    verified_on: Day | None = None
    approvals: People | None = Field(
        default=None, description="how many people stand behind what is published"
    )
    superseded_by: EntryId | None = Field(
        default=None, description="which entry took this retired one's place"
    )
    review_by: Day | None = None

    @field_validator("appearances")
    @classmethod
    def _pages_are_named_once(
        cls, appearances: tuple[Appearance, ...], info: ValidationInfo
    ) -> tuple[Appearance, ...]:
        original: Source | None = info.data.get("original")
        seen = {identify(original.url).key: "the original"} if original else {}
        again = []
        for position, appearance in enumerate(appearances):
            first = seen.setdefault(identify(appearance.url).key, f"appearances[{position}]")
            if first != f"appearances[{position}]":
                again.append(f"{appearance.url} names the same page as {first}")
        if again:
            raise ValueError(f"{'; '.join(again)}: list each page once")
        return appearances

    @field_validator("verified_on")
    @classmethod
    def _somebody_verified(cls, verified_on: date | None, info: ValidationInfo) -> date | None:
        if verified_on and info.data.get("verified_by", "wrong itself") is None:
            raise ValueError("is given, but verified_by is not: say who verified the entry")
        return verified_on


_FIELDS = frozenset(
    name for part in (Entry, Source, Figure, Quote, Rating, Claim, Appearance) for name in part.model_fields
)


def parse_entry(data: object, *, place: str = "") -> Entry:
    """Make an entry from plain data, as a YAML or JSON file holds it.

    Raises EntryError with every problem at once.
    """
    if not isinstance(data, Mapping):
        message = "an entry is a group of fields, each on a line of its own such as `title: …`"
        raise EntryError((Problem(field="", message=message, place=place),))
    try:
        return Entry.model_validate(dict(data))
    except ValidationError as error:
        raise EntryError(problems_of(error, _FIELDS, place=place)) from error


def entry_data(entry: Entry) -> dict[str, Any]:
    """Give an entry back as plain data, without fields that hold their default; `parse_entry` reads it."""
    return entry.model_dump(mode="json", exclude_defaults=True)
