"""Two spellings of the same words that the normal form of a word cannot tell: numbers and short "has"."""

from __future__ import annotations

import re

from kb.compare.measures import PART_WORDS
from kb.compare.quantities import NUMBER, quantities

_SHORT = re.compile(r"['’]s$")


def same_wording(here: str, there: str) -> bool:
    """Whether two stretches of a quotation differ in spelling only."""
    return _is_one_number(here, there) or _is_short_has(here, there)


def _is_short_has(here: str, there: str) -> bool:
    """Whether one is "that's" and the other "has" or "that has"."""
    for short, full in ((here.casefold(), there.casefold()), (there.casefold(), here.casefold())):
        if _SHORT.search(short) and full in {"has", _SHORT.sub(" has", short)}:
            return True
    return False


def _is_one_number(here: str, there: str) -> bool:
    """Whether both are nothing but one and the same number: "300" and "three hundred"."""
    if not all(NUMBER.search(text) or PART_WORDS.search(text) for text in (here, there)):
        return False
    read = [quantities(f"{text} ") for text in (here, there)]
    numbers = [one_side[0].low for one_side in read if len(one_side) == 1 and one_side[0].exact]
    whole = all(
        one_side and one_side[0].text.strip() == text
        for one_side, text in zip(read, (here, there), strict=True)
    )
    return whole and len(numbers) == len(read) and numbers[0] == numbers[1]
