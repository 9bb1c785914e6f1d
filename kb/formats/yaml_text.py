"""YAML as editors write it: read with the line of every field, and written to be read by people.

Only plain data is taken: no tags, no anchors and aliases, no field named twice. Unquoted numbers are decimal
ones: YAML 1.1 would read 010 as 8 and 8:30 as 510; here they stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TextIO

import yaml

from kb.entries.problems import Item, path_of
from kb.errors import Problem

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times faster, where it was built
_Path = tuple[int | str, ...]
_DEEPEST = 500
_INDENTED = re.compile(r"(?:^|[\r\x85\u2028\u2029])[ ?:-]{" + str(_DEEPEST) + "}", re.MULTILINE)
"""Blocks that stand in each other, each at least a column further in."""
_MOST_DIGITS = 300
"""Of a number; Python refuses to read one of more than 4,300, and none has so many."""


def read_yaml(text: str, file: str) -> tuple[list[Item], list[Problem]]:
    """Read the entries of a YAML text (one, a list, or several documents), and tell all that is wrong."""
    items: list[Item] = []
    problems: list[Problem] = []
    if _too_deep(text):
        return items, [Problem(field="", message="is nested too deeply to be an entry", place=file)]
    try:
        for document in yaml.compose_all(text, Loader=_Loader):
            nodes = document.value if isinstance(document, yaml.SequenceNode) else [document]
            seen: set[int] = set()
            for node in nodes:
                reading = _Reading(file=file, problems=problems, seen=seen)
                data = reading.plain(node, ())
                if data is not None:
                    position = f"line {node.start_mark.line + 1}"
                    items.append(Item(data=data, file=file, position=position, lines=reading.lines))
    except yaml.YAMLError as error:
        problems.append(_syntax_problem(error, text, file))
    except RecursionError:
        problems.append(Problem(field="", message="is nested too deeply to be an entry", place=file))
    return items, problems


def _too_deep(text: str) -> bool:
    """Tell whether a text nests as no entry does: composing goes down it until the process dies.

    libyaml's events come one after the other, however deep they are.
    """
    if text.count("[") + text.count("{") < _DEEPEST and not _INDENTED.search(text):
        return False  # as of nearly every file, and a hundred times as fast
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                return True
    except yaml.YAMLError:
        pass  # composing ends there as well, and tells of it
    return False


def write_yaml(documents: Iterable[Mapping[str, Any]], stream: TextIO) -> None:
    """Write plain data so that people can read and edit it; `read_yaml` reads the same data again.

    The documents are separated by `---`; fields stay in their order, long texts are folded.
    """
    yaml.dump_all(
        documents, stream, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, explicit_start=True
    )


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """Turns one entry's nodes into plain data, and collects what stands where and what is wrong."""

    file: str
    problems: list[Problem]
    seen: set[int]
    lines: dict[str, int] = field(default_factory=dict)

    def plain(self, node: yaml.Node, path: _Path) -> object:
        if id(node) in self.seen:  # an alias gives the anchor's own node again
            self.tell(node, path, "is repeated with an alias (`*name`); write it out")
            return None
        self.seen.add(id(node))
        tag = node.tag.removeprefix("tag:yaml.org,2002:")
        if tag not in _TAGS:
            self.tell(node, path, f"bears the tag {tag}; only plain text, numbers, lists and groups are read")
            return None
        if isinstance(node, yaml.MappingNode):
            return dict(self.fields(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, position)) for position, item in enumerate(node.value)]
        return _scalar(tag, node.value)

    def fields(self, node: yaml.MappingNode, path: _Path) -> Iterator[tuple[str, object]]:
        names = set()
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            self.lines[path_of((*path, name))] = key.start_mark.line + 1
            if name in names:
                self.tell(key, (*path, name), "is given twice; keep one")
            names.add(name)
            yield name, self.value(value, (*path, name))

    def value(self, node: yaml.Node, path: _Path) -> object:
        self.lines.setdefault(path_of(path), node.start_mark.line + 1)
        return self.plain(node, path)

    def tell(self, node: yaml.Node, path: _Path, message: str) -> None:
        line = self.lines.get(path_of(path), node.start_mark.line + 1)  # an alias's node is its anchor's
        place = f"{self.file}, line {line}"
        self.problems.append(Problem(field=path_of(path), message=message, place=place))


_TAGS = {"str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq"}
_DECIMAL = re.compile(r"[-+]?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")


def _scalar(tag: str, text: str) -> object:
    """Read an unquoted value; one that does not say plainly what it is stays text."""
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() in {"yes", "true", "on"}
    if tag in {"int", "float"} and len(text) <= _MOST_DIGITS and _DECIMAL.fullmatch(text):
        return float(text) if tag == "float" else int(text)
    if tag == "timestamp":
        with suppress(ValueError):
            return datetime.fromisoformat(text) if len(text) > len("2022-04-15") else date.fromisoformat(text)
    return text


_HINTS = {
    "mapping values are not allowed": "a text with a colon and a space in it must be in quotes",
    "cannot start any token": "indent with spaces, and put a text that starts with @, % or ` in quotes",
    "did not find expected": "check the indentation and the quotes here and just above",
    "unexpected end of stream": "a closing quote or bracket is missing",
    "control characters": "delete the control character",
}


def _syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        line, what = error.problem_mark.line + 1, str(error.problem)
    else:
        what = str(error).partition("\n")[0]
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
    hint = next(
        (hint for words, hint in _HINTS.items() if words in what), "check the indentation and the quotes"
    )
    return Problem(field="", message=f"is no valid YAML ({what}): {hint}", place=f"{file}, line {line}")


class _Dumper(yaml.SafeDumper):
    """Writes an entry's values: tuples, enumerations, whole numbers without `.0`, long texts folded."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # PyYAML's interface
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  # the same
        super().increase_indent(flow, False)  # lists are indented under their field


def _write_text(dumper: _Dumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else ">" if len(text) > _LONG else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=style)


def _write_number(dumper: _Dumper, number: float) -> yaml.Node:
    whole = number.is_integer() and abs(number) < 2**53
    return dumper.represent_int(int(number)) if whole else dumper.represent_float(number)


_LONG = 80
_Dumper.add_representer(float, _write_number)
_Dumper.add_representer(tuple, yaml.SafeDumper.represent_list)
_Dumper.add_representer(str, _write_text)
_Dumper.add_multi_representer(StrEnum, _write_text)
