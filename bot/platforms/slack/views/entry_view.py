"""The modal in which an entry is written: a view out of texts, and what was typed out of a view. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.commands.values import Draft
from bot.platforms.slack.text import plain
from bot.platforms.slack.views import wording
from bot.platforms.slack.views.entry_form import INPUTS, LONGEST, Input, input_of, texts_of, told, too_long
from bot.platforms.slack.views.modals import read_about, section, unmarked
from kb.entries.fields import Kind
from kb.errors import Problem

ENTRY = "caveat_entry"
"""The `callback_id` of the modal."""

_ERROR = 1000
_NOTICE = 2900
_NOTICES = 30
_MARK = 12
_DAYS = "YYYY-MM-DD"

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """An entry as somebody has it before them.

    `texts` is what stands in the inputs, and `marks` tells what stands in the entry at revision `base` (None:
    a new entry), each as a short digest. An input that is in neither is not shown. `at` is the channel and
    the timestamp of the message whose button opened it, `turn` counts how often it was shown.
    """

    entry_id: str
    base: int | None
    channel: str
    texts: Mapping[str, str] = field(repr=False)
    marks: Mapping[str, str] = field(repr=False)
    anyway: bool = False
    at: tuple[str, str] | None = None
    turn: int = 0

    @property
    def hidden(self) -> tuple[str, ...]:
        """The inputs that are not shown, because their texts are too long."""
        own = "id" if self.base is not None else ""
        return tuple(each.name for each in INPUTS if each.name not in self.texts and each.name != own)

    @property
    def has_new_link(self) -> bool:
        """Whether the link of the original was typed here, so that nobody has looked at it yet."""
        link = "original.url"
        return link in self.texts and self.marks.get(link) != _mark(self.texts[link])


def open_sheet(draft: Draft, channel: str, at: tuple[str, str] | None) -> Sheet:
    """Put a draft before somebody."""
    texts = texts_of(draft.fields, draft.candidates)
    out = too_long(texts) | ({"id"} if draft.base is not None else set())
    shown = {name: text for name, text in texts.items() if name not in out}
    return Sheet(
        entry_id=draft.entry_id,
        base=draft.base,
        channel=channel,
        texts=shown,
        marks={name: _mark(text) for name, text in shown.items()},
        at=at,
    )


def merge(sheet: Sheet, latest: Sheet) -> tuple[Sheet, tuple[str, ...]]:
    """Put what somebody typed into the latest text; name the inputs that were changed there as well.

    In these, what was typed stays.
    """
    texts: dict[str, str] = {}
    both: list[str] = []
    for name, now in latest.texts.items():
        typed, before = sheet.texts.get(name, now), sheet.marks.get(name, "")
        changed = _mark(typed) != before
        texts[name] = typed if changed else now
        if changed and _mark(now) != before and now != typed:
            both.append(name)
    lost = {name: text for name, text in sheet.texts.items() if name not in texts}
    return replace(latest, texts={**texts, **lost}, at=sheet.at, turn=sheet.turn), tuple(both)


def entry_view(sheet: Sheet, *, notices: Iterable[str] = (), problems: Iterable[Problem] = ()) -> Json:
    """Build the modal: notices on top, then the inputs, each with what is wrong with it below."""
    wrong = errors(problems, sheet)
    blocks = [section(plain(each, _NOTICE)) for each in [*notices][:_NOTICES] if plain(each, _NOTICE)]
    if sheet.hidden:
        blocks.append(section(wording.TOO_LONG.format(names=names_of(sheet.hidden))))
    for each in (each for each in INPUTS if each.name in sheet.texts):
        blocks.append(_input(each, sheet.texts[each.name], sheet.turn))
        if each.name in wrong:
            blocks.append({"type": "context", "elements": [unmarked(f"⚠ {wrong[each.name]}")]})
    return {
        "type": "modal",
        "callback_id": ENTRY,
        "title": unmarked(wording.NEW_ENTRY if sheet.base is None else wording.EDIT_ENTRY),
        "submit": unmarked(wording.SAVE_ANYWAY if sheet.anyway else wording.SAVE),
        "close": unmarked(wording.CLOSE),
        "private_metadata": _metadata(sheet),
        "blocks": blocks,
    }


def read_view(view: Mapping[str, Any]) -> Sheet:
    """Read a submitted modal: what was typed, and by the view itself what stood there before."""
    about = read_about(view.get("private_metadata"))
    marks = about.get("marks") or {}
    values = (view.get("state") or {}).get("values") or {}
    elements = {each["block_id"]: each["element"] for each in view["blocks"] if each["type"] == "input"}
    typed = {name: _typed(values.get(name) or {}) for name in elements}
    return Sheet(
        entry_id=about.get("entry") or typed.get("id", ""),
        base=about.get("base"),
        channel=str(about.get("channel") or ""),
        texts=typed,
        marks={name: marks.get(name) or _mark(_initial(element)) for name, element in elements.items()},
        anyway=bool(about.get("anyway")),
        at=tuple(about["at"]) if about.get("at") else None,
        turn=int(about.get("turn") or 0) + 1,
    )


def errors(problems: Iterable[Problem], sheet: Sheet) -> dict[str, str]:
    """What is wrong, by the input at which it is shown; a field that has none is told at the title."""
    found: dict[str, list[str]] = {}
    for each in problems:
        name = input_of(each)
        at, said = (name, told(each)) if name in sheet.texts else ("title", str(each))
        found.setdefault(at, []).append(said)
    return {name: plain("; ".join(said), _ERROR) for name, said in found.items()}


def names_of(inputs: Iterable[str]) -> str:
    """Name inputs as their labels do."""
    return ", ".join(each.label for each in INPUTS if each.name in set(inputs))


def _metadata(sheet: Sheet) -> str:
    marks = {name: mark for name, mark in sheet.marks.items() if mark != _mark(sheet.texts.get(name, ""))}
    about = {
        "entry": sheet.entry_id if sheet.base is not None else "",
        "base": sheet.base,
        "channel": sheet.channel,
        "marks": marks,
        "anyway": sheet.anyway,
        "at": sheet.at,
        "turn": sheet.turn,
    }
    return json.dumps({name: value for name, value in about.items() if value})


def _input(each: Input, text: str, turn: int) -> Json:
    """An input. Slack keeps what was typed where the ids stay, so each turn has an `action_id` of its own."""
    block: Json = {
        "type": "input",
        "block_id": each.name,
        "label": unmarked(each.label),
        "element": {"action_id": f"typed:{turn}"} | _element(each, text),
        "optional": not each.needed,
    }
    return block | ({"hint": unmarked(each.hint)} if each.hint else {})


def _element(each: Input, text: str) -> Json:
    if each.kind is Kind.DAY:
        return {"type": "datepicker"} | ({"initial_date": text} if _is_day(text) else {})
    if each.kind is Kind.SWITCH:
        options = [{"text": unmarked(label), "value": value} for value, label in _SWITCH.items()]
        chosen = next((option for option in options if option["value"] == text), None)
        return {"type": "static_select", "options": options} | ({"initial_option": chosen} if chosen else {})
    made: Json = {"type": "plain_text_input", "max_length": LONGEST}
    made |= {"multiline": True} if each.kind is not Kind.LINE else {}
    return made | ({"initial_value": text} if text else {})


_SWITCH = {"yes": wording.YES, "no": wording.NO}


def _initial(element: Mapping[str, Any]) -> str:
    option = element.get("initial_option") or {}
    return str(element.get("initial_value") or element.get("initial_date") or option.get("value") or "")


def _typed(states: Mapping[str, Any]) -> str:
    state = next(iter(states.values()), None) or {}
    option = state.get("selected_option") or {}
    return str(state.get("value") or state.get("selected_date") or option.get("value") or "")


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:_MARK]


def _is_day(text: str) -> bool:
    try:
        return len(text) == len(_DAYS) and bool(date.fromisoformat(text))
    except ValueError:
        return False
