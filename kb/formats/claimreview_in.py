"""ClaimReviews of other publishers as drafts: from one object, a list, a @graph or a DataFeed; none is lost.

A review is known again by its `identifier`, or else by its `url`: reviews that share it are one entry with
several claims. Where a part of no importance cannot be used (an appearance without address), it is left out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kb.entries.entry import Entry, parse_entry
from kb.errors import EntryError, Problem, UrlError
from kb.formats.claimreview_out import OWN
from kb.formats.jsonld import Graph, Node, as_list, kinds
from kb.text.cutting import shortened
from kb.text.words import sentences
from kb.urls.identity import identify

_Groups = dict[str, list[tuple[Node, Graph, str]]]
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LINE, _TEXT = 500, 2000
_MARKS = ("False", "Mostly false", "Half true", "Mostly true", "True")
"""Names for a number on a scale, from its worst to its best, where the publisher gives no words."""


@dataclass(frozen=True, kw_only=True)
class Reviews:
    """What a file held: how many ClaimReviews, and the drafts they make."""

    count: int
    entries: tuple[Entry, ...]


def read_claim_reviews(paths: Iterable[Path], *, expected: int | None = None) -> Reviews:
    """Read ClaimReview files, all or nothing.

    Raises EntryError with every problem; a file that says how many it holds, or `expected`, must be right.
    """
    problems: list[Problem] = []
    groups: _Groups = {}
    count = 0
    for path in paths:
        document = _document(path, problems)
        graph = Graph(document)
        reviews = list(_reviews(document, str(path), problems))
        count += len(reviews)
        for place, node in reviews:
            key = _key(node, graph)
            if key is None:
                problems.append(Problem(field="url", message="is missing, and so is identifier", place=place))
                continue
            groups.setdefault(key, []).append((node, graph, place))
    if expected is not None and count != expected:
        problems.append(
            Problem(field="", message=f"{count} ClaimReviews were found, and {expected} were expected")
        )
    entries = list(_entries(groups, problems))
    if problems:
        raise EntryError(tuple(problems))
    return Reviews(count=count, entries=tuple(entries))


def _key(node: Node, graph: Graph) -> str | None:
    """The id of the entry that a review makes: the same for the same review each time.

    An identifier such as 12 tells something only among one publisher's.
    """
    url = graph.text(node, "url")
    for given in graph.nodes(node, "identifier"):
        own = graph.text(given, "value")
        if graph.text(given, "propertyID") == OWN and _ID.fullmatch(own):
            return own
    name = graph.text(node, "identifier", "@id", "url")
    if not name:
        return None
    with suppress(UrlError):
        name = name if name != url else identify(url).key
    publisher = graph.name(node, "author", "publisher")
    return f"claimreview-{hashlib.sha256(f'{publisher}|{name}'.encode()).hexdigest()[:16]}"


def _document(path: Path, problems: list[Problem]) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        problems.append(Problem(field="", message=f"cannot be read: {error.strerror}", place=str(path)))
    except (ValueError, RecursionError) as error:
        problems.append(Problem(field="", message=f"is no valid JSON ({error})", place=str(path)))
    return None


def _reviews(document: object, place: str, problems: list[Problem]) -> Iterator[tuple[str, Node]]:
    """Every ClaimReview in the shapes that publishers use, with its place."""
    if document is None:
        return
    try:
        reviews = list(_inside(document, place, problems))
    except RecursionError:
        problems.append(Problem(field="", message="is nested too deeply to be a ClaimReview", place=place))
        return
    declared = [int(node["numberOfItems"]) for node in as_list(document) if _declares(node)]
    if declared and sum(declared) != len(reviews):
        message = f"says that it holds {sum(declared)} ClaimReviews, but {len(reviews)} were found"
        problems.append(Problem(field="numberOfItems", message=message, place=place))
    if not reviews:
        problems.append(Problem(field="", message="holds no ClaimReview", place=place))
    yield from reviews


def _declares(node: object) -> bool:
    given = node.get("numberOfItems") if isinstance(node, Mapping) else None
    return isinstance(given, int | str) and re.fullmatch("[0-9]{1,9}", str(given)) is not None


def _inside(value: object, place: str, problems: list[Problem]) -> Iterator[tuple[str, Node]]:
    for number, item in enumerate(items := as_list(value), 1):
        at = f"{place}, item {number}" if len(items) > 1 else place
        if not isinstance(item, Mapping):
            problems.append(Problem(field="", message="is no object", place=at))
        elif "ClaimReview" in kinds(item):
            yield at, item
        elif "@graph" in item:  # its other nodes are what the reviews speak of
            graph = [node for node in as_list(item["@graph"]) if isinstance(node, Mapping)]
            yield from _inside([node for node in graph if set(kinds(node)) & _WANTED], at, problems)
        elif inner := next((item[name] for name in _CONTAINERS if item.get(name)), None):
            yield from _inside(inner, at, problems)
        elif not set(kinds(item)) & _WANTED:
            said = ", ".join(kinds(item)) or "an object without @type"
            problems.append(Problem(field="@type", message=f"is {said}, no ClaimReview", place=at))


_CONTAINERS = ("dataFeedElement", "itemListElement", "item")
_WANTED = frozenset({"ClaimReview", "DataFeed", "DataFeedItem", "ItemList", "ListItem"})


def _entries(groups: _Groups, problems: list[Problem]) -> Iterator[Entry]:
    for key, members in groups.items():
        node, graph, place = members[0]
        claims = list({json.dumps(claim): claim for claim in (_claim(n, g) for n, g, _ in members)}.values())
        data = _data(key, node, graph, claims)
        data["appearances"] = _appearances(data["original"].get("url") or "", members)
        try:
            yield parse_entry({name: value for name, value in data.items() if value not in (None, [], "")})
        except EntryError as error:
            problems += [
                Problem(field=_TOLD.get(problem.field, problem.field), message=problem.message, place=place)
                for problem in error.problems
            ]


_TOLD = {"original.url": "url", "original.publisher": "author", "original.title": "name"}
"""What a field is called where it comes from, for whoever has to mend the file."""


def _data(key: str, node: Node, graph: Graph, claims: list[dict[str, Any]]) -> dict[str, Any]:
    claimed = claims[0].get("text", "")
    publisher = graph.name(node, "author") or graph.name(node, "publisher", "sourceOrganization")
    title = shortened(graph.text(node, "name", "headline") or claimed, _LINE)
    rating = claims[0].get("rating")
    text = graph.text(node, "description", "reviewBody") or claimed
    language = graph.text(node, "inLanguage")
    return {
        "id": key,
        "title": title,
        "summary": shortened(" ".join(sentences(text)[:2]), _TEXT),
        "original": _original(node, graph, publisher=publisher, title=title),
        "caveats": _caveats(node, graph, rating, publisher),
        "status": "draft",
        "language": language if _LANGUAGE.fullmatch(language) else None,
        "rating": rating,
        "claims": claims,
        "compiled": shortened(f"Taken over from a ClaimReview by {publisher}." if publisher else "", _TEXT),
    }


def _original(node: Node, graph: Graph, *, publisher: str, title: str) -> dict[str, Any]:
    """What the review is based on, where it says so with an address; else the review itself is the source."""
    for source in graph.nodes(node, "isBasedOn"):
        if graph.text(source, "url"):
            return _filled(
                publisher=graph.name(source, "publisher") or publisher,
                title=shortened(graph.text(source, "headline", "name") or title, _LINE),
                url=graph.text(source, "url"),
                author=shortened(graph.name(source, "author"), _LINE),
                published=_day(graph.text(source, "datePublished")),
            )
    published = _day(graph.text(node, "datePublished"))
    return _filled(publisher=publisher, title=title, url=graph.text(node, "url"), published=published)


def _claim(node: Node, graph: Graph) -> dict[str, Any]:
    item = next(iter(graph.nodes(node, "itemReviewed")), {})
    text = graph.text(node, "claimReviewed") or graph.text(item, "text", "name")
    by = shortened(graph.name(item, "author"), _LINE)
    return _filled(text=shortened(text, _TEXT), claimed_by=by, rating=_rating(node, graph))


def _rating(node: Node, graph: Graph) -> dict[str, Any] | None:
    given = next(iter(graph.nodes(node, "reviewRating")), None)
    if given is None:
        return None
    value, best, worst = (_number(graph.text(given, name)) for name in _SCALE)
    if value is not None and best is not None and worst is not None:
        inside = min(best, worst) <= value <= max(best, worst) and best != worst
        value, best, worst = (value, best, worst) if inside else (None, None, None)  # 0 or -1: not rated
    label = graph.text(given, "alternateName", "name") or _mark(value, best, worst)
    if not label:
        return None
    explanation = shortened(graph.text(given, "ratingExplanation"), _TEXT)
    label = shortened(label, _LINE)
    return _filled(label=label, explanation=explanation, value=value, best=best, worst=worst)


_SCALE = ("ratingValue", "bestRating", "worstRating")


def _mark(value: float | None, best: float | None, worst: float | None) -> str:
    if value is None:
        return ""
    top, bottom = (best, worst) if best is not None and worst is not None else (5.0, 1.0)
    share = (value - bottom) / (top - bottom)
    return _MARKS[round(share * (len(_MARKS) - 1))] if 0 <= share <= 1 else ""


def _caveats(node: Node, graph: Graph, rating: Mapping[str, Any] | None, publisher: str) -> list[str]:
    """Our own exports list caveats in the body; of another publisher, the verdict is what is known."""
    if graph.nodes(node, "isBasedOn"):
        body = next((text for text in graph.values(node, "reviewBody") if isinstance(text, str)), "")
        if own := [shortened(line, _TEXT) for line in body.splitlines() if line.strip()]:
            return own[:5]
    verdict = f"{publisher or 'The publisher'} rates this claim “{rating['label']}”." if rating else ""
    return [verdict or f"{publisher or 'The publisher'} has reviewed this claim; read the review first."]


def _appearances(original: str, members: Iterable[tuple[Node, Graph, str]]) -> list[dict[str, str]]:
    """Where the claim stood, and the review itself where another page is the original; each page once."""
    listed: dict[str, dict[str, str]] = {}
    for node, graph, _ in members:
        pages = [("debunk", graph.text(node, "url"))]
        for item in graph.nodes(node, "itemReviewed"):
            for name in ("appearance", "firstAppearance"):
                pages += [("copy", url) for url in _addresses(graph, item, name)]
        for kind, url in pages:
            with suppress(UrlError):
                listed.setdefault(identify(url).key, {"url": url, "kind": kind})
    with suppress(UrlError):
        listed.pop(identify(original).key, None)
    return list(listed.values())


def _addresses(graph: Graph, item: Node, name: str) -> list[str]:
    return [
        graph.text(value, "url", "@id") if isinstance(value, Mapping) else str(value)
        for value in graph.values(item, name)
    ]


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        return None


def _day(text: str) -> str | None:
    with suppress(ValueError):
        return date.fromisoformat(text[:10]).isoformat()
    return None


def _filled(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "")}
