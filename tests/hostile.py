"""Texts that are bad for a regex, made from its own parse tree; the same ones in every run."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

_parser: Any = import_module("re._parser")  # private, and the only place that tells what a pattern repeats

_POOL = " \t\n\u00a0aAbzéЯ019.,;:!?'\"’‘“”„«»()[]{}<>-–/\\&#@%*~`|=+$_…。一\0"
_LONG = 12  # a repeat that may go on for longer is worth a text of its own
_MOST_PLACES = 200
_MOST_SAMPLES = 24
_ENDS = ("\x01", "\n\x01", "")
_CLASSES = {
    "CATEGORY_DIGIT": r"\d", "CATEGORY_NOT_DIGIT": r"\D", "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S", "CATEGORY_WORD": r"\w", "CATEGORY_NOT_WORD": r"\W",
}  # fmt: skip

STOCK = (
    " ", "\t", "\n", " \n", "\n\n", "a", "A", "é", "aA", "a ", "A ", "Aa ", "ab. ", "A. ", "a.b", "a-", "a'",
    "0", "1,", "12 ", "1,000", "1.", "1:", "1-", '"', "'", "`", "``` ", "“", "”", "“a", '"a ', "«", "„", "‘",
    "’", "(", ")", "[", "]", "{", "()", "[]", "[](", '[a](http://x "a" ', "<", ">", "<a ", "<!--", "<meta ",
    "<@U1|", "&", "&amp;", "&gt;", ">\n", "*", "_", "~", "/", "//", "http://", "http://a.", "a@", "@a", "#",
    "%", "%41", "=", "a=1&", "?", "!", "…", "...", ", ", ": ", ":", "-", " - ", "–", "|", " | ", "said ",
    "one hundred and ", "one ", "the ", "of the ", "Mr. ", "“a,” said A. ", "May 1, ", "$1 ", "\\", "\0",
)  # fmt: skip


@dataclass(frozen=True)
class Hostile:
    """A text of any length: `begin`, then `pump` and after it `then` as often as it takes, then `end`."""

    begin: str
    pump: str
    then: str
    end: str

    def __call__(self, size: int) -> str:
        if not self.then:
            return self.begin + self.pump * max(1, size // len(self.pump)) + self.end
        half = size // 2
        first, second = self.pump * max(1, half // len(self.pump)), self.then * max(1, half // len(self.then))
        return self.begin + first + second + self.end


def hostile_texts(pattern: str | bytes, flags: int) -> tuple[Hostile, ...]:
    """Everything that is worth trying on one pattern."""
    written = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    flags = flags & ~re.UNICODE if isinstance(pattern, bytes) else flags
    maker = _Maker(_parser.parse(written, flags & ~re.DEBUG), random.Random(repr(written)))
    return tuple(dict.fromkeys([*maker.texts(), *(Hostile("", each, "", "\x01") for each in STOCK)]))


class _Maker:
    def __init__(self, tree: Any, choose: random.Random) -> None:
        self._tree, self._choose = tree, choose
        self._groups: dict[int, str] = {}
        self._pool = sorted({*_POOL, *_literals(tree)})

    def texts(self) -> Iterator[Hostile]:
        pumps: list[str] = []
        for prefix, bodies in self._some(list(self._repeats(self._tree, "")), _MOST_PLACES):
            for body in filter(None, bodies):
                pumps += filter(None, (body, prefix + body))
                yield Hostile(prefix, body, "", self._choose.choice(_ENDS))
                yield Hostile("", prefix + body, "", self._choose.choice(_ENDS))
                yield Hostile(prefix, body, self._choose.choice(bodies), "\x01")
            if prefix:
                pumps.append(prefix)
                yield Hostile("", prefix, "", self._choose.choice(_ENDS))
        for _ in range(_MOST_SAMPLES):
            if sample := self._sample(self._tree):
                place = self._choose.randrange(len(sample))
                yield from self._cut(sample, place)
                pumps.append(sample)
        for one, other in zip(pumps, self._some(pumps, len(pumps)), strict=False):
            yield Hostile("", one, other, "\x01")

    def _cut(self, sample: str, place: int) -> Iterator[Hostile]:
        yield Hostile("", sample, "", self._choose.choice(_ENDS))
        yield Hostile("", sample[: place + 1], "", self._choose.choice(_ENDS))
        yield Hostile(sample[:place], sample[place:], "", self._choose.choice(_ENDS))

    def _some(self, items: list[Any], most: int) -> list[Any]:
        return self._choose.sample(items, min(most, len(items)))

    def _repeats(self, items: Any, prefix: str) -> Iterator[tuple[str, list[str]]]:
        """Every repeat with what leads to it and texts that it takes, once each."""
        for op, value in items:
            match str(op):
                case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                    _, most, body = value
                    if most > _LONG:
                        yield prefix, self._bodies(body, prefix)
                    yield from self._repeats(body, prefix)
                case "BRANCH":
                    for branch in value[1]:
                        yield from self._repeats(branch, prefix)
                case "SUBPATTERN":
                    yield from self._repeats(value[-1], prefix)
                case "ATOMIC_GROUP":
                    yield from self._repeats(value, prefix)
                case "ASSERT" | "ASSERT_NOT":
                    yield from self._repeats(value[1], prefix)
            prefix += self._sample([(op, value)])

    def _bodies(self, body: Any, prefix: str) -> list[str]:
        found = [self._sample(body) for _ in range(3)]
        if len(body) == 1 and str(body[0][0]) in {"IN", "ANY", "NOT_LITERAL"}:
            taken = self._taken(*body[0])
            found = [self._choose.choice(taken) for _ in range(2)]
            found += [each for each in prefix[:1] if each in taken]
            found += [each for each in " a" if each in taken][:1]
        return list(dict.fromkeys(found))

    def _sample(self, items: Any) -> str:
        return "".join(self._one(str(op), value) for op, value in items)

    def _one(self, op: str, value: Any) -> str:  # noqa: PLR0911 - a table of what a parse tree holds
        match op:
            case "LITERAL":
                return chr(value)
            case "IN" | "ANY" | "NOT_LITERAL":
                return self._choose.choice(self._taken(op, value))
            case "BRANCH":
                return self._sample(self._choose.choice(value[1]))
            case "SUBPATTERN":
                found = self._sample(value[-1])
                if value[0] is not None:
                    self._groups[value[0]] = found
                return found
            case "ATOMIC_GROUP":
                return self._sample(value)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                least, most, body = value
                times = min(least + self._choose.choice((0, 0, 1, 1, 3)), most)
                return "".join(self._sample(body) for _ in range(times))
            case "GROUPREF":
                return self._groups.get(value, "")
            case "ASSERT" if value[0] < 0 and self._choose.random() < 0.5:
                return self._sample(value[1])
        return ""

    def _taken(self, op: Any, value: Any) -> list[str]:
        takes = _taking(str(op), value)
        return [each for each in self._pool if takes(each)] or ["a"]


def _taking(op: str, value: Any) -> Callable[[str], bool]:
    if op == "ANY":
        return lambda character: character != "\n"
    if op == "NOT_LITERAL":
        return lambda character: ord(character) != value
    negated = str(value[0][0]) == "NEGATE"
    tests = [_member(str(kind), each) for kind, each in value[negated:]]
    return lambda character: any(test(character) for test in tests) != negated


def _member(kind: str, value: Any) -> Callable[[str], bool]:
    if kind == "LITERAL":
        return lambda character: ord(character) == value
    if kind == "RANGE":
        return lambda character: value[0] <= ord(character) <= value[1]
    category = re.compile(_CLASSES[str(value)])
    return lambda character: bool(category.match(character))


def _literals(items: Any) -> Iterator[str]:
    """The characters that a pattern names: pairs of them make texts, too."""
    for op, value in items:
        match str(op):
            case "LITERAL" | "NOT_LITERAL":
                yield chr(value)
            case "IN":
                yield from _literals([each for each in value if str(each[0]) in {"LITERAL", "RANGE"}])
            case "RANGE":
                yield from map(chr, value)
            case "BRANCH":
                for branch in value[1]:
                    yield from _literals(branch)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT" | "SUBPATTERN":
                yield from _literals(value[-1])
            case "ASSERT" | "ASSERT_NOT":
                yield from _literals(value[1])
            case "ATOMIC_GROUP":
                yield from _literals(value)
