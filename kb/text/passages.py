"""A long text in passages that the encoder reads whole, cut between sentences."""

from __future__ import annotations

from kb.text.words import sentences

WORDS = 180
"""About what fits into the default model's 256 tokens."""


def passages(text: str, words: int = WORDS) -> tuple[str, ...]:
    """Whole sentences up to `words` words together; a sentence that is longer is cut."""
    pieces: list[list[str]] = []
    room = 0
    for sentence in sentences(text):
        tokens = sentence.split()
        for start in range(0, len(tokens), words):
            piece = tokens[start : start + words]
            if len(piece) > room:
                pieces.append([])
                room = words
            pieces[-1] += piece
            room -= len(piece)
    return tuple(map(" ".join, pieces))
