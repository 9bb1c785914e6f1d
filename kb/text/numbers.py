"""Numbers as people write them: in digits with any separators, in words, and both mixed.

Only the number itself is read here; what it counts, and whether it is a date, is for `kb/compare`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.text.word_lists import alternatives, any_of, filled, word_table

_UNITS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
""".split()
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {word: float(value) for value, word in enumerate(_UNITS)}
_TEN_WORDS = {word: float(value) for value, word in zip(range(20, 100, 10), _TENS, strict=True)}
_ENGLISH_SCALES, _OTHER_SCALES = (
    {word: float(value) for word, value in word_table(f"kb/text/tables/{name}.txt").items()}
    for name in ("scales", "other_scales")
)
_SCALES = _ENGLISH_SCALES | {f"{word}s": value for word, value in _ENGLISH_SCALES.items() if len(word) > 1}
_ALL_SCALES = _SCALES | _OTHER_SCALES
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_THOUSAND, _HUNDRED = 1e3, 1e2
_MOST_WORDS = 24  # of one number

_LONG_SCALES = alternatives(word for word in _ALL_SCALES if len(word) > 1)
_SPACE = "[ \u00a0\u2009\u202f]"
# A digit group never starts inside a word, a decimal or a longer group ("B2B", "1.2.3", "12,34"). Groups
# between spaces are bounded, for a row of numbers would be tried anew from each of them.
_WRITTEN = (
    r"(?<![\w.,])(?P<digits>\d{1,3}(?:(?:,\d{3})+|(?:[\u00a0\u2009\u202f']\d{3}){1,24}|(?:\.\d{3}){2,})"
    r"|\d{1,3}(?: \d{3}){1,24}(?!" + _SPACE + r"?\d)|\d+)(?P<decimals>\.\d+|[½¼¾])?(?!\d|[.,]\d)"
)
_COMMA_WRITTEN = (
    r"(?<![\w.,])(?P<digits>\d{1,3}(?:(?:\.\d{3})+|(?:[\u00a0\u2009\u202f' ]\d{3}){1,24})|\d+)"
    r"(?P<decimals>,\d+|[½¼¾])?(?!\d|[.,]\d)"
)
_SCALED = "(?:" + _SPACE + "?-?(?P<scale>" + _LONG_SCALES + r")\b|(?P<letter>[kmb])\b)?"
SPELT = (*_UNITS, *_TENS, "half", "dozen", "hundred", "thousand", "million", "billion", "trillion")
"""The words of which English numbers are made."""
_SPELLED = filled(
    r"\b(?P<words>(?:an?[\s-]+)?<word>(?:(?:[\s-]+(?:and[\s-]+)?(?:an?[\s-]+)?)(?:<word>|point))*)\b",
    word=any_of(SPELT),
)
_NUMBER, _COMMA_NUMBER = (
    re.compile(written + _SCALED + "|" + _SPELLED, re.IGNORECASE) for written in (_WRITTEN, _COMMA_WRITTEN)
)
_TOKEN = re.compile(r"[^\s-]+")


@dataclass(frozen=True, kw_only=True)
class Number:
    """A quantity as the text has it: `value` in plain units, `text` verbatim."""

    value: float
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the number ends in the text."""
        return self.start + len(self.text)


def numbers(text: str, *, decimal_comma: bool = False) -> tuple[Number, ...]:
    """The numbers of a text: "8,600", "2 million", "$4.5bn", "five", "two and a half million".

    With `decimal_comma` they are read as in most of Europe: "8.600" and "4,5 Milliarden".
    """
    read: list[Number] = []
    for match in (_COMMA_NUMBER if decimal_comma else _NUMBER).finditer(text):
        if match["words"]:
            read.extend(_spelled(match["words"], match.start()))
        elif (value := _written(match)) is not None:
            read.append(Number(value=value, text=match[0], start=match.start()))
    return tuple(read)


def significant_digits(value: float) -> int:
    """How many digits a number is stated with: 582 → 3, 8,600 → 2, 2 billion → 1."""
    return len(f"{value:.12g}".split("e")[0].replace(".", "").strip("0")) or 1


def _written(match: re.Match[str]) -> float | None:
    digits = re.sub(r"\D", "", match["digits"])
    if len(digits) > 15:  # noqa: PLR2004 - no count has more digits, and a float holds no more
        return None
    decimals = match["decimals"] or ""
    value = float(digits + ("" if decimals in _FRACTIONS else decimals.replace(",", ".")))
    value += _FRACTIONS.get(decimals, 0.0)
    return value * _ALL_SCALES.get((match["scale"] or match["letter"] or "").lower(), 1.0)


def _spelled(phrase: str, offset: int) -> Iterator[Number]:
    """Cut a run of number words where one number ends and the next begins: "five and six" are two."""
    tokens = [(token[0].lower(), token.start(), token.end()) for token in _TOKEN.finditer(phrase)]
    place = 0
    while place < len(tokens):
        value, used = _read([token for token, _, _ in tokens[place : place + _MOST_WORDS]])
        follows = tokens[place + 1][0] if place + 1 < len(tokens) else ""
        idle = tokens[place][0] == "and" or (
            tokens[place][0] in {"a", "an"} and follows not in _SCALES and follows != "half"
        )
        if not used or idle:
            place += 1
            continue
        start, end = tokens[place][1], tokens[place + used - 1][2]
        if value is not None:
            yield Number(value=value, text=phrase[start:end], start=offset + start)
        place += used


def _read(tokens: Sequence[str]) -> tuple[float | None, int]:
    """Read one number from the beginning; its value and how many tokens it took."""
    total, group, room, used, place = 0.0, 0.0, float("inf"), 0, 0
    largest = float("inf")
    while place < len(tokens):
        token = tokens[place]
        if token in {"and", "a", "an"}:
            place += 1
            continue
        if (step := _add(token, group, room, largest)) is None:
            if token == "point" and used:  # noqa: S105 - a word, and no secret
                return _decimals(tokens, place, total + group, used)
            if token == "half":  # noqa: S105 - the same
                return _half(tokens, place, total, group, used)
            break
        if place > used and used and "and" not in tokens[used:place]:
            break  # "two a million"
        added, group, room = step
        if added:
            total, largest = total + added, _SCALES[token]
        place += 1
        used = place
    return (total + group, used) if used else (None, 0)


def _add(token: str, group: float, room: float, largest: float) -> tuple[float, float, float] | None:
    """What a word does to the number so far: (to the total, the open group, what may still be added to
    it)."""
    if (value := _SMALL.get(token, _TEN_WORDS.get(token))) is not None:
        if value >= room or (group and not value):
            return None
        return 0.0, group + value, (10.0 if token in _TEN_WORDS else 1.0)
    scale = _SCALES.get(token)
    if scale is None or scale >= largest:
        return None
    if scale < _THOUSAND:
        if group >= _HUNDRED:
            return None
        return 0.0, (group or 1.0) * scale, (100.0 if scale == _HUNDRED else 1.0)
    return (group or 1.0) * scale, 0.0, float("inf")


def _half(
    tokens: Sequence[str], place: int, total: float, group: float, used: int
) -> tuple[float | None, int]:
    """ "half a million", "two and a half million", "a million and a half"; "half" alone is no number."""
    after = place + 1
    while after < len(tokens) and tokens[after] in {"a", "an"}:
        after += 1
    scale = _SCALES.get(tokens[after]) if after < len(tokens) else None
    if not used:
        return (scale / 2, after + 1) if scale else (None, place + 1)
    if "and" not in tokens[used:place]:
        return total + group, used
    if group and scale and after == place + 1:
        return total + (group + 0.5) * scale, after + 1
    if total and not group:
        return total * 1.5, place + 1
    return total + group + 0.5, place + 1


def _decimals(tokens: Sequence[str], place: int, whole: float, used: int) -> tuple[float | None, int]:
    """Read "two point five million"."""
    digits, after = "", place + 1
    while after < len(tokens) and (value := _SMALL.get(tokens[after], 10.0)) < 10:  # noqa: PLR2004 - one digit
        digits, after = digits + str(int(value)), after + 1
    if not digits:
        return whole, used
    scale = _SCALES.get(tokens[after]) if after < len(tokens) else None
    return float(f"{int(whole)}.{digits}") * (scale or 1.0), after + (1 if scale else 0)
