"""What stands around numbers: bounds, signs, vague words, fractions; and what only looks like a quantity."""

from __future__ import annotations

import re
from enum import StrEnum

from kb.text.dates import MONTH
from kb.text.word_lists import alternatives, any_of, filled, word_lists, word_table


class Bound(StrEnum):
    """Which side of a number the truth lies on."""

    NONE = "none"
    UP = "more than"
    DOWN = "up to"
    NEAR = "nearly"
    ABOUT = "about"


_ANY_CASE = re.IGNORECASE
_DOTS = str.maketrans({"ı": "i", "İ": "i"})


def plain(words: str) -> str:
    """Words that a pattern here has found, as its table has them: whatever matches without case is one.

    Without case, "ſ" is an s and "İ" an i to a pattern (Unicode case folding), and lower case is not
    enough.
    """
    return re.sub(r"\s+", " ", words.translate(_DOTS).casefold())


_NO_QUANTITY = word_lists("kb/compare/tables/no_quantity.txt", "pattern", "numbered")
NO_QUANTITY = re.compile(
    filled(any_of(_NO_QUANTITY["pattern"]), month=MONTH, numbered=any_of(_NO_QUANTITY["numbered"]))
)
YEAR = re.compile(r"(?:1[89]|20)\d\d")
YEAR_CONTEXT = re.compile(
    r"(?:\b(?:in|since|of|until|by|from|before|after|during|and|to|early|late|mid|season|year|spring"
    r"|summer|autumn|winter|fall"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)[\s-]+|[-–(,]\s?|^|\n)$",
    _ANY_CASE,
)

PHRASES = {
    phrase: bound
    for bound, phrases in zip(
        (Bound.UP, Bound.DOWN, Bound.NEAR, Bound.ABOUT),
        word_lists("kb/compare/tables/bounds.txt", "up", "down", "near", "about").values(),
        strict=True,
    )
    for phrase in phrases
}
BEFORE = re.compile(
    r"(?:^|(?<=[\s(“\"'‘«—–-]))(?P<bound>"
    + alternatives(PHRASES).replace(r"\ ", r"\s+")
    + r")(?:\s+(?:the|a total of|a record|an?))?\s*$",
    _ANY_CASE,
)
LONGEST_BEFORE = 40
AFTER = (
    (re.compile(r"\s*(?:\+|(?:-?plus|or more|and (?:counting|more)|at least)\b)", _ANY_CASE), Bound.UP),
    (re.compile(r"\s*(?:or (?:fewer|less|under)|at (?:the )?most|max(?:imum)?)\b", _ANY_CASE), Bound.DOWN),
    (re.compile(r"\s*(?:or so\b|-ish\b|or thereabouts\b|, give or take\b)", _ANY_CASE), Bound.ABOUT),
)  # fmt: skip
NEGATED = re.compile(r"\b(?:not|no|nor|never|isn['’]t|wasn['’]t)\s*$", _ANY_CASE)

CURRENCY_SIGNS = word_table("kb/compare/tables/currencies.txt")
SIGN_BEFORE = re.compile(r"(?<![A-Za-z])(" + alternatives(CURRENCY_SIGNS) + r")\s?$", _ANY_CASE)
SIGN_AFTER = tuple(
    (re.compile(pattern, _ANY_CASE), sign)
    for sign, pattern in word_table("kb/compare/tables/unit_signs.txt").items()
)
VAGUE = {
    words: (float(least), float(most))
    for words, (least, most) in (
        (words, span.split()) for words, span in word_table("kb/compare/tables/vague_numbers.txt").items()
    )
}
VAGUE_WORDS = re.compile(r"\b" + alternatives(VAGUE) + r"\b(?=\s+of\b|\s+[a-z])", _ANY_CASE)
PARTS = {
    words: 100 * int(few) / int(every)
    for words, (few, every) in (
        (words, part.split("/")) for words, part in word_table("kb/compare/tables/fractions.txt").items()
    )
}
PART_WORDS = re.compile(
    r"\b(?<!and a )(?<!first )(?<!second )(?<!-)" + alternatives(PARTS) + r"\b"
    r"(?!-|\s+(?:an? |dozen|hundred|thousand|million|billion|hour|year|century|day|mile|time|way|price"
    r"|past|quarter))",
    _ANY_CASE,
)
ONE_IN = re.compile(
    r"\b(?P<few>one|two|three|four|five|six|seven|eight|nine|\d{1,2}) (?:in|out of)(?: every)? "
    r"(?P<all>two|three|four|five|six|seven|eight|nine|ten|\d{1,3}|(?:a|one) hundred"
    r"|(?:a|one) thousand)\b(?!\s+(?:years|months|weeks|days"
    r"|hours))",
    _ANY_CASE,
)
