"""A short text → its sentences, without what only leads to a claim, as statements."""

from __future__ import annotations

import re

from kb.compare.quantities import quantities
from kb.compare.saying.statement import Statement
from kb.compare.saying.words import AUXILIARIES, words_of
from kb.compare.tables.turning import IDLE_NEGATIONS, OPENING, UNTRUE_AFTER, UNTRUE_BEFORE
from kb.text.words import sentences

LONGEST = 2_000
"""Characters of a text that are read: a few sentences."""

_MOST = 12  # sentences of it
_DOTTED = re.compile(r"\b([A-Za-z])\.([A-Za-z])\b\.?")
_ASKING = AUXILIARIES | set("who what when where which why whose how".split())
_OPENINGS = 3


def statements(text: str) -> tuple[Statement, ...]:
    """The sentences of a text that say something; what only leads to a claim is left out."""
    read = (_statement(sentence) for sentence in sentences(_plain(text))[:_MOST])
    return tuple(statement for statement in read if statement.content)


def _plain(text: str) -> str:
    return _DOTTED.sub(r"\1\2", text[:LONGEST]).replace("’", "'")


def _statement(sentence: str) -> Statement:
    asks = sentence.rstrip("\"'”)] ").endswith("?")
    text = _without_opening(sentence)
    lowered = text.lower() if len(text.lower()) == len(text) else text
    before, after = UNTRUE_BEFORE.search(lowered), UNTRUE_AFTER.search(lowered)
    untrue = (before.end(), len(text)) if before else (0, after.start()) if after else (0, 0)
    turns = frozenset(match[0] for match in IDLE_NEGATIONS.finditer(lowered))
    for span in (before.span() if before else None, after.span() if after and not before else None):
        lowered = _blanked(lowered, span) if span else lowered
    for match in list(IDLE_NEGATIONS.finditer(lowered)):
        lowered = _blanked(lowered, match.span())
    kept = "".join(" " if blank == " " else own for own, blank in zip(text, lowered, strict=True))
    words = words_of(kept)
    return Statement(
        text=sentence,
        words=words,
        quantities=quantities(text),
        asks=asks or _asks(text) or _asks(sentence),
        untrue=untrue,
        turns=turns,
    )


def _asks(sentence: str) -> bool:
    """Whether a sentence begins as a question does."""
    return sentence.lstrip("\"'“‘ ").lower().split(" ", 1)[0] in _ASKING


def _without_opening(sentence: str) -> str:
    """The sentence without what leads to its claim, which may stand in several pieces."""
    text = sentence
    for _ in range(_OPENINGS):
        opening = OPENING.match(text.lower())
        if not opening or opening.end() >= len(text):
            break
        text = text[opening.end() :]
    return text


def _blanked(text: str, span: tuple[int, int]) -> str:
    return text[: span[0]] + " " * (span[1] - span[0]) + text[span[1] :]
