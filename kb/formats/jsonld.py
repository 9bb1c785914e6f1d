"""Reading JSON-LD as sites write it: one value or a list, a name or a node, with a prefix or without.

This is no JSON-LD processor: contexts are not fetched, since what they say of schema.org is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]


def local(name: str) -> str:
    """A type's or property's name without the address or the prefix before it."""
    return name[max(map(name.rfind, "/#:")) + 1 :]


def kinds(node: object) -> tuple[str, ...]:
    """The types that a node says it has."""
    types = node.get("@type") if isinstance(node, Mapping) else None
    return tuple(local(name) for name in as_list(types) if isinstance(name, str))


def as_list(value: object) -> list[Any]:
    """A value as JSON-LD means it: any number of them, in order; without recursion, as in `walk`."""
    items: list[Any] = []
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping) and "@list" in item:
            waiting.append(item["@list"])
        elif isinstance(item, list):
            waiting.extend(reversed(item))
        elif item is not None:
            items.append(item)
    return items


class Graph:
    """A document's nodes, so that one that is only named by its @id elsewhere is found."""

    def __init__(self, document: object) -> None:
        self._named: dict[str, Node] = {}
        for node in walk(document):
            if isinstance(node.get("@id"), str) and len(node) > 1:
                self._named.setdefault(node["@id"], node)

    def values(self, node: Node, *names: str) -> list[Any]:
        """The values of the first of these properties that has any; nodes named by @id are put in."""
        plain = {local(str(name)): value for name, value in node.items()}
        for name in names:
            if found := as_list(plain.get(name)):
                return [self.whole(each) for each in found]
        return []

    def text(self, node: Node, *names: str) -> str:
        """The first text among these properties' values, on one line; empty when there is none."""
        for name in names:
            for value in self.values(node, name):
                plain = value.get("@value", value.get("value")) if isinstance(value, Mapping) else value
                if isinstance(plain, str | int | float) and (line := " ".join(str(plain).split())):
                    return line
        return ""

    def nodes(self, node: Node, *names: str) -> list[Node]:
        """The values of a property that are nodes."""
        return [value for value in self.values(node, *names) if isinstance(value, Mapping)]

    def name(self, node: Node, *names: str) -> str:
        """The name of a person or an organisation, given as a node or as plain text."""
        texts = (
            self.text(value, "name", "alternateName") if isinstance(value, Mapping) else str(value).strip()
            for value in self.values(node, *names)
        )
        return ", ".join(filter(None, texts))

    def whole(self, value: Any) -> Any:
        """The node that a value only names by its @id; any other value as it is."""
        if isinstance(value, Mapping) and set(value) == {"@id"}:
            return self._named.get(value["@id"], value)
        return value


def walk(document: object) -> Iterator[Node]:
    """Every node in a document, without recursion, for it may nest as deeply as it likes."""
    waiting = [document]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            yield item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
