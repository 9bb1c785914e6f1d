"""What stands around numbers: bounds, signs, vague words, fractions; and what only looks like a quantity."""

from __future__ import annotations

import re
from enum import StrEnum


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


_MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    "|Nov(?:ember)?|Dec(?:ember)?)"
)
NO_QUANTITY = re.compile(
    rf"""
      https?://\S+ | www\.\S+ | (?<!\S)(?>@*[^\s@]+@)\S+\.\w+               # addresses
    | \b{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:\s*[-–]\s*\d{{1,2}})?(?:,?\s+\d{{4}})?\b(?!,\d
    |\s+(?:million|billion))
    | \b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b\.?(?:,?\s+\d{{4}}\b)? | \b{_MONTH}\.?,?\s+\d{{4}}\b
    | \b\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}}\b | \b(?:9/11|24/7|50/50|20/20)\b
    | \b\d{{1,2}}[:.]\d\d\s?(?:[ap]\.?m\b\.?|hrs|GMT|UTC) | \b\d{{1,2}}:\d\d(?::\d\d)?\b
    | \b\d{{1,2}}\s?(?:[ap]\.m\.|[ap]m\b|o['’]clock) | \b\d{{4}}\s?(?:hours|hrs|GMT|UTC)\b
    | \b\d+(?:st|nd|rd|th)\b                                              # ordinals
    | \b[Aa]ged?\s+(?:of\s+)?(?:\d{{1,3}}|\w+)(?:\s*(?:-|–|to|and)\s*\d{{1,3}})?
    | (?<![\w-])[\w-]+-year-olds?\b
    | (?<=[A-Za-z]),\s\d{{1,3}}(?=,\s|\s?\))(?!,\d) | \(\d{{1,3}}\)             # "Anna Example, 34, said"
    | \b(?:under|over)-\d+s?\b
    | \+\d[\d\s().-]{{6,}}\d | \b\d{{3}}[-.\s]\d{{3}}[-.\s]\d{{4}}\b          # telephones
    | \b(?:[Nn]o\.|[Nn]umber|[Aa]rticle|[Ss]ection|[Cc]hapter|[Pp]age|[Rr]oute|[Rr]oom|[Cc]hannel|Highway
    |[Ff]light|Class
        |[Pp]hase|[Ll]evel|[Gg]rade|[Vv]ersion|[Ss]eason|[Ee]pisode|[Ff]igure|[Ll]ine|[Tt]ier|[Gg]ate
        |[Pp]latform|[Dd]ay|[Ww]eek
        |Formula|World\s+War|Covid|COVID|[Aa]ct|[Pp]art|[Vv]olume|[Cc]ategory|[Tt]ype|[Ss]tage|[Rr]ound
        |[Tt]op)[\s-]?\d+\b(?![,.]\d)
    | \b[A-Z][A-Za-z]*-\d+\w*\b | \b[A-Z][a-z]+\s\d{{1,4}}(?=[’']s\b)         # F-16
    | \b\d+(?:\.\d+){{2,}}\b | \b\d+-\d+(?=\s(?:win|loss|defeat|draw|victory|vote|lead|ruling|decision))
    | (?:^|\n)[ \t]*\d{{1,3}}[.)]\s                                           # numbered lines
    | \b(?:one\s+(?:of\s+the|another|day\b|thing|way|by\s+one)|no\s+one|this\s+one|that\s+one|everyone
        |(?:the|each|any|which|only|every)\s+one|one['’]s|one\s+(?:can|could|should|might|would|has)\b
        |at\s+one\b|square\s+one
        |(?:a|in)\s+one\s+(?:more|other))
    | \b[Nn]ine-to-five\b | \b(?:the\s+)?(?:\d{{4}}|\d0)s\b | \bfirst-half\b | \bzero\b
    | \bG-?\d{{1,2}}\b | \#\d+
    """,
    re.VERBOSE,
)
YEAR = re.compile(r"(?:1[89]|20)\d\d")
YEAR_CONTEXT = re.compile(
    r"(?:\b(?:in|since|of|until|by|from|before|after|during|and|to|early|late|mid|season|year|spring"
    r"|summer|autumn|winter|fall"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)[\s-]+|[-–(,]\s?|^|\n)$",
    _ANY_CASE,
)

_BOUNDS = {
    Bound.UP: """more than|over|at least|above|exceeding|in excess of|upwards? of|north of|no fewer than
        |no less than
        |not less than|not fewer than|greater than|larger than|extra than|additional than|beyond
        |a minimum of|minimum of
        |surpassing|well over|just over|a little over|slightly over|slightly more than|a little more than
        |just above|well above
        |much more than|far more than|higher than|bigger than|exceeds|exceeded|surpassed|topped|tops
        |mehr als|über|plus de|más de
        |mindestens|wenigstens|gut|au moins|al menos|più di|oltre|almeno|mais de|meer dan|более|больше
        |понад|більше ніж|أكثر من""",
    Bound.DOWN: """fewer than|less than|under|below|up to|at most|no more than|not more than|as many as
        |as much as
        |a maximum of|maximum of|lower than|no greater than|not exceeding|well under|weniger als
        |höchstens|maximal|bis zu|moins de|jusqu'à|au plus|au maximum
        |menos de|hasta|como máximo|meno di|al massimo|hoogstens|maximaal|no máximo|fino a|até|minder dan
        |менее|до""",
    Bound.NEAR: """nearly|almost|close to|practically|approaching|just under|just short of|just shy of
        |shy of|virtually
        |near to|nearing|a little under|slightly under|slightly fewer than|slightly less than|just below
        |just less than
        |just fewer than|a little less than|not quite|fast approaching|fast|beinahe|knapp|près de|presque
        |casi|quasi|quase
        |bijna|почти|майже""",
    Bound.ABOUT: """about|around|roughly|some|approximately|approx\\.?|circa|ca\\.|an estimated|estimated
        |in the region of
        |in the order of|on the order of|something like|somewhere around|more or less|~|≈|roughly about
        |close on|as an estimated
        |around about|etwa|rund|ungefähr|environ|quelque|unos|unas|cerca de|circa|ongeveer|около|близько""",
}  # fmt: skip
PHRASES = {
    re.sub(r"\s+", " ", phrase.strip()).replace("\\.?", ".").replace("\\.", "."): bound
    for bound, phrases in _BOUNDS.items()
    for phrase in phrases.split("|")
}
BEFORE = re.compile(
    r"(?:^|(?<=[\s(“\"'‘«—–-]))(?P<bound>"
    + "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in sorted(PHRASES, key=len, reverse=True))
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

CURRENCY_SIGNS = {
    "$": "USD", "us$": "USD", "usd": "USD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP", "¥": "JPY",
    "₹": "INR", "rs": "INR", "rs.": "INR", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "₽": "RUB",
    "₴": "UAH", "chf": "CHF", "hk$": "HKD", "nz$": "NZD", "r$": "BRL", "₩": "KRW", "sek": "SEK", "nok": "NOK",
    "dkk": "DKK", "s$": "SGD",
}  # fmt: skip
SIGN_BEFORE = re.compile(
    r"(?<![A-Za-z])("
    + "|".join(re.escape(sign) for sign in sorted(CURRENCY_SIGNS, key=len, reverse=True))
    + r")\s?$",
    _ANY_CASE,
)
SIGN_AFTER = (
    (re.compile(r"[\s-]?(?:percentage[\s-]points?|pp\b|Prozentpunkte)", _ANY_CASE), "points"),
    (re.compile(r"\s?%|[\s-]?(?:per\s?cent(?:age)?|pct|Prozent|pour cent|por ciento)\b", _ANY_CASE), "%"),
    (re.compile(r"[\s-]?(?:d[’'e]\s?)?(?:€|euros?\b|EUR\b)", _ANY_CASE), "EUR"),
    (re.compile(r"[\s-]?(?:(?:US |American )?dollars?\b|USD\b|bucks\b)", _ANY_CASE), "USD"),
    (re.compile(r"[\s-]?(?:pounds? sterling|sterling\b|GBP\b|quid\b)", _ANY_CASE), "GBP"),
    (re.compile(r"[\s-]?yen\b", _ANY_CASE), "JPY"),
    (re.compile(r"[\s-]?rupees?\b", _ANY_CASE), "INR"),
    (re.compile(r"[\s-]?(?:roubles?|rubles?)\b", _ANY_CASE), "RUB"),
    (re.compile(r"[\s-]?(?:Swiss )?francs?\b", _ANY_CASE), "CHF"),
    (re.compile(r"[\s-]?hryvni?as?\b", _ANY_CASE), "UAH"),
    (re.compile(r"[\s-]?yuan\b", _ANY_CASE), "CNY"),
)  # fmt: skip

VAGUE = {
    "dozens": (24, 99), "scores": (40, 199), "hundreds": (200, 1999), "thousands": (2000, 19999),
    "tens of thousands": (20000, 199999), "hundreds of thousands": (200000, 1999999), "millions": (2e6, 99e6),
    "tens of millions": (2e7, 199e6), "hundreds of millions": (2e8, 1999e6), "billions": (2e9, 99e9),
    "trillions": (2e12, 99e12), "a handful": (3, 9), "a few dozen": (24, 60), "several dozen": (36, 99),
    "a couple of dozen": (20, 30), "several hundred": (300, 999), "a few hundred": (200, 600),
    "a couple of hundred": (180, 250), "several thousand": (3000, 9999), "a few thousand": (2000, 6000),
    "several million": (3e6, 9.99e6), "a few million": (2e6, 6e6), "a few": (3, 9),
    "many thousands": (3000, 49999),
}  # fmt: skip
VAGUE_WORDS = re.compile(
    r"\b(?:" + "|".join(sorted(VAGUE, key=len, reverse=True)) + r")\b(?=\s+of\b|\s+[a-z])", _ANY_CASE
)
PARTS = {
    "half": 50.0, "one half": 50.0, "a third": 100 / 3, "one third": 100 / 3, "one-third": 100 / 3,
    "two thirds": 200 / 3, "two-thirds": 200 / 3, "a quarter": 25.0, "one quarter": 25.0, "one-quarter": 25.0,
    "three quarters": 75.0, "three-quarters": 75.0, "a fifth": 20.0, "one fifth": 20.0, "one-fifth": 20.0,
    "two fifths": 40.0, "two-fifths": 40.0, "three fifths": 60.0, "three-fifths": 60.0, "four fifths": 80.0,
    "four-fifths": 80.0, "a tenth": 10.0, "one tenth": 10.0, "one-tenth": 10.0, "nine-tenths": 90.0,
}  # fmt: skip
PART_WORDS = re.compile(
    r"\b(?<!and a )(?<!first )(?<!second )(?<!-)(?:" + "|".join(sorted(PARTS, key=len, reverse=True)) + r")\b"
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
