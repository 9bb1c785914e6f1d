"""`caveat check`: one question, one answer, for people and scripts."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from bot.errors import PageError, SettingsError
from bot.model import Action, Page
from bot.pipeline.consider import Considered, Research, consider, consider_page
from bot.pipeline.subject import Subject
from bot.replies.compose import compose
from bot.replies.plain import render
from kb.errors import UrlError
from kb.query import Hit
from kb.url import Address, identify

EXIT_STATUS = {Action.REPLY: 0, Action.SUGGEST: 0, Action.NOTHING: 3, Action.SILENT: 3}


async def check(target: str, research: Research, *, asked: bool) -> tuple[Considered, Address | None]:
    """Consider a web address or a file. Raises SettingsError for neither, PageError, ModelError."""
    if await asyncio.to_thread(Path(target).is_file):
        try:
            page = await research.reader.read_file(Path(target))
            return await consider_page(page, research, asked=asked), None
        except PageError as error:
            raise PageError(f"could not read {target}: {error.reason}") from error
    try:
        link = identify(target)
    except UrlError as error:
        raise SettingsError(
            f"{target}: there is no such file, and it is no web address (https://…)"
        ) from error
    try:
        return await consider(Subject(link=link), research, asked=asked), link
    except PageError as error:
        raise PageError(f"could not read {link.url}: {error.reason}") from error


def spoken(considered: Considered, research: Research) -> str:
    """What the bot would say, as plain text; empty when it would keep silent."""
    if considered.decision.action is Action.SILENT:
        return ""
    return render(compose(considered.decision, today=research.now().date()))


def as_json(considered: Considered, link: Address | None, reply: str) -> dict[str, Any]:
    """The answer for scripts; docs/check.md lists the keys."""
    decision = considered.decision
    return {
        "action": decision.action.value,
        "reason": decision.reason,
        "link": {"url": link.url, "key": link.key} if link else None,
        "page": _page(considered.page) if considered.page else None,
        "hits": [_hit(hit) for hit in considered.hits],
        "differences": [],
        "reply": reply,
    }


def _page(page: Page) -> dict[str, Any]:
    return {
        "title": page.title,
        "host": page.host or None,
        "published": page.published.isoformat() if page.published else None,
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
        "basis": hit.basis.value,
        "evidence": evidence,
    }
