"""An entry as the inputs of a modal, and back: each field a text, lists of figures and quotes as YAML. Pure.

The texts are what is compared and merged when an entry changed while somebody had it open. What is too long
for an input of Slack's is not shown; it is kept as it stands in the entry.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.platforms.slack.text import size
from bot.platforms.slack.views import wording
from kb.entries.entry import Source, parse_entry
from kb.entries.fields import BY_STEPS, FIELDS, Kind, is_required
from kb.errors import EntryError, Problem
from kb.formats.yaml_text import read_yaml, write_yaml

LONGEST = 3000
"""What an input takes, in characters."""


@dataclass(frozen=True, kw_only=True)
class Input:
    """One input; `name` is its `block_id`, and the path of its field. The one for the rest has no `kind`."""

    name: str
    label: str
    kind: Kind | None
    hint: str = ""
    needed: bool = False


REST = "rest"
"""The input for every field that has none of its own."""


def _input(name: str, hint: str = "", *, label: str = "") -> Input:
    label = label or FIELDS[name].label.capitalize()
    return Input(name=name, label=label, kind=FIELDS[name].kind, hint=hint, needed=is_required(name))


INPUTS = (
    _input("title"),
    _input("id", wording.HINT_ID),
    *(_input(f"original.{name}") for name in Source.model_fields),
    _input("summary", wording.HINT_SUMMARY),
    _input("caveats", wording.HINT_CAVEATS),
    _input("figures", wording.HINT_FIGURES),
    _input("quotes", wording.HINT_QUOTES),
    _input("sensitive", wording.HINT_SENSITIVE, label="Sensitive content"),
    _input("content_note"),
    _input("review_by", wording.HINT_REVIEW_BY),
    Input(name=REST, label="Other fields", kind=None, hint=wording.HINT_REST),
)
_BY_NAME = {each.name: each for each in INPUTS}
_OWN = {each.name.partition(".")[0] for each in INPUTS} - {REST}
_NULL = re.compile(r"^([ -]*\w+:) null$", re.MULTILINE)
"""What is not known yet, such as who said a quote, is left empty to be filled in."""
_SWITCH = {True: "yes", False: "no"}

Texts = Mapping[str, str]
"""The text of each input, by name; "" where it is empty."""


def texts_of(fields: Mapping[str, Any], candidates: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Write an entry's fields as texts; figures and quotes that a page offers stand where there are none.

    Of those, as many as an input takes.
    """
    texts = {each.name: _written(each, fields) for each in INPUTS}
    for name, offered in (candidates or {}).items():
        if name in texts and not texts[name]:
            texts[name] = _as_many_as_fit(offered)
    return texts


def kept(fields: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The fields of those inputs, as they stand in an entry."""
    found: dict[str, Any] = {}
    for name in names:
        if name == REST:
            found |= {each: value for each, value in fields.items() if each not in _OWN | BY_STEPS.keys()}
        elif (value := _get(fields, name)) is not None:
            _put(found, name, value)
    return found


def too_long(texts: Texts) -> frozenset[str]:
    """Name the texts that no input of Slack's takes."""
    return frozenset(name for name, text in texts.items() if size(text) > LONGEST)


def fields_of(texts: Texts) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Read the texts as an entry's fields, and tell what cannot be read; such a field is left out."""
    fields: dict[str, Any] = {"original": {}}  # so that what is missing of it is told by name
    problems: list[Problem] = []
    for each in INPUTS:
        text = texts.get(each.name, "")
        if not text.strip():
            continue
        if each.kind is None:
            rest, found = _rest(text)
            fields |= rest
        else:
            value, found = _value(each, text)
            if not found:
                _put(fields, each.name, value)
        problems += found
    return fields, tuple(problems)


def own_problems(fields: Mapping[str, Any], unread: Iterable[Problem]) -> tuple[Problem, ...]:
    """What is wrong with the fields that could be read, while others could not."""
    try:
        parse_entry(fields)
    except EntryError as error:
        left_out = {input_of(each) for each in unread}
        return tuple(each for each in error.problems if input_of(each) not in left_out)
    return ()


def input_of(problem: Problem) -> str:
    """Name the input at which a problem is to be shown."""
    path = problem.field.partition("[")[0]
    return next(
        (name for name in (path, path.partition(".")[0]) if name in _BY_NAME), REST if path else "title"
    )


def told(problem: Problem) -> str:
    """Say a problem beside its input."""
    inside = problem.field.removeprefix(input_of(problem)) if problem.field else ""
    return ": ".join(part for part in (problem.place, inside.lstrip("."), problem.message) if part)


def _written(each: Input, fields: Mapping[str, Any]) -> str:
    if each.kind is None:
        rest = {name: value for name, value in fields.items() if name not in _OWN | BY_STEPS.keys()}
        return _yaml({name: value for name, value in rest.items() if value not in (None, (), [], "")})
    value = _get(fields, each.name)
    if value is None or value in ((), []):
        return ""
    if each.kind is Kind.LINES:
        return "\n".join(" ".join(str(line).split()) for line in value)
    if each.kind is Kind.LIST:
        return _yaml_list(value)
    if each.kind is Kind.SWITCH:
        return _SWITCH.get(value, "")
    return value.isoformat() if isinstance(value, date) else str(value)


def _value(each: Input, text: str) -> tuple[Any, tuple[Problem, ...]]:
    if each.kind is Kind.LINES:
        return [line.strip().removeprefix("• ") for line in text.splitlines() if line.strip()], ()
    if each.kind is Kind.LIST:
        return _list(each.name, text)
    if each.kind is Kind.SWITCH:
        return text == _SWITCH[True], ()
    return text, ()


def _list(name: str, text: str) -> tuple[list[Any], tuple[Problem, ...]]:
    items, problems = read_yaml(text, "")
    values = [item.data for item in items]
    if len(values) == 1 and isinstance(values[0], Mapping) and set(values[0]) == {name}:
        values = list(values[0][name] or ())  # written with its heading, as in a file
    return values, tuple(replace(each, field=name, place=_line(each.place)) for each in problems)


def _rest(text: str) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    items, problems = read_yaml(text, "")
    found = [replace(each, field=REST, place=_line(each.place)) for each in problems]
    fields: dict[str, Any] = {}
    for item in items:
        if isinstance(item.data, Mapping):
            fields |= item.data
        else:
            found.append(Problem(field=REST, message=wording.NOT_FIELDS))
    own, by_steps = sorted(_OWN & fields.keys()), sorted(BY_STEPS.keys() & fields.keys())
    said = [wording.HAS_ITS_INPUT.format(name=name) for name in own]
    said += [wording.SET_BY_STEPS.format(name=name) for name in by_steps]
    found += [Problem(field=REST, message=each) for each in said]
    return {name: value for name, value in fields.items() if name not in _OWN | BY_STEPS.keys()}, tuple(found)


def _line(place: str) -> str:
    return place.removeprefix(", ")


def _get(fields: Mapping[str, Any], name: str) -> Any:
    group, dot, inside = name.partition(".")
    value = fields.get(group)
    return (value or {}).get(inside) if dot else value


def _put(fields: dict[str, Any], name: str, value: Any) -> None:
    group, dot, inside = name.partition(".")
    if dot:
        fields.setdefault(group, {})[inside] = value
    else:
        fields[name] = value


def _as_many_as_fit(items: Sequence[Any]) -> str:
    kept = list(items)
    while kept and size(_yaml_list(kept)) > LONGEST:
        kept.pop()
    return _NULL.sub(r"\1", _yaml_list(kept))


def _yaml_list(items: Iterable[Any]) -> str:
    """A list as in a file, without its heading."""
    listed = list(items)
    return textwrap.dedent(_yaml({"list": listed}).partition("\n")[2]) if listed else ""


def _yaml(data: Mapping[str, Any]) -> str:
    if not data:
        return ""
    stream = io.StringIO()
    write_yaml([data], stream)
    return stream.getvalue().removeprefix("---\n").strip("\n")
