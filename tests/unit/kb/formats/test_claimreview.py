from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from kb.curate.curation import Curation
from kb.entries.entry import Entry, Status
from kb.errors import EntryError
from kb.formats.claimreview_in import Reviews, read_claim_reviews
from kb.formats.claimreview_out import claim_reviews
from kb.store.entries import Store
from tests.unit.kb.curate.curating import ADMIN, curation_on, sound
from tests.unit.kb.make_entries import entries

THING = {"name", "alternateName", "description", "identifier", "url"}
WORK = THING | {
    *("author", "datePublished", "expires", "headline", "inLanguage", "isBasedOn", "keywords", "publisher"),
    "text",
}
VOCABULARY = {
    "DataFeed": WORK | {"dataFeedElement"},
    "DataFeedItem": THING | {"item"},
    "ClaimReview": WORK | {"claimReviewed", "itemReviewed", "reviewRating", "reviewBody"},
    "Claim": WORK | {"appearance", "firstAppearance"},
    "CreativeWork": WORK,
    "Rating": THING | {"ratingValue", "bestRating", "worstRating", "ratingExplanation"},
    "Organization": THING,
    "Person": THING,
    "PropertyValue": THING | {"propertyID", "value"},
}
"""The types of schema.org that an export uses, and which of their properties (their parents' among them)."""


def nodes(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from nodes(each)
    elif isinstance(value, list):
        for each in value:
            yield from nodes(each)


def read(tmp_path: Path, document: object, **options: Any) -> Reviews:
    path = tmp_path / "reviews.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return read_claim_reviews([path], **options)


def review(url: str = "https://checker.example/1", **fields: Any) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": url,
        "claimReviewed": "The bridge fell.",
        "author": {"@type": "Organization", "name": "Checker"},
        "reviewRating": {"@type": "Rating", "ratingValue": "1", "bestRating": 5, "worstRating": "1"},
        **fields,
    }


@given(entries)
@settings(max_examples=30, deadline=None)
def test_what_goes_out_is_of_the_vocabulary_of_schema_org(entry: Entry) -> None:
    for node in nodes(json.loads(json.dumps(claim_reviews([entry])))):
        properties = set(node) - {"@context", "@type"}
        assert properties <= VOCABULARY[node["@type"]]
        assert all(value not in (None, "", []) for value in node.values())


def test_what_goes_out_comes_in_as_the_same_entry_with_every_claim(tmp_path: Path) -> None:
    entry = sound(
        claims=[
            {
                "text": "It fell.",
                "claimed_by": "A blog",
                "rating": {"label": "False", "explanation": "It stands."},
            },
            {"text": "Nobody was hurt.", "rating": {"label": "3", "value": 3, "best": 5, "worst": 1}},
        ],
        caveats=["One.", "Two."],
        appearances=[{"url": "https://copy.example/1"}],
    )
    found = read(tmp_path, claim_reviews([entry]))
    assert found.count == 2
    back = found.entries[0]
    for field in ("id", "title", "summary", "original", "caveats", "claims", "appearances"):
        assert getattr(back, field) == getattr(entry, field), field
    assert back.status is Status.DRAFT


SHAPES: dict[str, Callable[[list[dict[str, Any]]], object]] = {
    "one": lambda each: each[0],
    "a list": lambda each: each,
    "a graph": lambda each: {"@context": "https://schema.org", "@graph": [*each, {"@type": "Organization"}]},
    "a feed": lambda each: {"@type": "DataFeed", "dataFeedElement": each},
    "a feed of items": lambda each: {
        "@type": "DataFeed",
        "dataFeedElement": [{"@type": "DataFeedItem", "item": [one]} for one in each],
    },
    "a list of items": lambda each: {
        "@type": "ItemList",
        "numberOfItems": len(each),
        "itemListElement": [{"@type": "ListItem", "item": one} for one in each],
    },
    "prefixed": lambda each: [
        {f"http://schema.org/{name}" if name[0] != "@" else name: value for name, value in one.items()}
        | {"@type": "http://schema.org/ClaimReview"}
        for one in each
    ],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_reviews_are_found_in_every_shape_that_publishers_use(tmp_path: Path, shape: str) -> None:
    given = [review(), review("https://checker.example/2", claimReviewed="The ferry sank.")]
    found = read(tmp_path, SHAPES[shape](given))
    expected = 1 if shape == "one" else 2
    assert (found.count, len(found.entries)) == (expected, expected)
    entry = found.entries[0]
    assert (entry.original.publisher, entry.original.url) == ("Checker", "https://checker.example/1")
    assert entry.claims[0].text == "The bridge fell."
    assert entry.caveats == ("Checker rates this claim “False”.",)


@pytest.mark.parametrize(
    ("rating", "label", "value"),
    [
        ({"ratingValue": 1, "bestRating": 5, "worstRating": 1}, "False", 1),
        ({"ratingValue": "2", "bestRating": "5", "worstRating": "1"}, "Mostly false", 2),
        ({"ratingValue": 50, "bestRating": 100, "worstRating": 0}, "Half true", 50),
        ({"ratingValue": 5, "bestRating": 5, "worstRating": 1}, "True", 5),
        ({"ratingValue": 5, "bestRating": 1, "worstRating": 5}, "False", 5),
        ({"ratingValue": 1}, "False", 1),
        ({"ratingValue": -1, "bestRating": -1, "worstRating": -1, "alternateName": "Satire"}, "Satire", None),
        ({"ratingValue": 0, "bestRating": 5, "worstRating": 1}, None, None),
        ({"alternateName": "Four Pinocchios", "ratingValue": "x"}, "Four Pinocchios", None),
        ({}, None, None),
    ],
)
def test_ratings_are_mapped(
    tmp_path: Path, rating: dict[str, Any], label: str | None, value: float | None
) -> None:
    entry = read(tmp_path, review(reviewRating={"@type": "Rating", **rating})).entries[0]
    assert (entry.rating.label if entry.rating else None) == label
    assert (entry.rating.value if entry.rating else None) == value


def test_nodes_that_are_named_elsewhere_are_put_in(tmp_path: Path) -> None:
    graph = [
        review(author={"@id": "#us"}, itemReviewed={"@id": "#claim"}),
        {"@id": "#us", "@type": "Organization", "name": "Checker"},
        {"@id": "#claim", "@type": "Claim", "appearance": [{"url": "https://copy.example/1"}, "no address"]},
    ]
    entry = read(tmp_path, {"@graph": graph}).entries[0]
    assert entry.original.publisher == "Checker"
    assert [page.url for page in entry.appearances] == ["https://copy.example/1"]


def test_claims_of_one_review_are_one_entry(tmp_path: Path) -> None:
    found = read(tmp_path, [review(), review(claimReviewed="The ferry sank."), review()])
    assert found.count == 3
    assert [claim.text for claim in found.entries[0].claims] == ["The bridge fell.", "The ferry sank."]


def test_the_same_number_at_two_publishers_is_two_entries(tmp_path: Path) -> None:
    other = {"@type": "Organization", "name": "Other"}
    given = [review(identifier="12"), review("https://other.example/1", identifier="12", author=other)]
    assert len({entry.id for entry in read(tmp_path, given).entries}) == 2


@pytest.mark.parametrize(
    ("document", "options", "problem"),
    [
        (
            [review(), {"@type": "Person", "name": "x"}],
            {},
            "reviews.json, item 2: @type: is Person, no ClaimReview",
        ),
        ([review(), 7], {}, "item 2: is no object"),
        ([], {}, "holds no ClaimReview"),
        ({"@type": "DataFeed", "dataFeedElement": []}, {}, "holds no ClaimReview"),
        (review(), {"expected": 2}, "1 ClaimReviews were found, and 2 were expected"),
        (
            {"@type": "ItemList", "numberOfItems": 3, "itemListElement": [review()]},
            {},
            "numberOfItems: says that it holds 3 ClaimReviews, but 1 were found",
        ),
        (review(url=""), {}, "url: is missing, and so is identifier"),
        (review(claimReviewed=""), {}, "name: is missing"),
        (review(author=None), {}, "author: is missing"),
        (review(url="javascript:alert(1)"), {}, "url: "),
    ],
)
def test_what_cannot_be_taken_over_is_told_and_nothing_is_dropped_in_silence(
    tmp_path: Path, document: object, options: dict[str, Any], problem: str
) -> None:
    with pytest.raises(EntryError) as refused:
        read(tmp_path, document, **options)
    assert problem in str(refused.value)


def test_the_same_file_again_changes_nothing_and_nothing_is_published(tmp_path: Path, store: Store) -> None:
    curation: Curation = curation_on(store)
    given = [review(), review("https://checker.example/2", claimReviewed="The ferry sank.")]
    assert len(curation.propose(read(tmp_path, given).entries, by=ADMIN).new) == 2
    given[0]["url"] += "?utm_source=feed"
    again = curation.propose(read(tmp_path, given).entries, by=ADMIN)
    assert len(again.unchanged) + len(again.changed) == 2
    assert again.new == ()
    assert {entry.status for entry in store.entries()} == {Status.DRAFT}
