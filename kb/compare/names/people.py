"""Names of people in what says whose words they are: who is meant, and is it somebody else?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from difflib import SequenceMatcher
from functools import lru_cache

from kb.compare.quotes.speech import SPEECH_VERBS
from kb.text.dates import MONTHS
from kb.text.word_lists import alternatives, any_of, filled, word_lists

_UPPER = "A-Z" + "".join(
    chr(code) for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)) if chr(code).isupper()
)
_CAPITAL = "[" + _UPPER + r"][\w\u0300-\u036f’'-]*\.?"
_PARTICLE = r"(?:(?:de|van|von|der|den|al|bin|la|le|el|da|dos|di|ter|ten)\s)*"
_GOES_ON = r"\s" + _PARTICLE + _CAPITAL
_PERSON = re.compile(_CAPITAL + "(?:" + _GOES_ON + ")+|" + _CAPITAL)
_INTRODUCED = re.compile(r"(?<!\w)(?=(" + _CAPITAL + _GOES_ON + "))")
_WORDS = word_lists("kb/compare/tables/reporting.txt", "publisher", "before publisher", "before listener")
_VERBS = alternatives(SPEECH_VERBS - {"according"})
_LISTENER = re.compile(
    r"(?:\b" + any_of(_WORDS["before listener"]) + r"|\w\s+asked)\s+(?:the\s+)?$", re.IGNORECASE
)
_SPEAKS_AFTER = re.compile(
    r"^(?:\s*,[^,]{0,80},|\s*\([^)]*\))?\s*(?:\w+ly\s|also\s|later\s|has\s|had\s|then\s)?" + _VERBS + r"\b"
)
_SPEAKS_BEFORE = re.compile(
    filled(
        r"\b(?:<verbs>|according to|says|(?:quot|cit)(?:es|ed|ing))\s(?:[a-z’'-]+,?\s){0,6}$"
        r"|\bin the words of\s$",
        verbs=_VERBS,
    ),
    re.IGNORECASE,
)
_COLON_AFTER = re.compile(r"^(?:,[^,]{0,80},?)?\s*:\s*$")
_TITLES, _NO_PERSON, _NO_NAME = map(
    frozenset, word_lists("kb/compare/tables/people.txt", "titles", "no person", "no name").values()
)
_NO_NAME |= frozenset(map(str.lower, MONTHS))
_SPELT_ALIKE = 0.75
_SHORT = 3  # letters; shorter names are alike by chance
_MOST_WORDS = 8  # of one name
_BEFORE = 160  # characters that may hold who speaks
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´′＇", "'"))
_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_POSSESSIVE = re.compile(r"[’'](?:s)?$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a person's name, plain and without titles: "Dr. Anna Müller's, of the clinic" → anna,
    muller.

    This is the only rule by which names are folded: whatever is to be found by a name goes through it.
    """
    own = re.split(r",|\s\(|\s(?:of|from|at|for)\s", name)[0]
    words = (folded(word) for word in own.split())
    return tuple(word for word in words if word and word not in _TITLES and word not in _NO_NAME)[
        :_MOST_WORDS
    ]


def folded(word: str) -> str:
    """A word of a name without case, accents (composed or not), possessive ending and dots around it."""
    plain = unicodedata.normalize("NFKD", word.translate(_APOSTROPHES))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return plain.casefold().translate(_UNDECOMPOSED).removesuffix("'s").strip(".'")


def is_person(name: str) -> bool:
    """Whether a speaker on record is a person with first and last name."""
    own = re.split(r",|\s\(", name)[0]
    words = name_words(name)
    capitals = [word for word in own.split() if word[0].isupper()]
    return 1 < len(words) <= 4 and len(capitals) >= 2 and not _NO_PERSON & set(words)  # noqa: PLR2004 - a first and a last name


def speaker_named(speaker: str, words: AbstractSet[str]) -> bool:
    """Whether any of these words, as `name_words` gives them, is one of the speaker's name, or spelt nearly
    so."""
    wanted = name_words(speaker)
    return not words.isdisjoint(wanted) or any(_alike(one, other) for one in wanted for other in words)


@lru_cache(maxsize=1 << 16)
def _alike(one: str, other: str) -> bool:
    most = 2 / _SPELT_ALIKE * min(len(one), len(other))
    if min(len(one), len(other)) <= _SHORT or len(one) + len(other) > most:
        return False
    shared = sum(min(one.count(letter), other.count(letter)) for letter in set(one))
    if 2 * shared < _SPELT_ALIKE * (len(one) + len(other)):
        return False
    return SequenceMatcher(None, one, other).ratio() >= _SPELT_ALIKE


def introductions(text: str) -> dict[str, str]:
    """Everybody whom a text names with first and last name: the last one, as `name_words` gives it → both.

    Where several people have a last name, it is the first of them.
    """
    full_names: dict[str, str] = {}
    for match in _INTRODUCED.finditer(unicodedata.normalize("NFC", text)):
        words = name_words(match[1])
        if len(words) > 1:
            full_names.setdefault(words[-1], _shown(match[1]))
    return full_names


def speakers_in(attribution: Iterable[str], introduced: Mapping[str, str]) -> tuple[str, ...]:
    """The people who are said to speak, by verb or by colon; a lone surname must be `introduced` in the
    text."""
    speakers: dict[str, None] = {}
    for piece in (unicodedata.normalize("NFC", text) for text in attribution):
        for match in _PERSON.finditer(piece):
            before, after = piece[max(0, match.start() - _BEFORE) : match.start()], piece[match.end() :]
            if not _LISTENER.search(before) and _speaks(before, after):
                speakers[_full_name(match[0], introduced)] = None
    return tuple(filter(None, speakers))


def _speaks(before: str, after: str) -> bool:
    return bool(_SPEAKS_AFTER.search(after) or _SPEAKS_BEFORE.search(before) or _COLON_AFTER.search(after))


def _full_name(name: str, introduced: Mapping[str, str]) -> str:
    words = name_words(name)
    if not words or _NO_PERSON & set(words):
        return ""
    return _shown(name) if len(words) > 1 else introduced.get(words[0], "")


def _shown(name: str) -> str:
    return _POSSESSIVE.sub("", name.strip("."))
