"""Modals as values: while it is looked up, the answer, and why an entry matched. No I/O here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.model import Reply
from bot.platforms.slack.oauth.scopes import REMOVE
from bot.platforms.slack.text import plain, size
from bot.platforms.slack.views import wording
from bot.platforms.slack.views.blocks import evidence, render
from bot.platforms.slack.views.choices import read_json
from bot.replies.plain import clean

Json = dict[str, Any]

NOTE = "caveat_note"
"""The `callback_id` of the modal that asks for a note, and the name of its input."""

LONGEST_NOTE = 2000

_BLOCKS = 100
_TITLE = 24
_LABEL = 75
_LONGEST = 3000
_DIVIDER: Json = {"type": "divider"}


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


def waiting(sentence: str) -> Json:
    """Show what is being done."""
    return _modal(wording.MODAL_TITLE, [section(sentence)])


def note(question: str, about: Mapping[str, Any]) -> Json:
    """Ask for the words that a choice needs; `about` comes back with them."""
    element = {"type": "plain_text_input", "action_id": NOTE, "multiline": True, "max_length": LONGEST_NOTE}
    asked = {"type": "input", "block_id": NOTE, "label": plain_text(question, _LABEL), "element": element}
    return _form(NOTE, wording.NOTE_TITLE, wording.DO_IT, [asked], about)


def removal(about: Mapping[str, Any]) -> Json:
    """Ask whether a reply shall really go."""
    return _form(REMOVE, wording.REMOVE_TITLE, wording.DO_IT, [section(wording.REMOVE_SURE)], about)


def with_removal(view: Json, about: Mapping[str, Any]) -> Json:
    """The same modal with a button that has the reply removed, which asks again first."""
    confirm = {
        "title": plain_text(wording.REMOVE_TITLE, _TITLE),
        "text": plain_text(wording.REMOVE_SURE, _LABEL),
        "confirm": plain_text(wording.DO_IT, _TITLE),
        "deny": plain_text(wording.CLOSE, _TITLE),
    }
    button = {
        "type": "button",
        "action_id": REMOVE,
        "text": plain_text(wording.REMOVE, _LABEL),
        "style": "danger",
        "value": json.dumps(about),
        "confirm": confirm,
    }
    return view | {"blocks": [*view["blocks"][: _BLOCKS - 1], {"type": "actions", "elements": [button]}]}


def read_about(stored: object) -> Json:
    """Read what a modal or a button of ours carries; empty for what is none of ours."""
    about = read_json(stored)
    return about if isinstance(about, dict) else {}


def plain_text(text: str, limit: int) -> Json:
    """Build a text in which nothing is markup, cut where it is too long."""
    return unmarked(plain(text, limit) or "…")


def unmarked(text: str) -> Json:
    """Build a text of our own in which nothing is markup."""
    return {"type": "plain_text", "text": text, "emoji": False}


def section(text: str) -> Json:
    """Build a section of plain text, in which nothing is markup; it is cut where it is too long."""
    lines, room = [], _LONGEST
    for line in text.splitlines():
        lines.append(plain(line, room))
        room -= size(lines[-1]) + 1
        if room < 1:
            break
    shown = "\n".join(lines).rstrip() or "…"
    return {"type": "section", "text": unmarked(shown)}


def unnamed(blocks: Iterable[Json]) -> list[Json]:
    """The same blocks without ids: several answers in one message or modal must not share any."""
    return [{name: value for name, value in block.items() if name != "block_id"} for block in blocks]


def _evidence(lines: Sequence[str]) -> list[Json]:
    listed = [section(f"• {clean(line)}") for line in lines if clean(line)]
    return [section(wording.WHY_TITLE), *listed] if listed else []


def _lines(value: str) -> list[str]:
    lines = read_json(value)
    texts = [clean(line) for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
    return [text for text in texts if text]


def _form(callback_id: str, title: str, submit: str, blocks: list[Json], about: Mapping[str, Any]) -> Json:
    ends = {"callback_id": callback_id, "submit": plain_text(submit, _TITLE)}
    return _modal(title, blocks) | ends | {"private_metadata": json.dumps(about)}


def _modal(title: str, blocks: list[Json]) -> Json:
    return {
        "type": "modal",
        "title": unmarked(title),
        "close": unmarked(wording.CLOSE),
        "blocks": blocks[:_BLOCKS],
    }
