"""Words that say of a claim, a report or a rumour that it is wrong."""

from __future__ import annotations

import re

from kb.text.word_lists import any_of, word_list

_DENIALS = re.compile(
    r"\b" + any_of(word_list("kb/text/tables/denials.txt")).replace("'", "['’]") + r"\b",
    re.IGNORECASE,
)


def count_denials(text: str) -> int:
    """How many words of denial a text has, in time in proportion to it."""
    return sum(1 for _ in _DENIALS.finditer(text))
