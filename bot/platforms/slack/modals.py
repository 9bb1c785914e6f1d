"""Modals as values: while it is looked up, the answer, and why an entry matched. No I/O here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from bot.model import Reply
from bot.platforms.slack import wording
from bot.platforms.slack.blocks import evidence, render
from bot.platforms.slack.text import plain
from bot.replies.plain import clean

Json = dict[str, Any]

_BLOCKS = 100
_LONGEST = 3000
_DIVIDER: Json = {"type": "divider"}


def loading() -> Json:
    """Show that it is being looked up."""
    return _modal(wording.MODAL_TITLE, [section(wording.LOOKING)])


def answer(replies: Iterable[Reply]) -> Json:
    """Show what was found, with its evidence in place: a modal cannot open another one for it."""
    blocks: list[Json] = []
    for reply in replies:
        shown = [*unnamed(render(replace(reply, feedback=False))), *_evidence(evidence(reply))]
        blocks += [_DIVIDER, *shown] if blocks else shown
    return _modal(wording.MODAL_TITLE, blocks)


def why(value: str) -> Json:
    """Show the evidence that a *Why this match?* button carries: a JSON list of sentences."""
    lines = _lines(value)
    return _modal(wording.WHY_TITLE, [section(line) for line in lines] or [section(wording.WHY_UNKNOWN)])


def section(text: str) -> Json:
    """Build a section of plain text, in which nothing is markup; each line is cut where it is too long."""
    shown = "\n".join(plain(line, _LONGEST) for line in text.splitlines())
    return {"type": "section", "text": {"type": "plain_text", "text": shown, "emoji": False}}


def unnamed(blocks: Iterable[Json]) -> list[Json]:
    """The same blocks without ids: several answers in one message or modal must not share any."""
    return [{name: value for name, value in block.items() if name != "block_id"} for block in blocks]


def _evidence(lines: Sequence[str]) -> list[Json]:
    listed = [section(f"• {clean(line)}") for line in lines if clean(line)]
    return [section(wording.WHY_TITLE), *listed] if listed else []


def _lines(value: str) -> list[str]:
    try:
        lines = json.loads(value)
    except (ValueError, RecursionError):
        return []
    texts = [clean(line) for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
    return [text for text in texts if text]


def _modal(title: str, blocks: list[Json]) -> Json:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": title},
        "close": {"type": "plain_text", "text": wording.CLOSE},
        "blocks": blocks[:_BLOCKS],
    }
