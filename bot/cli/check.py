"""`caveat check`: one question, one answer, for people and scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.answering.address_claims import copy_of
from bot.answering.consider import Considered, Research, consider, consider_page
from bot.answering.decide import Occasion
from bot.answering.subject import Subject
from bot.errors import PageError, SettingsError
from bot.model import Action, Page
from bot.replies import wording
from bot.replies.compose import compose
from bot.replies.plain import render
from bot.threads import in_thread
from kb.compare import Comparison, Difference, Snippet
from kb.errors import UrlError
from kb.match.query import Hit
from kb.urls.identity import Address, identify

EXIT_STATUS = {Action.REPLY: 0, Action.SUGGEST: 0, Action.NOTHING: 3, Action.SILENT: 3}


async def check(target: str, research: Research, *, asked: bool) -> tuple[Considered, Address | None]:
    """Consider a web address or a file. Raises SettingsError for neither, PageError, ModelError."""
    occasion = Occasion(asked=asked)
    if await in_thread(Path(target).is_file):
        try:
            page = await research.reader.read_file(Path(target))
            return await consider_page(page, research, occasion), None
        except PageError as error:
            raise PageError(f"could not read {target}: {error.reason}") from error
    try:
        link = identify(target)
    except UrlError as error:
        raise SettingsError(
            f"{target}: there is no such file, and it is no web address (https://…)"
        ) from error
    try:
        return await consider(Subject(link=link), research, occasion), link
    except PageError as error:
        raise PageError(f"could not read {link.url}: {error.reason}") from error


def spoken(considered: Considered, research: Research) -> str:
    """What the bot would say, as plain text; empty when it would keep silent."""
    if considered.decision.action is Action.SILENT:
        return ""
    today = research.now().date()
    reply = render(compose(considered.decision, today=today, comparison=considered.comparison))
    claim = copy_of(considered.page) if considered.page else None
    return f"{reply}\n{wording.COPY_CLAIM.format(url=claim.url)}" if claim else reply


def as_json(considered: Considered, link: Address | None, reply: str) -> dict[str, Any]:
    """The answer for scripts; docs/check.md lists the keys."""
    decision = considered.decision
    return {
        "action": decision.action.value,
        "reason": decision.reason,
        "link": {"url": link.url, "key": link.key} if link else None,
        "page": _page(considered.page) if considered.page else None,
        "hits": [_hit(hit) for hit in considered.hits],
        **compared(considered.comparison),
        "reply": reply,
    }


def compared(comparison: Comparison | None) -> dict[str, Any]:
    """What a page changed, for scripts: every difference, and why it reads like an automatic rewrite."""
    found = comparison or Comparison()
    differences = [_difference(each) for each in found.differences]
    return {"differences": differences, "rewritten": list(found.rewritten)}


def _difference(difference: Difference) -> dict[str, Any]:
    source = difference.original.source
    published = source.published.isoformat() if source.published else None
    return {
        "kind": difference.kind.value,
        "severity": difference.severity.name.lower(),
        "here": _snippet(difference.here),
        "original": {
            "text": difference.original.text,
            "about": difference.original.about,
            "source": {
                "publisher": source.publisher,
                "title": source.title,
                "url": source.url,
                "published": published,
            },
        },
        "also": [_snippet(each) for each in difference.also],
        "words": [{"here": here, "original": there} for here, there in difference.words],
        "evidence": difference.evidence,
    }


def _snippet(snippet: Snippet) -> dict[str, Any]:
    return {"text": snippet.text, "start": snippet.start, "end": snippet.end}


def _page(page: Page) -> dict[str, Any]:
    return {
        "title": page.title,
        "host": page.host or None,
        "author": page.author,
        "published": page.published.isoformat() if page.published else None,
        "published_from": page.published_from.value if page.published_from else None,
        "language": page.language,
        "claims": [{"by": claim.by, "url": claim.url} for claim in page.claims],
        "copy_of": claim.url if (claim := copy_of(page)) else None,
        "words": page.words,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    evidence = [
        {"feature": piece.feature, "text": piece.text, "score": round(piece.score, 4)}
        for piece in hit.evidence
    ]
    return {
        "entry": hit.entry.id,
        "title": hit.entry.title,
        "score": hit.score,
        "probability": hit.probability,
        "basis": hit.basis.value,
        "evidence": evidence,
    }
