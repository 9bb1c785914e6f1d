"""Entries as schema.org ClaimReview in JSON-LD: one object for each claim of an entry.

Vocabulary: https://schema.org/ClaimReview, a Review, a CreativeWork. What has no place there, such as figures
and quotes, is left out: the lossless format is YAML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from kb.entries.entry import AppearanceKind, Claim, Entry, Rating, Source

CONTEXT = "https://schema.org"
OWN = "caveat"
"""Names our own identifiers, so that an export that comes back is known again."""


def claim_reviews(entries: Iterable[Entry]) -> dict[str, Any]:
    """Write entries as one JSON-LD document: a DataFeed whose elements are ClaimReviews."""
    reviews = [review for entry in entries for review in reviews_of(entry)]
    items = [{"@type": "DataFeedItem", "item": review} for review in reviews]
    return {"@context": CONTEXT, "@type": "DataFeed", "name": "Caveat", "dataFeedElement": items}


def reviews_of(entry: Entry) -> Iterator[dict[str, Any]]:
    """One ClaimReview for each claim; an entry without any is reviewed under its title."""
    for claim in entry.claims or (Claim(text=entry.title),):
        rating = claim.rating or entry.rating
        yield _filled(
            {
                "@type": "ClaimReview",
                "identifier": {"@type": "PropertyValue", "propertyID": OWN, "value": entry.id},
                "name": entry.title,
                "claimReviewed": claim.text,
                "itemReviewed": _claim(entry, claim),
                "reviewRating": _rating(rating) if rating else None,
                "description": entry.summary,
                "reviewBody": "\n".join(entry.caveats),
                "isBasedOn": _source(entry.original),
                "author": _named("Organization", entry.verified_by),
                "datePublished": _day(entry.verified_on),
                "expires": _day(entry.review_by),
                "inLanguage": entry.language,
                "keywords": ", ".join(entry.tags),
            }
        )


def _claim(entry: Entry, claim: Claim) -> dict[str, Any]:
    copies = [page.url for page in entry.appearances if page.kind is not AppearanceKind.DEBUNK]
    return _filled(
        {
            "@type": "Claim",
            "text": claim.text,
            "author": _named("Person", claim.claimed_by),
            "appearance": [{"@type": "CreativeWork", "url": url} for url in copies],
        }
    )


def _rating(rating: Rating) -> dict[str, Any]:
    return _filled(
        {
            "@type": "Rating",
            "alternateName": rating.label,
            "ratingExplanation": rating.explanation,
            "ratingValue": rating.value,
            "bestRating": rating.best,
            "worstRating": rating.worst,
        }
    )


def _source(source: Source) -> dict[str, Any]:
    return _filled(
        {
            "@type": "CreativeWork",
            "headline": source.title,
            "url": source.url,
            "publisher": _named("Organization", source.publisher),
            "author": _named("Person", source.author),
            "datePublished": _day(source.published),
        }
    )


def _named(kind: str, name: str | None) -> dict[str, str] | None:
    return {"@type": kind, "name": name} if name else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
