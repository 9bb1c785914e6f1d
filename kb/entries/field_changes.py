"""What changed between two texts of an entry, field by field and in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from kb.entries.entry import Entry
from kb.entries.fields import BY_STEPS, FIELDS
from kb.errors import CurationError


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One change: `field` as in the file (`original.url`), both sides as text; None where there is none."""

    field: str
    before: str | None
    after: str | None

    @property
    def of_text(self) -> bool:
        """Whether the curators' text changed, not only what its publication says of it."""
        return self.field not in BY_STEPS

    def __str__(self) -> str:
        name = FIELDS[self.field].name
        if self.before is None:
            return f"{name}: added “{self.after}”"
        if self.after is None:
            return f"{name}: removed “{self.before}”"
        return f"{name}: was “{self.before}”, now “{self.after}”"


class StaleError(CurationError):
    """The entry changed since it was read: `changes` says what, `latest` is the revision to start from."""

    def __init__(self, message: str, *, latest: int, changes: tuple[FieldChange, ...]) -> None:
        self.latest, self.changes = latest, changes
        super().__init__("\n".join([message, *(f"- {change}" for change in changes)]))


def differences(before: Entry, after: Entry) -> tuple[FieldChange, ...]:
    """Every change from one text to the other, in the order of the fields; empty when they are the same."""
    old, new = _plain(before), _plain(after)
    return tuple(change for field in old for change in _changes(field, old[field], new[field]))


def _plain(entry: Entry) -> dict[str, Any]:
    """An entry as plain data by the paths of its fields."""
    plain: dict[str, Any] = {}
    for name, value in entry.model_dump(mode="json").items():
        inside = value.items() if name == "original" else ()
        plain |= {f"{name}.{key}": part for key, part in inside} or {name: value}
    return plain


def _changes(field: str, old: Any, new: Any) -> Iterator[FieldChange]:
    if isinstance(old, list):
        yield from _items_changed(field, list(map(_told, old)), list(map(_told, new)))
    elif old != new:
        yield FieldChange(field=field, before=_side(old), after=_side(new))


def _items_changed(field: str, old: Sequence[str], new: Sequence[str]) -> Iterator[FieldChange]:
    """Pair what was replaced item by item; the rest came or went."""
    for _, start, end, new_start, new_end in _edits(old, new):
        gone, come = old[start:end], new[new_start:new_end]
        for position in range(max(len(gone), len(come))):
            before = gone[position] if position < len(gone) else None
            after = come[position] if position < len(come) else None
            yield FieldChange(field=field, before=before, after=after)


def _edits(old: Sequence[str], new: Sequence[str]) -> Iterable[tuple[str, int, int, int, int]]:
    edits = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    return [edit for edit in edits if edit[0] != "equal"]


def _side(value: Any) -> str | None:
    return None if value is None else _told(value)


def _told(value: Any) -> str:
    """Write a value as a reader would: a group of fields as its values, named where that helps."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) < _PLAIN else repr(value)
    if isinstance(value, Mapping) and "as_stated" in value:
        rest = {name: part for name, part in value.items() if name not in {"as_stated", "what"}}
        return f"{value['as_stated']} ({value['what']}; {_told(rest)})"
    if isinstance(value, Mapping):
        parts = [
            f"{name.replace('_', ' ')} {_told(part)}" for name, part in value.items() if part is not None
        ]
        return ", ".join(parts)
    if isinstance(value, list):
        return "; ".join(map(_told, value))
    return "in review" if value == "in_review" else str(value)


_PLAIN = 1e15
