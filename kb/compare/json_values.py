"""What goes into comparing and what comes out as plain JSON values, for a process that can be killed."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter

from kb.compare.values import Article, Comparison
from kb.entries.entry import Entry

_ARTICLE = TypeAdapter(Article)
_COMPARISON = TypeAdapter(Comparison)


def entry_json(entry: Entry) -> dict[str, Any]:
    """An entry as JSON values."""
    return entry.model_dump(mode="json")


def entry_from(values: dict[str, Any]) -> Entry:
    """Read what `entry_json` wrote. Raises ValueError for anything else."""
    return Entry.model_validate(values)


def article_json(article: Article) -> dict[str, Any]:
    """An article as JSON values."""
    values: dict[str, Any] = _ARTICLE.dump_python(article, mode="json")
    return values


def article_from(values: dict[str, Any]) -> Article:
    """Read what `article_json` wrote. Raises ValueError for anything else."""
    return _ARTICLE.validate_python(values)


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """A comparison as JSON values."""
    values: dict[str, Any] = _COMPARISON.dump_python(comparison, mode="json")
    return values


def comparison_from(values: dict[str, Any]) -> Comparison:
    """Read what `comparison_json` wrote. Raises ValueError for anything else, a part of it included."""
    read = _COMPARISON.validate_python(values)
    if missing := sorted({field.name for field in fields(Comparison)} - values.keys()):
        raise ValueError(f"a comparison without {', '.join(missing)}")
    return read
