"""The same decision says the same on every platform: no rendering leaves out, or adds, a fact."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from bot.model import Action, Decision, Reply
from bot.platforms.matrix import html as matrix_html
from bot.platforms.slack.views import blocks as slack_blocks
from bot.replies import plain
from bot.replies.compose import compose, unreadable
from kb.formats.files import starter_entries
from kb.match.query import Basis, Evidence, Hit

TODAY = date(2026, 11, 22)
INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
RENDERINGS: dict[str, Callable[[Reply], str]] = {
    "console": plain.render,
    "matrix": lambda reply: html.unescape(matrix_html.render(reply)),
    "slack": lambda reply: html.unescape(json.dumps(slack_blocks.render(reply), ensure_ascii=False)),
}


def hits(basis: Basis, count: int = 1) -> tuple[Hit, ...]:
    evidence = (Evidence(feature="credit", text="names the paper", score=1.0),)
    return tuple(
        Hit(entry=entry, score=0.9, basis=basis, evidence=evidence) for entry in starter_entries()[:count]
    )


BESIDE = {"evidence", "entry_url", "form"}
"""Parts of text that are not laid out: told on request, a link behind a button, and a form as it stands."""

TEXTS: dict[str, Any] = {
    field.name: f"The {field.name} is told."
    if field.type in {"str", "str | None"}
    else (f"One {field.name}.",)
    for field in fields(Reply)
    if field.type in {"str", "str | None", "tuple[str, ...]"} and field.name not in BESIDE
}

REPLIES = {
    "every part": Reply(**TEXTS),
    "reply": compose(Decision(action=Action.REPLY, reason="", hits=hits(Basis.SAME_STORY)), today=TODAY),
    "original": compose(Decision(action=Action.REPLY, reason="", hits=hits(Basis.ORIGINAL)), today=TODAY),
    "suggest": compose(Decision(action=Action.SUGGEST, reason="", hits=hits(Basis.RELATED, 3)), today=TODAY),
    "nothing": compose(Decision(action=Action.NOTHING, reason=""), today=TODAY),
    "amended": replace(
        compose(Decision(action=Action.REPLY, reason="", hits=hits(Basis.NEAR_COPY)), today=TODAY),
        updated="Updated on 22 November 2026: figure: was “a <b>”, now “c & d”.",
    ),
    "unreadable": unreadable("the site answered 404 (not found)"),
}


def facts(reply: Reply) -> list[str]:
    """Every piece of a reply that a reader is to see."""
    citations = [suggestion.citation for suggestion in reply.suggestions]
    citations += [reply.original] if reply.original else []
    pieces: list[str | None] = [suggestion.why for suggestion in reply.suggestions]
    for name in TEXTS:
        part = getattr(reply, name)
        pieces += part if isinstance(part, tuple) else [part]
    pieces += [piece for each in citations for piece in (each.title, each.url, plain.byline(each))]
    return [piece for piece in pieces if piece]


@pytest.mark.parametrize("platform", RENDERINGS)
@pytest.mark.parametrize("kind", REPLIES)
def test_every_platform_shows_every_fact_of_a_reply(platform: str, kind: str) -> None:
    shown = INVISIBLE.sub("", RENDERINGS[platform](REPLIES[kind])).replace('\\"', '"')
    missing = [fact for fact in facts(REPLIES[kind]) if fact not in shown]
    assert not missing, shown
